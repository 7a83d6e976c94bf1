"""Doubles: one act that a sentence tells by a verb and by its noun ("hit by strikes", "faces trial", "signed a decree banning").

In: the claims of a sentence with the head words of their triggers. Out: the same without the weaker telling, whose parties fill what the
other left open. Only a claim of the network alone falls: two rows of the lexicon have been kept apart before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..knowledge import Knowledge
from ..records import Claim, Mention, Parse, Reason
from .slots import PAPERS, SIGNING

OUTCOMES = frozenset("kill wound injure hurt die maim slay martyr perish".split())
WHEN = frozenset("when as after while".split())
LINKED = frozenset({"nsubj", "obj", "obl", "obl:agent", "nsubj:pass", "xcomp", "compound"})
Told = tuple[Claim, int]


def without_doubles(told: Sequence[Told], parse: Parse, knowledge: Knowledge) -> list[Claim]:
    """The claims that stand, in order."""
    kept = dict(enumerate(told))
    for place in range(len(told)):
        claim, word = kept[place]
        rule = knowledge.lexicon.rule(claim.rule)
        outcome = claim.event == "ASSAULT" and parse.word(word).lemma.lower() in OUTCOMES and not knowledge.is_own(rule.path)
        others = [other for other in kept if other != place]
        deed = next((o for o in others if _caused(kept[place], kept[o], parse)), None) if outcome else None
        if deed is None and rule.row is None:
            deed = next((o for o in others if _twice(kept[place], kept[o], parse, knowledge)), None)
        if deed is not None:
            kept[deed] = (_filled(kept[deed][0], claim), kept[deed][1])
            del kept[place]
    return [kept[place][0] for place in sorted(kept)]


def _caused(outcome: Told, deed: Told, parse: Parse) -> bool:
    """Whether an outcome that nobody is said to have brought about ("two were killed when a rocket hit a market") came of this deed, which
    a clause of time below it tells, and which was not done by those who were hurt."""
    (claim, word), (other, below) = outcome, deed
    if claim.actor or other.event != "ASSAULT" or claim.status != other.status or _acted(parse, word):
        return False
    if {m.id for m in claim.recipient if m.id} & {m.id for m in other.actor}:
        return False
    clause = parse.word(below)
    above = {word, *(c for c in parse.children[word] if parse.word(c).deprel == "conj")}  # "were killed and ten injured when …"
    when = {parse.word(c).text.lower() for c in parse.children[below] if parse.word(c).deprel in {"mark", "advmod"}} & WHEN
    return clause.deprel == "advcl" and clause.head in above and bool(when)


def _acted(parse: Parse, word: int) -> bool:
    """Whether the verb of an outcome is active and transitive: somebody kills."""
    return any(parse.word(c).deprel == "obj" for c in parse.children[word])


def _twice(weak: Told, strong: Told, parse: Parse, knowledge: Knowledge) -> bool:
    """Whether the first claim tells what the second tells, and is not the surer of two by the network."""
    (one, low), (two, high) = weak, strong
    if knowledge.lexicon.rule(two.rule).row is None and one.confidence > two.confidence:
        return False
    if _signed(parse, low, high):
        return True
    bound = low == high or _hangs(parse, low, high) or _hangs(parse, high, low)
    same = one.event == two.event and one.status == two.status
    return same and bound and _agree(one.actor, two.actor) and _agree(one.recipient, two.recipient)


def _hangs(parse: Parse, below: int, above: int) -> bool:
    word = parse.word(below)
    return word.head == above and word.deprel in LINKED


def _signed(parse: Parse, signing: int, content: int) -> bool:
    """"signed a decree banning …": the signature is no act beside what the decree does."""
    paper = parse.word(content).head
    word = parse.word(paper) if paper else None
    below = word is not None and parse.word(content).deprel.startswith("acl") and word.lemma.lower() in PAPERS
    return below and word is not None and word.head == signing and parse.word(signing).lemma.lower() in SIGNING


def _agree(one: Sequence[Mention], two: Sequence[Mention]) -> bool:
    """Whether parties can be the same: a side is open, or they share somebody by id or by words."""
    if not one or not two:
        return True
    if any(m.start < n.end and n.start < m.end for m in one for n in two):
        return True
    return bool({m.id for m in one if m.id} & {m.id for m in two if m.id})


def _filled(claim: Claim, other: Claim) -> Claim:
    """The claim with the parties that only the other telling names."""
    if claim.event != other.event:
        return claim
    why = (*claim.why, Reason("claims", "told-twice", other.trigger))
    taken = {m.id for m in (*claim.actor, *claim.recipient) if m.id}
    actor = claim.actor or tuple(m for m in other.actor if m.id not in taken)
    taken |= {m.id for m in actor if m.id}
    recipient = claim.recipient or tuple(m for m in other.recipient if m.id not in taken)
    return replace(claim, actor=actor, recipient=recipient, why=why)
