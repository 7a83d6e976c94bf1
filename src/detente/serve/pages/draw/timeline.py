"""The time line of a pair: labels, index with its band, one mark per event, how much was read; wide or narrow, from the same values.

Position tells sign (cooperation up, conflict down), fill tells weight (deeds solid, words outlined), hatch tells that nothing was read.
Every mark is a link to its event; a list under the figure holds the same links for keyboards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ....relations.parties import Ints, day_of, number
from ....relations.shifts import Shift
from ....relations.timeline import Timeline
from ..format import percent, signed, span
from . import labels
from .labels import Label
from .panels import Axis, Box, axis, coverage, gaps, grid, index, scale_of
from .svg import QUAD_CODES, hatch, horizontal, kind, mark, opened, rect, text

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
        first = 14 + 18 * self.rows
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

    def box(self, first: int, last: int | None = None) -> Box:
        """One of the panels, or all from one to another."""
        end = first if last is None else last
        return Box(self.left, self.end, self.tops[first], self.tops[end] + self.heights[end] - self.tops[first], self.rows > 1)


WIDE = Frame(960, 62, 12, 3, (140, 140, 32))
NARROW = Frame(360, 34, 8, 1, (96, 120, 24))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn beside the time line itself. `mark`: address and a few words of an event, asked only where it has a mark of its own;
    `labels`: the first to be placed first; `most`: the largest index of the whole history, so that zooming never rescales; `picked`: an
    event shown with a ring."""

    title: str
    about: str
    shifts: Sequence[Shift]
    labels: Sequence[Label]
    mark: Callable[[str], tuple[str, str] | None]
    most: float
    half_life: int
    picked: str = ""


def draw(line: Timeline, given: Drawn, frame: Frame = WIDE, prefix: str = "tl", name: str = "") -> str:
    """The SVG of a time line."""
    x, whole = axis(line.span, frame.left, frame.end), frame.box(0, 2)
    data = {"x": f"{frame.left} {frame.end}", "days": f"{line.span[0]} {line.span[1]}", "y": f"{whole.top:g} {whole.bottom:g}"}
    parts = [
        opened(prefix, (frame.wide, frame.tall), given.title, given.about, name, data), hatch(prefix),
        f'<rect {kind("ground")} width="{frame.wide}" height="{frame.tall}"/>',
        *_turns(given.shifts, x, frame), *gaps(line, x, whole, prefix), *grid(line.span, x, whole),
        *index(line.line(given.half_life), scale_of(given.most), x, frame.box(0)), *_words(frame), *_events(line, given, x, frame),
        *_coverage(line, x, frame), *labels.drawn(given.labels, x, frame.left, frame.end, (frame.rows, frame.tops)),
        *_turn_labels(given.shifts, x, frame), "</svg>",
    ]
    return "".join(parts)


def _words(frame: Frame) -> list[str]:
    """What up and down mean, where there is room."""
    box = frame.box(0)
    return [text(box.left + 4, box.top + 13, "index: cooperation"), text(box.left + 4, box.bottom - 5, "conflict")] if box.wide else []


def _coverage(line: Timeline, x: Axis, frame: Frame) -> list[str]:
    box, known = frame.box(2), line.coverage.known
    parts, most = coverage(line, x, box)
    words = f"articles a week, up to {most}" if known else "how much was read is not known"
    return [*parts, text(frame.left, box.top - 5, words + (" (square-root scale)" if known and box.wide else ""))]


def _turns(shifts: Sequence[Shift], x: Axis, frame: Frame) -> list[str]:
    tall = frame.tops[1] + frame.heights[1] - frame.tops[0]
    return [rect("turn", left, frame.tops[0], wide, tall) for left, wide in (_place(shift, x) for shift in _inside(shifts, x, frame))]


