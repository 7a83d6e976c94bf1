"""The stories as tables: as if a perfect coder had read the articles, by their mark-up; and as the real coder reads them."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from ..flow.geography import Geography
from ..flow.retold import retold
from ..flow.settle import settle
from ..flow.write import claims_table
from ..fold.rules import ORGANS
from ..knowledge import Knowledge
from ..pipeline import Coder
from ..records import OUTLET, Article, Claim, Mention, Place, Quantity, Voice, When, content_id
from ..tables import ARTICLES, CLAIMS
from .corpus import pair_up
from .corpus_file import GoldClaim, GoldSentence, Piece
from .stories import Story, Version

RECORDED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """Claims and articles of stories as tables, and for each claim the event that it tells (None: the mark-up knows of none)."""

    claims: pa.Table
    articles: pa.Table
    events: dict[str, tuple[str, str] | None]  # claim id → (story, key)


def article_of(version: Version) -> tuple[Article, list[int]]:
    """A version as the reader would give it, and where its sentences begin."""
    text, starts = version.article.text()
    title = version.article.sentences[0].text
    article = Article(content_id("a", version.article.id), text, title, version.outlet, None, version.article.published, False, "option",
                      version.article.id)
    return article, starts


def gold(stories: Iterable[Story], knowledge: Knowledge) -> Told:
    """The stories as their mark-up has them."""
    claims: list[Claim] = []
    articles: list[tuple[Article, Version]] = []
    events: dict[str, tuple[str, str] | None] = {}
    for story, version in _versions(stories):
        article, starts = article_of(version)
        geography = Geography(article, knowledge)
        own: dict[str, Claim] = {}
        for number, claim, key in version.claims():
            made = _claim(claim, number, starts[number], version, geography)
            made = settle(replace(made, article=article.id), article, knowledge)
            own[made.id] = made
            events[made.id] = (story.id, key)
        claims += retold(list(own.values()), knowledge)
        articles.append((article, version))
    return Told(_claims(claims), _articles(articles), events)


def coded(stories: Iterable[Story], coder: Coder) -> Told:
    """The stories as the coder reads them; a claim tells the event of the marked claim whose trigger it shares."""
    claims: list[Claim] = []
    articles: list[tuple[Article, Version]] = []
    events: dict[str, tuple[str, str] | None] = {}
    pairs = list(_versions(stories))
    read = [article_of(version) for _, version in pairs]
    for (story, version), (article, starts), found in zip(pairs, read, coder.code_each([a for a, _ in read]), strict=True):
        for sentence, start in zip(version.article.sentences, starts, strict=True):
            own = [c for c in found if start <= c.trigger_start < start + len(sentence.text)]
            events.update(_told(sentence, start, own, story.id, version))
        claims += found
        articles.append((article, version))
    return Told(_claims(claims), _articles(articles), events)


def _versions(stories: Iterable[Story]) -> Iterator[tuple[Story, Version]]:
    return ((story, version) for story in stories for version in story.versions)


def _told(
    sentence: GoldSentence, start: int, claims: Sequence[Claim], story: str, version: Version
) -> Iterator[tuple[str, tuple[str, str] | None]]:
    for marked, found in pair_up(sentence.claims, claims, start):
        if found is not None:
            yield found.id, (story, version.events[marked.line]) if marked else None


def _claims(claims: list[Claim]) -> pa.Table:
    table = claims_table(claims)
    empty = [pa.array([""] * len(claims), pa.string()), pa.array([RECORDED] * len(claims), CLAIMS.field("recorded").type)]
    return pa.Table.from_arrays([*table.columns, *empty], schema=CLAIMS)


def _articles(read: Iterable[tuple[Article, Version]]) -> pa.Table:
    rows: list[dict[str, Any]] = [
        {"id": article.id, "batch": "", "title": article.title, "publisher": article.publisher, "file": article.file, "line": 0,
         "published": article.published, "published_at": version.published, "published_inferred": False, "published_rule": "option",
         "text": article.text, "actors": [], "credits": [], "recorded": RECORDED}
        for article, version in read
    ]
    return pa.Table.from_pylist(rows, schema=ARTICLES)


def _claim(gold: GoldClaim, number: int, start: int, version: Version, geography: Geography) -> Claim:
    def mentions(pieces: Sequence[Piece]) -> tuple[Mention, ...]:
        return tuple(_mention(piece, start, version.slugs.get((gold.line, piece.text))) for piece in pieces)

    sentence = version.article.sentences[number].text
    speaker = mentions([gold.says])[0] if gold.says else None
    voice = Voice("speaker", gold.stance, speaker, None, gold.says.text if gold.says else None) if speaker else OUTLET  # type: ignore[arg-type]
    return Claim(
        "", sentence, number, start, start + len(sentence), gold.event, gold.mode, gold.on.text, start + gold.on.start, start + gold.on.end,
        mentions(gold.actor), mentions(gold.recipient), "gold", gold.contexts, gold.status,  # type: ignore[arg-type]  # checked on reading
        confidence=1.0, when=_when(gold, start, version.article.published), place=_place(gold.where, start, geography),
        quantities=tuple(_quantity(*amount, start) for amount in gold.quantities), voice=voice,
    )


def _mention(piece: Piece, start: int, slug: str | None) -> Mention:
    country, _, sectors = piece.code.partition(":")
    country = "" if country == "?" else country
    own = tuple(s for s in sectors.split(",") if s)
    state = bool(country) and (not own or not ORGANS.isdisjoint(own))
    begin, end = (start + piece.start, start + piece.end) if piece.start >= 0 else (0, 0)
    ident = slug or (country if state else None)
    return Mention(ident, slug or piece.text, country or None, own, None, None, piece.text, begin, end)


def _when(gold: GoldClaim, start: int, published: date) -> When:
    """The marked date; without one the day of publication, as the coder has it, but for what is told as past."""
    piece = gold.when
    if piece is None:
        day = None if gold.status == "historical" else published
        return When(day, day, "publication" if day else None, None, "publication" if day else "none")
    first, _, last = piece.code.partition("/")
    low, high = _bounds(first)[0], _bounds(last or first)[1]
    precision = "interval" if last else {4: "year", 7: "month"}.get(len(first), "day")
    return When(low, high, precision, piece.text, "gold", start + piece.start, start + piece.end)


def _bounds(value: str) -> tuple[date, date]:
    parts = [int(part) for part in value.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 0
    if len(parts) == 3:
        return date(*parts), date(*parts)
    if month:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)


def _place(piece: Piece | None, start: int, geography: Geography) -> Place | None:
    if piece is None or piece.start < 0:
        return None
    begin, end = start + piece.start, start + piece.end
    entry = geography.place(begin, end)
    if entry is None:
        inside = [name for name in geography.names() if begin <= name.start and name.end <= end]
        entry = next((found for name in inside if (found := geography.place(name.start, name.end))), None)
    if entry is None:
        return Place(piece.text, None, None, None, None, None, "unknown", piece.text, begin, end)
    region = entry.name if entry.kind == "region" and entry.code else entry.admin1
    where = (entry.lat, entry.lon, entry.geonames)
    return Place(entry.name, entry.country, region, *where, entry.precision, piece.text, begin, end, entry.kind)


def _quantity(kind: str, low: float | None, high: float | None, piece: Piece, start: int) -> Quantity:
    bounds = [None if bound is None else int(bound) for bound in (low, high)]
    best = bounds[0] if bounds[0] == bounds[1] else None
    return Quantity(kind, bounds[0], best, bounds[1], None, piece.text, start + piece.start, start + piece.end)
