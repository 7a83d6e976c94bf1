"""Text cut into stretches to be looked through: about a sentence each. The coder's own sentences are truer and a thousand times dearer."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 800  # characters; text without full stops is cut between words
_END = re.compile(r"[.!?…][\"”’»)\]]*\s+(?=[\"“‘«(\[]?[0-9A-ZÀ-ÞΑ-ΩА-Я])|\n\s*")
# After these a full stop ends no sentence: titles and initials, and before a number "No." and months.
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Maj|Capt|Lt|Sgt|Sen|Rep|Gov|Pres|St|Ste|vs|cf|[A-Z](?:\.[A-Z])*)$")
_BEFORE_NUMBER = re.compile(r"\b(?:No|Nos|Jan|Feb|Aug|Sept|Oct|Nov|Dec)$")


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each stretch that holds more than space, in order, none over another."""
    begin = 0
    for found in _END.finditer(text):
        mark = found.start()
        before = text[max(0, mark - 12) : mark]
        number = text[found.end() : found.end() + 1].isdigit()
        if found.group() in {". ", ".\n"} and (_TITLE.search(before) or (number and _BEFORE_NUMBER.search(before))):
            continue
        yield from _whole(text, begin, found.end())
        begin = found.end()
    yield from _whole(text, begin, len(text))


def _whole(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch without the space around it, in parts where it is too long."""
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    while end - begin > LONGEST:
        space = text.rfind(" ", begin, begin + LONGEST)
        cut = space if space > begin else begin + LONGEST
        yield begin, cut
        begin = cut + 1 if cut == space else cut
    if begin < end:
        yield begin, end
