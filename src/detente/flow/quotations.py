"""Quotations: what stands between quotation marks, and whether a sentence opens with one. Shared by `voices` and `pronouns`."""

from __future__ import annotations

from ..records import Parse
from .memory import Memory

QUOTATION = "quotation"  # the cue of a speaker whom another sentence names
OPEN, CLOSE, EITHER = "“«", "”»", '"'


def opens_quote(parse: Parse) -> bool:
    """Whether a sentence begins with a quotation mark."""
    return parse.sentence.text[:1] in {*OPEN, EITHER, "‘"}


def inside(text: str, end: int, open_before: bool) -> bool:
    """Whether `text[end]` stands in a quotation; `open_before`: one is open where the text begins (a mark at its very start renews it)."""
    state = open_before
    for place, mark in enumerate(text[:end]):
        if mark == EITHER:
            state = not state or (place == 0 and open_before)
        elif mark in OPEN or mark in CLOSE:
            state = mark in OPEN
    return state


def quoted(parse: Parse, index: int, memory: Memory) -> bool:
    """Whether a word stands between quotation marks."""
    return inside(parse.sentence.text, parse.word(index).start - parse.sentence.start, memory.in_quote)


def same_speaker(parse: Parse, index: int, memory: Memory) -> bool:
    """Whether a word stands in a quotation that goes on from the sentence before, with the speaker named there."""
    return quoted(parse, index, memory) and memory.goes_on(parse.sentence.index, opens_quote(parse))
