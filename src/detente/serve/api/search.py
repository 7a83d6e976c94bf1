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
_ARTICLES = "SELECT id, batch, title, publisher, published, text FROM articles WHERE id IN (SELECT unnest(?))"
_PARTS = """SELECT id, 'claims' AS sort, article, batch, sentence, start, "end" FROM claims WHERE article IN (SELECT unnest(?)) UNION ALL
SELECT id, 'entries' AS sort, article, batch, sentence, start, "end" FROM entries WHERE article IN (SELECT unnest(?)) ORDER BY id"""
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
    ids = sorted({spot.article for spot in spots})
    articles = {(row["id"], row["batch"]): row for row in reading.rows(_ARTICLES, [ids])}
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in reading.rows(_PARTS, [ids, ids]):
        parts.setdefault(row["article"], []).append(row)
    found = []
    for spot in spots:
        article = articles.get((spot.article, spot.batch))
        if article is None:
            continue
        here = [row for row in parts.get(spot.article, ()) if row["start"] < spot.end and spot.start < row["end"]]
        words = article["title"] if spot.start == TITLE else (article["text"] or "")[spot.start : spot.end]
        words = words or next((row["sentence"] for row in here if row["start"] == spot.start), "")
        if words:
            title = spot.start == TITLE
            item = {"kind": "title" if title else "sentence", "article": spot.article, "title": article["title"],
                    "publisher": article["publisher"], "published": article["published"], "sentence": words,
                    "start": None if title else spot.start, "end": None if title else spot.end,
                    "claims": [row["id"] for row in here if row["sort"] == "claims"],
                    "entries": [row["id"] for row in here if row["sort"] == "entries"]}
            found.append((item, spot))
    return found


def _events(reading: Reading, claims: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in reading.rows("SELECT claim, event FROM links WHERE claim IN (SELECT unnest(?))", [claims]) if claims else ():
        found.setdefault(row["claim"], []).append(row["event"])
    return found


@router.get("", responses=one("Found"))
async def get_search(request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
    """Sentences and titles of articles that hold all the words, newest first, with the words marked; actors and persons. Where the server
    keeps texts back, of sentences only those that claims stand in."""
    index = desk_of(request).index
    return await answer(request, query, lambda reading, _: search(reading, index, query, asked_of(request, query)))
