"""Articles: lists, and one with all that was read in it; adding some."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ...errors import RequestError
from ...pipeline import make_article
from ...records import Article, Reject, content_id
from ...tables import ARTICLES
from ...world import World
from ..answers import TABLE, Rows
from ..asking import answer, asked_of, desk_of, may_write
from ..desk import SharedCoder
from ..filters import ArticleQuery, Asked, Text, of_articles
from ..listing import Plan, page
from ..reading import Reading
from ..schemas import listed, one
from .claims import _COLUMNS
from .writing import Body, Folded, Stamp, folded, sent

router = APIRouter(prefix="/api/articles", tags=["articles"])
_BRIEF = [f'"{name}"' for name in ARTICLES.names if name not in {"batch", "text", "file", "line", "run"}]


class NewArticle(Body):
    """An article to add. Without `published`, its day is sought in the text."""

    text: str = Field(min_length=1)
    title: Text | None = None
    publisher: Text | None = None
    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f]+$")] | None = None
    published: Stamp | None = None

    def article(self) -> Article:
        """As the library has it; its id is the one that reading it from a file gives. Raises BadArticle for a date that is none."""
        made = make_article(self.text, self.published, self.title)
        ident = content_id("a", self.url or "", self.title or "", made.text)
        return replace(made, id=ident, publisher=self.publisher, url=self.url)


class NewArticles(Body):
    """Articles to add; `fold`: work out events and relations at once."""

    articles: list[NewArticle] = Field(min_length=1, max_length=1000)
    fold: bool = True


class ArticlesAdded(BaseModel):
    """What came in. `known`: how many were there already."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str]
    articles: int
    known: int
    claims: int
    entries: int
    rejects: list[dict[str, Any]]
    folded: Folded | None


def rows_of(reading: Reading, query: ArticleQuery, asked: str) -> Rows:
    """A page of articles, without their texts."""
    return page(reading, Plan("articles", _BRIEF, "published"), of_articles(query, reading.knowledge), query, asked)


def article_of(reading: Reading, ident: str, keep_text: bool) -> dict[str, Any]:
    """An article with its claims, its entries and its copies. Raises RequestError where there is none."""
    found = reading.rows(f"SELECT {', '.join(_BRIEF)}{', text' if keep_text else ''} FROM articles WHERE id = ?", [ident])
    if not found:
        raise RequestError(404, "not_found", "no article has this id", "a retracted article is seen as_of a day before that")
    claims = reading.rows(f"SELECT {', '.join(_COLUMNS)} FROM claims WHERE article = ? ORDER BY trigger_start, id", [ident])
    entries = reading.rows("SELECT * EXCLUDE (batch) FROM entries WHERE article = ? ORDER BY trigger_start, id", [ident])
    links = reading.rows("SELECT event, claim, part FROM links WHERE article = ? ORDER BY claim, event", [ident])
    family = reading.rows("SELECT family, copy_of, overlap, origin_strong, origin_weak FROM families WHERE article = ?", [ident])
    kin = family[0]["family"] if family else None
    copies = reading.rows("SELECT article FROM families WHERE family = ? AND article <> ? ORDER BY article", [kin, ident]) if kin else []
    return {
        "article": {**found[0], "text": found[0].get("text")}, "claims": claims, "entries": entries, "links": links,
        "family": family[0] if family else None, "copies": [row["article"] for row in copies],
    }


def add(world: World, coder: SharedCoder, new: NewArticles) -> dict[str, Any]:
    """Codes and stores articles, and folds them if that is wanted."""
    found = [item.article() for item in new.articles]
    rejects: list[Reject] = []
    added = world.add(found, coder, rejects=rejects)
    return {
        "ids": [article.id for article in found], "articles": added.articles, "known": added.known, "claims": added.claims,
        "entries": added.entries, "rejects": [asdict(reject) for reject in rejects], "folded": folded(world) if new.fold else None,
    }


@router.get("", responses=listed("Article", TABLE))
async def list_articles(request: Request, query: Annotated[ArticleQuery, Query()]) -> Response:
    """Articles, those published last first, without their texts."""
    return await answer(request, query, lambda reading, _: rows_of(reading, query, asked_of(request, query)), TABLE)


@router.get("/{ident}", responses=one("ArticleWhole"))
async def get_article(request: Request, ident: str, query: Annotated[Asked, Query()]) -> Response:
    """One article: its text (where the server gives texts out), every claim and entry in it, its copies."""
    keep = desk_of(request).settings.keep_text
    return await answer(request, query, lambda reading, _: article_of(reading, ident, keep))


@router.post("", status_code=201, responses={201: {"model": ArticlesAdded}})
async def add_articles(request: Request, new: NewArticles) -> Response:
    """Adds articles: they are coded, stored, and folded into events. Needs the token. Those that are there already are left alone."""
    may_write(request)
    done = await desk_of(request).write(lambda world, coder: add(world, coder, new))
    return sent(done, 201)
