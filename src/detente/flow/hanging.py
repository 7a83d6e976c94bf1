"""Conditions in a sentence: which stretch says on what something hangs, and on which word it hangs. Shared by the steps.

In: a parse and the words that open a condition. Out: the stretches, without the punctuation around them. Structure decides: the words must
stand above a clause or phrase that hangs on another word, so "if" for "whether" and "once" for "one day" give nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..knowledge import Opener
from ..language.syntax import by_relation
from ..ledger import Words
from ..records import Parse

CLAUSES = frozenset({"advcl", "acl", "acl:relcl", "parataxis", "advcl:relcl"})
PHRASES = frozenset({"obl", "nmod", "advmod", "obl:unmarked", "xcomp", "amod"})
MARKING = frozenset({"mark", "case", "fixed", "advmod", "cc", "det", "aux", "cop", "aux:pass"})
ACROSS = frozenset({"xcomp", "ccomp", "obj", "conj", "acl", "nsubj:pass", "obl", "csubj", "advcl"})
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "no", "nobody", "none", "neither", "nor"})
EDGES = frozenset({"PUNCT", "CCONJ"})


@dataclass(frozen=True, slots=True)
class Hanging:
    """A condition: its words, its top word, the word it hangs on, and whose words open it."""

    words: Words
    top: int
    host: int
    opener: Opener


def hangings(parse: Parse, openers: Iterable[Opener]) -> list[Hanging]:
    """All conditions of a sentence in text order; of two that begin at one place the one with the longer opening words."""
    lower = [w.text.lower() for w in parse.words]
    found: dict[int, tuple[int, Hanging]] = {}
    for opener in openers:
        for words in opener.words:
            for first in _places(lower, words):
                hanging = _hanging(parse, first, first + len(words) - 1, opener)
                if hanging and (hanging.top not in found or found[hanging.top][0] < len(words)):
                    found[hanging.top] = (len(words), hanging)
    return sorted((h for _, h in found.values()), key=lambda h: h.words.start)


def holds_for(parse: Parse, hanging: Hanging, trigger: int) -> bool:
    """Whether a condition is one of what this word tells: it hangs on the word, on a clause above that holds it, or on its content."""
    if trigger in parse.subtree(hanging.top):
        return False
    if hanging.host == trigger:
        return True
    if trigger in parse.ancestors(hanging.host):
        return _straight(parse, hanging.host, trigger)
    return hanging.host in parse.ancestors(trigger) and _straight(parse, trigger, hanging.host)


def span_of(parse: Parse, indices: Iterable[int]) -> Words | None:
    """The stretch from the first to the last of these words, without marks and conjunctions at its edges; None for none."""
    words = [parse.word(i) for i in sorted(indices)]
    while words and words[-1].upos in EDGES and words[-1].text not in {")", "”", "’"}:
        words.pop()
    while words and words[0].upos in EDGES and words[0].text not in {"(", "“", "‘"}:
        words.pop(0)
    if not words:
        return None
    start, end = words[0].start, words[-1].end
    return Words(parse.sentence.text[start - parse.sentence.start : end - parse.sentence.start], start, end)


def _places(lower: list[str], words: tuple[str, ...]) -> Iterator[int]:
    """1-based index of each place where the words stand."""
    for at, word in enumerate(lower):
        if word == words[0] and tuple(lower[at : at + len(words)]) == words:
            yield at + 1


def _hanging(parse: Parse, first: int, last: int, opener: Opener) -> Hanging | None:
    inside = range(first, last + 1)
    tops = sorted((i for i in inside if parse.word(i).head not in inside), key=lambda i: len(parse.ancestors(i)))
    for top in tops:
        marking = parse.word(top).deprel in MARKING
        head = parse.word(top).head if marking else top
        if (marking and head <= last) or not _may_hang(parse, head, opener, head in inside):
            continue
        host = parse.word(head).head
        while host in inside:
            host = parse.word(host).head
        if opener.row.inverted and not _inverted(parse, head, first):
            continue
        if not host or (opener.row.negated and not _negated(parse, host)):
            continue
        own = [i for i in _whole(parse, head, host) if i >= first]
        words = span_of(parse, {*own, *inside})
        if words and parse.word(last).end < words.end:
            return Hanging(words, head, host, opener)
    return None


def _may_hang(parse: Parse, top: int, opener: Opener, named: bool) -> bool:
    """Whether a word may head a condition: a clause, or a phrase where the opening words are (or may stand before) a noun."""
    allowed = CLAUSES | (PHRASES if named or not opener.row.clause else frozenset())
    return parse.word(top).deprel in allowed and bool(parse.word(top).head)


def _whole(parse: Parse, top: int, host: int) -> list[int]:
    """The words of a condition; where it opens the sentence, not what the parse has taken from the clause behind it."""
    own = parse.subtree(top)
    subjects = by_relation(parse, top, "nsubj", "nsubj:pass")
    if top < host and len(subjects) > 1:
        cut = min(parse.subtree(subjects[1]))
        own = [i for i in own if i < cut]
    return [i for i in own if (i < host) == (top < host)]


def _inverted(parse: Parse, top: int, first: int) -> bool:
    """"Should it be attacked": the auxiliary stands before the subject."""
    subject = next(iter(by_relation(parse, top, "nsubj", "nsubj:pass", "expl")), 0)
    return 0 < first < subject


def _negated(parse: Parse, host: int) -> bool:
    below = [*parse.children[host], *(c for s in by_relation(parse, host, "nsubj", "nsubj:pass", "xcomp") for c in parse.children[s])]
    return any(parse.word(c).text.lower() in NEGATIONS for c in below)


def _straight(parse: Parse, low: int, high: int) -> bool:
    """Whether only content clauses and objects lie between two words, no clause that merely tells of something beside."""
    node = low
    while node != high:
        if parse.word(node).deprel not in ACROSS:
            return False
        node = parse.word(node).head
    return True
