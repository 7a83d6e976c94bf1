"""Search: sentences, titles, actors, persons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ...errors import RequestError
from ..asking import answer, asked_of, desk_of
from ..filters import Listed, Spanned, Text, span_of
from ..listing import Cursor
from ..reading import Reading
from ..schemas import one
from ..search import TITLE, Index, Spot, Terms

router = APIRouter(prefix="/api/search", tags=["search"])
_SENTENCES = """SELECT article, batch, sentence_index, any_value(sentence) AS sentence, any_value(start) AS start,
any_value("end") AS "end", any_value(title) AS title, any_value(publisher) AS publisher, any_value(published) AS published,
list(id ORDER BY id) FILTER (sort = 'c') AS claims, list(id ORDER BY id) FILTER (sort = 'e') AS entries
FROM (SELECT id, 'c' AS sort, article, batch, sentence_index, sentence, start, "end", title, publisher, published FROM claims
      WHERE article IN (SELECT unnest(?)) UNION ALL
      SELECT id, 'e' AS sort, article, batch, sentence_index, sentence, start, "end", title, publisher, published FROM entries
      WHERE article IN (SELECT unnest(?))) GROUP BY article, batch, sentence_index"""
_TITLES = "SELECT id AS article, batch, title, publisher, published FROM articles WHERE id IN (SELECT unnest(?))"
_MOST = 500  # results of a page


class SearchQuery(Listed, Spanned):
    """What is looked for."""

    q: Text = Field(description='words that must all be there, "phrases", beginnings*')
    limit: int = Field(default=20, ge=1, le=_MOST, description="sentences of a page")


def search(reading: Reading, index: Index, query: SearchQuery, asked: str) -> dict[str, Any]:
    """Sentences and titles that hold all words, those published last first; on the first page actors and persons too."""
    terms = Terms.parse(query.q)
    index.sync(reading)
    before = None
    if query.cursor is not None:
        at = Cursor.parse(query.cursor, asked).at
        if len(at) != 1 or not isinstance(at[0], int) or not 0 <= at[0] < 1 << 62:
            raise RequestError(400, "bad_cursor", "this cursor cannot be read", "take it as `next` of a page gave it")
        before = at[0]
    span = (span_of(query.since)[0] if query.since else None, span_of(query.until)[1] if query.until else None)
    items: list[dict[str, Any]] = []
    rows: list[int] = []
    while len(items) <= query.limit:
        spots = index.find(terms, span, before, query.limit + 1)
        if not spots:
            break
        for item, spot in _told(reading, spots):
            items.append({**item, "marks": terms.marks(item["sentence"])})
            rows.append(spot.row)
        before = spots[-1].row
    after = str(Cursor(reading.held, (rows[query.limit - 1],), asked)) if len(items) > query.limit else None
    actors, people = index.names(reading.knowledge).find(terms) if query.cursor is None else ([], [])
    shown = items[: query.limit]
    events = _events(reading, [claim for item in shown for claim in item["claims"]])
    for item in shown:
        item["events"] = sorted({event for claim in item["claims"] for event in events.get(claim, ())})
    return {"actors": actors, "people": people, "items": shown, "next": after}


def _told(reading: Reading, spots: Sequence[Spot]) -> list[tuple[dict[str, Any], Spot]]:
    """What stands at spots, in their order; spots of another coding of their article, or of one that is not seen, are left out."""
    articles = sorted({spot.article for spot in spots})
    told = {(row["article"], row["batch"], row["sentence_index"]): row for row in reading.rows(_SENTENCES, [articles, articles])}
    for row in reading.rows(_TITLES, [articles]):
        nothing: dict[str, Any] = {"start": None, "end": None, "claims": [], "entries": []}
        told[row["article"], row["batch"], TITLE] = {**row, "sentence": row["title"], **nothing}
    found = []
    for spot in spots:
        row = told.get((spot.article, spot.batch, spot.sentence), {})
        if row.get("sentence"):
            names_ = ("article", "title", "publisher", "published", "sentence", "start", "end")
            item = {"kind": "title" if spot.sentence == TITLE else "sentence", **{name: row[name] for name in names_}}
            found.append(({**item, "claims": row["claims"] or [], "entries": row["entries"] or []}, spot))
    return found


def _events(reading: Reading, claims: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in reading.rows("SELECT claim, event FROM links WHERE claim IN (SELECT unnest(?))", [claims]) if claims else ():
        found.setdefault(row["claim"], []).append(row["event"])
    return found


@router.get("", responses=one("Found"))
async def get_search(request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
    """Sentences with claims and titles of articles that hold all the words, newest first, with the words marked; actors and persons."""
    index = desk_of(request).index
    return await answer(request, query, lambda reading, _: search(reading, index, query, asked_of(request, query)))
