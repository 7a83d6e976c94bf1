"""A brief of a relation on a day, made for reading and for print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...reading import Reading
from ...relation import relation
from .. import rows
from ..answering import missing
from ..asking import Asked
from ..draw import timeline as drawing
from ..format import day, span
from ..names import Names, path, source_of
from . import relation_files as page_of


def view(reading: Reading, asked: Asked, a: str, b: str) -> Mapping[str, Any]:
    """Values of the page. `at`: the day of the brief, else that of the newest article; `since`: from when changes count."""
    names = Names(reading.knowledge)
    newest = rows.newest(reading)
    at = asked.day("at", newest, last=True) or newest
    if at is None:
        raise missing("no article has a day, so there is no day for a brief", "give one: ?at=2016-07-05")
    pair = relation(reading, a, b, False)
    page = pair.brief(at, asked.day("since", at))
    numbers = page.numbers()
    sources = [
        {"number": number, "sentence": " ".join(page.sources[ident].sentence.split()), "day": day(page.sources[ident].published),
         "who": source_of({"publisher": page.sources[ident].publisher, "title": page.sources[ident].title}),
         "link": article_link(asked, page.sources[ident].article, ident)}
        for ident, number in numbers.items()
    ]
    sections = [(title, [(s.text, [numbers[ident] for ident in s.evidence]) for s in sentences]) for title, sentences in page.sections]
    pictures = []
    if pair.pairs.num_rows:
        shown = Asked(asked.path, {"from": page.since.isoformat(), "to": at.isoformat(), **({"as_of": asked.as_of} if asked.as_of else {})})
        frames = ((drawing.WIDE, "tl", "wide"), (drawing.NARROW, "tn", "narrow"))
        pictures = [page_of.picture(reading, shown, pair.a, pair.b, how) for how in frames]
    return {
        "title": f"{page.title}: brief",
        "heading": page.title,
        "span": span(page.since, page.at),
        "at": day(page.at),
        "sections": sections,
        "sources": sources,
        "note": page.note,
        "pictures": pictures,
        "back": asked.to(path("relation", pair.a, pair.b)),
        "names": names,
        "day": page.at,
    }


def article_link(asked: Asked, article: str, claim: str) -> str:
    """The address of an article at the sentence of one of its claims or entries."""
    return asked.to(f"{path('article', article)}#{claim}", claim=claim)
