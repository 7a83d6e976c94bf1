"""Events that hypothesis makes up: any that a table can hold, and such as a fold would make."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from detente.tables import EVENTS, LANES, STANDINGS

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NASTY = st.sampled_from(
    ["=1+1", "'=x", "-5", "@a", "+b", "''@", "a;b", "a|b", 'a "b" c', '"', "a\tb", "a\nb", "a\rb", "NA", "None", " x ", "a,b", ""]
)
TEXT = st.none() | NASTY | WORDS
WHOLE = st.none() | st.integers(-(2**63), 2**63 - 1)
DAY = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))
REAL = st.none() | st.floats(allow_nan=False)
FLAG = st.none() | st.booleans()


def _of(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(parts)


def _texts(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | st.lists(inner, max_size=3)


def _event(party: Any, spot: Any, toll: Any, columns: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    kinds = {"string": TEXT, "int64": WHOLE, "double": REAL, "date32[day]": DAY, "bool": FLAG}
    fields = {field.name: kinds[str(field.type)] for field in EVENTS if str(field.type) in kinds}
    fields |= {"actor": party, "recipient": party, "place": spot, "quantities": toll}
    return _of(**{name: (fields | columns)[name] for name in EVENTS.names})


# Whatever fits into the schema.
ANY_PARTY = _of(id=TEXT, name=TEXT, country=TEXT, sector=_texts(TEXT), root=TEXT, articles=WHOLE, origins=WHOLE, contested=FLAG)
ANY_SPOT = _of(name=TEXT, country=TEXT, admin1=TEXT, lat=REAL, lon=REAL, geonames=WHOLE, precision=TEXT)
ANY_TOLL = _of(kind=TEXT, low=WHOLE, best=WHOLE, high=WHOLE, of=TEXT)
ANY_EVENT = _event(_texts(st.none() | ANY_PARTY), st.none() | ANY_SPOT, _texts(st.none() | ANY_TOLL),
                   {"context": _texts(TEXT), "parties": _texts(TEXT), "lane": TEXT | st.sampled_from(LANES)})

# Such as a fold makes, with nasty texts.
NAME = TEXT | st.sampled_from(["Turkey", "Al-Shabaab", "United Nations", "Syrian rebels", "Gunmen", "O'Brien"])
COUNTRY = st.sampled_from([None, "TUR", "RUS", "SYR", "USA", "IGO", "KOS", "XXX"])
SECTORS = st.lists(st.sampled_from("GOV MIL REB CVL JRN MED IGO PTY UNK SOC".split()), max_size=3, unique=True)
ROOTS = st.sampled_from(["", "TUR", "RUS", "SYR:REB", "al-shabaab"])
PARTY = st.lists(_of(
    id=st.sampled_from([None, "TUR", "RUS", "al-shabaab"]), name=NAME, country=COUNTRY, sector=SECTORS, root=ROOTS,
    articles=st.integers(0, 9), origins=st.integers(0, 9), contested=st.booleans(),
), max_size=3)
SPOT = st.none() | _of(
    name=TEXT, country=COUNTRY, admin1=TEXT, lat=st.none() | st.floats(-100, 100), lon=st.none() | st.floats(-180, 180),
    geonames=st.none() | st.integers(1, 10**7), precision=st.sampled_from("site city region country unknown".split()),
)
TOLL = st.lists(_of(kind=st.sampled_from(["killed", "wounded"]), low=WHOLE, best=WHOLE, high=WHOLE, of=TEXT), max_size=2)
KINDS = st.sampled_from([
    ("ASSAULT", "aerial"), ("ASSAULT", None), ("CONSULT", "visit"), ("CONSULT", "multilateral"), ("AGREE", None), ("RETREAT", "resign"),
    ("REQUEST", "yield"), ("COERCE", "cyber"), ("SANCTION", "discontinue"), ("DANCE", None),
])
QUADS = st.sampled_from(["verbal cooperation", "material cooperation", "verbal conflict", "material conflict", None])
LIKELY_EVENT = st.tuples(KINDS, _event(PARTY, SPOT, TOLL, {
    "context": st.lists(st.sampled_from(["diplomatic", "military", "Economic", "moon", "future"]), max_size=3), "parties": _texts(WORDS),
    "lane": st.sampled_from(LANES), "standing": st.sampled_from(STANDINGS), "quad": QUADS, "score": st.none() | st.floats(-10, 10),
    "date": st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)), "dataset": st.sampled_from(["", "icews"]),
})).map(lambda pair: {**pair[1], "event": pair[0][0], "mode": pair[0][1]})


def numbered(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events with ids of their own, as those of a store have."""
    return [{**event, "id": f"e_{place:04x}"} for place, event in enumerate(events)]
