"""Small tables of claims and articles for the tests of the fold, one short call a claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from detente.records import content_id
from detente.tables import ARTICLES, CLAIMS, DECISIONS, FAMILIES

STORED = datetime(2020, 1, 1, tzinfo=UTC)
DAY = date(2015, 6, 10)
TOWNS = {
    "Alva": (101, "North", 10.0, 10.0), "Berra": (102, "North", 12.0, 10.0), "Corin": (103, "South", 20.0, 20.0),
}
HOME = "AAA"


def party(text: str) -> dict[str, Any]:
    """"FRA", "FRA:MIL", "SYR:REB", "#hamas" (a slug), "?gunmen" (nobody known)."""
    plain = {"name": text, "role": None, "person": None, "text": text, "start": 0, "end": len(text)}
    if text.startswith("?"):
        return {**plain, "text": text[1:], "id": None, "country": None, "sector": ["UAF"]}
    if text.startswith("#"):
        return {**plain, "id": text[1:], "country": None, "sector": ["REB"]}
    country, _, sector = text.partition(":")
    state = sector in {"", "GOV", "MIL", "COP", "JUD"}
    return {**plain, "id": country if state else None, "country": country, "sector": [sector] if sector else []}


def place(name: str | None) -> dict[str, Any] | None:
    """One of TOWNS, or a country by its code."""
    if name is None:
        return None
    none = {"admin1": None, "lat": None, "lon": None, "geonames": None, "kind": "", "text": name, "start": 0, "end": len(name)}
    if name not in TOWNS:
        return {**none, "name": name, "country": name, "precision": "country"}
    number, region, lat, lon = TOWNS[name]
    return {**none, "name": name, "country": HOME, "admin1": region, "lat": lat, "lon": lon, "geonames": number, "precision": "city"}


@dataclass(frozen=True)
class Say:
    """One claim. `on`: day of the event, counted from DAY; None: the text names none. `out`: days from DAY to publication."""

    article: str
    event: str = "ASSAULT"
    mode: str | None = None
    by: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    on: int | None = None
    out: int = 0
    where: str | None = None
    killed: int | None = None
    status: str = "actual"
    stance: str = "asserts"
    trigger: str = "attacked"
    at: int = 10
    sentence: str = "They say that it was so."
    act: str = ""
    precision: str = "day"
    until: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """The row of CLAIMS."""
        day = DAY + timedelta(self.out)
        told = self.on is not None
        key = content_id("c", self.article, self.at, self.event, self.by, self.to, self.on, self.where, self.killed, self.status)
        killed = [{"kind": "killed", "low": self.killed, "best": self.killed, "high": self.killed, "of": None, "of_id": None, "by": None,
                   "text": str(self.killed), "start": 0, "end": 1}] if self.killed is not None else []
        return {
            "id": key, "act": self.act, "article": self.article, "publisher": f"paper of {self.article}", "published": day,
            "published_inferred": False, "event": self.event, "mode": self.mode, "context": [], "status": self.status,
            "quad": "material conflict", "score": -9.0, "confidence": 0.8, "actor": [party(p) for p in self.by],
            "recipient": [party(p) for p in self.to], "date": DAY + timedelta(self.on or 0) if told else day,
            "date_end": None if self.until is None else DAY + timedelta(self.until),
            "date_precision": self.precision if told else "publication", "place": place(self.where), "quantities": killed,
            "voice": {"kind": "outlet", "stance": self.stance, "speaker": None, "via": []}, "sentence": self.sentence,
            "sentence_index": self.at // 100, "start": self.at // 100 * 100, "end": self.at // 100 * 100 + len(self.sentence),
            "trigger": self.trigger, "trigger_start": self.at, "trigger_end": self.at + len(self.trigger), "why": [], "batch": "b",
            "recorded": STORED, **self.extra,
        }


def claims(told: Iterable[Say]) -> pa.Table:
    """A table of claims in the order given."""
    return pa.Table.from_pylist([one.row() for one in told], schema=CLAIMS)


def articles(told: Iterable[Say]) -> pa.Table:
    """The articles of claims."""
    rows = {one.article: {"id": one.article, "batch": "b", "published": DAY + timedelta(one.out), "publisher": f"paper of {one.article}",
                          "text": "", "recorded": STORED} for one in told}
    return pa.Table.from_pylist(list(rows.values()), schema=ARTICLES)


def families(told: Iterable[Say], copies: dict[str, str] | None = None) -> pa.Table:
    """Each article a family of its own, but for copies (article → the one it copies)."""
    names = {one.article: (copies or {}).get(one.article, one.article) for one in told}
    return pa.Table.from_pylist(
        [{"article": a, "family": f, "origin_strong": f, "origin_weak": f, "copy_of": None if a == f else f, "overlap": None, "keys": [],
          "source": f} for a, f in names.items()], schema=FAMILIES)


def decision(kind: str, groups: Sequence[Sequence[str]] = (), number: int = 1, **more: Any) -> dict[str, Any]:
    """A row of DECISIONS, later for greater numbers."""
    return {"id": f"d{number}", "made_by": "us", "kind": kind, "made_at": STORED + timedelta(minutes=number),
            "groups": [list(g) for g in groups],
            "recorded": STORED, **more}


def decisions(*rows: dict[str, Any]) -> pa.Table:
    """A table of decisions."""
    return pa.Table.from_pylist(list(rows), schema=DECISIONS)
