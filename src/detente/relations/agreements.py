"""Agreements: one record for each, with its parties, its matter, its conditions and its stages with their days.

Reports are put together where parties fit and the matter is alike (data/relations/ledger.yml, `same_agreement`); the result is a function
of the set of reports, not of their order. A stage outside the usual course is kept and flagged, never dropped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..records import content_id
from ..store.plain import records
from .rules import LedgerRules, SameAgreement

_WORD = re.compile(r"[^\W\d_]{3,}")
# Columns of FACTS that agreements are worked out from.
COLUMNS = tuple("id ledger holder parties value lane about conditions from_low from_high said article".split())
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A stage that somebody reports. `exact`: its day is told, else `day` is when it was reported; `rank`: its place in the usual course.

    `by`: who did it; `lane`: happened, planned, supposed or denied; `usual`: whether it may follow the one before.
    """

    stage: str
    rank: int
    day: date | None
    exact: bool
    lane: str
    by: tuple[str, ...]
    fact: str
    usual: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """On what the agreement hangs, in the text's words. Whether it is met is not known unless a later report says so."""

    text: str
    fact: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement. `matter`: the fullest words for it; `accepted_by`: who is said to have accepted; `facts`: all its reports."""

    id: str
    parties: tuple[str, ...]
    matter: str
    steps: tuple[Step, ...]
    conditions: tuple[Condition, ...]
    accepted_by: tuple[str, ...]
    first_said: date | None
    facts: tuple[str, ...]

    def stage(self, day: date | None = None) -> str:
        """The stage that it had reached on a day (None: by all that is known), "reported" where no stage has happened."""
        reached: Step | None = None
        for step in self.steps:
            if step.lane != "happened" or (day is not None and step.day is not None and step.day > day):
                continue
            if reached is None or step.exact or step.rank >= reached.rank:  # a report without a day of its own leads nothing back
                reached = step
        return reached.stage if reached else "reported"


def agreements(facts: pa.Table, rules: LedgerRules, known_at: date | None = None) -> tuple[Agreement, ...]:
    """The agreements that FACTS rows tell, in order of their first report. `known_at`: only what was said by that day."""
    rows = records(facts.select(COLUMNS).filter(pc.equal(facts["ledger"], "agreement")))
    rows = [row for row in rows if known_at is None or not row["said"] or row["said"] <= known_at]
    for row in rows:
        row["sides"] = frozenset(row["parties"])
        row["day"] = row["said"].toordinal() if row["said"] else None
    rows.sort(key=lambda row: (row["said"] or date.max, row["id"]))
    groups = _groups(rows, rules.same_agreement)
    made = [_agreement(group, rules) for group in groups]
    return tuple(sorted(made, key=lambda found: (found.first_said or date.max, found.id)))


def _groups(rows: Sequence[Row], rules: SameAgreement) -> list[list[Row]]:
    """Reports of one agreement each: joined pair by pair, the most alike first, where all members of both groups fit and are alike.

    A report without a matter of its own ("the plan") goes to the one agreement that its article tells of these parties; where the article
    tells of several, it stays with others of its kind.
    """
    stems = [_stems(row["about"], rules) for row in rows]
    links = []
    for one, two in _candidates(rows, rules.days):
        alike = _alike(rows[one], rows[two], stems[one], stems[two], rules)
        if alike > 0:
            links.append((-alike, rows[one]["id"], rows[two]["id"], one, two))
    group = list(range(len(rows)))
    members: dict[int, list[int]] = {number: [number] for number in group}
    for _, _, _, one, two in sorted(links):
        left, right = group[one], group[two]
        pairs = [(a, b) for a in members[left] for b in members[right]]
        if left == right or not all(_fit(rows[a], rows[b], rules.days) for a, b in pairs):
            continue
        if sum(_shared(rows[a], rows[b], stems[a], stems[b]) for a, b in pairs) >= rules.mean * len(pairs):
            _join(group, members, left, right)
    by_article: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        by_article[row["article"]].append(number)
    for own in by_article.values():
        told = [number for number in own if stems[number]]
        for empty in (number for number in own if not stems[number]):
            fitting = {group[n] for n in told if _fit(rows[n], rows[empty], rules.days)}
            beside = [group[n] for n in own if not stems[n] and n < empty and _fit(rows[n], rows[empty], rules.days)]
            target = fitting.pop() if len(fitting) == 1 else (beside[-1] if beside and not fitting else group[empty])
            if target != group[empty]:
                _join(group, members, target, group[empty])
    _join_steps(rows, stems, group, members, rules.days)
    return [[rows[number] for number in sorted(own)] for own in members.values()]


def _join_steps(
    rows: Sequence[Row], stems: Sequence[frozenset[str]], group: list[int], members: dict[int, list[int]], days: int
) -> None:
    """Puts together groups that tell the same dated step of the same parties, where their matters share a word."""
    steps: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row["from_low"] is not None:
            steps[row["value"], row["from_low"], row["from_high"], tuple(row["parties"])].append(number)
    for key in sorted(steps, key=str):
        first, *others = steps[key]
        for other in others:
            left, right = group[first], group[other]
            matters = [frozenset[str]().union(*(stems[n] for n in members[side])) for side in (left, right)]
            fit = all(_fit(rows[a], rows[b], days) for a in members[left] for b in members[right])
            if left != right and fit and matters[0] & matters[1]:
                _join(group, members, left, right)


def _join(group: list[int], members: dict[int, list[int]], left: int, right: int) -> None:
    for member in members[right]:
        group[member] = left
    members[left] += members.pop(right)


def _candidates(rows: Sequence[Row], days: int) -> Iterable[tuple[int, int]]:
    """Pairs of reports, near in time, that share a party."""
    by_party: dict[str, list[int]] = defaultdict(list)
    seen: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        for party in row["parties"]:
            own = by_party[party]
            for other in reversed(own):
                if not _near(rows[other], row, days):
                    break
                seen.add((other, number))
            own.append(number)
    return sorted(seen)


def _near(one: Row, two: Row, days: int) -> bool:
    first, second = one["day"], two["day"]
    return first is None or second is None or abs(second - first) <= days


def _fit(one: Row, two: Row, days: int) -> bool:
    """Whether the parties of one are among those of the other, and they lie near in time."""
    first, second = one["sides"], two["sides"]
    return (first <= second or second <= first) and _near(one, two, days)


def _alike(one: Row, two: Row, first: frozenset[str], second: frozenset[str], rules: SameAgreement) -> float:
    if first.isdisjoint(second) or not _fit(one, two, rules.days):  # words first: most pairs have none in common
        return 0.0
    shared, shorter = len(first & second), min(len(first), len(second))
    if _same_step(one, two):
        return 1.0
    if shared < min(rules.least_stems, shorter) or shared / shorter < rules.least_shared:
        return 0.0
    both = len(one["parties"]) > 1 and one["parties"] == two["parties"]
    return shared / shorter if both or shared >= rules.least_stems else 0.0


def _same_step(one: Row, two: Row) -> bool:
    """Whether both tell the same stage on the same day, each dating it by words of its own."""
    day = one["from_low"]
    return day is not None and (day, one["from_high"], one["value"]) == (two["from_low"], two["from_high"], two["value"])


def _shared(one: Row, two: Row, first: frozenset[str], second: frozenset[str]) -> float:
    if first & second and _same_step(one, two):
        return 1.0
    return len(first & second) / max(1, min(len(first), len(second)))


def _stems(about: str, rules: SameAgreement) -> frozenset[str]:
    words = (word.lower() for word in _WORD.findall(about or ""))
    return frozenset(word[: rules.stem] for word in words if word not in rules.empty)


def _agreement(rows: Sequence[Row], rules: LedgerRules) -> Agreement:
    founder = min(rows, key=lambda row: (row["said"] or date.max, row["id"]))
    told = [row for row in rows if _stems(row["about"], rules.same_agreement)]
    matter = max(told or rows, key=lambda row: (len(row["about"] or ""), row["id"]))["about"]
    steps = _steps(rows, rules)
    conditions = {text: row["id"] for row in rows for text in row["conditions"] or ()}
    accepted = {party for row in rows if row["value"] in {"accepted", "signed", "ratified"} and row["lane"] == "happened"
                for party in row["holder"].split("+") if party != "?"}
    return Agreement(
        content_id("g", founder["id"]), tuple(sorted({p for row in rows for p in row["parties"]})), matter or "", steps,
        tuple(Condition(text, fact) for text, fact in conditions.items()), tuple(sorted(accepted)), founder["said"],
        tuple(sorted(row["id"] for row in rows)),
    )


def _steps(rows: Sequence[Row], rules: LedgerRules) -> tuple[Step, ...]:
    """Reported stages in order of their days; of one stage told again on its day, the first report."""
    order = {stage: number for number, stage in enumerate((*rules.stages, "rejected"))}
    steps: list[Step] = []
    last: str | None = None
    for row in sorted(rows, key=lambda row: (row["from_high"] or row["said"] or date.max, order[row["value"]], row["id"])):
        day = row["from_high"] or row["said"]
        usual = last is None or row["lane"] != "happened" or row["value"] in rules.follows[last]
        told = (row["lane"], tuple(row["holder"].split("+")), row["id"])
        step = Step(row["value"], order[row["value"]], day, row["from_low"] is not None, *told, usual)
        known = next((place for place, other in enumerate(steps) if _told_again(step, other)), None)
        if known is None:
            steps.append(step)
        elif step.exact and not steps[known].exact:
            steps[known] = step
        if row["lane"] == "happened":
            last = row["value"]
    return tuple(steps)


def _told_again(one: Step, two: Step) -> bool:
    return (one.stage, one.day, one.lane, set(one.by)) == (two.stage, two.day, two.lane, set(two.by))
