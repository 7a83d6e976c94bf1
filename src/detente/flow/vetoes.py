"""What the network takes for an act and is none: mishaps, fires, private life, interviews.

In: a claim before it is weighed, its parse and trigger. Out: whether it falls. Used by `learned`. Each kind was seen in news that was read
claim by claim (docs/quality/wikinews-2019.md).
"""

from __future__ import annotations

import re

from ..language.syntax import by_relation, cases
from ..records import Claim, Mention, Parse
from .parties import told_as

# Mishaps of things: no act of force where nobody known is named.
ACCIDENTS = frozenset("collide collision crash overturn capsize derail derailment sink blaze".split())
ARMS = frozenset("gun cross rocket friendly mortar artillery sniper machine small enemy hostile heavy tank rifle covering shell".split())
SHOOTING = frozenset("open exchange return cease hold trade draw come".split())
LOST = frozenset("vanish disappear disappearance missing".split())
CRAFT = re.compile(
    r"\b(?:flight|planes?|aircraft|airliner|jet|ship|boat|vessel|ferry|trawler|helicopter|submarine|satellite|yacht|probe)\b", re.IGNORECASE
)
ILL, OWN_HAND = frozenset("suicide self-harm".split()), frozenset("attempt plan rate death note risk watch case".split())
# Acts that among private persons are daily life: who gives way, leaves a post, lets go, helps, talks, works together.
PUBLIC = frozenset({"CONCEDE", "RETREAT", "AID", "AGREE", "CONSULT", "COOPERATE"})
PRESS = re.compile(
    r"\b(?:Herald|Times|Post|News|Tribune|Gazette|Journal|\w*news|Press|Weekly|Daily|Guardian|Telegraph|Mail|weekly|daily|newspaper)\b"
)
TO_PRESS = frozenset("reporter journalist press media interview newspaper correspondent broadcaster magazine weekly daily".split())
TALK = frozenset({("CONSULT", None), ("ACCUSE", "investigate"), ("AGREE", None), ("REQUEST", None)})


def no_act(claim: Claim, parse: Parse, word: int) -> bool:
    """Whether a claim of the network alone tells of no act of politics."""
    if claim.event == "ASSAULT" and _mishap(claim, parse, word):
        return True
    return claim.event in PUBLIC and _private(claim) and not told_as(parse, word)


def _mishap(claim: Claim, parse: Parse, word: int) -> bool:
    lemma, parties = parse.word(word).lemma.lower(), (*claim.actor, *claim.recipient)
    if lemma in ACCIDENTS:
        return not any(m.id for m in parties)
    if lemma in LOST:
        return not claim.recipient or any(CRAFT.search(m.text) for m in parties)
    below = {parse.word(c).lemma.lower() for c in parse.children[word]}
    if below & ILL and lemma in OWN_HAND:
        return True
    if lemma != "fire" or parse.word(word).upos != "NOUN" or claim.actor:
        return False
    head = parse.word(parse.word(word).head).lemma.lower() if parse.word(word).head else ""
    return not (below & ARMS or head in SHOOTING or "under" in cases(parse, word))


def to_the_press(claim: Claim, parse: Parse, word: int) -> bool:
    """Whether the act is no more than an interview: the press asks, or somebody speaks to it."""
    if (claim.event, claim.mode) not in TALK:
        return False
    if claim.actor and all(_press(m) for m in claim.actor):
        return True
    if claim.event not in {"CONSULT", "ACCUSE"}:
        return False
    others = [c for c in by_relation(parse, word, "obl") if cases(parse, c) & {"to", "with", "by"}]
    return any(parse.word(c).lemma.lower() in TO_PRESS for c in others)


def _press(mention: Mention) -> bool:
    return mention.sector == ("JRN",) or (mention.id is None and bool(PRESS.search(mention.text)))


def _private(claim: Claim) -> bool:
    """Whether parties are named and none of them is anybody public."""
    parties = (*claim.actor, *claim.recipient)
    return bool(parties) and not any(m.id or m.role or m.sector for m in parties)
