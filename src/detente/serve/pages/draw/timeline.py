"""The time line of a pair: labels, index with its band, one mark per event, how much was read; wide or narrow, from the same values.

Position tells sign (cooperation up, conflict down), fill tells weight (deeds solid, words outlined), hatch tells that nothing was read.
Every mark is a link to its event; a list under the figure holds the same links for keyboards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from ....relations.parties import Flags, Ints, number
from ....relations.shifts import Shift
from ....relations.timeline import Line, Timeline, starts
from ..format import MONTHS, percent, signed, span
from . import labels
from .labels import Label
from .svg import QUAD_CODES, hatch, horizontal, kind, mark, opened, points, rect, runs, text

Axis = Callable[[float], float]
SCALES = (3, 5, 10)
BIN, MARK = 9.0, 7.0  # pixels
MOST_MARKS = 300  # above, bars without links
WIDE_EVENT = 15  # days from which on an event is a bar over its days


@dataclass(frozen=True, slots=True)
class Frame:
    """Sizes of a drawing in pixels. `rows`: of labels on top; `tops` and `heights`: index, events, coverage."""

    wide: int
    left: int
    right: int
    rows: int
    heights: tuple[int, int, int]

    @property
    def tops(self) -> tuple[int, int, int]:
        """Upper edges of the panels."""
        first = 22 + 18 * self.rows
        second = first + self.heights[0] + 26
        return first, second, second + self.heights[1] + 26

    @property
    def tall(self) -> int:
        """Whole height."""
        return self.tops[2] + self.heights[2] + 20

    @property
    def end(self) -> int:
        """Right edge of the panels."""
        return self.wide - self.right


WIDE = Frame(960, 62, 12, 3, (140, 140, 32))
NARROW = Frame(360, 34, 8, 1, (96, 120, 24))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn beside the time line itself. `words`: event id → a few words; `links`: event id → address; `labels`: the first to be
    placed first; `most`: the largest index of the whole history, so that zooming never rescales; `picked`: an event shown with a ring."""

    title: str
    about: str
    shifts: Sequence[Shift]
    labels: Sequence[Label]
    words: dict[str, str]
    links: dict[str, str]
    most: float
    half_life: int
    picked: str = ""


def draw(line: Timeline, given: Drawn, frame: Frame = WIDE, prefix: str = "tl", name: str = "") -> str:
    """The SVG of a time line."""
    first, last = number(line.span[0]), number(line.span[1])
    wide = frame.end - frame.left

    def x(day: float) -> float:
        return frame.left + wide * (day - first) / max(1, last + 1 - first)

    parts = [
        opened(prefix, (frame.wide, frame.tall), given.title, given.about, name), hatch(prefix),
        f'<rect {kind("ground")} width="{frame.wide}" height="{frame.tall}"/>',
        *_turns(given.shifts, x, frame), *_gaps(line, x, frame, prefix), *_grid(line, x, frame),
        *_index(line.line(given.half_life), given.most, x, frame), *_events(line, given, x, frame), *_coverage(line, x, frame),
        *labels.drawn(given.labels, x, frame.left, frame.end, (frame.rows, frame.tops)), *_turn_labels(given.shifts, x, frame), "</svg>",
    ]
    return "".join(parts)


def _gaps(line: Timeline, x: Axis, frame: Frame, prefix: str) -> list[str]:
    """Columns where nothing was read, over all panels; days between two weeks that were read are no gap."""
    if not line.coverage.known:
        return []
    begin_at, top = line.coverage.first, frame.tops[0]
    tall = frame.tops[2] + frame.heights[2] - top
    return [
        f'<rect x="{x(begin + begin_at):.1f}" y="{top}" width="{x(end) - x(begin):.1f}" height="{tall}" fill="url(#{prefix}-gap)"/>'
        for begin, end in runs(_unread(line)) if x(end) - x(begin) >= 3
    ]


def _unread(line: Timeline) -> Flags:
    dark = line.coverage.read == 0
    for begin, end in runs(dark):
        if end - begin < 7:
            dark[begin:end] = False
    return np.asarray(dark, bool)


def _turns(shifts: Sequence[Shift], x: Axis, frame: Frame) -> list[str]:
    tall = frame.tops[1] + frame.heights[1] - frame.tops[0]
    return [rect("turn", left, frame.tops[0], wide, tall) for left, wide in (_place(shift, x) for shift in _inside(shifts, x, frame))]


def _turn_labels(shifts: Sequence[Shift], x: Axis, frame: Frame) -> list[str]:
    parts = []
    for shift in _inside(shifts, x, frame):
        (left, wide), (arrow, name) = _place(shift, x), ("▲", "up") if shift.towards > 0 else ("▼", "down")
        y = frame.tops[0] - 3
        told = f"{arrow} {signed(shift.size)}"
        if frame.rows > 1:
            told += f" · {span(shift.first, shift.last)} · {percent(shift.sureness)}"
        half = 3.6 * len(told)
        middle = min(max(left + wide / 2, frame.left + half), frame.end - half)
        parts.append(f'<path {kind(name)} stroke-width="1.5" d="M{left:.1f} {y + 5}v-4h{wide:.1f}v4"/>')
        parts.append(text(middle, y - 4, told, name, "middle"))
    return parts