def _turn_labels(shifts: Sequence[Shift], x: Axis, frame: Frame) -> list[str]:
    parts = []
    for shift in _inside(shifts, x, frame):
        (left, wide), (arrow, name) = _place(shift, x), ("▲", "up") if shift.towards > 0 else ("▼", "down")
        box = frame.box(0)
        y = box.bottom - 6 if shift.towards > 0 else box.top + 13  # where the line has just left
        told = f"{arrow} {signed(shift.size)}"
        if frame.rows > 1:
            told += f" · {span(shift.first, shift.last)} · {percent(shift.sureness)}"
        half = 3.6 * len(told)
        middle = min(max(left + wide / 2, frame.left + half), frame.end - half)
        parts.append(f'<path {kind(name)} stroke-width="1.5" d="M{left:.1f} {box.top + 2:g}v-4h{wide:.1f}v4"/>')
        parts.append(text(middle, y, told, name, "middle"))
    return parts


def _place(shift: Shift, x: Axis) -> tuple[float, float]:
    left, right = x(number(shift.first)), x(number(shift.last) + 1)
    spare = max(0.0, 6 - (right - left)) / 2
    return left - spare, right - left + 2 * spare


def _inside(shifts: Sequence[Shift], x: Axis, frame: Frame) -> list[Shift]:
    return [s for s in shifts if x(number(s.last) + 1) > frame.left and x(number(s.first)) < frame.end]


@dataclass(frozen=True, slots=True)
class _Mark:
    event: str
    quad: str
    x: float
    y: float
    day: date


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
    for one in order:
        place, up = int((x(found.day[one] + 0.5) - frame.left) // BIN), bool(found.quad[one] < 2)
        row = placed.get((place, up), 0)
        placed[place, up] = row + 1
        y = zero - BIN * (row + 1) + 1 if up else zero + BIN * row + 1
        left, day = frame.left + BIN * place + 1, day_of(int(found.day[one]))
        parts.append(_linked(_Mark(str(found.event[one]), QUAD_CODES[found.quad[one]], left, y, day), given))
    return [*parts, *_long(line, np.flatnonzero(days & (found.width >= WIDE_EVENT)), given, x, frame)]


def _linked(one: _Mark, given: Drawn) -> str:
    ring = (
        f'<rect {kind("picked")} x="{one.x - 3:.1f}" y="{one.y - 3:.1f}" width="13" height="13" rx="3"/>'
        if one.event == given.picked
        else ""
    )
    name = kind(one.quad).replace('class="', 'class="mark-hit ', 1)
    shape = f'<path {name} d="{mark(one.quad, one.x, one.y)}"/>'
    found = given.mark(one.event)
    if found is None:
        return ring + shape
    return f'{ring}<a href="{found[0]}" data-day="{one.day}" tabindex="-1"><title>{_escaped(found[1])}</title>{shape}</a>'


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
    for one in which:
        up, wide = bool(line.acts.quad[one] < 2), int(line.acts.width[one])
        left = max(frame.left, x(int(line.acts.day[one]) - (wide - 1) // 2))
        right = min(frame.end, x(int(line.acts.day[one]) + wide // 2 + 1))
        row = next((row for row, end in enumerate(ends[up]) if end <= left), None)
        if row is None or right - left < 2:
            continue
        ends[up][row] = right + 2
        middle = frame.tops[1] + frame.heights[1] / 2
        y = middle + (-1 if up else 1) * (frame.heights[1] / 2 - 16 - 7 * row) - 2.5
        event, quad = str(line.acts.event[one]), QUAD_CODES[line.acts.quad[one]]
        name = kind(quad).replace('class="', 'class="mark-hit ', 1)
        shape = f'<rect {name} x="{left:.1f}" y="{y:.1f}" width="{right - left:.1f}" height="5"/>'
        found = given.mark(event)
        parts.append(f'<a href="{found[0]}" tabindex="-1"><title>{_escaped(found[1])}</title>{shape}</a>' if found else shape)
    return parts
