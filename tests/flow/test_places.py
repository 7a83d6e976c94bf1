"""The event's own place: what is filled in, what is left open, what never becomes a place. More sentences: tests/cases/place_*.yml."""

from __future__ import annotations

import pytest

from detente.flow.datelines import dateline_end
from detente.pipeline import Coder
from detente.records import WORDS, Parse, Place, Sentence


def place(coder: Coder, text: str) -> Place | None:
    """The place of a text's only claim."""
    [claim] = coder.code(text, "2020-01-06")
    return claim.place


def test_a_town_has_everything(coder: Coder) -> None:
    text = "Syrian forces shelled Idlib on Tuesday."
    found = place(coder, text)
    assert found is not None
    assert (found.name, found.country, found.admin1, found.precision, found.kind) == ("Idlib", "SYR", "Idlib", "city", "town")
    assert found.geonames is not None
    assert (round(found.lat or 0, 1), round(found.lon or 0, 1)) == (35.9, 36.6)
    assert text[found.start : found.end] == found.text == "Idlib"


def test_a_country_has_no_coordinates(coder: Coder) -> None:
    found = place(coder, "Soldiers killed three rebels in Mali.")
    assert found is not None
    assert (found.precision, found.country, found.lat, found.lon, found.geonames) == ("country", "MLI", None, None, None)


def test_an_unknown_name_has_its_words_and_no_coordinates(coder: Coder) -> None:
    text = "Gunmen killed six soldiers in the village of Karangasso in northern Mali."
    found = place(coder, text)
    assert found is not None
    assert (found.text, found.precision, found.country, found.lat, found.lon) == ("Karangasso", "unknown", "MLI", None, None)


def test_a_region_is_its_own_admin1(coder: Coder) -> None:
    found = place(coder, "Police arrested ten people in Texas on Monday.")
    assert found is not None
    assert (found.name, found.admin1, found.kind) == ("Texas", "Texas", "region")


def test_later_sentences_share_the_article_s_sense(coder: Coder) -> None:
    text = "Beirut sent troops to the north.\n\nGunmen killed two soldiers in Tripoli on Monday, the army of Lebanon said."
    found = [c.place for c in coder.code(text, "2020-01-06") if c.place and c.place.kind != WORDS]
    assert {p.country for p in found} == {"LBN"}


def test_an_unknown_name_does_not_empty_the_document(coder: Coder) -> None:
    text = "Rebels from Zzyrkova attacked soldiers near Bukavu.\n\nPolice arrested ten rebels in Goma."
    assert [c.place.name for c in coder.code(text, "2020-01-06") if c.place] == ["Bukavu", "Goma"]


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("BEIRUT (Reuters) - Shells fell.", "BEIRUT (Reuters) - "), ("NAIROBI -", "NAIROBI -"),
        ("MOSCOW, Jan 6 - Police came.", "MOSCOW, Jan 6 - "),
        ("Kabul (AP) — Gunmen came.", "Kabul (AP) — "), ("WASHINGTON -- Senators met.", "WASHINGTON -- "),
        ("SEOUL: Missiles flew.", "SEOUL: "), ("US: Iran fired.", ""),
        ("Gunmen came from the north - and left.", ""), ("Ukraine's army said: go.", ""), ("NATO troops left.", ""),
    ],
)  # fmt: skip
def test_datelines(text: str, dateline: str) -> None:
    parse = Parse(Sentence("a", 0, 0, len(text), text, ()), (), ((),))
    assert text[: dateline_end(parse)] == dateline
