"""What a decision would change, shown before it is written: correcting without script, one step at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ....errors import RequestError
from ....tables import LANES, STANDINGS
from ...filters import Conditions
from ...reading import Reading
from ...session import Session, stamp_of
from ...settings import ServeSettings
from .. import rows
from ..asking import Asked, parse_day
from ..decided import FIELD_WORDS, all_of, decided
from ..format import counted, day
from ..forms import local
from ..names import LANE_WORDS, Names, path, source_of, title_of

Row = Mapping[str, Any]
KINDS = {
    "same": "Put events together", "different": "Take reports apart", "value": "Correct a value", "reject_claim": "Reject a claim",
    "reject_event": "Reject an event", "confirm": "Confirm an event", "retract": "Take an article back", "revoke": "Take a decision back",
}
KEYS = ("kind", "ids", "apart", "field", "value", "back")
NEAR = 4  # days around an event in which others are offered to be put together with it
OFFERED = 12
_ID = re.compile(r"\b[ecad]_[0-9a-z]{1,32}\b")
_CLAIMS = """SELECT c.id, c.article, c.sentence, c.published, c.publisher, c.title, c.event, c.mode, l.event AS of_event FROM claims c
LEFT JOIN links l ON l.claim = c.id WHERE c.id IN (SELECT unnest(?)) ORDER BY c.published, c.id"""


@dataclass(frozen=True, slots=True)
class Given:
    """A decision as an address asks for it. `ids`: as `World.decide_on` takes them; `back`: where one came from."""

    kind: str
    ids: tuple[str, ...]
    field: str = ""
    value: str = ""
    back: str = ""

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> Given:
        """From an address or a form. Ids may stand in whole addresses; claims under `apart` are taken out of their event together."""
        named = [(key, value.strip()) for key, value in pairs if key in KEYS]
        one = {key: value[:2000] for key, value in reversed(named)}
        ids = [part for key, value in named if key == "ids" for part in _plus(value)]
        apart = [ident for key, value in named if key == "apart" for ident in _ID.findall(value)]
        ids += ["+".join(dict.fromkeys(apart))] if apart else []
        kind, field, value, back = (one.get(key, "") for key in ("kind", "field", "value", "back"))
        return cls(kind, tuple(dict.fromkeys(ids)), field, value, local(back, ""))

    @property
    def link(self) -> str:
        """Its address."""
        rest = [("field", self.field), ("value", self.value), ("back", self.back)]
        pairs = [("kind", self.kind), *(("ids", ident) for ident in self.ids), *rest]
        return "/decide?" + urlencode([(key, value) for key, value in pairs if value])

    @property
    def single(self) -> list[str]:
        """Its ids, those that are joined taken apart."""
        return [part for ident in self.ids for part in ident.split("+")]


def _plus(text: str) -> list[str]:
    """Ids in a text; claims joined with "+" stay joined."""
    return re.findall(r"\b[ecad]_[0-9a-z]{1,32}(?:\+c_[0-9a-z]{1,32})*", text[:4000])


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and what was wrong with what was sent before, if anything."""

    settings: ServeSettings
    session: Session | None
    fault: str = ""
    reason: str = ""


def view(reading: Reading, asked: Asked, given: Given, asker: Asker) -> Mapping[str, Any]:
    """Values of the page: what it is about, what changes, the form."""
    if given.kind not in KINDS:
        raise RequestError(400, "bad_value", "no such decision", f"known: {', '.join(KINDS)}")
    names, token = Names(reading.knowledge), asker.settings.token
    events = _events(reading, given, names, asked)
    claims = [_claim(row, names, asked) for row in reading.rows(_CLAIMS, [[i for i in given.single if i.startswith("c_")]])]
    articles = _articles(reading, given, asked)
    rows_ = [row for row in all_of(reading) if row["id"] in given.single]
    known = {row["id"] for row in (*events, *claims, *articles, *rows_)}
    missing = [ident for ident in given.single if ident not in known]
    offered = _offered(reading, given, names, asked) if given.kind == "same" and len(events) == 1 and not missing else []
    ready = bool(given.ids) and not missing and not (given.kind == "same" and len(given.ids) < 2)
    return {
        "title": KINDS[given.kind], "given": given, "events": events, "claims": claims, "articles": articles,
        "decisions": decided(reading, asked, rows_), "missing": missing, "offered": offered, "ready": ready,
        "effect": _effect(reading, given, events, claims) if ready else [], "field_words": FIELD_WORDS,
        "session": asker.session, "stamp": stamp_of(token, asker.session) if token and asker.session else "", "writes": token is not None,
        "fault": asker.fault, "reason": asker.reason, "back": given.back or (events[0]["link"] if events else "/"),
        "set_to": _in_words(reading, given),
    }


def _in_words(reading: Reading, given: Given) -> str:
    """The value that a field shall have."""
    day_ = parse_day(given.value) if given.field.startswith("date") else None
    return dict(choices(reading).get(given.field, ())).get(given.value) or (day(day_) if day_ else given.value) or "not stated"


