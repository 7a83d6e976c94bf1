"""Bodies named before: acronyms in brackets, "the group", "the two countries". Not a step; shared by `actors` and `mentions`.

In: a parse, the memory of the article. Out: earlier mentions under new words, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..knowledge import Registry
from ..language.syntax import by_relation
from ..records import Mention, Parse
from .memory import Memory

# Words that take up any body; others ("bank", "council") only one that has the word in its name.
ANY_GROUP = frozenset("group organisation organization movement militia sect faction network outfit insurgency".split())
ANY_BODY = frozenset("bloc alliance body agency organisation organization grouping party".split())
NAME_WORDS = frozenset("bank council commission committee court union front party agency league assembly congress fund office mission "
                       "tribunal coalition authority army brigade federation association forum parliament".split())
COUNTRY_NOUNS = frozenset("country nation neighbour neighbor state capital government".split())
LEADER_NOUNS = frozenset("leader president minister diplomat official chief counterpart".split())
_ACRONYM = re.compile(r"[A-Z][A-Za-z]?[A-Z][A-Za-z]{0,6}\Z|[A-Z]{2,8}\Z")


def body_before(parse: Parse, index: int, memory: Memory) -> Mention | None:
    """ "the group", "the bank": the body named last that the word can take up; None where the phrase says more or nothing fits."""
    word = parse.word(index)
    lemma = word.lemma.lower()
    if lemma not in ANY_GROUP | ANY_BODY | NAME_WORDS or word.xpos in {"NNS", "NNPS"}:
        return None
    definite = any(parse.word(c).lemma.lower() in {"the", "this"} for c in by_relation(parse, index, "det"))
    if not definite or any(parse.word(c).deprel in {"amod", "compound", "nmod", "nmod:poss", "flat"} for c in parse.children[index]):
        return None
    for mention in reversed(memory.bodies):
        if lemma in (mention.name or mention.text).lower().split():
            return mention
    for mention in reversed(memory.bodies):
        armed = bool({"REB", "UAF", "PRM", "PTY"} & set(mention.sector))
        if (lemma in ANY_GROUP and armed) or (lemma in ANY_BODY and not armed):
            return mention
    return memory.bodies[-1] if memory.bodies and lemma in ANY_GROUP | ANY_BODY else None


def acronyms(parse: Parse, resolve: Callable[[int], tuple[Mention, ...]]) -> list[tuple[str, Mention]]:
    """Short names that a sentence introduces in brackets, with the body each stands for."""
    found = []
    for word in parse.words[1:-1]:
        before, after = parse.word(word.index - 1), parse.words[word.index]
        if before.text != "(" or after.text != ")" or not _ACRONYM.match(word.text) or word.index < 3:
            continue
        heads = [word.head, *parse.ancestors(word.head)] if word.head else []
        heads = [h for h in [word.index - 2, *heads] if h < word.index and parse.word(h).upos in {"NOUN", "PROPN"}]
        mentions = [m for h in heads for m in resolve(h)]
        best = next((m for m in mentions if m.id or m.sector), mentions[0] if mentions else None)
        if best is not None:
            sector = best.sector or _told_sector(parse, word.index)
            found.append((word.text, replace(best, sector=sector, person=None, rule="acronym")))
    return found


def _told_sector(parse: Parse, index: int) -> tuple[str, ...]:
    """What the long name before a bracket says of the body."""
    words = {w.text.lower() for w in parse.words[max(0, index - 8) : index]}
    for names, sector in _SECTOR_WORDS:
        if words & names:
            return (sector,)
    return ()


_SECTOR_WORDS = (
    (frozenset({"party"}), "PTY"), (frozenset({"union", "unions", "labour", "labor"}), "LAB"),
    (frozenset({"front", "liberation", "rebel"}), "REB"), (frozenset({"commission", "ministry", "authority", "council"}), "GOV"),
    (frozenset({"army", "forces"}), "MIL"), (frozenset({"police"}), "COP"),
)


def pair_of(mentions: tuple[Mention, ...], noun: str, registry: Registry) -> tuple[Mention, ...]:
    """The two parties of "the two countries" as states where the noun says so, else as they were named."""
    if noun not in COUNTRY_NOUNS:
        return mentions
    states = []
    for mention in mentions:
        actor = registry.actors.get(mention.country or "")
        if actor is None:
            return mentions
        states.append(replace(mention, id=actor.id, name=actor.name, sector=actor.sector, role=None, person=None))
    return tuple(states) if len({s.id for s in states}) == len(states) else mentions
