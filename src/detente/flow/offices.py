"""Roles in a parsed sentence: which office, agent or body a phrase names, and which sectors come with it. Not a step.

In: the sentence's resolver, a head word with its noun phrase. Out: a `Role` with its head word. `mentions` finds whose it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ..knowledge import Knowledge, Naming, Role
from ..language.syntax import by_relation, modifiers
from ..records import Mention, Parse
from .owners import Nation

ARMED = frozenset({"UAF", "REB", "PRM"})
# Bodies between states, of citizens and of business: their officials are theirs, not a government's.
OWN_SERVICE = frozenset({"IGO", "NGO", "BUS"})
REBEL_WORDS = frozenset({"rebel", "insurgent", "guerrilla", "separatist"})
ATTACKS = frozenset("bomb strike hit attack shell raid pound target bombard strafe destroy fire drop".split())
FLIGHTS = frozenset("fly scramble intercept circle land overfly bomb bombard".split())
FORWARD = 3  # words after the head that may belong to an office: "consul general", "House of Representatives"


class Resolver(Protocol):
    """What is asked of the sentence's actors."""

    parse: Parse
    knowledge: Knowledge

    def resolve(self, index: int) -> tuple[Mention, ...]:
        """All actors that a phrase means."""

    def hit_at(self, index: int) -> Naming | None:
        """What a known name covering a word stands for."""

    def names_person(self, index: int) -> bool:
        """Whether a word is part of a person's name."""


def find_role(of: Resolver, index: int, phrase: list[int]) -> tuple[Role | None, int]:
    """The role that a phrase names ("foreign minister") and its head word."""
    parse = of.parse
    places = [index, *by_relation(parse, index, "nmod:desc", "appos", "compound", "flat")]
    inner = [c for c in by_relation(parse, index, "compound") if of.names_person(c)]
    places += [c for name in inner for c in by_relation(parse, name, "nmod:desc")]
    for place in places:
        word = parse.word(place)
        if word.upos not in {"NOUN", "PROPN", "ADJ"} or (place != index and place not in phrase and word.deprel != "appos"):
            continue
        hit = of.hit_at(place)
        if hit and hit.kind != "person" and not (hit.actor and hit.kind in {"seat"}):
            continue
        found = _phrase_at(of, place)
        if found and not (place != index and word.deprel == "compound" and word.name[2:] != "PER"):
            return found
    return None, 0


def _phrase_at(of: Resolver, place: int) -> tuple[Role, int] | None:
    """The longest role phrase around a word, with the word that it hangs on."""
    parse, roles = of.parse, of.knowledge.roles
    word = parse.word(place)
    words = [w.text.lower() for w in parse.words[max(0, place - 6) : place]]
    lemma = word.lemma.lower()
    found = roles.ending_at(words, lemma)
    if found is None and word.upos == "PROPN" and lemma.endswith("s"):  # names keep their plural: "Yazidis"
        found = roles.ending_at(words, lemma[:-1])
    last = place
    for step in range(1, min(FORWARD, len(parse.words) - place) + 1):
        end = parse.word(place + step)
        longer = roles.ending_at([*words, *(w.text.lower() for w in parse.words[place : place + step])], end.lemma.lower())
        hyphen = step == 2 and parse.word(place + 1).text == "-" and found is None
        if longer and longer[1] > step and (end.head == place or hyphen):
            found, last = (longer[0], longer[1] - step), place if hyphen or "of" in longer[0].phrase.split() else end.index
    if found is None:
        return None
    role, size = found
    if role.capital and not word.text[:1].isupper():
        return None
    if (role.dependent and not _has_body(of, place)) or (role.attacking and not _attacks(parse, place)):
        return None
    if role.phrase.endswith(".") and (last == len(parse.words) or parse.word(last + 1).upos != "PROPN"):
        return None  # "Sen." at the end of a sentence may end a name
    if role.flying and _flies(parse, place):
        role = replace(role, sectors=("MIL",), kind="body")
    if role.of_body and (body := roles.ending_at(words[: len(words) - size], parse.word(max(place - size, 1)).lemma.lower())):
        role = replace(role, sectors=body[0].sectors) if body[0].kind == "body" or body[0].sectors[0] in {"COP", "MIL"} else role
    return role, last


def _attacks(parse: Parse, place: int) -> bool:
    """"Russian aircraft bombed": a craft that attacks belongs to the armed forces; another may be anybody's."""
    word = parse.word(place)
    return word.deprel == "nsubj" and parse.word(word.head).lemma.lower() in ATTACKS


def _flies(parse: Parse, place: int) -> bool:
    word = parse.word(place)
    verb = parse.word(word.head) if word.deprel == "nsubj" else None
    off = verb is not None and verb.lemma.lower() == "take" and any(parse.word(c).text.lower() == "off" for c in parse.children[verb.index])
    return verb is not None and (off or verb.lemma.lower() in FLIGHTS)


def _has_body(of: Resolver, place: int) -> bool:
    """"the head of the agency", "the Hamas chief": a body that the word depends on."""
    below = [*modifiers(of.parse, place, frozenset({"of"})), *by_relation(of.parse, place, "nmod:poss", "compound")]
    return any(m.id != m.country or m.role for c in below for m in of.resolve(c) if m.rule != "thing-of-nation" and not m.person)


def sectors_with(role: Role, sector: tuple[str, ...], nation: Nation) -> tuple[str, ...]:
    """Sectors of a role together with the body that it belongs to."""
    state = nation.actor_id == nation.country
    if state:
        return nation.sector if nation.sector and role.of_body and sector == role.sectors else sector
    theirs = nation.sector
    if theirs and set(sector) <= ARMED:  # a fighter of a group is what the group is
        return theirs
    if theirs and sector != ("ELI",) and (role.of_body or (set(theirs) & OWN_SERVICE and sector == ("GOV",))):
        return theirs
    return tuple(dict.fromkeys((*theirs, *sector)))


def rebellious(parse: Parse, index: int, sector: tuple[str, ...]) -> tuple[str, ...]:
    """"the rebel Sulu River Front", "rebel troops": a front, movement or force that the words call a rebel one."""
    below = {parse.word(c).lemma.lower() for c in by_relation(parse, index, "amod", "compound")}
    return ("REB",) if below & REBEL_WORDS and set(sector) <= {"PTY", "UNK", "MIL"} else sector


def body_sector(of: Resolver, index: int) -> tuple[str, ...]:
    """What the words of an unknown organisation's name say of it ("… and Justice Commission")."""
    parse, last = of.parse, index
    while last < len(parse.words) and parse.word(last + 1).name == "I-ORG":
        last += 1
    for place in range(last, index - 1, -1):
        word = parse.word(place)
        found = of.knowledge.roles.ending_at([w.text.lower() for w in parse.words[max(0, place - 4) : place]], word.lemma.lower())
        if found and found[0].kind == "body":
            return found[0].sectors
    return ()
