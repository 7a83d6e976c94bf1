"""Tolls told alone: "The death toll stands at 41" belongs to the act of violence that the article told last.

In: a parsed sentence in which no claim took a number of dead, its quantities, the article's last act of force. Out: a claim of the same act
with the new numbers, or None. Nothing is told where the words speak of an accident or a disaster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..language.syntax import subjects
from ..records import OUTLET, Claim, Mention, Parse, Quantity, Reason, Voice
from .memory import Memory
from .mentions import SentenceActors

REACH = 12  # sentences between the act and its toll
RULE = "toll-told-alone"
_TOLL = re.compile(r"\b(?:death toll|toll|(?:number|count) of (?:the )?(?:dead|deaths|killed|fatalities))\b", re.I)
_OTHERWISE = re.compile(r"\b(?:\w*quake|flood|flooding|storm|cyclone|hurricane|typhoon|landslide|avalanche|tsunami|eruption|crash|accident|"
                        r"derailment|virus|epidemic|outbreak|pandemic|cholera|ebola|disease|famine|fire|blaze|shipwreck|ferry)\b", re.I)
COUNTED = frozenset({"killed", "wounded"})
RAISING = frozenset({"raise", "put", "revise", "increase", "update", "set", "give", "lower", "place"})
LESS = 0.9
GROWTH, MOST = 10, 1000  # how far a toll may grow; of an act of which no number was told


def last_deed(memory: Memory, claims: Iterable[Claim]) -> None:
    """Remembers the last act of force among finished claims; one that tells of dead goes before others of its sentence."""
    deeds = [c for c in claims if c.event == "ASSAULT" and c.status == "actual" and not any(r.rule == RULE for r in c.why)]
    if deeds:
        memory.deed = next((c for c in deeds if any(q.kind == "killed" for q in c.quantities)), deeds[0])


def toll_alone(parse: Parse, actors: SentenceActors, claims: Sequence[Claim], amounts: Sequence[Quantity]) -> Claim | None:
    """The claim of an act told before that a sentence gives a new toll of."""
    deed, sentence = actors.memory.deed, parse.sentence
    found = _TOLL.search(sentence.text)
    counted = tuple(q for q in amounts if q.kind in COUNTED)
    if deed is None or found is None or not any(q.kind == "killed" for q in counted) or any(c.event == "ASSAULT" for c in claims):
        return None
    if not 0 < sentence.index - deed.sentence_index <= REACH or _OTHERWISE.search(sentence.text) or not _near(deed, counted):
        return None
    start, end = found.start() + sentence.start, found.end() + sentence.start

    def again(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        return tuple(Memory.again(m, found[0], start, end, "told-before") for m in mentions if m.id or m.role)

    voice = _voice(parse, actors, start)
    counted = tuple(replace(q, by=q.by or (voice.speaker.text if voice.speaker else None)) for q in counted)
    why = Reason("claims", RULE, f"“{deed.trigger}” in sentence {deed.sentence_index}")
    return replace(
        deed, sentence=sentence.text, sentence_index=sentence.index, start=sentence.start, end=sentence.end, trigger=found[0],
        trigger_start=start, trigger_end=end, actor=again(deed.actor), recipient=again(deed.recipient), quantities=counted, voice=voice,
        confidence=round(deed.confidence * LESS, 3), why=(why, *(Reason("quantities", q.kind, q.text) for q in counted)),
        id="", act=deed.act or deed.id,
    )


def _near(deed: Claim, counted: Sequence[Quantity]) -> bool:
    """Whether a number of dead can be that of an act, going by what was told of it, or by what one act does."""
    told = [q.best for q in deed.quantities if q.kind == "killed" and q.best]
    new = next((q.best or q.low or 0 for q in counted if q.kind == "killed"), 0)
    return new <= GROWTH * max(told) if told else new <= MOST


def _voice(parse: Parse, actors: SentenceActors, start: int) -> Voice:
    """Who gives the number: "the governor raised the toll to 41"."""
    noun = parse.at(start)
    for index in parse.ancestors(noun.index) if noun else ():
        word = parse.word(index)
        if word.upos == "VERB" and word.lemma.lower() in RAISING:
            speaker = next((m for s in subjects(parse, index) for m in actors.resolve(s)), None)
            return Voice("speaker", "asserts", speaker, word.text, speaker.text, speaker.start, speaker.end) if speaker else OUTLET
    return OUTLET
