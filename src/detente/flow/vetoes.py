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
WHERETO = frozenset({"home", "back", "away", "not"})  # "will go home"; "A agrees, B does not"
ENDANGER = frozenset({"threaten", "endanger", "menace"})
EMPTY = frozenset({"go", "do", "be", "remain", "try", "show", "get"})
SITTINGS = frozenset("meet convene sit vote hear debate reconvene gather".split())
TALK = frozenset({("CONSULT", None), ("ACCUSE", "investigate"), ("AGREE", None), ("REQUEST", None)})


def no_act(claim: Claim, parse: Parse, word: int) -> bool:
    """Whether a claim of the network alone tells of no act of politics."""
    if (claim.event == "ASSAULT" and _mishap(claim, parse, word)) or _by_things(claim, parse, word) or _empty(parse, word):
        return True
    return claim.event in PUBLIC and _private(claim) and not told_as(parse, word)


def _by_things(claim: Claim, parse: Parse, word: int) -> bool:
    """"threatened by drought": what no one does is no threat."""
    if claim.event != "THREATEN" or parse.word(word).lemma.lower() not in ENDANGER or not by_relation(parse, word, "aux:pass"):
        return False
    by = any("by" in cases(parse, c) for c in parse.children[word])
    return by and not any(m.id or m.role or m.sector for m in claim.actor)


def _empty(parse: Parse, word: int) -> bool:
    """Whether a verb tells nothing without what is done: "we are not going to wait", "could do so"."""
    if parse.word(word).lemma.lower() not in EMPTY or parse.word(word).upos not in {"VERB", "AUX"}:
        return False
    if parse.word(word).lemma.lower() == "go" and by_relation(parse, word, "xcomp"):
        return True  # what is going to be done is a trigger of its own
    rest = [parse.word(c) for c in parse.children[word] if parse.word(c).deprel in {"obj", "obl", "compound:prt", "advmod"}]
    return not any(w.upos in {"NOUN", "PROPN", "ADP"} or w.lemma.lower() in WHERETO for w in rest)


def timetable(claim: Claim, parse: Parse, word: int) -> bool:
    """Whether a parliament or a court only has its next sitting: "the senate was set to meet on Wednesday"."""
    if claim.event != "AGREE" or not claim.actor or not all(set(m.sector) & {"LEG", "JUD"} for m in claim.actor):
        return False
    verbs = {parse.word(i).lemma.lower() for i in (word, *by_relation(parse, word, "xcomp"))}
    return bool(verbs & SITTINGS) and not claim.recipient


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


def no_news(claim: Claim, parse: Parse, word: int) -> bool:
    """Whether a claim, of a row too, tells of an interview or of a sitting, which are no acts."""
    return to_the_press(claim, parse, word) or timetable(claim, parse, word)


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
