"""What is known of one event, resolved from the claims that tell it; all that was ever said is kept as variants.

A function of the set of claims: neither their order nor reprints change anything but the counts `claims` and `articles`. With `known_at`
it tells what had been published by that day, with `recorded_at` what had been stored by that moment. The rules stand in
data/fold/values.yml, the reasons in docs/guide/events.md and decision 0017.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from math import prod
from typing import Any, NamedTuple

from .origins import components
from .told import Claim, Root, Said, Told, one_told, root_of, rows_of, standing_of, standing_of_one, tally, told_of
from .value_dates import date_of, date_sayings
from .value_parties import Parties, parties_of, party_sayings
from .value_places import place_of, place_sayings
from .value_rules import ValueRules, load_value_rules
from .value_tolls import Scene, toll_sayings, tolls_of

# Fields with one value at a time: there a voice's later word supersedes its earlier one.
_SINGLE = frozenset({"date", "place", "event", "mode"})
_SUREST = 0.99
Day = date


class Values(NamedTuple):
    """Fields of EVENTS by their names, and `variants`: rows of VARIANTS as tuples in the order of its columns.

    `actor`, `recipient`, `place`, `quantities` are plain values of the types PARTY, SPOT and TOLL. Counts are of reports; of an event that
    is only denied, of the denials.
    """

    event: str
    mode: str | None
    context: list[str]
    standing: str
    quad: str | None
    score: float | None
    confidence: float
    actor: list[dict[str, Any]]
    recipient: list[dict[str, Any]]
    mutual: bool
    date: Day | None
    date_end: Day | None
    date_precision: str | None
    date_basis: str | None
    place: dict[str, Any] | None
    quantities: list[dict[str, Any]]
    claims: int
    articles: int
    origins_low: int
    origins_high: int
    voices: int
    first_published: Day | None
    last_published: Day | None
    variants: list[tuple[Any, ...]]


def resolve(claims: Sequence[Claim], event: str = "", known_at: Day | None = None, recorded_at: datetime | None = None,
            rules: ValueRules | None = None, root: Root | None = None) -> Values | None:
    """The values of one event from its claims; None where nothing had been said by `known_at` or stored by `recorded_at`.

    `claims`: rows with the columns of CLAIMS that `told.COLUMNS` lists, `family`, `keys` and `source` of their article (FAMILIES), and
    where the fold knows it `part` ("contrary" for denials; else status and stance decide). `event`: its id, for the variants. `root`:
    from a mention to the party that answers for it; else the mention's `root`, or its id, country and sectors.
    """
    rules = rules or load_value_rules()
    root = root or partial(root_of, rules=rules)
    if len(claims) == 1 and known_at is None and recorded_at is None:
        told = [one_told(claims[0], root)]
    else:
        told = told_of(claims, root, known_at, recorded_at)
    return _resolved(told, event, root, rules) if told else None


def _resolved(told: list[Told], event: str, root: Root, rules: ValueRules) -> Values:
    reports = [one for one in told if not one.contrary]
    basis = reports or told
    kind, mode, row = _act(basis)
    parties = parties_of(basis, kind in rules.blamed, root, rules)
    place = place_of(basis, rules)
    when = date_of(basis, rules)
    tolls = toll_sayings(told, rules)
    said = [*_act_sayings(told), *date_sayings(told), *place_sayings(told), *party_sayings(told, root)]
    sayings = standing_of(said, _SINGLE) if len(told) > 1 else standing_of_one(said)
    said_tolls = standing_of(tolls, rules.all_kinds) if len(told) > 1 else standing_of_one(tolls)
    low, high, joined = _origins(basis)
    days = [one.said for one in basis if one.said is not None]
    return Values(
        event=kind, mode=mode, context=_contexts(basis, rules), standing=_standing(reports, told, parties, row["quad"]),
        quad=row["quad"], score=row["score"], confidence=_confidence(basis, joined),
        actor=parties.actor, recipient=parties.recipient, mutual=parties.mutual,
        date=when.start, date_end=when.end, date_precision=when.precision, date_basis=when.basis, place=place,
        quantities=tolls_of(said_tolls, _scene(place, parties), rules) if said_tolls else [],
        claims=len(basis), articles=len({one.row["article"] for one in basis}), origins_low=low, origins_high=high,
        voices=len({one.voice for one in basis}), first_published=min(days, default=None), last_published=max(days, default=None),
        variants=rows_of(event, sayings + said_tolls if said_tolls else sayings),
    )


def _scene(place: dict[str, Any] | None, parties: Parties) -> Scene:
    return Scene(place["country"] if place else None, [p["root"] for p in parties.actor], [p["root"] for p in parties.recipient])


def _act(told: list[Told]) -> tuple[str, str | None, Claim]:
    """Event and mode with most origins, ties to the surer claim; and a claim that tells them. No mode is weaker than any."""
    surest = told[0] if len(told) == 1 else min(told, key=lambda one: (-(one.row["confidence"] or 0.0), one.id))
    event, mode = surest.row["event"], surest.row["mode"]
    if all(one.row["event"] == event and one.row["mode"] == mode for one in told):
        return event, mode, surest.row
    sure: dict[tuple[str, str | None], float] = {}
    for one in told:
        for pair in ((one.row["event"], one.row["mode"]), (one.row["event"], "*")):
            sure[pair] = max(sure.get(pair, 0.0), one.row["confidence"] or 0.0)
    events = tally((one.family, str(one.row["event"]), 1.0) for one in told)
    event = min(events, key=lambda name: (-events[name], -sure[name, "*"], name))
    own = [one for one in told if one.row["event"] == event]
    modes = tally((one.family, one.row["mode"] or "", 1.0 if one.row["mode"] else 0.5) for one in own)
    mode = min(modes, key=lambda name: (-modes[name], -sure[event, name or None], name)) or None
    same = [one for one in own if one.row["mode"] == mode]
    return event, mode, min(same, key=lambda one: (-(one.row["confidence"] or 0.0), one.id)).row


def _act_sayings(told: Iterable[Told]) -> list[Said]:
    found = []
    for one in told:
        found.append(Said(one, "event", one.row["event"]))
        if one.row["mode"]:
            found.append(Said(one, "mode", one.row["mode"]))
    return found


def _contexts(told: list[Told], rules: ValueRules) -> list[str]:
    """Contexts that a third of the origins give."""
    if len(told) == 1:
        return sorted(told[0].row["context"] or ())
    holders: dict[str, set[str]] = {}
    for one in told:
        for context in one.row["context"] or ():
            holders.setdefault(context, set()).add(one.family)
    least = rules.context_share * len({one.family for one in told}) - 1e-9
    return sorted(context for context, families in holders.items() if len(families) >= least)


def _origins(told: list[Told]) -> tuple[int, int, dict[str, str]]:
    if len(told) == 1:
        return 1, 1, {told[0].family: told[0].family}
    joined = components((one.family, one.row.get("keys") or ()) for one in told)
    return len(set(joined.values())), len(joined), joined


def _confidence(told: list[Told], joined: dict[str, str]) -> float:
    """Likelihood that at least one origin is read right, each by its surest claim; only origins at the lower end of the range count."""
    if len(told) == 1:
        return float(told[0].row["confidence"] or 0.0)
    surest: dict[str, float] = {}
    for one in told:
        origin = joined[one.family]
        surest[origin] = max(surest.get(origin, 0.0), one.row["confidence"] or 0.0)
    if len(surest) == 1:
        return float(*surest.values())
    return max(*surest.values(), min(_SUREST, 1 - prod(1 - value for value in sorted(surest.values()))))


def _standing(reports: list[Told], told: list[Told], parties: Parties, quad: str | None) -> str:
    """How well an event stands: confirmed, reported, claimed (by one side), denied or mixed.

    Confirmed: by a party that says it of itself (of a hostile act, its author), or by speakers of two different parties.
    """
    if not reports:
        return "denied"
    if len(reports) < len(told):
        return "mixed"
    authors = {party["root"] for party in parties.actor}
    if "conflict" not in (quad or ""):
        authors |= {party["root"] for party in parties.recipient}
    sides = {one.speaker for one in reports if one.speaker}
    if len(sides) > 1 or not sides.isdisjoint(authors):
        return "confirmed"
    return "reported" if any(one.kind != "speaker" for one in reports) else "claimed"