def choices(reading: Reading) -> dict[str, list[tuple[str, str]]]:
    """Values that fields of an event may be given, with their words."""
    ontology = reading.knowledge.ontology
    modes = {mode: kind.label for (_, mode), kind in sorted(ontology.pairs.items(), key=lambda item: item[1].label)}
    return {
        "event": sorted(((name, kind.label) for name, kind in ontology.events.items()), key=lambda pair: pair[1]),
        "mode": [("", "not stated"), *sorted(modes.items(), key=lambda pair: pair[1])],
        "lane": [(lane, LANE_WORDS.get(lane, lane)) for lane in LANES],
        "standing": [(standing, standing) for standing in STANDINGS],
    }


def _events(reading: Reading, given: Given, names: Names, asked: Asked) -> list[dict[str, Any]]:
    found = []
    for ident in given.single:
        for event in reading.by("events", ident) if ident.startswith("e_") else []:
            found.append({**rows.as_row(event, names, asked), "event": event})
    return found


def _claim(row: Row, names: Names, asked: Asked) -> dict[str, Any]:
    return {
        "id": row["id"], "kind": names.kind(row["event"], row["mode"]), "sentence": " ".join((row["sentence"] or "").split()),
        "source": source_of(row), "day": day(row["published"]), "event": row["of_event"],
        "link": asked.to(f"{path('article', row['article'])}#at", claim=row["id"]),
    }


def _articles(reading: Reading, given: Given, asked: Asked) -> list[dict[str, Any]]:
    ids = [ident for ident in given.single if ident.startswith("a_")]
    query = "SELECT id, title, publisher, published, claims FROM articles WHERE id IN (SELECT unnest(?))"
    found = reading.rows(query, [ids]) if ids else []
    return [{"id": row["id"], "title": title_of(row), "day": day(row["published"]),
             "claims": row["claims"], "link": asked.to(path("article", row["id"]))} for row in found]


def _offered(reading: Reading, given: Given, names: Names, asked: Asked) -> list[dict[str, Any]]:
    """Events that the one asked about may be the same as: of some days around it, with a party in common, of its kind first."""
    event = reading.by("events", given.ids[0])[0]
    parties = [party for party in event["parties"] or () if party]
    if event["date"] is None or not parties:
        return []
    where = Conditions()
    where.add("id <> ?", event["id"])
    where.add(f"date BETWEEN ?::DATE - {NEAR} AND coalesce(?::DATE, ?::DATE) + {NEAR}", *(
        value and value.isoformat() for value in (event["date"], event["date_end"], event["date"])))
    where.add("list_has_any(parties, ?)", parties)
    near = rows.events(reading, where, 200)
    own = set(parties)
    near.sort(key=lambda e: (-len(own & set(e["parties"] or ())), e["event"] != event["event"], e["quad"] != event["quad"],
                             abs((e["date"] - event["date"]).days), e["id"]))
    return [rows.as_row(one, names, asked) for one in near[:OFFERED]]


def _effect(reading: Reading, given: Given, events: Sequence[Row], claims: Sequence[Row]) -> list[str]:
    """What will be otherwise, in sentences."""
    match given.kind:
        case "same":
            reports = sum(int(row["event"]["articles"]) for row in events)
            return [f"{counted(len(given.ids), 'event')} with {counted(reports, 'article')} become one. The one whose report came first "
                    "keeps its address; the other addresses lead to it."]
        case "different":
            told = f"{counted(len(claims), 'report')} will be no part of it any more, and make an event of their own or join another one."
            return [told, "They will not be put together with it again, whatever is added."]
        case "value":
            return [f"{FIELD_WORDS.get(given.field, given.field or 'No field').capitalize()} will be as you say, whatever the reports say, "
                    "now and when more come in. What each report says stays visible."]
        case "reject_claim":
            return [_without(reading, claims), "The sentence stays in its article, marked as rejected."]
        case "reject_event":
            return ["The event will not be listed or counted any more. Its reports stay in their articles."]
        case "confirm":
            return ["Nothing changes in the event: it is noted that somebody looked and found it to be one event."]
        case "retract":
            return ["The article, its claims and all that rests on it alone will not be counted any more. Nothing is deleted."]
    return ["All will be as if it had not been decided. Both decisions stay on record."]


def _without(reading: Reading, claims: Sequence[Row]) -> str:
    ids = [claim["id"] for claim in claims]
    left = reading.rows("SELECT count(*) AS n FROM links WHERE event IN (SELECT event FROM links WHERE claim IN (SELECT unnest(?))) "
                        "AND claim NOT IN (SELECT unnest(?))", [ids, ids])[0]["n"]
    if not left:
        return "The event rests on this claim alone: it will not be listed or counted any more."
    return f"The event goes on without it, by its other {counted(left, 'claim')}."
