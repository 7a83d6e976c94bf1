"""Stances, memberships and agreements as tables: at a date, or what changed between two; beside relations and actors too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import pyarrow as pa

from ....relations.agreements import Agreement, Step, agreements
from ....relations.facts import known_memberships
from ....relations.memberships import Belonging, standings
from ....relations.phrases import phrases
from ....relations.rules import ledger_rules
from ....relations.stances import Period, Stances, stances
from ...reading import Reading
from ..asking import Asked, parse_day
from ..format import counted, day, span
from ..names import Names, path, root_link

KINDS = ("stances", "memberships", "agreements")
LEDGERS = {"stances": "stance", "memberships": "member", "agreements": "agreement"}
TITLES = {"stances": "Stances", "memberships": "Memberships", "agreements": "Agreements"}
MOST = 5000  # facts that are read at once
USUAL = ("proposed", "transmitted", "accepted", "signed", "ratified", "in-force")
BAD = frozenset({"rejected", "suspended", "breached", "ended"})
Row = Mapping[str, Any]


class Book:
    """Rows of the ledgers with the sentences that they rest on."""

    def __init__(self, reading: Reading, asked: Asked) -> None:
        self._reading, self._asked = reading, asked
        self.names = Names(reading.knowledge)

    def stances(self, found: Stances, at: date | None = None) -> list[Row]:
        """Stances, or those that held on a day."""
        shown = [p for p in found.periods if at is None or p.held(at)]
        disputed = {p for pair in found.disputes for p in pair}
        evidence = self._evidence([fact for p in shown for fact in p.facts])
        return [self._stance(p, evidence, p in disputed) for p in shown]

    def _stance(self, p: Period, evidence: Mapping[str, Row], disputed: bool) -> Row:
        return {
            "holder": self.names.of(p.holder),
            "holder_link": self._link(p.holder),
            "other": self.names.of(p.other),
            "other_link": self._link(p.other),
            "told": phrases().stance(p.value, self.names.of(p.other)),
            "value": p.value,
            "way": "coop" if p.sign > 0 else "conf" if p.sign < 0 else "",
            "line": phrases().lines[p.line],
            "dimension": p.dimension,
            "since": _since(p),
            "until": _until(p),
            "over": p.over,
            "disputed": disputed,
            "evidence": self._cited(p.facts, evidence),
            "key": f"{p.holder} {p.other} {p.dimension} {p.value} {p.line}", "topic": f"{p.holder} {p.other} {p.dimension} {p.line}",
            "raw": p, "before": None,
            "relation": self._asked.to(path("relation", p.holder, p.other)),
        }

    def memberships(self, found: Sequence[Belonging], at: date | None) -> list[Row]:
        """Memberships, or those of a day."""
        shown = [held for held in found if at is None or held.held(at)]
        evidence = self._evidence([fact for held in shown for fact in held.facts])
        return [{
            "member": self.names.of(held.member), "member_link": self._link(held.member), "body": self.names.of(held.body),
            "body_link": self._link(held.body), "value": held.value, "since": day(held.since) if held.since else "not known",
            "until": day(held.until) if held.until else "", "lane": held.lane, "known": held.known, "note": held.note,
            "disputed": [text.removeprefix("knowledge: ") for text in held.disputed_by], "evidence": self._cited(held.facts, evidence),
            "key": f"{held.member} {held.body} {held.value}", "topic": f"{held.member} {held.body}", "raw": held, "before": None,
        } for held in shown]

    def agreements(self, found: Sequence[Agreement], at: date | None) -> list[Row]:
        """Agreements with their stages, or those that had been told by a day."""
        shown = [deal for deal in found if at is None or deal.first_said is None or deal.first_said <= at]
        evidence = self._evidence([fact for deal in shown for fact in deal.facts])
        return [self._deal(deal, evidence, at) for deal in shown]

    def _deal(self, deal: Agreement, evidence: Mapping[str, Row], at: date | None) -> Row:
        reached: dict[str, Step] = {}
        for step in deal.steps:
            if step.lane == "happened" and (at is None or step.day is None or step.day <= at):
                reached.setdefault(step.stage, step)
        now = deal.stage(at)
        last = max((USUAL.index(stage) for stage in reached if stage in USUAL), default=-1)
        line = [(stage, "done" if stage in reached else "" if number < last else "todo", self._step(reached.get(stage), evidence))
                for number, stage in enumerate(USUAL) if stage in reached or number <= last + 1]
        line += [(stage, "bad", self._step(step, evidence)) for stage, step in reached.items() if stage in BAD]
        others = [(f"{step.stage}, {step.lane}", self._step(step, evidence)) for step in deal.steps if step.lane != "happened"]
        return {
            "id": deal.id,
            "parties": [(self.names.of(party), self._link(party)) for party in deal.parties],
            "matter": " ".join(deal.matter.split()) or "not stated",
            "stage": now.replace("-", " "),
            "line": line,
            "others": others,
            "conditions": [" ".join(c.text.split()) for c in deal.conditions],
            "accepted": [self.names.of(party) for party in deal.accepted_by],
            "first": day(deal.first_said) if deal.first_said else "not stated",
            "evidence": self._cited(deal.facts, evidence),
            "key": f"{deal.id} {now}", "topic": deal.id, "raw": deal, "before": None,
            "value": now,
        }

    def _step(self, step: Step | None, evidence: Mapping[str, Row]) -> Row | None:
        if step is None:
            return None
        told = f"{'on' if step.exact else 'reported'} {day(step.day)}" if step.day else "day not told"
        cited = self._cited((step.fact,), evidence)
        return {
            "when": told,
            "link": cited[0]["link"] if cited else "",
            "by": ", ".join(self.names.of(party) for party in step.by if party != "?"),
        }

    def _link(self, root: str) -> str:
        link = root_link(root)
        return self._asked.to(link) if link else ""

    def _evidence(self, facts: Sequence[str]) -> dict[str, Row]:
        """What facts rest on as it is shown, by id: each is put into words once, however many rows cite it."""
        if not facts:
            return {}
        query = ("SELECT id, article, entry, claim, event, sentence, said, voice, source FROM facts WHERE id IN (SELECT unnest(?))")
        rows = self._reading.rows(query, [sorted(set(facts))])
        return {row["id"]: self._shown(row) for row in rows}

    def _shown(self, row: Row) -> Row:
        link = ""
        if row["article"]:
            link = self._asked.to(f"{path('article', row['article'])}#at", claim=row["entry"] or row["claim"])
        link = link or (self._asked.to(path("event", row["event"])) if row["event"] else "")
        return {"link": link, "sentence": " ".join((row["sentence"] or "").split()), "said": day(row["said"]),
                "voice": row["voice"] or "", "source": row["source"]}

    def _cited(self, facts: Sequence[str], evidence: Mapping[str, Row]) -> list[Row]:
        return [evidence[fact] for fact in facts if fact in evidence]


def _since(period: Period) -> str:
    if period.from_low and period.from_low == period.from_high:
        return day(period.from_low)
    if period.from_low and period.from_high:
        return span(period.from_low, period.from_high)
    return f"{day(period.from_high)} or before" if period.from_high else "not known"


def _until(period: Period) -> str:
    if not period.over:
        return ""
    if period.to_low and period.to_high and period.to_low != period.to_high:
        return f"between {day(period.to_low)} and {day(period.to_high)}"
    end = period.to_high or period.to_low
    return f"by {day(end)}" if end else "not known"


# -- the pages --------------------------------------------------------------------------------------------------------


def view_of(kind: str) -> Callable[[Reading, Asked], Mapping[str, Any]]:
    """The view of one ledger."""
    return lambda reading, asked: view(reading, asked, kind)


def view(reading: Reading, asked: Asked, kind: str) -> Mapping[str, Any]:
    """Values of a ledger's page: all, at a day, or what changed between two days."""
    book, names = Book(reading, asked), Names(reading.knowledge)
    sides = [reading.party(asked.get(key)) if asked.get(key) else "" for key in ("actor", "other")]
    facts, more = facts_of(reading, kind, sides)
    at = asked.day("at", last=True)
    between = _between(asked)
    rows = _rows(book, kind, facts, at, sides)
    counts = Counter(row["value"] for row in rows)
    value = asked.choice("value", counts, "")
    turned = diff(book, kind, facts, between, sides) if between else None
    size = asked.count("n", 100, 2000)
    shown = [row for row in rows if not value or row["value"] == value]
    return {
        "title": TITLES[kind],
        "kind": kind,
        "rows": shown[:size],
        "total": len(shown),
        "size": size,
        "at": at,
        "between": between,
        "diff": turned,
        "facets": [
            (name.replace("-", " "), n, asked.link(value=None if name == value else name), name == value)
            for name, n in counts.most_common()
        ],
        "actor": sides[0],
        "other": sides[1],
        "actor_name": names.of(sides[0]) if sides[0] else "",
        "value": value,
        "more": more,
        "other_name": names.of(sides[1]) if sides[1] else "",
        "sentence": _sentence(kind, rows, facts),
        "first": _first(facts),
    }


