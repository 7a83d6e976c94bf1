"""Codes of countries: known ones, days on which they changed, and a table that breaks its rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.exchange.codes import DATA, Codes, Sectors, load_forms
from detente.exchange.countries import COLUMNS, Countries, load_countries
from detente.exchange.parties import Parties
from detente.knowledge.roles import SECTORS


@pytest.fixture(scope="module")
def countries() -> Countries:
    return load_countries()


@pytest.mark.parametrize(("system", "code", "day", "iso"), [
    ("fips", "RS", None, "RUS"), ("fips", "TU", None, "TUR"), ("fips", "CH", None, "CHN"), ("fips", "SZ", None, "CHE"),
    ("fips", "AU", None, "AUT"), ("fips", "AS", None, "AUS"), ("fips", "GZ", None, "PSE"), ("fips", "WE", None, "PSE"),
    ("fips", "KV", None, "KOS"), ("fips", "RI", None, "SRB"), ("fips", "KS", None, "KOR"), ("fips", "UK", None, "GBR"),
    ("fips", "GM", None, "DEU"), ("fips", "GA", None, "GMB"), ("fips", "IS", None, "ISR"), ("fips", "IZ", None, "IRQ"),
    ("cow_number", "640", None, "TUR"), ("cow_number", "365", None, "RUS"), ("cow_number", "365", date(1980, 1, 1), "SUN"),
    ("cow_number", "345", date(1985, 1, 1), "YUG"), ("cow_number", "345", date(2004, 1, 1), "SCG"), ("cow_number", "345", None, "SRB"),
    ("cow_number", "255", None, "DEU"), ("cow_number", "679", None, "YEM"), ("cow_number", "315", date(1990, 1, 1), "CSK"),
    ("gw", "260", None, "DEU"), ("gw", "678", None, "YEM"), ("gw", "340", None, "SRB"), ("gw", "970", None, "KIR"),
    ("gw", "971", None, "NRU"),
    ("cow_number", "970", None, "NRU"), ("cow_number", "946", None, "KIR"), ("cow_letters", "UKG", None, "GBR"),
    ("cow_letters", "DRV", None, "VNM"), ("cow_letters", "ROK", None, "KOR"), ("cow_letters", "SLV", None, "SVN"),
    ("cameo", "ROM", None, "ROU"), ("cameo", "TMP", None, "TLS"), ("cameo", "KSV", None, "KOS"), ("cameo", "WSB", None, "PSE"),
    ("names", "Russian Federation", None, "RUS"), ("names", "occupied palestinian territory", None, "PSE"),
    ("names", "Democratic Republic of Congo", None, "COD"), ("names", "Congo", None, "COG"), ("names", "Viet Nam", None, "VNM"),
])
def test_codes_that_are_known(countries: Countries, system: str, code: str, day: date | None, iso: str) -> None:
    assert countries.iso(system, code, day) == iso


def test_codes_that_nobody_has(countries: Countries) -> None:
    assert countries.iso("fips", "QQ") is None
    assert countries.code("QQQ", "fips") is None
    assert countries.code(None, "fips") is None
    assert countries.read("USA") == "USA"
    assert countries.read("Atlantis") is None


def test_every_state_of_the_registry_has_its_codes(countries: Countries, codes: Codes) -> None:
    states = [actor.id for actor in codes.registry.actors.values() if actor.kind == "state" and len(actor.id) == 3]
    assert len(states) > 195
    for iso in states:
        assert iso in countries.by_iso
        assert countries.code(iso, "cameo")
    assert {iso for iso in states if not countries.code(iso, "cow_number")} == {"HKG", "PSE"}


def test_what_is_written_is_read_again(countries: Countries) -> None:
    for iso, country in countries.by_iso.items():
        day = country.valid_to and date(country.valid_to.year - 1, 1, 1)
        for system in ("fips", "cow_number", "gw", "cameo"):
            code = countries.code(iso, system)
            if code and country.valid_to is None:
                assert countries.iso(system, code) == iso, (system, code)
            elif code and system != "cow_number":
                assert countries.iso(system, code, day) is not None


@pytest.mark.parametrize(("row", "message"), [
    ("RU\tRussia\tRS\t365\tRUS\t365\tRUS\t\t\tx", "iso 'RU'"),
    ("RUS\t\tRS\t365\tRUS\t365\tRUS\t\t\tx", "iso 'RUS'"),
    ("RUS\tRussia\tRSX\t365\tRUS\t365\tRUS\t\t\tx", "fips 'RSX'"),
    ("RUS\tRussia\tRS\tx\tRUS\t365\tRUS\t\t\tx", "cow_number 'x'"),
    ("RUS\tRussia\tTU\t365\tRUS\t365\tRUS\t\t\tx", "fips 'TU', which TUR has too"),
    ("TUR\tTurkiye\tT2\t1\tTRR\t1\tTRR\t\t\tx", "iso 'TUR'"),
    ("RUS\tRussia\tRS\t365\tRUS\t365\tRUS\t2016-13\t\tx", "valid_from '2016-13'"),
    ("RUS\tRussia", "2 cells"),
])
def test_a_broken_table_is_refused(row: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "countries.tsv"
    path.write_text("\t".join(COLUMNS) + "\nTUR\tTurkey\tTU\t640\tTUR\t640\tTUR\t\t\tx\n" + row + "\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message) as caught:
        Countries(path)
    assert caught.value.line == 3


def test_forms_are_strict(tmp_path: Path) -> None:
    text = (DATA / "forms.yml").read_text("utf-8")
    path = tmp_path / "forms.yml"
    path.write_text(text + "moon: 1\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="moon"):
        load_forms(path)
    path.write_text(text.replace("batch: 4000", "batch: many"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="batch"):
        load_forms(path)


def test_sectors_are_strict_and_keep_media_and_health_apart(codes: Codes, tmp_path: Path) -> None:
    sectors = codes.sectors
    assert (sectors.read("cameo", "MED"), sectors.read("cameo", "HLH")) == ("JRN", "MED")
    assert (sectors.write("cameo", "MED"), sectors.write("cameo", "JRN")) == ("HLH", "MED")
    assert sectors.read("polecat", "MED") == "MED"
    assert sectors.read("icews", "General Population / Civilian / Social") == "CVL"
    assert sectors.read("icews", "Sunni") is None
    for scheme in ("cameo", "icews"):
        for sector in sorted(SECTORS):
            word = sectors.write(scheme, sector)
            assert word is None or sectors.read(scheme, word) == sector
    path = tmp_path / "sectors.tsv"
    for row in ("cameo\tGOV\tKING\t", "cameo\tGOV\tGOV\t\ncameo\tgov\tMIL\t"):
        path.write_text("scheme\tword\tsector\tnote\n" + row + "\n", encoding="utf-8")
        with pytest.raises(KnowledgeError):
            Sectors(path)


def test_parties_have_the_root_of_the_fold(codes: Codes) -> None:
    parties = Parties(codes)
    def told(*given: object) -> tuple[object, ...]:
        party = parties.party(*given)  # type: ignore[arg-type]
        return party["id"], party["country"], party["sector"], party["root"]
    assert told("Turkish warplanes", "TUR", ["MIL"]) == ("TUR", "TUR", ["MIL"], "TUR")
    assert told("Syrian rebels", "SYR", ["REB"]) == (None, "SYR", ["REB"], "SYR:REB")
    assert told("AL-SHABAAB", "SOM", ["REB"])[0::3] == ("al-shabaab", "al-shabaab")
    assert told(None, "TUR", []) == ("TUR", "TUR", [], "TUR")
    assert told("Gunmen", None, ["UAF"]) == (None, None, ["UAF"], "")
    assert told("Some Body", "IGO", ["IGO"]) == (None, "IGO", ["IGO"], "")
    assert parties.party(None, "TUR", [])["name"] == "Turkey"
    for root in ("TUR", "SYR:REB"):
        ident, _, sector = root.partition(":")
        assert codes.rules.party(None if sector else ident, ident, (sector,) if sector else ()).root == root
