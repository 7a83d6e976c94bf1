"""PLOVER's own JSON, one event a line, as the codebook (draft 2.0) has it. Nothing is lost: what the codebook has no place for stands in
the object `detente` beside its fields, and only that, so that nothing is said twice and a changed field is read as changed."""

from __future__ import annotations

import json
from datetime import date
from math import isfinite
from typing import Any

from ..errors import BadRecord
from ..tables import EVENTS, PARTY, SPOT, TOLL
from ..version import VERSION
from .cells import day, point
from .codes import Codes
from .forms import Base, Drafted, Source, place_of
from .leaves import Event
from .parties import Party

_PARTY = {"code": "country", "sector": "sector", "entity_text": "name"}  # PLOVER's field → ours, the same values
_LISTED = {"event": "event", "mode": "mode", "event_text": "headline"}
_SIZES = {"dead": "killed", "injured": "wounded", "arrested": "arrested"}
_REST = ("revision", "lane", "standing", "quad", "confidence", "mutual", "parties", "date_precision", "date_basis", "quantities", "claims",
         "articles", "origins_low", "origins_high", "voices", "vague", "headline_claim", "first_published", "last_published", "dataset",
         "original", "extra", "fold")
_EXTENSION = 1


class Plover(Base):
    """Events to lines of PLOVER's JSON and back."""

    name = "plover"

    def __init__(self, codes: Codes) -> None:
        super().__init__(codes)
        self._lanes = codes.forms.lanes

    def line(self, event: Event, source: Source) -> str:
        """One event as a line with its end."""
        lane = event["lane"] or ""
        contexts = [*(event["context"] or ()), *([self._lanes[lane]] if lane in self._lanes else ())]
        record = {
            "id": event["id"], "has_event": True, "date": event["date"], "time": None, "enddate": event["date_end"], "endtime": None,
            "actor": self._entities(event["actor"]), "recipient": self._entities(event["recipient"]),
            "event": _one(event["event"]), "event_loc": self._place(event["place"]), "event_text": _one(event["headline"]),
            "quad_code": self.codes.quads.get(event["quad"]), "event_scale": event["score"], "mode": _one(event["mode"]),
            "context": contexts, "link": None, "size": _size(event["quantities"]), "text": _text(source),
            "text_info": {"claims": list(source.claims)} if source.claims else None, "cite_info": _cite(source),
            "coder": f"detente {VERSION}", "coded_date": None, "coded_time": None, "comment": None,
            "detente": {"version": _EXTENSION, **{name: event[name] for name in _REST}, **self._kept(event)},
        }
        try:
            return json.dumps(record, ensure_ascii=False, allow_nan=False, default=date.isoformat) + "\n"
        except ValueError:  # a number that is none, which JSON does not have
            return json.dumps(_plain(record), ensure_ascii=False, allow_nan=False) + "\n"

    def _kept(self, event: Event) -> Event:
        """What the codebook's fields cannot tell apart or have no place for: lists that are null, fields of parties and of the place."""
        rest = [part.name for part in PARTY if part.name not in _PARTY.values()]
        parties = {
            side: None if event[side] is None else
            [None if party is None else {name: party[name] for name in rest} for party in event[side]]
            for side in ("actor", "recipient")
        }
        place = None if event["place"] is None else {"precision": event["place"]["precision"]}
        return {**parties, "place": place, "no_context": event["context"] is None}

    def _entities(self, parties: list[Party] | None) -> list[Event]:
        empty = {"office": None, "gender": None, "age": None, "religion": None, "ethnicity": None, "identifier_id": None}
        return [
            {**{theirs: (party or {}).get(ours) for theirs, ours in _PARTY.items()}, "identifier_text": (party or {}).get("id"), **empty}
            for party in parties or ()
        ]

    def _place(self, place: Event | None) -> Event | None:
        if place is None:
            return None
        resolution = self.codes.forms.resolutions.get(place["precision"] or "")
        return {"extracted_place": None, "resolved_place": place["name"], "geonameid": place["geonames"], "lat": place["lat"],
                "lon": place["lon"], "city": None, "district": None, "province": place["admin1"], "country": None,
                "country_code": place["country"], "feature_class": None, "feature_code": None, "resolution": resolution}

    def read(self, record: Any) -> Drafted:
        """The event of a line: our own as it was, ids and all; one of others with what the codebook's fields tell. Raises BadRecord."""
        if not isinstance(record, dict):
            raise BadRecord("row", 0, "not a JSON object", "one event a line")
        own = record.get("detente")
        try:
            if isinstance(own, dict):
                if own.get("version") != _EXTENSION:
                    wrong = f"written in form {own.get('version')!r}, not {_EXTENSION}"
                    raise BadRecord("row", 0, wrong, "use the version of Détente that wrote it")
                return Drafted(self._own(record, own), record["id"])
            return self._foreign(record)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise BadRecord("row", 0, f"not a whole event: {error!r}", "the fields of PLOVER's codebook are wanted") from error

    def _own(self, record: Event, own: Event) -> Event:
        event: Event = {name: own[name] for name in _REST}
        event |= {"id": record["id"], "date": record["date"], "date_end": record["enddate"], "score": record["event_scale"]}
        event |= {ours: (record[theirs] or [None])[0] for theirs, ours in _LISTED.items()}
        for side in ("actor", "recipient"):
            event[side] = None if own[side] is None else [
                None if kept is None else {**{ours: said[theirs] for theirs, ours in _PARTY.items()}, **kept}
                for kept, said in zip(own[side], record[side], strict=True)
            ]
        context = record["context"][:-1] if (event["lane"] or "") in self._lanes else record["context"]
        event["context"] = None if own["no_context"] else context
        place = record["event_loc"]
        event["place"] = None if own["place"] is None else {
            "name": place["resolved_place"], "country": place["country_code"], "admin1": place["province"], "lat": place["lat"],
            "lon": place["lon"], "geonames": place["geonameid"], **own["place"],
        }
        return _typed(event)

    def _foreign(self, record: Event) -> Drafted:
        """An event that another coder wrote. Its id must be there; all that has no column stays in the original record."""
        when, until = (day(record[name], name) if record.get(name) else None for name in ("date", "enddate"))
        kinds, modes = ([record[name]] if isinstance(record.get(name), str) else record.get(name) or [] for name in ("event", "mode"))
        meant = self.codes.ontology.meant("-".join([kinds[0], *modes[:1]]))
        lanes = {word: lane for lane, word in self._lanes.items()}
        listed = [str(word) for word in record.get("context") or ()]
        sides = [[self._entity(entity, when) for entity in record.get(side) or ()] for side in ("actor", "recipient")]
        known = self.codes.ontology.contexts
        place = record.get("event_loc") or {}
        where = point(place.get("lat"), place.get("lon"))
        precision = next((name for name, number in self.codes.forms.resolutions.items() if number == place.get("resolution")), "unknown")
        name = place.get("resolved_place") or place.get("extracted_place")
        spot = place_of(name, place.get("country_code"), place.get("province"), where, geonames=place.get("geonameid"), precision=precision)
        event = self.event(
            meant[0], (sides[0], sides[1]), when, date_end=until, context=[word for word in listed if word in known], place=spot,
            lane=next((lanes[word] for word in listed if word in lanes), "happened"), headline=(record.get("event_text") or [None])[0],
            articles=1,
        )
        return Drafted(_typed(event), str(record["id"]))

    def _entity(self, entity: Event, when: date | None) -> Party:
        sectors = entity.get("sector") or []
        listed = [sectors] if isinstance(sectors, str) else sectors
        known = [sector for word in listed if (sector := self.codes.sectors.read("plover", word))]
        return self.parties.party(entity.get("entity_text"), entity.get("code"), known, when)


