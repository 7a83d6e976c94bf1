"""Whether the parties of two claims may be the same: equal, one within the other, alike by their words, or others. Not a step.

In: two claims. Out: names of points (data/acts/same.yml), or "!party" where one act cannot have both.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..knowledge import Knowledge
from ..records import Claim, Mention
from .tellings import head

# Rules by which an actor is no more than guessed: nothing that they say is a conflict.
GUESSES = ("pronoun", "named-before", "story-country", "thing-of-nation", "place-of-country", "place-in")
OTHER = "!party"
ORDER = ("same-party", "party-within", "alike-party", "", "sibling-party", "unlike-party", OTHER)  # the closest first
COUNTERPART = frozenset({"counterpart", "leader", "official", "spokesman", "spokeswoman"})


def sides(one: Claim, other: Claim, knowledge: Knowledge) -> Iterator[str]:
    """Names of points for actors and recipients; all parties together where an act is mutual."""
    if _mutual(one) or _mutual(other):
        name = _side((*one.actor, *one.recipient), (*other.actor, *other.recipient), knowledge, acting=True, together=True)
        yield from (name,) * (2 if name in {"same-party", "party-within"} and min(map(_size, (one, other))) > 1 else 1) if name else ()
        return
    for name in (_side(one.actor, other.actor, knowledge, acting=True), _side(one.recipient, other.recipient, knowledge, acting=False)):
        if name:
            yield name


def _size(claim: Claim) -> int:
    return len(claim.actor) + len(claim.recipient)


def _mutual(claim: Claim) -> bool:
    return len(claim.actor) > 1 and not claim.recipient


def _side(one: tuple[Mention, ...], other: tuple[Mention, ...], knowledge: Knowledge, acting: bool, together: bool = False) -> str:
    """The worst of what the parties of the shorter list find in the longer one; `together`: all who take part in a mutual act."""
    few, many = sorted((one, other), key=len)
    if not few:
        return ""
    best = [min((_relation(p, q, knowledge, acting) for q in many), key=ORDER.index) for p in few]
    worst = max(best, key=ORDER.index)
    if worst == OTHER and not together and any(name in ORDER[:2] for name in best):
        return "unlike-party"
    return "party-within" if worst == "same-party" and len(few) < len(many) else worst


def _relation(p: Mention, q: Mention, knowledge: Knowledge, acting: bool) -> str:
    if p.id is None or q.id is None:
        return _by_words(p, q, knowledge)
    name = _same_id(p, q, knowledge, acting) if p.id == q.id else _other_id(p, q, knowledge, acting)
    guessed = any(guess in m.rule for m in (p, q) for guess in GUESSES)
    return "unlike-party" if name == OTHER and (guessed or (not acting and p.id == q.id)) else name


def _kind(mention: Mention, knowledge: Knowledge) -> frozenset[str]:
    """On which sides a party stands; nothing for a state as a whole."""
    return frozenset(knowledge.same_acts.sides.get(sector, "people") for sector in mention.sector if sector != "UNK")


def _by_words(p: Mention, q: Mention, knowledge: Knowledge) -> str:
    """Parties one of whom nobody knows: "gunmen" may be anybody armed."""
    if head(p.text) and head(p.text) == head(q.text):
        return "alike-party"
    if p.person and q.person:
        return "alike-party" if _one_name(p.person, q.person) else OTHER
    kinds = _kind(p, knowledge), _kind(q, knowledge)
    return "unlike-party" if all(kinds) and not kinds[0] & kinds[1] else ""


def _one_name(one: str, other: str) -> bool:
    return one.rsplit(maxsplit=1)[-1].lower() == other.rsplit(maxsplit=1)[-1].lower()


def _same_id(p: Mention, q: Mention, knowledge: Knowledge, acting: bool) -> str:
    if p.person and q.person:
        return "same-party" if _one_name(p.person, q.person) else OTHER
    kinds = _kind(p, knowledge), _kind(q, knowledge)
    if p.id != p.country or (not kinds[0] and not kinds[1]):  # a group or body, or twice the whole state
        return "same-party"
    if not all(kinds):
        own = kinds[0] | kinds[1]
        return "party-within" if "state" in own or not acting else OTHER
    if not kinds[0] & kinds[1]:
        return OTHER
    if p.role == q.role or (p.role and q.role and {p.role, q.role} & COUNTERPART):
        return "same-party"
    if "state" in kinds[0] & kinds[1]:
        return "party-within" if set(p.sector) & set(q.sector) and "GOV" not in p.sector else "sibling-party"
    return "party-within" if "armed" in kinds[0] & kinds[1] else "alike-party" if head(p.text) == head(q.text) else ""


def _other_id(p: Mention, q: Mention, knowledge: Knowledge, acting: bool) -> str:
    if p.id is None or q.id is None:
        return ""
    if q.id in knowledge.links.lineage(p.id):
        return "same-party"
    whole = not (p.role or q.role or p.person or q.person)  # an envoy of the union is no minister of a member
    if whole and any(m.organisation == b.id for a, b in ((p, q), (q, p)) for m in knowledge.memberships.of(a.id or "")):
        return "party-within"
    for group, state in ((p, q), (q, p)):
        if group.id != group.country and state.id == group.country:
            kinds = _kind(group, knowledge), _kind(state, knowledge)
            if kinds[0] & kinds[1] or "state" in kinds[0] or (not acting and not kinds[1]):
                return "party-within"
    return OTHER
