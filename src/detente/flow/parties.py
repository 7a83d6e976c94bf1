"""Parties of a claim from the head words of their phrases: known actors as such, others with their words alone."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.syntax import noun_phrase
from ..records import Mention, Parse
from .mentions import SentenceActors


def unnamed(parse: Parse, head: int) -> Mention | None:
    """The phrase of a head word as a party whom nobody knows; None for words that name none."""
    if parse.word(head).upos not in {"NOUN", "PROPN", "PRON", "NUM", "DET", "ADJ"}:
        return None
    words = [parse.word(i) for i in noun_phrase(parse, head)]
    start, end = words[0].start, words[-1].end
    base = parse.sentence.start
    return Mention(None, None, None, (), None, None, parse.sentence.text[start - base : end - base], start, end, "unnamed")


def mentions_of(actors: SentenceActors, heads: Sequence[int]) -> tuple[Mention, ...]:
    """Parties of head words, known ones as such, others with their words alone."""
    result: list[Mention] = []
    for head in heads:
        known = actors.resolve(head)
        own = known or tuple(m for m in (unnamed(actors.parse, head),) if m)
        result += [m for m in own if not any(m.start == other.start and m.id == other.id for other in result)]
    return tuple(result)
