"""Retold: which claims of an article tell the same act again. A claim is never dropped; each names the first claim of its act.

In: the finished claims of one article in its order. Out: the same claims with `act`, and the reason where one is told again. Every claim is
weighed against the tellings of the acts before it (`sameness`); it joins the act that fits best if none of that act's tellings contradicts
it and enough speaks for it. Only the article's order counts, so the same article gives the same acts in any run. Who acts, where a
telling leaves it open ("the launch came …"), is taken from the act's other tellings, and both sides where it names nobody (`with_parties`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..knowledge import Knowledge
from ..records import Claim, Mention, Reason
from .sameness import Weighed, weigh
from .tellings import Telling, telling

REACH = 60  # sentences since an act was told first or last: what is further off is hardly meant, and long texts stay quick


@dataclass(slots=True)
class _Act:
    """The tellings of one act so far."""

    tellings: list[Telling] = field(default_factory=list)

    def near(self, claim: Claim) -> bool:
        return claim.sentence_index - self.tellings[-1].claim.sentence_index <= REACH


def retold(claims: Sequence[Claim], knowledge: Knowledge) -> list[Claim]:
    """The claims of one article, in order, each with the id of its act's first claim."""
    acts: list[_Act] = []
    result: list[Claim] = []
    for claim in claims:
        new = telling(claim, knowledge)
        if claim.act:  # a toll told alone: `tolls` has named the act already
            known = next((act for act in acts if any(claim.act in {t.claim.id, t.claim.act} for t in act.tellings)), None)
            if known:
                known.tellings.append(new)
                result.append(replace(claim, act=known.tellings[0].claim.id))
                continue
        best: tuple[float, int] | None = None
        chosen: Weighed | None = None
        for number, act in enumerate(acts):
            fit = _fit(act, new, knowledge) if act.near(claim) else None
            if fit and (best is None or (fit.total, number) >= best):
                best, chosen = (fit.total, number), fit
        if best is None or chosen is None:
            acts.append(_Act([new]))
            result.append(replace(claim, act=claim.id))
            continue
        first = acts[best[1]].tellings[0].claim
        acts[best[1]].tellings.append(new)
        told = " ".join(f"{name} {value:+g}" for name, value in chosen.points)
        why = Reason("retold", "same-act", f"“{first.trigger}” in sentence {first.sentence_index}: {told}")
        result.append(replace(claim, act=first.id, why=(*claim.why, why)))
    return result


def _fit(act: _Act, new: Telling, knowledge: Knowledge) -> Weighed | None:
    """The best points of a claim with one of an act's tellings, None where the claim tells another act."""
    found = []
    for old in act.tellings:
        weighed = weigh(old, new, knowledge)
        if weighed.conflict:
            return None
        found.append(weighed)
    beside = [w for old, w in zip(act.tellings, found, strict=True) if old.claim.sentence_index == new.claim.sentence_index]
    # A sentence tells its acts apart: what it has told of the act already decides.
    best = max(beside or found, key=lambda weighed: weighed.total)
    mean = sum(weighed.total for weighed in found) / len(found)
    same = knowledge.same_acts
    return best if best.total >= same.link and mean >= same.mean else None


def with_parties(claims: Sequence[Claim]) -> list[Claim]:
    """The claims of one article, each without an actor with that of the nearest telling of its act and event, one before it first; where a
    claim names nobody, with both sides. Such mentions stand outside the claim's sentence: whatever asks for a party's place in its
    sentence (`nations`) comes before."""
    acts: dict[str, list[Claim]] = {}
    for claim in claims:
        acts.setdefault(claim.act, []).append(claim)
    return [_filled(claim, acts[claim.act]) if len(acts[claim.act]) > 1 else claim for claim in claims]


def _filled(claim: Claim, tellings: Sequence[Claim]) -> Claim:
    if claim.actor:
        return claim
    others = [t for t in tellings if t.sentence_index != claim.sentence_index and t.event == claim.event]
    others.sort(key=lambda t: (t.sentence_index > claim.sentence_index, abs(t.sentence_index - claim.sentence_index)))
    actor = _first([t.actor for t in others], claim.recipient)
    recipient = claim.recipient or _first([t.recipient for t in others], actor)
    why = [Reason("actors", "actor-told-of-the-act", m.text) for m in actor]
    why += [Reason("actors", "recipient-told-of-the-act", m.text) for m in recipient if not claim.recipient]
    return replace(claim, actor=actor, recipient=recipient, why=(*claim.why, *why))


def _first(sides: Sequence[Sequence[Mention]], opposite: Sequence[Mention]) -> tuple[Mention, ...]:
    """The first of these sides that says by itself who it is, without those who stand on the other."""
    taken = {m.who if m.id else m.text for m in opposite}
    named = ([m for m in side if (m.id is not None or m.role is not None) and (m.who if m.id else m.text) not in taken] for side in sides)
    return tuple(next((side for side in named if side), ()))
