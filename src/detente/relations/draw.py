"""A time line as a plain SVG: index with its band, one mark per event, shifts, how much was read. For print: light, of fixed size.

Position tells sign (cooperation up, conflict down), fill tells weight: ■ □ material and verbal cooperation, ◆ ◇ material and verbal
conflict. Hatched: not covered. Every id carries the prefix, so that several drawings can stand in one page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import pairwise, product

import numpy as np

from .parties import QUADS, Flags, number
from .shifts import Shift
from .timeline import Timeline, starts

WIDTH, TALL, LEFT, RIGHT = 960, 444, 56, 16
TOP = (24, 188, 352)  # index, events, coverage
HEIGHT = (140, 140, 32)
SCALES = (3, 5, 10)
BIN, MARK = 9.0, 7.0  # pixels
Axis = Callable[[float], float]
INK, GREY, BLUE, RED, TINT = "#222", "#888", "#1f5f8b", "#a3421a", "#d9d3c3"
SQUARE, DIAMOND = "M{0} {1}h7v7h-7z", "M{2} {1}l3.5 3.5l-3.5 3.5l-3.5 -3.5z"
SHAPES = {0: SQUARE, 1: SQUARE, 2: DIAMOND, 3: DIAMOND}


def draw(line: Timeline, shifts: Sequence[Shift] = (), half_life: int = 30, title: str = "", prefix: str = "t") -> str:
    """The SVG (a string) of a time line; `title` says what is seen, and a sentence under it is made from the data."""
    first, last = number(line.span[0]), number(line.span[1])
    wide = WIDTH - LEFT - RIGHT

    def x(day: float) -> float:
        return LEFT + wide * (day - first) / max(1, last + 1 - first)

    title = title or f"{line.pair.source.text} and {line.pair.target.text}, {line.span[0]} to {line.span[1]}"
    shown = [shift for shift in shifts if shift.state != "withdrawn"]
    told = f"{len(line.acts)} events, {len(shown)} shifts"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {TALL}" width="{WIDTH}" height="{TALL}" role="img" '
        f'aria-labelledby="{prefix}-title" font-family="sans-serif" font-size="11" fill="{INK}">',
        f'<title id="{prefix}-title">{escape(title)}: {told}</title>',
        f'<defs><pattern id="{prefix}-gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0v6" stroke="#ccc" stroke-width="1.5"/></pattern></defs>',
        f'<rect width="{WIDTH}" height="{TALL}" fill="#fff"/>',
        *_gaps(line, x, prefix), *_shifts(shown, x), *_index(line, half_life, x), *_events(line, x), *_coverage(line, x), *_axis(line, x),
        f'<text x="{LEFT}" y="418">{escape(title)}: {told}. Index with a half-life of {half_life} days, 80 % band.</text>',
        f'<text x="{LEFT}" y="434">■ □ material and verbal cooperation, ◆ ◇ conflict; hatched: nothing was read.</text></svg>',
    ]
    return "\n".join(parts) + "\n"


def _runs(which: Flags) -> list[tuple[int, int]]:
    """Begin and end (excluded) of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], which, [False]]).astype(int)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


def _gaps(line: Timeline, x: Axis, prefix: str) -> list[str]:
    height, begin_at = TOP[2] + HEIGHT[2] - TOP[0], line.coverage.first
    dark = _runs(line.coverage.read == 0) if line.coverage.known else []
    return [
        f'<rect x="{x(begin + begin_at):.1f}" y="{TOP[0]}" width="{x(end) - x(begin):.1f}" height="{height}" fill="url(#{prefix}-gap)"/>'
        for begin, end in dark
    ]


def _shifts(shown: Sequence[Shift], x: Axis) -> list[str]:
    parts = []
    for shift in shown:
        left, right = x(number(shift.first)), x(number(shift.last) + 1)
        if right < LEFT or left > WIDTH - RIGHT:
            continue
        arrow, colour = ("▲", BLUE) if shift.towards > 0 else ("▼", RED)
        height, middle = TOP[1] + HEIGHT[1] - TOP[0], min(max((left + right) / 2, LEFT + 70), WIDTH - RIGHT - 70)
        words = f"{arrow} {shift.size:+.1f}, {shift.first:%d %b}–{shift.last:%d %b}, {shift.sureness:.0%}"
        wide = max(3.0, right - left)
        parts.append(f'<rect class="shift" x="{left:.1f}" y="{TOP[0]}" width="{wide:.1f}" height="{height}" fill="{TINT}"/>')
        parts.append(f'<text x="{middle:.1f}" y="{TOP[0] - 8}" text-anchor="middle" fill="{colour}">{words}</text>')
    return parts


