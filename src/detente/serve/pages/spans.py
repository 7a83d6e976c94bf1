"""Text cut into flat pieces, so that marks may nest and cross without a word standing twice. Copying the text gives the text.

Offsets count characters as Python does, which browsers do not: so the server cuts. What overlaps becomes lanes of lines under the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

LANES = 3
# From `Span.kind` to the letter of its class; coop and conf are triggers.
LETTERS = {"actor": "a", "recipient": "r", "place": "p", "date": "d", "quantity": "n", "voice": "v", "coop": "c", "conf": "x"}


@dataclass(frozen=True, slots=True)
class Span:
    """Marked words. `link`, `name` and `number`: of a trigger; `words`: what a reader is told of them; `claims`: numbers of the cards that
    rest on them."""

    start: int
    end: int
    kind: str
    words: str = ""
    link: str = ""
    name: str = ""
    number: int = 0
    claims: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch with the same marks throughout. `classes` is empty for plain text; `number` stands at the end of a trigger; `claims`:
    numbers of cards, parted by spaces."""

    text: str
    classes: str = ""
    link: str = ""
    title: str = ""
    number: int = 0
    claims: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence (`index` counts from 0), or what stands between two (None). `coded`: whether something was read in it."""

    index: int | None
    pieces: tuple[Piece, ...]
    coded: bool = False
    lit: bool = False


def lanes(spans: Iterable[Span]) -> dict[Span, int]:
    """The lane of each span, 1 to LANES: the longest first, each in the lowest free one; what finds none shares the last."""
    found: dict[Span, int] = {}
    taken: list[list[Span]] = [[] for _ in range(LANES)]
    for span in sorted(set(spans), key=lambda s: (s.start - s.end, s.start, s.kind, s.link)):
        free = (lane for lane in range(LANES) if all(span.end <= other.start or other.end <= span.start for other in taken[lane]))
        lane = next(free, LANES - 1)
        taken[lane].append(span)
        found[span] = lane + 1
    return found


def cut(text: str, spans: Sequence[Span], start: int, end: int, placed: dict[Span, int]) -> tuple[Piece, ...]:
    """The pieces of a stretch of the text."""
    own = [span for span in spans if span.start < end and start < span.end]
    edges = sorted({start, end, *(min(max(edge, start), end) for span in own for edge in (span.start, span.end))})
    pieces = []
    for left, right in pairwise(edges):
        here = [span for span in own if span.start <= left and right <= span.end]
        if not here:
            pieces.append(Piece(text[left:right]))
            continue
        trigger = min((s for s in here if s.link), key=lambda s: (s.end - s.start, s.number), default=None)
        classes = ["s", *(["t", trigger.name] if trigger else []), *sorted(f"l{placed[s]}{LETTERS[s.kind]}" for s in here)]
        told = "; ".join(dict.fromkeys(s.words for s in here if s.words))
        number = trigger.number if trigger and trigger.end == right else 0
        claims = " ".join(map(str, sorted({claim for s in here for claim in s.claims})))
        pieces.append(Piece(text[left:right], " ".join(dict.fromkeys(classes)), trigger.link if trigger else "", told, number, claims))
    return tuple(pieces)


def stretches(text: str, spans: Sequence[Span], sentences: Sequence[tuple[int, int]], coded: Iterable[tuple[int, int]],
              lit: tuple[int, int] | None = None) -> list[Stretch]:
    """The whole text in order. `coded`: stretches that claims and entries stand in; `lit`: the one to be shown."""
    kept = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    placed, told = lanes(kept), list(coded)
    found: list[Stretch] = []
    last = 0
    for index, (start, end) in enumerate(sentences):
        if start > last:
            found.append(Stretch(None, cut(text, kept, last, start, placed)))
        read = any(a < end and start < b for a, b in told)
        found.append(Stretch(index, cut(text, kept, start, end, placed), read, bool(lit and lit[0] < end and start < lit[1])))
        last = end
    if last < len(text):
        found.append(Stretch(None, cut(text, kept, last, len(text), placed)))
    return found