def _one(value: str | None) -> list[str]:
    return [] if value is None else [value]


def _size(tolls: list[Event] | None) -> Event | None:
    """Dead, injured and arrested as the codebook has them: a number, or a range."""
    found = {}
    for theirs, ours in _SIZES.items():
        toll = next((toll for toll in tolls or () if toll and toll["kind"] == ours), None)
        if toll:
            low, best, high = ("" if toll[bound] is None else toll[bound] for bound in ("low", "best", "high"))
            found[theirs] = best if low == high else f"{low}-{high}"
    return found or None


def _text(source: Source) -> Event | None:
    if source.sentence is None:
        return None
    return {"sequence": source.sentence_index, "start": source.start, "end": source.end, "text_story": [source.sentence]}


def _cite(source: Source) -> Event | None:
    if source.claim is None:
        return None
    return {"corpus": None, "citation": None, "url": source.url, "title": source.title, "language": None, "publication": source.publisher,
            "published": source.published, "license": None, "copyright": None, "coder": f"detente {VERSION}",
            "codebook": "PLOVER draft 2.0", "version": VERSION}


def _plain(value: Any) -> Any:
    """Values that JSON has: days as text; what is no number as the words that Python reads back."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _typed(event: Event) -> Event:
    """Days and numbers as Arrow takes them; columns in their order."""
    for name in ("date", "date_end", "first_published", "last_published"):
        if isinstance(event.get(name), str):
            event[name] = day(event[name], name)
    for name in ("score", "confidence"):
        event[name] = None if event.get(name) is None else float(event[name])
    spot = event.get("place")
    if spot is not None:
        spot |= {name: None if spot[name] is None else float(spot[name]) for name in ("lat", "lon")}
        event["place"] = {part.name: spot[part.name] for part in SPOT}
    if event.get("quantities") is not None:
        event["quantities"] = [None if toll is None else {part.name: toll[part.name] for part in TOLL} for toll in event["quantities"]]
    return {name: event[name] for name in EVENTS.names}