def _index(line: Timeline, half_life: int, x: Axis) -> list[str]:
    own, (top, height) = line.line(half_life), (TOP[0], HEIGHT[0])
    most = max(float(np.abs(own.daily.index).max(initial=0)), float(np.abs(own.band[:, :2]).max(initial=0)))
    scale = next((scale for scale in SCALES if scale >= most), SCALES[-1])

    def y(value: float) -> float:
        return top + height / 2 - float(np.clip(value / scale, -1, 1)) * height / 2

    parts = [f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(0):.1f}" y2="{y(0):.1f}" stroke="{INK}"/>']
    parts += [f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:+d}</text>' for value in (scale, -scale)]
    parts.append(f'<text x="{LEFT - 6}" y="{y(0) + 4:.1f}" text-anchor="end">0</text>')
    for begin, end in _runs(~own.gap[own.grid - own.daily.first]):
        days, low, high = own.grid[begin:end], own.band[begin:end, 0], own.band[begin:end, 1]
        edge = [(x(day + 0.5), y(value)) for day, value in zip([*days, *days[::-1]], [*high, *low[::-1]], strict=True)]
        parts.append(f'<polygon points="{_points(edge)}" fill="{GREY}" opacity="0.3"/>')
    step = 1 + len(own.daily) // 900
    runs = [(dotted, run) for dotted in (True, False) for run in _runs(~own.gap & (own.thin == dotted))]
    for dotted, (begin, end) in runs:
        joined = begin - 1 if begin > 0 and not own.gap[begin - 1] else begin
        places = [(x(own.daily.first + day + 0.5), y(float(own.daily.index[day]))) for day in range(joined, end, step)]
        style = ' stroke-dasharray="2 3"' if dotted else ""
        parts.append(f'<polyline points="{_points(places)}" fill="none" stroke="{INK}" stroke-width="1.5"{style}/>')
    return parts


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{left:.1f},{top:.1f}" for left, top in places)


def _events(line: Timeline, x: Axis) -> list[str]:
    """Marks stacked away from the zero line in bins of BIN pixels, material ones next to it; bars where there are too many."""
    zero, found = TOP[1] + HEIGHT[1] / 2, line.acts
    parts = [f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{zero}" y2="{zero}" stroke="{INK}"/>']
    inside = np.flatnonzero((found.day >= number(line.span[0])) & (found.day <= number(line.span[1])) & (found.quad >= 0))
    bins = ((np.array([x(day + 0.5) for day in found.day[inside]]) - LEFT) // BIN).astype(int)
    tally = np.zeros((len(QUADS), int(bins.max(initial=0)) + 1), int)
    np.add.at(tally, (found.quad[inside], bins), 1)
    stacks = tally[[0, 3]] + tally[[1, 2]]
    room = int((HEIGHT[1] / 2 - 2) // BIN)
    if stacks.max(initial=0) > room:
        parts.append(f'<text x="{LEFT}" y="{TOP[1] + 10}" fill="{GREY}">bars: up to {stacks.max()} events</text>')
    step = BIN if stacks.max(initial=0) <= room else (HEIGHT[1] / 2 - 2) / stacks.max()
    for quad, shape in SHAPES.items():
        inner = tally[{1: 0, 2: 3}[quad]] if quad in (1, 2) else np.zeros_like(tally[0])
        colour, fill = (BLUE if quad < 2 else RED), quad in (0, 3)
        path = []
        for place in np.flatnonzero(tally[quad]):
            left, count, below = LEFT + BIN * place + 1, int(tally[quad, place]), int(inner[place])
            if step < BIN:
                top = zero - step * (below + count) if quad < 2 else zero + step * below
                path.append(f"M{left:.1f} {top:.1f}h{MARK}v{step * count:.1f}h-{MARK}z")
                continue
            heights = [zero - BIN * (below + n + 1) + 1 if quad < 2 else zero + BIN * (below + n) + 1 for n in range(count)]
            path += [shape.format(f"{left:.1f}", f"{top:.1f}", f"{left + 3.5:.1f}") for top in heights]
        if path:
            style = f'fill="{colour if fill else "#fff"}" stroke="{colour}"'
            parts.append(f'<path class="{QUADS[quad].replace(" ", "-")}" d="{"".join(path)}" {style}/>')
    return parts


def _coverage(line: Timeline, x: Axis) -> list[str]:
    """Articles per week that name either side (light) and both (dark), by the square root."""
    bottom, read = TOP[2] + HEIGHT[2], line.coverage
    edges = [number(day) - read.first for day in starts(line.span, "week")] + [len(read)]
    spans = [(max(0, begin), end) for begin, end in pairwise(edges)]
    most = max((int(read.either[begin:end].sum()) for begin, end in spans), default=0)
    parts = [f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{bottom}" y2="{bottom}" stroke="{GREY}"/>']
    for (begin, end), (counts, colour) in product(spans, ((read.either, "#c9c9c9"), (read.both, "#777"))):
        if total := int(counts[begin:end].sum()):
            left, height = x(read.first + begin), HEIGHT[2] * (total / most) ** 0.5
            wide = max(1.0, x(read.first + end) - left - 1)
            parts.append(f'<rect x="{left:.1f}" y="{bottom - height:.1f}" width="{wide:.1f}" height="{height:.1f}" fill="{colour}"/>')
    words = f"articles a week, up to {most} (square-root scale)" if read.known else "how much was read is not known"
    return [*parts, f'<text x="{LEFT}" y="{TOP[2] - 2}" fill="{GREY}">{words}</text>']


def _axis(line: Timeline, x: Axis) -> list[str]:
    months = [day for day in starts(line.span, "month") if day >= line.span[0]]
    step = next((step for step in (1, 3, 12, 60) if len(months) / step <= 14), 120)
    shown = [day for day in months if (day.year * 12 + day.month - 1) % step == 0]
    form = "%Y" if step >= 12 else "%b %Y"
    places = [(x(number(day)), day.strftime(form)) for day in shown]
    return [f'<text x="{left:.1f}" y="{TOP[2] + HEIGHT[2] + 13}">{words}</text>' for left, words in places if left < WIDTH - 50]
