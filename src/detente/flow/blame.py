"""Who blames and who is blamed: "'Norway has lied to us', the minister said" is an accusation by the minister, of Norway.

And who demands: "'Norway must pay', the minister said" is a demand by the minister, on Norway. In: a claim that the network alone reads in
what somebody says, with its speaker, the parse and the trigger. Out: the claim with the speaker as actor and the one who is judged or
asked as recipient. Used by `learned`, after the voice is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..knowledge import Knowledge
from ..language.syntax import by_relation
from ..records import OUTLET, Claim, Mention, Parse, Reason
from .pronouns import FIRST_PRONOUNS

SUBJECTS = ("nsubj", "nsubj:pass")
DUTIES = frozenset({"must", "should", "ought"})  # and "have to", "need to"
NOBODY = frozenset({"it", "this", "that", "what", "there"})


def blamed(claim: Claim, parse: Parse, word: int, knowledge: Knowledge) -> Claim:
    """The claim with its sides set right, where somebody is the subject of what a speaker says against them: they are blamed, nobody else.

    A verb that accuses by itself ("criticise", "blame") has its accuser as subject, and so has an inquiry.
    """
    speaker, told = claim.voice.speaker, (claim.event, claim.status, claim.voice.kind, claim.voice.stance)
    if told != ("ACCUSE", "actual", "speaker", "asserts") or claim.mode == "investigate" or speaker is None:
        return claim
    if accuses(parse, word, knowledge):
        return claim
    known = bool(claim.actor) and all(_same(m, speaker) for m in claim.actor)  # the network has the speaker as actor by itself
    sides = claim.recipient if known else claim.actor
    judged = tuple(m for m in _of_subject(parse, word, sides) if not _same(m, speaker))
    if not judged or any(m.id is None and m.text.lower() in NOBODY for m in judged):
        return claim
    why = Reason("actors", "speaker-blames", speaker.text)
    return replace(claim, actor=claim.actor if known else (speaker,), recipient=judged, voice=OUTLET, why=(*claim.why, why))


def demanded(claim: Claim, parse: Parse, word: int, knowledge: Knowledge) -> Claim:
    """The claim with its sides set right, where somebody is the subject of what must be done: they are asked, by whoever says so."""
    if claim.event != "REQUEST" or (verb := _bound(parse, word)) == 0 or _requests(parse, word, knowledge):
        return claim
    speaker = claim.voice.speaker if claim.voice.kind == "speaker" else None
    asked = _of_subject(parse, verb, claim.actor or claim.recipient)  # the network may know by itself who is asked
    if not asked or any(m.text.lower() in FIRST_PRONOUNS or (m.id is None and m.text.lower() in NOBODY) for m in asked):
        return claim
    if speaker is not None and any(_same(m, speaker) for m in asked):
        return claim
    actor = tuple(m for m in claim.actor if m not in asked) or ((speaker,) if speaker is not None else ())
    others = tuple(m for m in claim.recipient if not any(_same(m, a) for a in (*asked, *actor)))
    why = Reason("actors", "speaker-demands", speaker.text if speaker is not None else "")
    voice = OUTLET if speaker in actor else claim.voice
    return replace(claim, actor=actor, recipient=(*asked, *others), voice=voice, why=(*claim.why, why))


def _of_subject(parse: Parse, verb: int, sides: Sequence[Mention]) -> tuple[Mention, ...]:
    """Those of these parties that stand in the subject of a verb."""
    spans = [(parse.word(i).start, parse.word(i).end) for s in by_relation(parse, verb, *SUBJECTS) for i in (s, *parse.subtree(s))]
    return tuple(m for m in sides if any(m.start < end and start < m.end for start, end in spans))


def _bound(parse: Parse, word: int) -> int:
    """The verb whose subject must do what the trigger says: the trigger, or the "have" or "need" above it; 0 where nobody must."""
    if any(parse.word(c).text.lower() in DUTIES for c in by_relation(parse, word, "aux")):
        return word
    above = parse.word(word).head if parse.word(word).deprel == "xcomp" else 0
    return above if above and parse.word(above).lemma.lower() in {"have", "need"} else 0


def _requests(parse: Parse, word: int, knowledge: Knowledge) -> bool:
    """Whether a word asks by itself ("must urge"), or is no verb."""
    return parse.word(word).upos != "VERB" or knowledge.lexicon.names(parse.word(word).lemma.lower(), "verb", "REQUEST")


def accuses(parse: Parse, word: int, knowledge: Knowledge) -> bool:
    """Whether a word names an accusation, or speech, by itself."""
    lemma = parse.word(word).lemma.lower()
    if parse.word(word).upos not in {"VERB", "ADJ", "NOUN"} or lemma in knowledge.speech.verbs:
        return True
    return knowledge.lexicon.names(lemma, "verb" if parse.word(word).upos == "VERB" else "noun", "ACCUSE")


def _same(one: Mention, other: Mention) -> bool:
    known = one.id is not None and (one.id, one.person, one.role) == (other.id, other.person, other.role)
    return known or (one.start < other.end and other.start < one.end)
