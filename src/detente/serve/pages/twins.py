"""Data twins: every page that shows records stands at the same address with `.json` or `.csv` too, with the same filters.

JSON has all parts of a page; CSV one of them, `part=` says which. What an address asks wrongly is an error here, since nobody reads a bar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from fastapi import APIRouter, Request
from pydantic_core import to_json
from starlette.responses import Response

from ...errors import RequestError
from ..answers import Answer, packed, rows_to_csv, to_csv
from ..api.actors import actor_of
from ..api.articles import article_of
from ..api.events import event_of
from ..api.quality import quality_of
from ..api.relations import BriefQuery, brief_of
from ..desk import Desk
from ..filters import Conditions
from ..reading import Reading
from ..relation import relation as relation_of
from . import rows
from .answering import Worlds, asked_of, respond_data
from .asking import Asked
from .views import between, decisions, ledgers, overview, relation, relation_files, search

Records = Callable[..., Mapping[str, Any]]
_MOST = 5000  # events of a page's data
KINDS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Twin:
    """The data of a page: keys of its query, the parts that are tables (the first is that of a CSV which names none), and the records."""

    keys: Sequence[str]
    parts: Sequence[str]
    records: Records


def add_routes(found: APIRouter, desk: Desk, worlds: Worlds) -> None:
    """Adds them to a router; before the pages, whose addresses would take them for names."""
    for path, twin in _twins(desk).items():
        for kind in KINDS:
            _add(found, worlds, f"{path}.{kind}", twin)


def _add(found: APIRouter, worlds: Worlds, path: str, twin: Twin) -> None:
    kind = path.rpartition(".")[2]

    async def answer(request: Request) -> Response:
        asked, parts = asked_of(request, (*twin.keys, "part")), request.path_params

        def work(reading: Reading) -> Answer:
            made = twin.records(reading, asked, **parts)
            if asked.notes:
                raise RequestError(400, "bad_value", asked.notes[0].text, "the page of the same address says more")
            told = {**made, "store": worlds.desk.told(reading.held)}
            return packed(to_json(told, inf_nan_mode="null") if kind == "json" else _table(made, twin, asked), KINDS[kind])

        try:
            return await respond_data(request, worlds, asked, work)
        except RequestError as error:
            if not error.location:
                raise
            place = f"{error.location.replace('/api/events/', '/event/')}.{kind}"
            raise RequestError(error.status, error.code, error.message, error.hint, place) from error

    found.add_api_route(path, answer, methods=["GET"])


def _table(made: Mapping[str, Any], twin: Twin, asked: Asked) -> bytes:
    part = asked.get("part") or twin.parts[0]
    if part not in twin.parts:
        raise RequestError(400, "bad_value", f"part: not understood: {part[:40]}", f"known: {', '.join(twin.parts)}")
    rows_ = made.get(part, [])
    return to_csv(rows_) if isinstance(rows_, pa.Table) else rows_to_csv(rows_)


def _twins(desk: Desk) -> dict[str, Twin]:
    """By the addresses of the pages."""
    span, keep = ("from", "to"), desk.settings.keep_text
    found = {
        "/overview": Twin(("since", "to", "place", "quad", "lane", "who"), ("events", "changes", "places"), overview.records),
        "/relation": Twin((), ("pairs",), relation.pair_records),
        "/relation/{a}/{b}": Twin((*span, "way", "half_life", "quad", "lane", "with"),
                                  ("events", "shifts", "stances", "agreements", "memberships", "days"), relation_files.records),
        "/relation/{a}/{b}/brief": Twin(("at", "since"), ("sentences", "sources"), _brief),
        "/actor/{ident}": Twin((), ("events", "relations", "offices", "memberships"), _actor),
        "/event/{ident}": Twin((), ("variants", "claims", "articles", "decisions"), lambda reading, _, ident: event_of(reading, ident)),
        "/article/{ident}": Twin((), ("claims", "entries"), lambda reading, _, ident: article_of(reading, ident, keep)),
        "/between": Twin((*span, "actor", "other"), ledgers.KINDS, between.records),
        "/decisions": Twin(("kind", "by"), ("decisions",), decisions.records),
        "/search": Twin(("q", *span), ("sentences", "actors", "people"), lambda reading, asked: search.records(reading, asked, desk.index)),
        "/quality": Twin((), ("rejects", "confidence", "coded_with"), lambda reading, _: quality_of(reading, desk)),
    }
    for kind in ledgers.KINDS:
        found[f"/{kind}"] = Twin(("actor", "other", "value", "at", "diff"), (kind,), _ledger(kind))
    return found


def _ledger(kind: str) -> Records:
    return lambda reading, asked: ledgers.records(reading, asked, kind)


def _actor(reading: Reading, asked: Asked, ident: str) -> dict[str, Any]:
    where = Conditions()
    where.add("list_contains(parties, ?)", reading.party(ident))
    return {**actor_of(reading, ident), "events": rows.events(reading, where, _MOST)}


def _brief(reading: Reading, asked: Asked, a: str, b: str) -> dict[str, Any]:
    query = BriefQuery.model_validate({key: asked.get(key) for key in ("at", "since") if asked.get(key)})
    made = brief_of(relation_of(reading, a, b, False), query, "json")
    assert isinstance(made, dict)
    sentences = [{"section": part["title"], **one} for part in made["sections"] for one in part["sentences"]]
    return {**made, "sentences": sentences}
