"""When it happened: the day with most weight of origins, an interval where two days share it, a period where no day is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .told import Said, Told, tally
from .value_rules import ValueRules

Span = tuple[date | None, date | None, str]


class Dated(NamedTuple):
    """As columns of EVENTS. `basis`: explicit, relative, period, publication, or None where no claim has a date."""

    start: date | None
    end: date | None
    precision: str | None
    basis: str | None


_DIGIT = re.compile(r"\d")
NO_DATE = Dated(None, None, None, None)


def basis_of(told: Told) -> str | None:
    """How a claim comes by its date; None where it has none."""
    row = told.row
    if row["date"] is None and row["date_end"] is None:
        return None
    precision = row["date_precision"]
    if precision == "publication":
        return "publication"
    if precision in {"day", "range"}:
        return "explicit" if _DIGIT.search(row["date_text"] or "") else "relative"
    return "period"


def date_of(told: Sequence[Told], rules: ValueRules) -> Dated:
    """The date of an event from its claims."""
    if len(told) == 1:
        row = told[0].row
        basis = basis_of(told[0])
        return Dated(row["date"], row["date_end"], row["date_precision"], basis) if basis else NO_DATE
    rows = [one.row for one in told]
    if len({(row["date"], row["date_end"], row["date_precision"]) for row in rows}) == 1:
        found = {basis for one in told if (basis := basis_of(one))}
        best = max(found, key=lambda basis: rules.date[basis], default=None)
        return Dated(rows[0]["date"], rows[0]["date_end"], rows[0]["date_precision"], best) if best else NO_DATE
    votes: dict[str, list[tuple[str, Span, float]]] = {"day": [], "period": [], "publication": []}
    bases: dict[Span, str] = {}
    for one in told:
        basis = basis_of(one)
        if basis is None:
            continue
        row = one.row
        span = (row["date"], row["date_end"], row["date_precision"])
        kind = basis if basis in votes else "day"
        votes[kind].append((one.family, span, rules.date[basis]))
        if rules.date[basis] > rules.date.get(bases.get(span, ""), 0.0):
            bases[span] = basis
    for kind in ("day", "period", "publication"):
        if votes[kind]:
            return _best(votes[kind] + (_as_days(votes["publication"]) if kind == "day" else []), bases, rules)
    return NO_DATE


def _as_days(votes: list[tuple[str, Span, float]]) -> list[tuple[str, Span, float]]:
    """Days of publication beside told days: they may tip a balance, and found nothing of their own."""
    return [(family, (start, end, "day"), weight) for family, (start, end, _), weight in votes]


def _best(votes: list[tuple[str, Span, float]], bases: dict[Span, str], rules: ValueRules) -> Dated:
    weights = tally(votes)
    order = sorted((span for span in weights if span in bases), key=lambda span: (-weights[span], _length(span), span[0] or date.max))
    best = order[0]
    whole = sum(sorted(weights.values()))
    days = [span for span in order[:2] if span[2] == "day" and span[0] and weights[span] >= rules.second_day * whole]
    if len(days) == 2:
        low, high = sorted(span[0] for span in days if span[0])
        return Dated(low, high, "range", bases[best])
    return Dated(*best, bases[best])


def _length(span: Span) -> int:
    start, end, precision = span
    if precision in {"before", "after"} or start is None:
        return 1_000_000
    return (end - start).days if end else 0


def date_sayings(told: Sequence[Told]) -> list[Said]:
    """What each claim says of the date."""
    found = []
    for one in told:
        row = one.row
        start, end = row["date"], row["date_end"]
        if start is not None or end is not None:
            value = start.isoformat() if start and not end else f"{start or ''}/{end or ''}"
            found.append(Said(one, "date", value, precision=row["date_precision"]))
    return found