def _first(facts: pa.Table) -> str:
    days = [d for d in facts["said"].to_pylist() if d]
    return day(min(days)) if days else ""


def facts_of(reading: Reading, kind: str, sides: Sequence[str]) -> tuple[pa.Table, bool]:
    """The facts of a ledger, of some parties if given, the newest ones; and whether there are more."""
    where, values = ["ledger = ?"], [LEDGERS[kind]]
    for side in sides:
        if side:
            where.append("(holder = ? OR object = ? OR list_contains(parties, ?))")
            values += [side] * 3
    found = reading.ask(f"SELECT * FROM facts WHERE {' AND '.join(where)} ORDER BY said DESC NULLS LAST, id LIMIT {MOST + 1}", values)
    if kind == "memberships":
        members = [side for side in sides if side] or sorted({h for h in found["holder"].to_pylist() if h})
        known = known_memberships(reading.knowledge, members)
        found = pa.concat_tables([found.slice(0, MOST).cast(known.schema), known])
        return found, False
    return found.slice(0, MOST), found.num_rows > MOST


def _rows(book: Book, kind: str, facts: pa.Table, at: date | None, sides: Sequence[str]) -> list[Row]:
    first, second = sides
    if kind == "stances":
        rows = book.stances(stances(facts, ledger_rules(), at), at)
        return rows
    if kind == "agreements":
        return book.agreements(agreements(facts, ledger_rules(), at), at)
    told = {
        (row["holder"], row["object"]) for row in facts.select(["holder", "object", "source"]).to_pylist() if row["source"] != "knowledge"
    }
    found = [held for held in standings(facts, at)
             if (first or (held.member, held.body) in told) and (not second or second in (held.body, held.member))
             and (not first or first in (held.member, held.body))]
    return book.memberships(found, at)


