"""Try it: a text coded at once, with its reasons, and why other sentences gave nothing. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from ....errors import BadArticle
from ....flow.write import claims_table
from ....flow.write_ledger import entry_to_dict
from ....pipeline import SentenceWork, make_article
from ...desk import SharedCoder
from ...reading import Reading
from ..asking import Asked, parse_day
from ..cards import cards
from ..format import counted, day
from ..names import Names
from .article import KINDS, marked

EXPLAINED = 6000  # characters up to which it is told why a sentence gave nothing
SAMPLE = ("The foreign ministers of the two neighbours met on Friday and agreed to reopen the border. A day earlier the president "
          "had condemned the shelling of a village, in which at least 12 people were killed, a spokesman said.")


@dataclass(frozen=True, slots=True)
class Tried:
    """What was read in a text. `fault`: what is wrong with it, empty if nothing; `silent`: start of a sentence → why it gave nothing."""

    given: str
    date: str
    fault: str = ""
    text: str = ""
    published: str = ""
    claims: Sequence[Mapping[str, Any]] = ()
    entries: Sequence[Mapping[str, Any]] = ()
    silent: Sequence[tuple[str, str]] = ()


def empty(limit: int) -> Mapping[str, Any]:
    """Values of the page before anything was given."""
    return {"title": "Try it", "limit": limit, "given": "", "date": "", "fault": "", "done": False, "sample": SAMPLE}


def coded(coder: SharedCoder, text: str, stamp: str, limit: int) -> Tried:
    """What the coder reads in a text."""
    text, stamp = text.strip("\n"), stamp.strip()[:40]
    if not text.strip():
        return Tried(text, stamp, "There is no text yet: paste one into the box.")
    if len(text) > limit:
        return Tried(text[:limit], stamp, f"The text is {len(text) - limit:,} characters too long; {limit:,} can be coded at once.")
    published = parse_day(stamp) if stamp else None
    if stamp and published is None:
        return Tried(text, stamp, "The date is none: write it as 2016-07-05, or leave it out.")
    try:
        article = make_article(text, published, None)
        outcome = coder.work([article])
    except BadArticle as error:
        return Tried(text, stamp, f"{error.reason}: {error.hint}")
    if outcome.rejects:
        return Tried(text, stamp, f"{outcome.rejects[0].reason}: {outcome.rejects[0].hint}")
    entries = pa.Table.from_pylist([entry_to_dict(entry) for entry in outcome.entries]).to_pylist() if outcome.entries else []
    for entry in entries:
        entry |= {name: parse_day(entry[name]) if entry[name] else None for name in ("published", "date", "date_end")}
    silent = _silent(coder.own.explain(article.text, article.published)) if len(article.text) <= EXPLAINED else []
    return Tried(text, stamp, "", article.text, day(article.published), claims_table(outcome.claims).to_pylist(), entries, silent)


def _silent(works: Sequence[SentenceWork]) -> list[tuple[str, str]]:
    """Sentences that gave nothing, and what was tried in them."""
    found = []
    for work in works:
        if work.claims or work.entries:
            continue
        tried = [f"“{work.parse.word(a.word).text}” as {a.rule.event.lower()}: {a.why_not}" for a in work.finder.attempts
                 if not a.fits and a.why_not][:3]
        why = "; ".join(tried) or ("words that tell an act, but nobody who is known to act" if work.finder.attempts
                                   else "no word that is known to tell an act between actors")
        found.append((" ".join(work.parse.sentence.text.split()), why))
    return found


def view(told: Tried, reading: Reading, limit: int) -> Mapping[str, Any]:
    """Values of the page with what was read."""
    values: dict[str, Any] = {**empty(limit), "given": told.given, "date": told.date, "fault": told.fault, "done": not told.fault}
    if told.fault:
        return values
    shown = cards(told.claims, told.entries, {}, Names(reading.knowledge), Asked("/try", {}))
    return {
        **values,
        "stretches": marked(told.text, (*told.claims, *told.entries), shown),
        "cards": shown,
        "key": KINDS,
        "wanted": "",
        "silent": told.silent,
        "published": told.published,
        "explained": len(told.text) <= EXPLAINED,
        "sentence": f"{counted(len(told.claims), 'claim')}, {counted(len(told.entries), 'entry')} for the ledgers; as of {told.published}.",
    }
