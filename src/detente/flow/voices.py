"""Voices: on whose word a claim stands. Speech verbs above it, "according to", quotes that run over sentences, hearsay.

In: a claim, the parse, its actors, the article's memory. Out: the same claim with its voice; the paper's own word otherwise.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from ..knowledge import Knowledge
from ..language.syntax import by_relation, cases, subjects, surface_subjects
from ..ledger import Entry
from ..records import OUTLET, Claim, Mention, Parse, Reason, Voice, VoiceKind, VoiceStance
from .calendar_words import WEEKDAYS
from .datelines import dateline_end
from .memory import Memory
from .mentions import SentenceActors
from .pronouns import FIRST_PRONOUNS
from .quotations import CLOSE, EITHER, OPEN, QUOTATION, inside, opens_quote, quoted, same_speaker

MARKS = frozenset((*OPEN, *CLOSE, EITHER))
SPEECH_WITH_OBJECT = frozenset({"deny", "confirm", "announce", "report", "claim", "acknowledge", "admit"})
TIMES = frozenset("day week month year morning evening afternoon night time hour".split())
DAYS = TIMES | frozenset(WEEKDAYS)
Told = TypeVar("Told", Claim, Entry)
DOCUMENTS = frozenset(
    "report document statement file letter text communique communiqué paper study agreement memo tweet post declaration".split()
)
WRITING = frozenset("issue release post publish write sign send carry make circulate distribute".split())


def attribute(claim: Claim, parse: Parse, trigger: int, actors: SentenceActors, knowledge: Knowledge) -> Claim:
    """The claim with its voice and the reason for it. The innermost speaker speaks; outer ones stand in `via`."""
    voices = _speakers(parse, trigger, actors, knowledge) or _before_colon(parse, trigger, actors)
    while voices and _of_oneself(voices[0]) and (len(voices) > 1 or same_speaker(parse, trigger, actors.memory)):
        del voices[0]  # "I think that …", said by somebody whom other words name
    if not voices:
        memory = actors.memory
        speaker = memory.speaker if memory.in_quote or same_speaker(parse, trigger, memory) else None
        if speaker:
            voice = Voice("speaker", "asserts", speaker, QUOTATION, claim.sentence, claim.start, claim.end)
            return replace(claim, voice=voice, why=(*claim.why, Reason("voices", "quote-goes-on", speaker.text)))
        return _hearsay(claim, parse, knowledge)
    inner = voices[0]
    via = tuple(v.speaker for v in voices[1:] if v.speaker)
    voice = replace(inner, via=via)
    return replace(claim, voice=voice, why=(*claim.why, Reason("voices", f"{voice.kind}-{voice.stance}", voice.cue or "")))


def _of_oneself(voice: Voice) -> bool:
    return voice.speaker is not None and voice.speaker.text.lower() in FIRST_PRONOUNS


def _speakers(parse: Parse, trigger: int, actors: SentenceActors, knowledge: Knowledge) -> list[Voice]:
    """Speakers above a trigger, innermost first."""
    found: list[Voice] = []
    node = trigger
    seen = {trigger}
    while True:
        found += _beside(parse, node, actors, knowledge, trigger)
        word = parse.word(node)
        head = word.head
        if not head or head in seen:
            return found
        top = parse.word(head)
        stance = knowledge.speech.verbs.get(top.lemma.lower())
        relation = "ccomp" if _below_time(parse, node, stance is None) else word.deprel
        if relation == "ccomp" and word.deprel == "acl":  # the day stands between: ask the verb above it
            head = top.head
            top = parse.word(head)
            stance = knowledge.speech.verbs.get(top.lemma.lower())
        spoken_infinitive = relation == "xcomp" and stance in {"denies", "asserts"} and top.upos == "VERB"
        if relation == "ccomp" or spoken_infinitive or (relation == "parataxis" and _reports(parse, head, node)):
            if stance and top.upos == "VERB":
                found += _voice(parse, head, stance, actors, knowledge)
            elif top.upos == "NOUN" and top.lemma.lower() in knowledge.speech.nouns:
                found += _noun_voice(parse, head, actors)
        elif relation == "obj" and stance in {"denies", "asserts"} and top.lemma.lower() in SPEECH_WITH_OBJECT:
            found += _voice(parse, head, stance, actors, knowledge)
        elif relation.startswith("acl") and top.upos == "NOUN" and top.lemma.lower() in knowledge.speech.nouns:
            found += _noun_voice(parse, head, actors)
        seen.add(head)
        node = head


def _below_time(parse: Parse, node: int, silent: bool) -> bool:
    """"denied on the same day that …": a that-clause which the parse has hung on the time phrase of the verb before it."""
    word = parse.word(node)
    top = parse.word(word.head)
    marked = any(parse.word(c).text.lower() == "that" for c in by_relation(parse, node, "mark"))
    timely = top.deprel.startswith("obl") and (top.lemma.lower() in TIMES or top.text.lower() in WEEKDAYS)
    return silent and word.deprel == "acl" and marked and timely and bool(by_relation(parse, node, "nsubj", "nsubj:pass"))


def _before_colon(parse: Parse, trigger: int, actors: SentenceActors) -> list[Voice]:
    """Headlines: "Azerbaijan: Armenia shelled border village"."""
    colon = next((w.index for w in parse.words[:6] if w.text == ":"), 0)
    if not 1 < colon < trigger or (parse.word(colon).start < dateline_end(parse) and not any(_body(actors, i) for i in range(1, colon))):
        return []
    head = next((w.index for w in parse.words[: colon - 1] if actors.resolve(w.index) and w.head not in range(1, colon)), 0)
    return _source(parse, [head], actors, ":") if head else []


def _body(actors: SentenceActors, index: int) -> bool:
    """Whether a word names an actor other than by its capital, which before a report is where it was written ("NATO:", "POLICE:", not
    "CAIRO:")."""
    naming = actors.hit_at(index)
    if naming is not None:
        return naming.kind != "capital"
    return any(m.role for m in actors.resolve(index))


def _reports(parse: Parse, head: int, node: int) -> bool:
    """Whether the governing verb frames a side clause as speech ("…, he said" with speech as the head)."""
    return parse.word(head).start > parse.word(node).start


def _beside(parse: Parse, node: int, actors: SentenceActors, knowledge: Knowledge, trigger: int) -> list[Voice]:
    """Speech verbs hung beside a clause ("…, Peskov said"), and "according to X"."""
    found: list[Voice] = []
    for child in parse.children[node]:
        below = parse.word(child)
        if child == trigger:
            continue
        if below.deprel == "parataxis" and below.upos == "VERB":
            stance = knowledge.speech.verbs.get(below.lemma.lower())
            if stance and not by_relation(parse, child, "ccomp", "obj") and subjects(parse, child):
                found += _voice(parse, child, stance, actors, knowledge)
        elif below.deprel in {"advcl", "obl", "nmod"} and below.upos == "VERB" and below.lemma.lower() == "accord":
            target = by_relation(parse, child, "obl", "nmod")
            found += _source(parse, target, actors, "according to")
        elif below.deprel in {"obl", "nmod", "advmod"} and any("according" in c for c in cases(parse, child)):
            found += _source(parse, [child], actors, "according to")
        elif below.deprel == "advcl" and below.upos == "VERB" and below.lemma.lower() in {"cite", "quote"}:
            found += _source(parse, by_relation(parse, child, "obj"), actors, below.text)
        elif below.deprel == "advcl" and below.upos == "VERB" and _introduced_by_as(parse, child):
            stance = knowledge.speech.verbs.get(below.lemma.lower())
            if stance == "asserts" and not by_relation(parse, child, "ccomp", "xcomp", "obj") and subjects(parse, child):
                found += _voice(parse, child, stance, actors, knowledge)
    return found


def _introduced_by_as(parse: Parse, clause: int) -> bool:
    return any(parse.word(c).text.lower() == "as" for c in by_relation(parse, clause, "mark"))


def _voice(parse: Parse, verb: int, stance: VoiceStance, actors: SentenceActors, knowledge: Knowledge) -> list[Voice]:
    word = parse.word(verb)
    negated = any(parse.word(c).text.lower() in {"not", "n't", "n’t", "never"} for c in by_relation(parse, verb, "advmod"))
    if negated and stance == "asserts":
        stance = "denies" if word.lemma.lower() in {"confirm", "acknowledge", "admit", "believe", "think"} else stance
    heads = _tellers(parse, subjects(parse, verb) or surface_subjects(parse, verb), actors)
    if not heads:
        return [Voice("outlet", stance, None, word.text, None, word.start, word.end)]
    tellers = [*_authors(parse, heads, actors), *heads]
    mention = _first(actors, tellers) or _unknown(parse, tellers[0])
    cue = _cue(parse, verb)
    if mention.rule == "outlet" and word.lemma.lower() in knowledge.speech.reporting:
        return [Voice("outlet", stance, mention, cue, mention.text, mention.start, mention.end)]
    return [Voice("speaker", stance, mention, cue, mention.text, mention.start, mention.end)]


def _tellers(parse: Parse, heads: list[int], actors: SentenceActors) -> list[int]:
    """Subjects of a verb of speech, without the city of a dateline."""
    body = dateline_end(parse)
    return [h for h in heads if parse.word(h).start >= body or _body(actors, h)]


def _first(actors: SentenceActors, heads: list[int]) -> Mention | None:
    """The first of these words that is an actor."""
    return next((m for h in heads for m in actors.resolve(h)), None)


def _authors(parse: Parse, heads: list[int], actors: SentenceActors) -> list[int]:
    """Who speaks by a document: "a statement issued by the union", "a letter from the mayor", "the council's report"; no day, no place."""
    papers = [h for h in heads if parse.word(h).lemma.lower() in DOCUMENTS]
    written = [c for h in papers for c in by_relation(parse, h, "acl") if parse.word(c).lemma.lower() in WRITING]
    by = [c for h in (*papers, *written) for c in by_relation(parse, h, "nmod", "obl", "obl:agent") if cases(parse, c) & {"by", "from"}]
    owners = [*by, *(c for h in papers for c in by_relation(parse, h, "nmod:poss") if parse.word(c).upos != "PRON")]
    return [c for c in owners if parse.word(c).lemma.lower() not in DAYS and not _place(actors, c)]


def _place(actors: SentenceActors, index: int) -> bool:
    """Whether a word is no more than a place ("a report from Aleppo")."""
    found = actors.resolve(index)
    return bool(found) and all(m.rule.startswith("place") for m in found)


def _unknown(parse: Parse, head: int) -> Mention:
    """Somebody who speaks and of whom only the words are known: the whole name of a person, else the head word."""
    words = [parse.word(head)]
    if words[0].upos == "PROPN":
        words = [parse.word(i) for i in sorted((head, *by_relation(parse, head, "flat", "compound"))) if parse.word(i).upos == "PROPN"]
    start, end, base = words[0].start, words[-1].end, parse.sentence.start
    return Mention(None, None, None, (), None, None, parse.sentence.text[start - base : end - base], start, end, "speaker-unresolved")


def _cue(parse: Parse, verb: int) -> str:
    """The speech verb with its hearer: "told reporters"."""
    words = [verb, *by_relation(parse, verb, "iobj", "compound:prt")]
    if parse.word(verb).lemma in {"tell"}:
        words += by_relation(parse, verb, "obj")
    return " ".join(parse.word(i).text for i in sorted(words))


def _noun_voice(parse: Parse, noun: int, actors: SentenceActors) -> list[Voice]:
    owners = by_relation(parse, noun, "nmod:poss", "amod", "compound")
    owners += [c for c in by_relation(parse, noun, "nmod") if cases(parse, c) & {"by", "of", "from"}]
    return _source(parse, owners, actors, parse.word(noun).text)


def _source(parse: Parse, heads: list[int], actors: SentenceActors, cue: str) -> list[Voice]:
    for head in (*_authors(parse, heads, actors), *heads):
        for mention in actors.resolve(head):
            kind: VoiceKind = "outlet" if mention.rule == "outlet" else "speaker"
            return [Voice(kind, "asserts", mention, cue, mention.text, mention.start, mention.end)]
    for head in heads:
        word = parse.word(head)
        if word.upos in {"NOUN", "PROPN"}:
            document = word.lemma.lower() in DOCUMENTS
            mention = Mention(None, None, None, (), None, None, word.text, word.start, word.end, "speaker-unresolved")
            return [Voice("document" if document else "speaker", "asserts", mention, cue, word.text, word.start, word.end)]
    return []


def _hearsay(claim: Claim, parse: Parse, knowledge: Knowledge) -> Claim:
    lower = claim.sentence.lower()
    for phrase in knowledge.speech.hearsay:
        if phrase in lower and re.search(rf"\b{re.escape(phrase)}\b", lower):
            voice = replace(OUTLET, cue=phrase)
            return replace(claim, voice=voice, why=(*claim.why, Reason("voices", "hearsay", phrase)))
    return replace(claim, voice=OUTLET)


def follow_quotes(parse: Parse, actors: SentenceActors, knowledge: Knowledge, memory: Memory) -> None:
    """After a sentence: is a quotation still open, and who speaks in it?"""
    text = parse.sentence.text
    went_on = memory.goes_on(parse.sentence.index, opens_quote(parse))
    memory.spoke = None
    for word in parse.words:
        if word.upos == "VERB" and word.lemma.lower() in knowledge.speech.verbs and not quoted(parse, word.index, memory):
            heads = _tellers(parse, subjects(parse, word.index), actors)
            mention = _first(actors, [*_authors(parse, heads, actors), *heads])
            if mention is None and heads and parse.word(heads[0]).upos in {"NOUN", "PROPN"}:
                mention = _unknown(parse, heads[0])
            if mention:
                memory.speaker = memory.spoke = mention
    if (went_on or memory.spoke) and (memory.in_quote or set(text) & MARKS):
        memory.quoted_at = parse.sentence.index
    memory.in_quote = inside(text, len(text), memory.in_quote)


def speaks_later(claims: tuple[Told, ...], speaker: Mention) -> tuple[Told, ...]:
    """Claims, or entries of the ledger, told inside a quotation whose speaker is named only where it ends («…», the minister said)."""
    voice = Voice("speaker", "asserts", speaker, QUOTATION, speaker.text, speaker.start, speaker.end)
    why = Reason("voices", "quote-ends", speaker.text)

    def spoken(item: Told) -> Told:
        return replace(item, voice=voice, why=(*item.why, why)) if item.voice == OUTLET else item

    return tuple(map(spoken, claims))