def _between(asked: Asked) -> tuple[date, date] | None:
    """The two days of `diff=2016-01-01..2016-07-05`."""
    text = asked.get("diff")
    if not text:
        return None
    first, _, last = text.partition("..")
    days = parse_day(first), parse_day(last, last=True)
    if days[0] is None or days[1] is None or days[0] > days[1]:
        asked.wrong("diff", "not two days (write 2016-01-01..2016-07-05)")
        return None
    return days[0], days[1]


def diff(book: Book, kind: str, facts: pa.Table, between: tuple[date, date], sides: Sequence[str]) -> Mapping[str, list[Row]]:
    """What had been told by the second day and not by the first ("new"), the other way round ("ended"), and what then stood otherwise
    ("changed", with `before`)."""
    before, now = ({row["key"]: row for row in _rows(book, kind, facts, at, sides)} for at in between)
    new = [row for key, row in now.items() if key not in before]
    ended = [row for key, row in before.items() if key not in now]
    was = {row["topic"]: row for row in ended}
    changed: list[Row] = [{**row, "before": was[row["topic"]]} for row in new if row["topic"] in was]
    topics = {row["topic"] for row in changed}
    return {"new": [row for row in new if row["topic"] not in topics], "changed": changed,
            "ended": [row for row in ended if row["topic"] not in topics]}


def records(reading: Reading, asked: Asked, kind: str) -> dict[str, Any]:
    """The rows of a ledger's page: all that its address asks for; between two days each with how it changed."""
    book = Book(reading, asked)
    sides = [reading.party(asked.get(key)) if asked.get(key) else "" for key in ("actor", "other")]
    facts, _ = facts_of(reading, kind, sides)
    between, at, value = _between(asked), asked.day("at", last=True), asked.get("value")
    if between:
        found = diff(book, kind, facts, between, sides)
        return {kind: [{"change": how, **plain(row)} for how, rows in found.items() for row in rows]}
    rows = _rows(book, kind, facts, at, sides)
    return {kind: [plain(row) for row in rows if not value or row["value"] == value]}


def plain(row: Row) -> dict[str, Any]:
    """A row of a ledger as a record: ids and days instead of words; what it was before, if that is told."""
    found = asdict(row["raw"])
    if isinstance(row["raw"], Agreement):
        found["stage"] = row["value"]
    return {**found, **({"before": row["before"]["value"]} if row["before"] else {})}


def _sentence(kind: str, rows: Sequence[Row], facts: pa.Table) -> str:
    told = facts.num_rows
    if kind == "stances":
        disputed = sum(1 for row in rows if row["disputed"])
        return (
            f"{counted(len(rows), 'period')} from {counted(told, 'report')}" + (f"; {disputed} contradict others" if disputed else "") + "."
        )
    if kind == "agreements":
        return f"{counted(len(rows), 'agreement')} from {counted(told, 'report')}."
    own = sum(1 for row in rows if row["evidence"])
    return f"{counted(len(rows), 'membership')}; articles speak of {own}."
