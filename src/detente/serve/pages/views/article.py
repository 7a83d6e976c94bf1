"""An article: its text with what was read in it, each claim as a card with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from ....errors import RequestError
from ....fold.mentions import mentions
from ....language import MODEL_FOLDER
from ....language.sentences import Splitter
from ...reading import Reading
from ...settings import ServeSettings
from .. import cards, spans
from ..answering import missing
from ..asking import Asked
from ..decided import Decided, decided, naming
from ..format import counted, day
from ..names import Names, path
from .decisions import retracting

KINDS = (
    ("actor", "who"),
    ("recipient", "to whom"),
    ("date", "when"),
    ("place", "where"),
    ("quantity", "how many"),
    ("voice", "on whose word"),
)


def view_with(settings: ServeSettings) -> Callable[[Reading, Asked, str], Mapping[str, Any]]:
    """The view. Where texts are not given out only sentences that claims stand in are shown."""
    return lambda reading, asked, ident: view(reading, asked, ident, settings)


def view(reading: Reading, asked: Asked, ident: str, settings: ServeSettings) -> Mapping[str, Any]:
    """Values of the page."""
    found = reading.rows("SELECT * FROM articles WHERE id = ?", [ident])
    if not found and retracting(reading, ident):
        raise RequestError(410, "retracted", "this article was taken back", "its decision says by whom and why")
    if not found:
        raise missing(f"no article has the id {ident}", "its address may be cut short; look for it by its words")
    article, names = found[0], Names(reading.knowledge)
    claims = reading.rows("SELECT * FROM claims WHERE article = ?", [ident])
    entries = reading.rows("SELECT * FROM entries WHERE article = ?", [ident])
    events = {row["claim"]: row["event"] for row in reading.rows("SELECT claim, event FROM links WHERE article = ?", [ident])}
    notes, own = _decisions(reading, asked, ident, claims)
    shown = [replace(card, rejected=any(one.state == "stands" for one in notes.get(card.id, ())))
             for card in cards.cards(claims, entries, events, names, asked)]
    wanted = asked.get("claim")
    lit = next(((row["start"], row["end"]) for row in (*claims, *entries) if row["id"] == wanted), None)
    if wanted and lit is None:
        asked.wrong("claim", "not a claim of this article")
    text = article["text"] if settings.keep_text else None
    if lit is None and text and asked.get("at"):
        place = asked.count("at", 0, len(text)) if asked.get("at") != "0" else 0
        lit = (place, place + 1)
    kin = reading.rows("SELECT copy_of, overlap, family FROM families WHERE article = ?", [ident])
    return {
        "title": article["title"] or article["publisher"] or "Article",
        "article": article,
        "cards": shown,
        "wanted": wanted,
        "by": article["publisher"] or "publisher not known",
        "published": day(article["published"]),
        "inferred": article["published_inferred"],
        "url": article["url"] if (article["url"] or "").startswith(("https://", "http://")) else "",
        "stretches": marked(text, (*claims, *entries), shown, lit) if text else [],
        "key": KINDS,
        "read": f"{counted(len(claims), 'claim')}, {counted(len(entries), 'ledger entry')}",
        "copy": _copy(reading, asked, kin),
        "ident": ident,
        "notes": notes,
        "own": own,
        "writes": settings.token is not None and not asked.as_of,
        "done": asked.get("done"),
    }


def _decisions(
    reading: Reading, asked: Asked, ident: str, claims: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, list[Decided]], list[Decided]]:
    """Rejections of an article's claims, by claim, and decisions on the article as a whole."""
    columns = [[row[name] for row in claims] for name in ("article", "trigger_start", "trigger_end", "event", "id")]
    mention_of = dict(zip(columns[4], mentions(*columns), strict=True))
    rows = naming(reading, [*mention_of.values(), ident])
    rejecting = [row for row in rows if row["kind"] == "reject_claim"]
    told = decided(reading, asked, rejecting)
    notes: dict[str, list[Decided]] = {}
    for row, one in zip(rejecting, told, strict=True):
        named = {name for group in row["groups"] or () for name in group}
        for claim in (claim for claim, mention in mention_of.items() if mention in named):
            notes.setdefault(claim, []).append(one)
    return notes, decided(reading, asked, [row for row in rows if row["kind"] == "retract"])


def marked(
    text: str, rows: Sequence[Mapping[str, Any]], shown: Sequence[cards.Card], lit: tuple[int, int] | None = None
) -> list[spans.Stretch]:
    """A text with what was read in it, sentence by sentence."""
    sentences = [(tokens[0].start, tokens[-1].end) for tokens in _splitter().split(text)]
    return spans.stretches(text, cards.spans(rows, shown), sentences, [(row["start"], row["end"]) for row in rows], lit)


@cache
def _splitter() -> Splitter:
    return Splitter(MODEL_FOLDER)


def _copy(reading: Reading, asked: Asked, kin: Sequence[Mapping[str, Any]]) -> tuple[str, str, str] | None:
    """Of what an article is a copy: how much, its name, its address."""
    if not kin or not kin[0]["copy_of"]:
        return None
    origin = kin[0]["copy_of"]
    told = reading.rows("SELECT publisher, title FROM articles WHERE id = ?", [origin])
    name = (told[0]["title"] or told[0]["publisher"]) if told else "another article"
    return f"{round(100 * (kin[0]['overlap'] or 0))} %", name or "another article", asked.to(path("article", origin))
