"""An article: its text with what was read in it, each claim as a card with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from ....language import MODEL_FOLDER
from ....language.sentences import Splitter
from ...reading import Reading
from .. import cards, spans
from ..answering import missing
from ..asking import Asked
from ..format import counted, day
from ..names import Names, path

KINDS = (
    ("actor", "who"),
    ("recipient", "to whom"),
    ("date", "when"),
    ("place", "where"),
    ("quantity", "how many"),
    ("voice", "on whose word"),
)


def view_with(keep_text: bool) -> Callable[[Reading, Asked, str], Mapping[str, Any]]:
    """The view. Without `keep_text` only sentences that claims stand in are shown."""
    return lambda reading, asked, ident: view(reading, asked, ident, keep_text)


def view(reading: Reading, asked: Asked, ident: str, keep_text: bool) -> Mapping[str, Any]:
    """Values of the page."""
    found = reading.rows("SELECT * FROM articles WHERE id = ?", [ident])
    if not found:
        raise missing(
            f"no article has the id {ident}", "its address may be cut short, or the article was taken back; look for it by its words"
        )
    article, names = found[0], Names(reading.knowledge)
    claims = reading.rows("SELECT * FROM claims WHERE article = ?", [ident])
    entries = reading.rows("SELECT * FROM entries WHERE article = ?", [ident])
    events = {row["claim"]: row["event"] for row in reading.rows("SELECT claim, event FROM links WHERE article = ?", [ident])}
    shown = cards.cards(claims, entries, events, names, asked)
    wanted = asked.get("claim")
    lit = next(((row["start"], row["end"]) for row in (*claims, *entries) if row["id"] == wanted), None)
    if wanted and lit is None:
        asked.wrong("claim", "not a claim of this article")
    text = article["text"] if keep_text else None
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
    }


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