def _place(shift: Shift, x: Axis) -> tuple[float, float]:
    left, right = x(number(shift.first)), x(number(shift.last) + 1)
    spare = max(0.0, 6 - (right - left)) / 2
    return left - spare, right - left + 2 * spare


def _inside(shifts: Sequence[Shift], x: Axis, frame: Frame) -> list[Shift]:
    return [s for s in shifts if x(number(s.last) + 1) > frame.left and x(number(s.first)) < frame.end]


def _index(own: Line, most: float, x: Axis, frame: Frame) -> list[str]:
    top, height = frame.tops[0], frame.heights[0]
    scale = next((scale for scale in SCALES if scale >= most), SCALES[-1])

    def y(value: float) -> float:
        return top + height / 2 - float(np.clip(value / scale, -1, 1)) * height / 2

    parts = [horizontal("rule", frame.left, frame.end, y(value)) for value in (scale, -scale)]
    parts += [text(frame.left - 6, y(value) + 4, told, anchor="end") for value, told in
              ((scale, f"+{scale}"), (0, "0"), (-scale, f"−{scale}"))]
    if frame.rows > 1:
        parts += [text(frame.left + 4, top + 13, "index: cooperation"), text(frame.left + 4, top + height - 5, "conflict")]
    for begin, end in runs(~own.gap[own.grid - own.daily.first]):
        days, low, high = own.grid[begin:end], own.band[begin:end, 0], own.band[begin:end, 1]
        edge = [(x(day + 0.5), y(value)) for day, value in zip([*days, *days[::-1]], [*high, *low[::-1]], strict=True)]
        parts.append(f'<path {kind("band")} d="{points(edge)}z"/>')
    parts.append(horizontal("axis", frame.left, frame.end, y(0)))
    step = 1 + len(own.daily) // 900
    for dotted in (True, False):
        for begin, end in runs(~own.gap & (own.thin == dotted)):
            joined = begin - 1 if begin > 0 and not own.gap[begin - 1] else begin
            places = [(x(own.daily.first + day + 0.5), y(float(own.daily.index[day]))) for day in range(joined, end, step)]
            dash = ' stroke-dasharray="2 3"' if dotted else ""
            parts.append(f'<path {kind("line")}{dash} d="{points(places)}"/>')
    return parts


@dataclass(frozen=True, slots=True)
class _Mark:
    event: str
    quad: str
    x: float
    y: float


