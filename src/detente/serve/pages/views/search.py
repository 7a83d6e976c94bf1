"""Search: actors, pairs, sentences, titles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

from ....errors import RequestError
from ....knowledge import Knowledge
from ....knowledge.names import fold
from ...api.search import SearchQuery, search
from ...reading import Reading
from ...search import Index
from ..asking import Asked
from ..format import day, span
from ..names import Names, path, source_of

MOST = 500  # sentences of the page's data
MOST_WORDS = 6  # of an actor's name in a query


def view_with(index: Index) -> Callable[[Reading, Asked], Mapping[str, Any]]:
    """The view, over an index of sentences."""
    return lambda reading, asked: view(reading, asked, index)


def view(reading: Reading, asked: Asked, index: Index) -> Mapping[str, Any]:
    """Values of the page."""
    text, names = asked.get("q"), Names(reading.knowledge)
    values: dict[str, Any] = {"title": f"Search: {text}" if text else "Search", "q": text, "whole": index.is_whole, "sentences": [],
                              "actors": [], "people": [], "pairs": [], "more": "", "fault": ""}
    if not text:
        return values
    named = _named(text, reading.knowledge)
    values["pairs"] = [(f"{names.of(a)} and {names.of(b)}", asked.to(path("relation", a, b))) for a, b in combinations(named, 2)]
    size = asked.count("n", 20, 200)
    try:
        found = search(reading, index, _query(asked, text, size), "pages")
    except RequestError as error:
        if error.status not in {400, 503}:
            raise
        ids = dict.fromkeys(named)
        values["actors"] = [(names.of(ident), ident, asked.to(path("actor", ident))) for ident in ids]
        return {**values, "fault": f"{error.message}: {error.hint}."}
    ids = dict.fromkeys([*named, *(row["id"] for row in found["actors"])])
    values["actors"] = [(names.of(ident), ident, asked.to(path("actor", ident))) for ident in ids][:12]
    values["people"] = [(row["person"], row["role"], names.of(row["actor"]), asked.to(path("actor", row["actor"])),
                         span(row["since"], row["until"]))
                        for row in found["people"]][:8]
    values["sentences"] = [_sentence(item, asked) for item in _once(found["items"])]
    values["more"] = asked.link(n=min(200, size * 3)) if found["next"] and size < 200 else ""
    return values


def _query(asked: Asked, text: str, size: int) -> SearchQuery:
    """The search of an address; days that are none are told and left out."""
    days = {name: found.isoformat() for key, name, last in (("from", "since", False), ("to", "until", True))
            if (found := asked.day(key, last=last))}
    if len(days) == 2 and days["since"] > days["until"]:
        asked.wrong("from", "after the end")
        days.pop("since")
    return SearchQuery(q=text[:200], limit=size, **days)


def records(reading: Reading, asked: Asked, index: Index) -> dict[str, Any]:
    """The rows of the page: as many as it may show at most."""
    text = asked.get("q")
    if not text:
        return {"sentences": [], "actors": [], "people": []}
    found = search(reading, index, _query(asked, text, MOST), "pages")
    return {"sentences": found["items"], "actors": found["actors"], "people": found["people"]}


def _named(text: str, knowledge: Knowledge) -> list[str]:
    """Actors whose name, another of their names or id stands in the text, in order, longest names first."""
    known = _all_names(knowledge)
    words = fold(text).lower().replace(",", " ").split()
    found: list[str] = []
    place = 0
    while place < len(words):
        for count in range(min(MOST_WORDS, len(words) - place), 0, -1):
            ident = known.get(" ".join(words[place : place + count]))
            if ident:
                found.append(ident)
                place += count - 1
                break
        place += 1
    return list(dict.fromkeys(found))[:4]


_NAMES: dict[str, dict[str, str]] = {}


def _all_names(knowledge: Knowledge) -> dict[str, str]:
    """Name, folded and in small letters → id; actors that are still there before those of the past."""
    if knowledge.version not in _NAMES:
        registry, found = knowledge.registry, dict[str, str]()
        for actor in sorted(registry.actors.values(), key=lambda a: (a.valid_to is not None, a.kind != "state", a.id)):
            for name in (actor.name, actor.id, *registry.names_of(actor.id)):
                found.setdefault(fold(name).lower(), actor.id)
        _NAMES.clear()
        _NAMES[knowledge.version] = found
    return _NAMES[knowledge.version]


def _once(items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without titles that stand in the text of their article too."""
    told = {(item["article"], item["sentence"]) for item in items if item["kind"] == "sentence"}
    return [item for item in items if item["kind"] == "sentence" or (item["article"], item["sentence"]) not in told]


def _sentence(item: Mapping[str, Any], asked: Asked) -> Mapping[str, Any]:
    part = next(iter((*item["claims"], *item["entries"])), "")
    where = {"claim": part} if part else {"at": item["start"]}
    link = asked.to(path("article", item["article"]) + ("" if item["start"] is None else "#at"), **where)
    event = item["events"][0] if item["events"] else ""
    return {
        "link": link,
        "pieces": _pieces(item["sentence"], item["marks"]),
        "source": source_of(item),
        "day": day(item["published"]),
        "kind": item["kind"],
        "event": asked.to(path("event", event)) if event else "",
    }


def _pieces(text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    found, last = [], 0
    for start, end in marks:
        if start >= last:
            found += [(text[last:start], False), (text[start:end], True)]
            last = end
    return [(part, is_marked) for part, is_marked in [*found, (text[last:], False)] if part]
