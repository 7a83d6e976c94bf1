"""Labels over a time line, placed one after the other where there is room; what finds none becomes a numbered badge. Same input, same
picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .svg import kind, text

SLIDE, GAP, ROW, LETTER = 60.0, 8.0, 18.0, 7.4  # pixels
LONGEST = 28  # letters


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a day. `number`: its place in the list under the figure."""

    number: int
    day: float
    words: str


@dataclass(frozen=True, slots=True)
class Box:
    """Where a label stands. `row` counts from the panels upwards."""

    label: Label
    left: float
    wide: float
    row: int
    anchor: float
    short: bool


def cut(words: str) -> str:
    """Words of at most LONGEST letters, cut between two of them."""
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(",:") + "…"


def placed(labels: Sequence[Label], x: Callable[[float], float], left: float, right: float, rows: int) -> list[Box]:
    """Boxes of labels, in the order given, none over another. With one row there are badges alone."""
    found: list[Box] = []
    for label in labels:
        anchor = x(label.day)
        told = f"{label.number} {label.words}"
        tries = [(LETTER * len(told) + 4, row, False) for row in range(rows)] if rows > 1 else []
        tries += [(16.0, row, True) for row in range(rows)]
        for wide, row, short in tries:
            spot = _spot(found, (anchor, wide), (left, right), row)
            if spot is not None:
                found.append(Box(label, spot, wide, row, anchor, short))
                break
    return found


def _spot(found: Sequence[Box], own: tuple[float, float], edges: tuple[float, float], row: int) -> float | None:
    """The left edge nearest to the anchor where a box of a row meets no other, and no line of a box above crosses it."""
    anchor, wide = own
    shifts = [step * side for step in range(0, int(SLIDE) + 1, 6) for side in (1, -1)]
    for shift in shifts:
        left = min(max(anchor - wide / 2 + shift, edges[0]), edges[1] - wide)
        if abs(left + wide / 2 - anchor) > SLIDE + wide / 2:
            continue
        meets = any(box.row == row and left < box.left + box.wide + GAP and box.left < left + wide + GAP for box in found)
        crossed = any(box.row > row and left - 3 < _foot(box) < left + wide + 3 for box in found)
        crosses = any(
            box.row < row and box.left - 3 < min(max(anchor, left + 2), left + wide - 2) < box.left + box.wide + 3 for box in found
        )
        if not (meets or crossed or crosses):
            return left
    return None


def _foot(box: Box) -> float:
    return min(max(box.anchor, box.left + 2), box.left + box.wide - 2)


def drawn(
    labels: Sequence[Label], x: Callable[[float], float], left: float, right: float, where: tuple[int, tuple[int, int, int]]
) -> list[str]:
    """The boxes as markup, each with a line down to its day in the panel of events. `where`: rows, and the panels' tops."""
    rows, tops = where
    parts = []
    for box in placed(labels, x, left, right, rows):
        base = tops[0] - 12 - ROW * box.row
        foot = _foot(box)
        parts.append(f'<path {kind("lead-line")} d="M{foot:.1f} {base + 3:.1f}V{tops[0] - 1}L{box.anchor:.1f} {tops[0] + 6}"/>')
        if box.short:
            parts.append(f'<circle {kind("badge")} cx="{box.left + 8:.1f}" cy="{base - 4:.1f}" r="8"/>')
            parts.append(text(box.left + 8, base, str(box.label.number), "strong", "middle"))
        else:
            parts.append(text(box.left + 2, base, f"{box.label.number} {box.label.words}", "strong"))
    return parts