def _events(line: Timeline, given: Drawn, x: Axis, frame: Frame) -> list[str]:
    """Marks stacked away from the zero line, deeds next to it; events known only to a longer time as bars at the outside."""
    top, height = frame.tops[1], frame.heights[1]
    zero, found = top + height / 2, line.acts
    days = (found.day >= number(line.span[0])) & (found.day <= number(line.span[1])) & (found.quad >= 0)
    narrow = np.flatnonzero(days & (found.width < WIDE_EVENT))
    bins = ((np.array([x(day + 0.5) for day in found.day[narrow]]) - frame.left) // BIN).astype(int)
    parts = [horizontal("axis", frame.left, frame.end, zero)]
    if frame.rows > 1:
        parts += [text(frame.left + 4, top + 9, "events: cooperation"), text(frame.left + 4, top + height, "conflict")]
    tally = np.zeros((4, int(bins.max(initial=0)) + 1), int)
    np.add.at(tally, (found.quad[narrow], bins), 1)
    room = int((height / 2 - 14) // BIN)
    if (tally[[0, 3]] + tally[[1, 2]]).max(initial=0) > room or len(narrow) > MOST_MARKS:
        return [*parts, *_bars(tally, zero, height, frame)]
    order = narrow[np.lexsort((found.event[narrow].astype(str), np.isin(found.quad[narrow], (1, 2)), bins))]
    placed: dict[tuple[int, bool], int] = {}
    for index in order:
        place, up = int((x(found.day[index] + 0.5) - frame.left) // BIN), bool(found.quad[index] < 2)
        row = placed.get((place, up), 0)
        placed[place, up] = row + 1
        y = zero - BIN * (row + 1) + 1 if up else zero + BIN * row + 1
        parts.append(_linked(_Mark(str(found.event[index]), QUAD_CODES[found.quad[index]], frame.left + BIN * place + 1, y), given))
    return [*parts, *_long(line, np.flatnonzero(days & (found.width >= WIDE_EVENT)), given, x, frame)]


def _linked(one: _Mark, given: Drawn) -> str:
    ring = (
        f'<rect {kind("picked")} x="{one.x - 3:.1f}" y="{one.y - 3:.1f}" width="13" height="13" rx="3"/>'
        if one.event == given.picked
        else ""
    )
    name = kind(one.quad).replace('class="', 'class="mark-hit ', 1)
    shape = f'<path {name} d="{mark(one.quad, one.x, one.y)}"/>'
    link = given.links.get(one.event)
    return (
        f'{ring}<a href="{link}" tabindex="-1"><title>{_escaped(given.words.get(one.event, ""))}</title>{shape}</a>'
        if link
        else ring + shape
    )


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _bars(tally: np.ndarray[tuple[int, int], np.dtype[np.int64]], zero: float, height: int, frame: Frame) -> list[str]:
    """More events than there is room for: bars in the same order and fills."""
    most = int((tally[[0, 3]] + tally[[1, 2]]).max(initial=1))
    step, parts = (height / 2 - 14) / most, []
    for quad, inner in ((0, None), (1, 0), (2, 3), (3, None)):
        path = []
        for place in np.flatnonzero(tally[quad]):
            count, below = int(tally[quad, place]), int(tally[inner, place]) if inner is not None else 0
            top = zero - step * (below + count) if quad < 2 else zero + step * below
            path.append(f"M{frame.left + BIN * place + 1:.1f} {top:.1f}h{MARK:g}v{step * count:.1f}h{-MARK:g}z")
        if path:
            parts.append(f'<path {kind(QUAD_CODES[quad])} d="{"".join(path)}"/>')
    return [*parts, text(frame.end, zero - height / 2 + 9, f"bars: up to {most} events", anchor="end")]


def _long(line: Timeline, which: Ints, given: Drawn, x: Axis, frame: Frame) -> list[str]:
    """Events known only to a month or longer: bars over all days that they may have been on, at the outer edges."""
    parts, ends = [], {True: [0.0] * 3, False: [0.0] * 3}
    for index in which:
        up, wide = bool(line.acts.quad[index] < 2), int(line.acts.width[index])
        left = max(frame.left, x(int(line.acts.day[index]) - (wide - 1) // 2))
        right = min(frame.end, x(int(line.acts.day[index]) + wide // 2 + 1))
        row = next((row for row, end in enumerate(ends[up]) if end <= left), None)
        if row is None or right - left < 2:
            continue
        ends[up][row] = right + 2
        middle = frame.tops[1] + frame.heights[1] / 2
        y = middle + (-1 if up else 1) * (frame.heights[1] / 2 - 16 - 7 * row) - 2.5
        event, quad = str(line.acts.event[index]), QUAD_CODES[line.acts.quad[index]]
        name = kind(quad).replace('class="', 'class="mark-hit ', 1)
        shape = f'<rect {name} x="{left:.1f}" y="{y:.1f}" width="{right - left:.1f}" height="5"/>'
        link = given.links.get(event)
        parts.append(f'<a href="{link}" tabindex="-1"><title>{_escaped(given.words.get(event, ""))}</title>{shape}</a>' if link else shape)
    return parts


def _coverage(line: Timeline, x: Axis, frame: Frame) -> list[str]:
    """Articles per week that name either side (light) and both (dark), by the square root."""
    bottom, read = frame.tops[2] + frame.heights[2], line.coverage
    edges = [number(day) - read.first for day in starts(line.span, "week")] + [len(read)]
    spans = [(max(0, begin), end) for begin, end in pairwise(edges)]
    most = max((int(read.either[begin:end].sum()) for begin, end in spans), default=0)
    parts = [horizontal("axis", frame.left, frame.end, bottom)]
    for counts, name in ((read.either, "either"), (read.both, "both")):
        for begin, end in spans:
            total = int(counts[begin:end].sum())
            if total:
                left, height = x(read.first + begin), frame.heights[2] * (total / most) ** 0.5
                parts.append(rect(name, left, bottom - height, max(1.5, x(read.first + end) - left - 1), height))
    words = f"articles a week, up to {most}" if read.known else "how much was read is not known"
    return [*parts, text(frame.left, frame.tops[2] - 5, words + (" (square-root scale)" if read.known and frame.rows > 1 else ""))]


def _grid(line: Timeline, x: Axis, frame: Frame) -> list[str]:
    """Days, months or years along the bottom, as many as there is room for, with fine lines through the panels."""
    parts, bottom = [], frame.tops[2] + frame.heights[2]
    for day, told in ticks(line.span, 12 if frame.rows > 1 else 5):
        left = x(number(day))
        if left < frame.left - 1:
            continue
        parts.append(f'<path {kind("rule")} d="M{left:.1f} {frame.tops[0]}V{bottom}"/>')
        if left < frame.end - 34:
            parts.append(text(left + 2, bottom + 14, told))
    return parts


def ticks(shown: tuple[date, date], most: int) -> list[tuple[date, str]]:
    """Days to be named at an axis."""
    months = starts(shown, "month")
    if len(months) <= 3:
        days = starts(shown, "day")
        step = next((step for step in (1, 2, 7, 14) if len(days) / step <= most), 14)
        return [(day, f"{day.day} {MONTHS[day.month - 1][:3]}") for day in days[:: step]]
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if len(months) / step <= most), 120)
    chosen = [day for day in months if (day.year * 12 + day.month - 1) % step == 0]
    return [(day, str(day.year) if step >= 12 else f"{MONTHS[day.month - 1][:3]} {day.year}") for day in chosen]
