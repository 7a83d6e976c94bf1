"""Claims and entries of the ledgers as cards: who did what to whom, when, where, on whose word, and why; their words as spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import format as form
from .asking import Asked
from .names import STATUS_WORDS, Names, code, path
from .rows import when, where_told
from .spans import Span

Row = Mapping[str, Any]
SORTS = {"stance": "stance", "member": "membership", "agreement": "agreement"}


@dataclass(frozen=True, slots=True)
class Card:
    """One of them. `name`: class of its sign; `event`: address of the event that it is part of, empty for none; `rejected`: whether
    somebody decided that it does not count."""

    number: int
    id: str
    name: str
    head: str
    what: str
    code: str
    parties: tuple[tuple[str, str], ...]
    when: str
    written: str
    place: str
    voice: str
    status: str
    confidence: str
    numbers: tuple[str, ...]
    sentence: str
    index: int
    why: tuple[tuple[str, str, str], ...]
    event: str = ""
    more: tuple[tuple[str, str], ...] = ()
    rejected: bool = False


def cards(claims: Sequence[Row], entries: Sequence[Row], events: Mapping[str, str], names: Names, asked: Asked) -> list[Card]:
    """All cards of an article in reading order. `events`: claim id → event id."""
    both = [(row["trigger_start"], 0, row) for row in claims] + [(row["trigger_start"], 1, row) for row in entries]
    both.sort(key=lambda one: (one[2]["sentence_index"], one[0], one[1], one[2]["id"]))
    return [(_entry if sort else _claim)(number, row, events, names, asked) for number, (_, sort, row) in enumerate(both, 1)]


def _claim(number: int, row: Row, events: Mapping[str, str], names: Names, asked: Asked) -> Card:
    event = events.get(row["id"], "")
    tolls = tuple(f"{q['kind']}: {form.toll(q['low'], q['best'], q['high'])}" + (f" {q['of']}" if q["of"] else "") + f" (“{q['text']}”)"
                  for q in row["quantities"] or ())
    quad = code(row["quad"])
    told = "/".join(part for part in (row["event"], row["mode"]) if part)
    return Card(
        **_shared(number, row, names),
        name=quad,
        head=names.kind(row["event"], row["mode"]),
        what=f"{row['quad']}, {form.signed(row['score'])}",
        code=told,
        place=where_told(row["place"], names),
        numbers=tolls,
        event=asked.to(path("event", event)) if event else "",
    )


def _entry(number: int, row: Row, events: Mapping[str, str], names: Names, asked: Asked) -> Card:
    more = [("about", row["about"]["text"])] if row["about"] else []
    more += [("if", condition["text"]) for condition in row["conditions"] or ()]
    page = {"stance": "/stances", "member": "/memberships", "agreement": "/agreements"}[row["sort"]]
    holder = next((party["id"] for party in row["actor"] or () if party["id"]), None)
    return Card(
        **_shared(number, row, names), name="ledger", head=f"{SORTS[row['sort']]}: {row['kind'].replace('-', ' ')}", what="for the ledgers",
        code="", place="", numbers=(), event=asked.to(page, actor=holder) if holder else "", more=tuple(more),
    )


def _shared(number: int, row: Row, names: Names) -> dict[str, Any]:
    written = row["date_text"] or ("" if row["date_precision"] != "publication" else "day of the article; the sentence names none")
    return {
        "number": number, "id": row["id"], "when": when(row), "written": written, "voice": names.voice(row["voice"]),
        "parties": (("who", names.mentions(row["actor"])), ("to whom", names.mentions(row["recipient"]))),
        "status": STATUS_WORDS.get(row["status"], row["status"]), "confidence": form.percent(row["confidence"]),
        "sentence": " ".join((row["sentence"] or "").split()), "index": row["sentence_index"],
        "why": tuple((r["step"] or "", r["rule"] or "", r["text"] or "") for r in row["why"] or ()),
    }


def spans(rows: Sequence[Row], shown: Sequence[Card]) -> list[Span]:
    """The words that cards rest on, each kind of words once."""
    by_id = {card.id: card for card in shown}
    found: dict[tuple[int, int, str, str], Span] = {}
    for row in rows:
        card = by_id[row["id"]]
        kind = "coop" if card.name in ("mc", "vc", "ledger") else "conf"
        told = f"{card.number}: {card.head}"
        name = "rj" if card.rejected else card.name
        own = [Span(row["trigger_start"], row["trigger_end"], kind, told, f"#{row['id']}", name, card.number)]
        own += [
            Span(p["start"], p["end"], side, side) for side in ("actor", "recipient") for p in row[side] or () if p["start"] is not None
        ]
        if row["date_text_start"] is not None:
            own.append(Span(row["date_text_start"], row["date_text_end"], "date", "date"))
        speaker = (row["voice"] or {}).get("speaker")
        if speaker and speaker["start"] is not None:
            own.append(Span(speaker["start"], speaker["end"], "voice", "speaker"))
        place = row.get("place")
        if place and place["start"] is not None:
            own.append(Span(place["start"], place["end"], "place", "place"))
        own += [Span(q["start"], q["end"], "quantity", q["kind"]) for q in row.get("quantities") or () if q["start"] is not None]
        for span in own:
            key = (span.start, span.end, span.kind, span.link)
            there = found.get(key, span)
            found[key] = replace(there, claims=(*there.claims, card.number))
    merged: dict[tuple[int, int, str, str], Span] = {}
    for key, span in found.items():  # one who acts in one claim and is acted upon in another is marked once
        side = (span.start, span.end, "actor", "")
        goal = side if span.kind in {"recipient", "voice"} and side in found else key
        there = merged.get(goal) or found[goal]
        merged[goal] = replace(there, claims=tuple(dict.fromkeys((*there.claims, *span.claims))))
    return list(merged.values())
