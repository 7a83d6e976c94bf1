"""Persons in a parsed sentence: where a learned name begins and ends, and whether an office lies behind its holder. Not a step.

In: a parse and head words. Out: words of names. `mentions` decides who is meant.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from ..knowledge import Role, Term
from ..knowledge.actors import TITLED, plain
from ..records import Parse

FORMER = frozenset("former ex ousted deposed toppled erstwhile onetime".split())
PARTICLES = frozenset("de del della da dos das do du di la le van von der den ter ten zu af av bin bint ibn ben abu al el ul e y".split())
JOINERS = 3
_TAGS = frozenset({"PROPN", "X", "NOUN", "ADJ"})
_TITLES = frozenset("mr mr. mrs mrs. ms ms. dr dr. sir lord lady gen gen. lt lt. col col. maj maj. capt capt. sgt sgt. adm adm. "
                    "prof prof. rev rev. "
                    "general colonel major captain sheikh sheik shaikh prince princess king queen pope president minister".split())


ELECT = timedelta(days=150)  # whoever has won an office is spoken of as if he held it
GRACE = timedelta(days=30)  # dates of terms may be coarse


def office_then(term: Term, sector: tuple[str, ...], day: date | None) -> tuple[str, ...]:
    """The sector of a person outside of his terms: nothing before the first, the elite after a high office was left."""
    if day is None or sector != ("GOV",):
        return sector
    if term.valid_from and day < term.valid_from - ELECT:
        return ()
    return ("ELI",) if term.valid_to and day > term.valid_to + GRACE and plain(term.role) in TITLED else sector


def is_former(parse: Parse, index: int) -> bool:
    """ "former Pakistani president X", "ex-president X": the office is held no more."""
    below = [c for c in parse.subtree(index) if c < index or parse.word(c).head == index]
    return any(parse.word(c).text.lower() in FORMER or parse.word(c).text.lower().startswith("ex-") for c in below)


def name_words(parse: Parse, start: int, office: frozenset[str], taken: Callable[[int], bool],
               role: Callable[[str], bool] = lambda word: False) -> list[int]:
    """The words of the name that a word belongs to: the run of capitalised name words around it, particles included.

    `office` are words of the person's role, which do not belong to the name ("Defence Minister X"); `taken` tells words of other known
    names ("Taliban Foreign Minister X"), `role` words that are titles at a name's head ("Senator"). The list may be empty.
    """
    def part(place: int) -> bool:
        if not 1 <= place <= len(parse.words) or taken(place):
            return False
        word = parse.word(place)
        return word.upos in _TAGS and word.text[:1].isupper() and word.text.lower() not in office and word.text.lower() not in _TITLES

    if not part(start):
        return []
    first = last = start
    while True:
        step = _stride(parse, first, -1, part)
        if not step:
            break
        first -= step
    while True:
        step = _stride(parse, last, 1, part)
        if not step or (step == 1 and not _same_name(parse, last, last + 1)):
            break
        last += step
    titles = [k for k in range(first, last) if role(parse.word(k).text.lower())]
    first = titles[-1] + 1 if titles else first
    return list(range(first, last + 1))


def _stride(parse: Parse, place: int, step: int, part: Callable[[int], bool]) -> int:
    """How many words on the next part of a name stands, over particles and hyphens ("al-Nujaifi", "van der Bellen"); 0 for none. After a
    hyphen a small letter is a part too ("Kim Tae-young")."""
    for distance in range(1, JOINERS + 2):
        other = place + step * distance
        if not 1 <= other <= len(parse.words):
            return 0
        if part(other) or (step > 0 and distance == 2 and _hyphened(parse, place)):
            return distance
        if parse.word(other).text.lower() not in PARTICLES and parse.word(other).text != "-":
            return 0
    return 0


def _hyphened(parse: Parse, place: int) -> bool:
    """Whether a word is joined to the next by a hyphen without spaces."""
    if place + 2 > len(parse.words):
        return False
    one, hyphen, other = parse.word(place), parse.word(place + 1), parse.word(place + 2)
    return hyphen.text == "-" and one.end == hyphen.start and hyphen.end == other.start and other.text.isalpha()


def _same_name(parse: Parse, one: int, other: int) -> bool:
    """Words of one name hang together, or both carry a person's tag."""
    left, right = parse.word(one), parse.word(other)
    if left.name.endswith("PER") and right.name.startswith("I"):
        return True
    return right.head in {left.index, left.head} or left.head == right.index or right.name.endswith("PER")


def after_role(parse: Parse, role: Role, role_word: int) -> int | None:
    """The first word of a name right after an office ("Foreign Minister X Y"), or None."""
    place = role_word + 1
    if role.kind == "body" or place > len(parse.words):
        return None
    word = parse.word(place)
    return place if word.upos == "PROPN" and word.text[:1].isupper() and word.text.lower() not in _TITLES else None


def text_of(parse: Parse, words: list[int]) -> str:
    """The words as the text writes them, from the first to the last."""
    if not words:
        return ""
    base = parse.sentence.start
    return " ".join(parse.sentence.text[parse.word(words[0]).start - base : parse.word(words[-1]).end - base].split())
