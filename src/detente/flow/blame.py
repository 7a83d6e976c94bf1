"""Who blames and who is blamed: "'Norway has lied to us', the minister said" is an accusation by the minister, of Norway.

In: an accusation that the network alone reads in what somebody says, with its speaker, the parse and the trigger. Out: the claim with the
speaker as actor and the one judged as recipient. Used by `learned`, after the voice is known.
"""

from __future__ import annotations

from dataclasses import replace

from ..knowledge import Knowledge
from ..language.syntax import by_relation
from ..records import OUTLET, Claim, Mention, Parse, Reason

SUBJECTS = ("nsubj", "nsubj:pass")


def blamed(claim: Claim, parse: Parse, word: int, knowledge: Knowledge) -> Claim:
    """The claim with its sides set right, where somebody is the subject of what a speaker says against them: they are blamed, nobody else.

    A verb that accuses by itself ("criticise", "blame") has its accuser as subject, and so has an inquiry.
    """
    speaker, told = claim.voice.speaker, (claim.event, claim.status, claim.voice.kind, claim.voice.stance)
    if told != ("ACCUSE", "actual", "speaker", "asserts") or claim.mode == "investigate" or speaker is None:
        return claim
    if accuses(parse, word, knowledge):
        return claim
    spans = [(parse.word(i).start, parse.word(i).end) for s in by_relation(parse, word, *SUBJECTS) for i in (s, *parse.subtree(s))]
    known = bool(claim.actor) and all(_same(m, speaker) for m in claim.actor)  # the network has the speaker as actor by itself
    sides = claim.recipient if known else claim.actor
    judged = tuple(m for m in sides if not _same(m, speaker) and any(m.start < end and start < m.end for start, end in spans))
    if not judged or any(m.id is None and m.text.lower() in {"it", "this", "that", "what", "there"} for m in judged):
        return claim
    why = Reason("actors", "speaker-blames", speaker.text)
    return replace(claim, actor=claim.actor if known else (speaker,), recipient=judged, voice=OUTLET, why=(*claim.why, why))


def accuses(parse: Parse, word: int, knowledge: Knowledge) -> bool:
    """Whether a word names an accusation, or speech, by itself."""
    lemma = parse.word(word).lemma.lower()
    if parse.word(word).upos not in {"VERB", "ADJ", "NOUN"} or lemma in knowledge.speech.verbs:
        return True
    return any(rule.event == "ACCUSE" for rule in knowledge.lexicon.at(lemma, "verb" if parse.word(word).upos == "VERB" else "noun"))


def _same(one: Mention, other: Mention) -> bool:
    known = one.id is not None and (one.id, one.person, one.role) == (other.id, other.person, other.role)
    return known or (one.start < other.end and other.start < one.end)
