"""Offices on the day of the event: a person's office, country and sector as they were then, not on the day of publication.

In: a claim with its date. Out: the claim, its known persons with the term that holds on the first day of the event.
"""

from __future__ import annotations

from dataclasses import replace

from ..knowledge import Knowledge
from ..knowledge.actors import term_on, valid
from ..records import Claim, Mention, Reason


def in_office(claim: Claim, knowledge: Knowledge) -> Claim:
    """The claim with its persons in the offices of its own date; unchanged where the date is the article's or a person held none then."""
    if claim.when.start is None or claim.when.precision == "publication":
        return claim
    actor = tuple(_then(m, claim, knowledge) for m in claim.actor)
    recipient = tuple(_then(m, claim, knowledge) for m in claim.recipient)
    changed = [m for m, old in zip((*actor, *recipient), (*claim.actor, *claim.recipient), strict=True) if m != old]
    if not changed:
        return claim
    why = tuple(Reason("actors", "office-on-event-date", f"{m.person}: {m.role}, {m.name}") for m in changed)
    return replace(claim, actor=actor, recipient=recipient, why=(*claim.why, *why))


def _then(mention: Mention, claim: Claim, knowledge: Knowledge) -> Mention:
    if mention.rule != "person-office" or mention.person is None:
        return mention
    terms = next((n.terms for n in knowledge.registry.names.exact(mention.person) if n.kind == "person" and n.label == mention.person), ())
    day = claim.when.start
    term = term_on(tuple(t for t in terms if valid(t.valid_from, t.valid_to, day)), day)
    if term is None:
        return mention
    holder = knowledge.registry.actor(term.actor)
    told = mention.role if mention.role not in {t.role for t in terms} else None  # an office that the words themselves name stays
    return replace(mention, id=holder.id, name=holder.name, country=holder.country, sector=term.sector or holder.sector,
                   role=told or term.role)
