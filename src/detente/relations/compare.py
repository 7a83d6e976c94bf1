"""What is new in the ledgers between two days: stances begun and ended, stages of agreements, memberships told of.

Both days are seen with what had been said by then: a difference is what a reader of the later day knows beyond one of the earlier day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from .agreements import Agreement, agreements
from .memberships import Belonging, standings
from .rules import LedgerRules
from .stances import Period, stances

News = Literal["new", "gone", "moved"]
Tables = tuple[pa.Table, pa.Table]  # facts of the earlier day and of the later one


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `news`: new, gone (ended, or no longer so by what was said), or moved (an agreement at another stage).

    `before` and `now`: the state on either day, "" for none; `about`: an agreement's matter; `facts`: ids of what tells it.
    """

    ledger: Literal["stance", "agreement", "member"]
    news: News
    parties: tuple[str, ...]
    about: str
    before: str
    now: str
    facts: tuple[str, ...]


def differences(facts: pa.Table, rules: LedgerRules, since: date | None, at: date) -> tuple[Difference, ...]:
    """All differences that FACTS rows show between two days, stances first, in order of parties. `since` None: all that holds at `at`."""
    if since is None:
        since, old = at, facts.slice(0, 0)
    else:
        old = facts
    both = (old, facts)
    return (*_stances(both, rules, since, at), *_agreements(both, rules, since, at), *_memberships(both, since, at))


def _stances(facts: Tables, rules: LedgerRules, since: date, at: date) -> Iterator[Difference]:
    old, new = ({_key(p): p for p in stances(rows, rules, day).at(day)} for rows, day in zip(facts, (since, at), strict=True))
    for key in sorted({*old, *new}):
        before, now = old.get(key), new.get(key)
        if before is None or now is None:
            holder, other, dimension, line, value = key
            words = f"{dimension}: {value} ({line})"
            facts_of = tuple(fact for period in (before, now) if period for fact in period.facts)
            yield Difference(
                "stance", "new" if now else "gone", (holder, other), "", words if before else "", words if now else "", facts_of,
            )


def _key(period: Period) -> tuple[str, str, str, str, str]:
    return period.holder, period.other, period.dimension, period.line, period.value


def _agreements(facts: Tables, rules: LedgerRules, since: date, at: date) -> Iterator[Difference]:
    earlier: dict[str, Agreement] = {fact: deal for deal in agreements(facts[0], rules, since) for fact in deal.facts}
    for deal in agreements(facts[1], rules, at):
        known = next((earlier[fact] for fact in deal.facts if fact in earlier), None)
        now = deal.stage(at)
        if known is None:
            yield Difference("agreement", "new", deal.parties, deal.matter, "", now, deal.facts)
        elif known.stage(since) != now:
            fresh = tuple(fact for fact in deal.facts if fact not in known.facts)
            yield Difference("agreement", "moved", deal.parties, deal.matter, known.stage(since), now, fresh or deal.facts)


def _memberships(facts: Tables, since: date, at: date) -> Iterator[Difference]:
    old = {_standing(held) for held in standings(facts[0], since)}
    for held in standings(facts[1], at):
        if not held.known and _standing(held) not in old:
            yield Difference("member", "new", (held.member, held.body), "", "", f"{held.value} ({held.lane})", held.facts)


def _standing(held: Belonging) -> tuple[str, str, str, str]:
    return held.member, held.body, held.value, held.lane
