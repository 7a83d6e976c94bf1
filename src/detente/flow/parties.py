"""Parties of a claim from the head words of their phrases: known actors as such, others with their words alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..language.syntax import by_relation, cases, noun_phrase, with_conjuncts
from ..records import Claim, Mention, Parse
from .mentions import SentenceActors

# What "against" leads to after these is not fought but spared or punished: "lift the sanctions against X".
PENALTIES = frozenset(
    "sanction embargo charge accusation case ban boycott blockade restriction measure tariff lawsuit complaint warrant".split()
)
# Acts that nearly always concern somebody, who may stand deep in the object: "criticised remarks by the president of Venezuela".
AIMED = frozenset({"ACCUSE", "REJECT", "SUPPORT", "SANCTION", "AID", "AGREE", "MOBILIZE", "CONCEDE", "COERCE", "ASSAULT"})
BELOW = frozenset({"obj", "obl", "nmod", "nmod:poss", "amod", "compound", "xcomp", "conj", "ccomp"})
FIRST = frozenset({"obj", "obl", "nmod", "nsubj:pass", "xcomp"})
REACH = 4
LEADING = frozenset("of by from with to for on against in into at over about between toward towards".split())
# Acts done for somebody: whom they are aimed against is not their recipient.
TALKING = frozenset({"discuss", "debate", "mull", "review", "raise", "address"})
FRIENDLY = frozenset({"AGREE", "AID", "COOPERATE", "SUPPORT"})


def unnamed(parse: Parse, head: int) -> Mention | None:
    """The phrase of a head word as a party whom nobody knows; None for words that name none. A speaker's pronoun is named after him."""
    if parse.word(head).upos not in {"NOUN", "PROPN", "PRON", "NUM", "DET", "ADJ"}:
        return None
    text, start, end = _phrase(parse, head)
    speaker = speaker_meant(parse, head)
    name = _phrase(parse, speaker)[0] if speaker else None
    return Mention(None, name, None, (), None, None, text, start, end, "unnamed-speaker" if name else "unnamed")


def _phrase(parse: Parse, head: int) -> tuple[str, int, int]:
    """Words, start and end of a head word's phrase."""
    words = [parse.word(i) for i in noun_phrase(parse, head)]
    start, end, base = words[0].start, words[-1].end, parse.sentence.start
    return parse.sentence.text[start - base : end - base], start, end


def speaker_meant(parse: Parse, index: int) -> int:
    """Whom a pronoun means that is the subject of what somebody says ("the committee declared that it would …"); 0 where nobody fits."""
    word = parse.word(index)
    clause = parse.word(word.head) if word.upos == "PRON" and word.deprel.startswith("nsubj") and word.head else None
    while clause is not None and clause.deprel == "conj" and clause.head:
        clause = parse.word(clause.head)
    if clause is None or clause.deprel != "ccomp":
        return 0
    own = [c for c in by_relation(parse, clause.head, "nsubj") if parse.word(c).upos in {"NOUN", "PROPN"}]
    if len(own) != 1:
        return 0
    speaker, pronoun = parse.word(own[0]), word.text.lower()
    many = speaker.xpos in {"NNS", "NNPS"} or bool(by_relation(parse, own[0], "conj"))
    person = not many and speaker.name.endswith("PER")
    fits = {"it": not many and not person, "they": not person, "he": not many, "she": not many, "we": True, "i": not many}
    return own[0] if fits.get(pronoun, False) else 0


def mentions_of(actors: SentenceActors, heads: Sequence[int]) -> tuple[Mention, ...]:
    """Parties of head words, known ones as such, others with their words alone; a person named by role and name is one party."""
    result: list[Mention] = []
    for head in heads:
        known = actors.resolve(head)
        own = known or tuple(m for m in (unnamed(actors.parse, head),) if m)
        result += [m for m in own if not any(m.start == other.start and m.id == other.id for other in result)]
    return tuple(m for m in result if not any(_holds(other, m) for other in result))


def _holds(whole: Mention, name: Mention) -> bool:
    """Whether a mention is no more than the name in another: "the opposition leader Jan Roth", "Jan Roth"."""
    inside = whole.start <= name.start and name.end <= whole.end and (whole.start, whole.end) != (name.start, name.end)
    return inside and name.person is not None and name.person == whole.person


def fought(parse: Parse, head: int, trigger: int) -> bool:
    """Whether a party is only whom an act is aimed against: "offered Ethiopia cooperation against the militia"."""
    for node in (head, *parse.ancestors(head)):
        if node == trigger or parse.word(node).deprel not in {"obl", "nmod", "conj"}:
            return False
        if "against" in cases(parse, node):
            return parse.word(parse.word(node).head).lemma.lower() not in PENALTIES
    return False


def spoken_about(parse: Parse, trigger: int) -> frozenset[int]:
    """What a verb of talking has for its object: a topic, no party ("discussed Syria and Iran")."""
    if parse.word(trigger).lemma.lower() not in TALKING:
        return frozenset()
    return frozenset(with_conjuncts(parse, by_relation(parse, trigger, "obj")))


def own_thing(actors: SentenceActors, head: int, owners: Sequence[int]) -> bool:
    """Whether a phrase is something of the actor's own: "agreed to withdraw its troops"."""
    known = {m.id for owner in owners for m in actors.resolve(owner)}
    below = [c for c in by_relation(actors.parse, head, "nmod:poss") if actors.parse.word(c).upos == "PRON"]
    return any(m.id in known for c in below for m in actors.resolve(c))


def party_below(actors: SentenceActors, trigger: int, doers: Sequence[int]) -> list[int]:
    """The nearest named actor in what an act is about, on the way down through objects and their phrases; empty where there is none.

    Parts of it that say when, why or by whom are left out, and so is who acts.
    """
    parse = actors.parse
    known = {m.id for doer in doers for m in actors.resolve(doer)}
    level = [c for c in parse.children[trigger] if parse.word(c).deprel in FIRST and _leads(parse, c)]
    for _ in range(REACH):
        found = [n for n in level if n not in doers and _named(actors, n) and not {m.id for m in actors.resolve(n)} & known]
        if found:
            return found
        level = [c for n in level for c in parse.children[n] if parse.word(c).deprel in BELOW and _leads(parse, c)]
    return []


def _leads(parse: Parse, node: int) -> bool:
    """Whether a phrase has no preposition, or one that may lead to a party."""
    return not cases(parse, node) or bool(cases(parse, node) & LEADING)


def _named(actors: SentenceActors, node: int) -> bool:
    """Whether a word means a known actor, not one guessed from the story."""
    return any(m.id and "story" not in m.rule and "pronoun" not in m.rule for m in actors.resolve(node))


def told_as(parse: Parse, word: int) -> list[int]:
    """What somebody does an act as: "resigned as governor"."""
    return [c for c in by_relation(parse, word, "obl") if "as" in cases(parse, c)]


def with_office(claim: Claim, actors: SentenceActors, word: int) -> Claim:
    """"X resigned as governor of Peru": an unknown person who leaves an office bears its code."""
    if claim.event != "RETREAT":
        return claim
    offices = [m for c in told_as(actors.parse, word) for m in actors.resolve(c) if m.role and m.id]
    if len(offices) != 1:
        return claim
    [held] = offices

    def known(mention: Mention) -> Mention:
        if mention.id or mention.role:
            return mention
        return replace(mention, id=held.id, name=held.name, country=held.country, sector=held.sector, role=held.role, rule="office-left")

    return replace(claim, actor=tuple(known(m) for m in claim.actor))
