"""How one claim's words tell its act: anew or as known ("the attack", "a second attack"), as a headline, as what an attack did. Not a step.

In: a finished claim with its sentence. Out: a `Telling`, read off the words once and compared with others many times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..knowledge import Knowledge, SameActs
from ..records import Claim

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*|[^\w\s]")
_PREPOSITIONS = frozenset("of in on at by for with from to into against over between and or but".split())
_HELPERS = frozenset({"was", "were", "been", "being", "is", "are"})
_SENTENCE_ENDS = ".!?…\"”»"
BEFORE_NOUN, NEAR, AROUND, RELATIVE = 5, 3, 9, 4  # how many words are looked at: before a noun, beside a trigger, for nouns, for "who"
SHORTEST, STEM = 4, 5
VIOLENT = "ASSAULT"
DEEDS = frozenset({"ASSAULT", "PROTEST", "COERCE"})  # acts whose noun often stands beside a verb that tells them


@dataclass(frozen=True, slots=True)
class Telling:
    """A claim with what its words say about its being told before."""

    claim: Claim
    marks: frozenset[str]  # definite, possessive, indefinite, anew, again, often, act-noun, relative
    headline: bool
    toll: bool
    word: str
    content: frozenset[str]


def telling(claim: Claim, knowledge: Knowledge) -> Telling:
    """The claim with the marks of its words."""
    acts = knowledge.same_acts
    found = [(m.group(0), m.start() + claim.start, m.end() + claim.start) for m in _WORD.finditer(claim.sentence)]
    before = [text for text, _, end in found if end <= claim.trigger_start]
    after = [text for text, start, _ in found if start >= claim.trigger_end]
    noun = _is_noun(claim, knowledge)
    marks = {*_beside(before, after, acts), *_anew_parties(claim, acts)}
    marks |= _before_noun(before, acts) if noun else set()
    inner = [text for text, start, end in found if claim.trigger_start < start and end <= claim.trigger_end]
    around = [[*inner, *after][:AROUND], [] if noun else before[-AROUND:]]
    if claim.event in DEEDS and any(_names_act(words, claim.event, acts) for words in around):
        marks.add("act-noun")
    if not noun and acts.relative & {word.lower() for word in before[-RELATIVE:]}:
        marks.add("relative")
    spans = [(m.start, m.end) for m in (*claim.actor, *claim.recipient)] + [(claim.trigger_start, claim.trigger_end)]
    free = [text.lower() for text, start, _ in found if not any(a <= start < b for a, b in spans)]
    content = frozenset(word[:STEM] for word in free if len(word) >= SHORTEST and word.isalpha() and word not in acts.empty)
    words = claim.trigger.lower().split() or [""]
    own = words[-1] if noun or _HELPERS & set(words) else words[0]  # the noun or the verb: "made two arrests", "arrests were made"
    shown = claim.sentence.rstrip()
    return Telling(
        claim, frozenset(marks), claim.sentence_index == 0 and shown[-1:] not in _SENTENCE_ENDS,
        claim.event == VIOLENT and own in acts.toll, stem(own), content,
    )


def stem(word: str) -> str:
    """The first letters of a word, by which its forms are alike ("ambush", "ambushed")."""
    return word.lower()[:STEM]


def head(text: str) -> str:
    """The last word of a party's words before any "of", "in" or comma, without a plural s; empty for pronouns."""
    words: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group(0).lower()
        if words and (word in _PREPOSITIONS or not word[0].isalnum()):
            break
        words.append(word)
    last = words[-1] if words else ""
    return last.removesuffix("s") if len(last) >= SHORTEST else ""


def _is_noun(claim: Claim, knowledge: Knowledge) -> bool:
    rule = knowledge.lexicon.rules.get(claim.rule)
    if rule is not None:
        return rule.part == "noun"
    return claim.trigger.lower() in knowledge.same_acts.nouns.get(claim.event, frozenset())


def _before_noun(before: list[str], acts: SameActs) -> set[str]:
    """Whether the nearest determiner before a noun is definite; words such as "second" between them."""
    marks: set[str] = set()
    for word in reversed(before[-BEFORE_NOUN:]):
        low = word.lower()
        if low in acts.anew:
            marks.add("anew")
        if low in acts.definite:
            return marks | {"definite"}
        if low in acts.possessive or low.endswith(("'s", "’s", "s'", "s’")):
            return marks | {"possessive"}
        if low in acts.indefinite:
            return marks | {"indefinite"}
        if low in _PREPOSITIONS or not word[0].isalnum():
            return marks
    return marks


def _beside(before: list[str], after: list[str], acts: SameActs) -> set[str]:
    near = {word.lower() for word in (*before[:1], *before[-NEAR:], *after[:2])}
    return {name for name, words in (("again", acts.again), ("often", acts.often)) if words & near}


def _anew_parties(claim: Claim, acts: SameActs) -> set[str]:
    """"A second bomber", "four more hostages"; names such as "New Delhi" are written with a capital."""
    for mention in (*claim.actor, *claim.recipient):
        words = mention.text.split()[:NEAR]
        if any(word in acts.anew or (i == 0 and word == "Another") for i, word in enumerate(words)):
            return {"anew"}
    return set()


def _names_act(words: list[str], event: str, acts: SameActs) -> bool:
    """Whether "the" or "this" and a noun for acts of this kind stand among words: "in the clashes", "the attack left …"."""
    nouns = acts.nouns.get(event, frozenset())
    low = [word.lower() for word in words]
    for number, word in enumerate(low):
        if word in acts.definite:
            for following in low[number + 1 : number + 1 + NEAR]:
                if following in nouns:
                    return True
                if following in _PREPOSITIONS or following in acts.anew or not following[0].isalnum():
                    break
    return False
