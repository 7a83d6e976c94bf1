"""Bodies named before: acronyms in brackets, "the group", "the two countries". Not a step; shared by `actors` and `mentions`.

In: a parse, the memory of the article. Out: earlier mentions under new words, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..knowledge import Naming, Registry
from ..knowledge.actors import valid
from ..language.syntax import by_relation, cases
from ..records import Mention, Parse
from .memory import Memory

# Words that take up any body; others ("bank", "council") only one that has the word in its name.
ANY_GROUP = frozenset("group organisation organization movement militia sect faction network outfit insurgency".split())
ANY_BODY = frozenset("bloc alliance body agency organisation organization grouping party".split())
NAME_WORDS = frozenset("bank council commission committee court union front party agency league assembly congress fund office mission "
                       "tribunal coalition authority army brigade federation association forum parliament".split())
ARMED_WORDS = frozenset("militant rebel armed islamist jihadist insurgent extremist guerrilla separatist".split())
HALVES = frozenset({"North", "South", "East", "West"})
DEALING = frozenset({"to", "with", "by", "against"})
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
    told = [parse.word(c) for c in parse.children[index] if parse.word(c).deprel in {"amod", "compound", "nmod", "nmod:poss", "flat"}]
    if not definite or not all(w.lemma.lower() in ARMED_WORDS and lemma in ANY_GROUP for w in told):
        return None
    recent = memory.last_subject if memory.subject_age <= 1 else None
    order = [*reversed(memory.bodies)]
    order = [*(m for m in order if recent and m.id == recent.id), *order]  # whoever acted goes before whoever was named last
    for mention in reversed(memory.bodies):
        if lemma in (mention.name or mention.text).lower().split():
            return mention
    for mention in order if not told or any({"REB", "UAF"} & set(m.sector) for m in order) else ():
        armed = bool({"REB", "UAF", "PRM", "PTY"} & set(mention.sector))
        if (lemma in ANY_GROUP and armed) or (lemma in ANY_BODY and not armed):
            return mention
    return memory.bodies[-1] if memory.bodies and not told and lemma in ANY_GROUP | ANY_BODY else None


def acronyms(parse: Parse, resolve: Callable[[int], tuple[Mention, ...]]) -> list[tuple[str, Mention]]:
    """Short names that a sentence introduces in brackets, with the body each stands for."""
    found = []
    for word in parse.words[1:-1]:
        before, after = parse.word(word.index - 1), parse.words[word.index]
        if before.text != "(" or after.text != ")" or not _ACRONYM.match(word.text) or word.index < 3:
            continue
        heads = [word.head, *parse.ancestors(word.head)] if word.head else []
        heads = [h for h in [word.index - 2, *heads] if h < word.index and parse.word(h).upos in {"NOUN", "PROPN"}]
        mentions = [m for h in heads for m in resolve(h) if m.rule != "outlet"]
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


def stands_for_body(parse: Parse, index: int, naming: Naming, memory: Memory) -> bool:
    """Whether a town that stands for an organisation does so here: it acts or is dealt with, and the story is not about its country."""
    word = parse.word(index)
    if any(parse.word(c).deprel in {"compound", "flat"} for c in parse.children[index]) or word.name.endswith("PER"):
        return False
    day, actor = memory.published, naming.actor
    if actor is None or not valid(actor.valid_from, actor.valid_to, day):
        return False
    return word.deprel in {"nsubj", "nsubj:pass", "obj", "iobj"} or (word.deprel == "obl" and bool(cases(parse, index) & DEALING))


def one_of_two(parse: Parse, index: int, memory: Memory) -> Mention | None:
    """"the former", "the latter": the first or second of the two named last."""
    word = parse.word(index)
    if word.lemma.lower() not in {"former", "latter"} or len(memory.last_two) != 2 or word.deprel in {"amod", "compound"}:
        return None
    definite = index > 1 and parse.word(index - 1).text.lower() == "the"
    return memory.last_two[0 if word.lemma.lower() == "former" else 1] if definite else None


def half_of(parse: Parse, index: int, memory: Memory, registry: Registry) -> Mention | None:
    """"the South" in a story that has named the North by its full name: the other half of a divided country."""
    word = parse.word(index)
    if word.text not in HALVES or index < 2 or parse.word(index - 1).text.lower() != "the":
        return None
    if any(parse.word(c).deprel not in {"det", "case", "punct"} for c in parse.children[index]):
        return None
    for country in memory.countries:
        first, _, rest = registry.actors[country].name.partition(" ") if country in registry.actors else ("", "", "")
        if first not in HALVES:
            continue
        found = next((n.actor for n in registry.names.exact(f"{word.text} {rest}") if n.actor and n.kind == "name"), None)
        if found:
            return Mention(found.id, found.name, found.country, found.sector, None, None, word.text, word.start, word.end, "one-of-two")
    return None


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
