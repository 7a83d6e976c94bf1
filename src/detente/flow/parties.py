"""Parties of a claim from the head words of their phrases: known actors as such, others with their words alone."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.syntax import cases, noun_phrase
from ..records import Mention, Parse
from .mentions import SentenceActors

# What "against" leads to after these is not fought but spared or punished: "lift the sanctions against X".
PENALTIES = frozenset(
    "sanction embargo charge accusation case ban boycott blockade restriction measure tariff lawsuit complaint warrant".split()
)
# Acts done for somebody: whom they are aimed against is not their recipient.
FRIENDLY = frozenset({"AGREE", "AID", "COOPERATE", "SUPPORT"})


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


def fought(parse: Parse, head: int, trigger: int) -> bool:
    """Whether a party is only whom an act is aimed against: "offered Ethiopia cooperation against the militia"."""
    for node in (head, *parse.ancestors(head)):
        if node == trigger or parse.word(node).deprel not in {"obl", "nmod", "conj"}:
            return False
        if "against" in cases(parse, node):
            return parse.word(parse.word(node).head).lemma.lower() not in PENALTIES
    return False
