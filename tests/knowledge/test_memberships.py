"""Memberships: who belonged to what on a day, and that contradictions are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge import Actor, Knowledge, Memberships
from detente.knowledge.memberships import MEMBERSHIP_COLUMNS

HEADER = "\t".join(MEMBERSHIP_COLUMNS)
KNOWN = {"club", "AAA", "BBB"}


@pytest.fixture(scope="module")
def memberships() -> Memberships:
    return Knowledge().memberships


@pytest.mark.parametrize(
    ("organisation", "day", "kind", "inside", "outside"),
    [
        ("nato", "1998-12-31", "member", "TUR GRC DEU ESP", "POL HUN CZE FIN"),
        ("nato", "2016-07-05", "member", "TUR POL ALB HRV", "MNE FIN SWE UKR"),
        ("nato", "2024-03-07", "member", "FIN SWE MKD MNE", "UKR GEO"),
        ("european-union", "2016-06-29", "member", "GBR DEU HRV BGR", "TUR NOR CHE"),
        ("european-union", "2020-02-01", "member", "DEU HRV", "GBR"),
        ("european-union", "2016-07-05", "candidate", "TUR SRB MNE", "HRV ISL GBR"),
        ("sco", "2016-07-05", "partner", "TUR ARM AZE", "IND BLR"),
        ("sco", "2016-07-05", "observer", "IND IRN BLR", "TUR"),
        ("sco", "2018-01-01", "member", "IND PAK CHN", "IRN BLR"),
        ("arab-league", "2016-07-05", "suspended", "SYR", "EGY LBY"),
        ("arab-league", "2016-07-05", "member", "SYR EGY PSE", "TUR IRN"),
        ("csto", "2016-07-05", "member", "RUS ARM BLR", "UZB GEO"),
        ("eeu", "2016-07-05", "member", "RUS KAZ BLR ARM KGZ", "TUR MDA"),
        ("opec", "2019-06-01", "member", "SAU ECU COG", "QAT IDN"),
        ("ecowas", "2025-02-01", "member", "NGA SEN", "MLI NER BFA"),
        ("african-union", "2016-07-05", "member", "western-sahara SSD", "MAR"),
        ("united-nations", "2001-01-01", "member", "fr-yugoslavia TUV", "CHE TLS YUG"),
        ("brics", "2024-06-01", "member", "IRN EGY ZAF", "SAU ARG IDN"),
        ("warsaw-pact", "1985-01-01", "member", "SUN DDR POL", "ALB YUG"),
        ("un-security-council", "2016-07-05", "member", "CHN FRA GBR RUS USA EGY JPN SEN UKR URY AGO MYS NZL ESP VEN", "SUN DEU IND"),
        ("un-security-council", "2003-03-20", "member", "DEU SYR PAK CHL", "JPN TUR"),
        ("nato", "1997-05-27", "partner", "RUS UKR POL FIN", "IRL TJK DEU"),
        ("schengen-area", "2016-07-05", "member", "CHE NOR POL", "GBR IRL HRV ROU"),
        ("eurogroup", "2016-07-05", "member", "GRC LTU DEU", "POL GBR HRV"),
        ("icc", "2018-01-01", "member", "PHL PSE GEO", "BDI USA RUS ISR"),
        ("wto", "2013-01-01", "member", "RUS CHN TWN european-union", "KAZ LBR IRN"),
        ("commonwealth", "1975-01-01", "member", "IND GBR BGD", "PAK ZAF"),
        ("opcw", "2016-07-05", "member", "SYR RUS IRQ", "ISR EGY PRK PSE"),
        ("oecd", "2016-07-05", "candidate", "COL LTU CRI RUS", "LVA BRA"),
        ("unesco", "2020-01-01", "member", "PSE GBR", "USA ISR"),
        ("lima-group", "2019-06-01", "member", "BRA PER CAN", "MEX BOL"),
    ],
)
def test_who_belongs(memberships: Memberships, organisation: str, day: str, kind: str, inside: str, outside: str) -> None:
    found = set(memberships.members(organisation, date.fromisoformat(day), (kind,)))
    assert set(inside.split()) <= found
    assert not set(outside.split()) & found


def test_of_an_actor(memberships: Memberships) -> None:
    held = {(m.organisation, m.kind) for m in memberships.of("TUR", date(2016, 7, 5))}
    assert {("nato", "member"), ("sco", "partner"), ("european-union", "candidate"), ("g20", "member")} <= held
    assert ("nato", "member") in {(m.organisation, m.kind) for m in memberships.of("FIN")}
    assert memberships.of("nobody") == ()


def test_the_security_council_is_full(memberships: Memberships) -> None:
    for year in range(1991, 2027):
        assert len(memberships.members("un-security-council", date(year, 7, 1))) == 15, year


def test_nobody_belongs_before_the_beginning_or_after_the_end() -> None:
    knowledge = Knowledge()
    actors = knowledge.registry.actors
    for held in (held for actor in actors for held in knowledge.memberships.of(actor) if not held.note):
        for life in (actors[held.organisation], actors[held.member]):
            if life.valid_from and held.valid_from:
                assert held.valid_from.year >= life.valid_from.year, (held, life.id)
            if life.valid_to:
                assert (held.valid_to or date.max).year <= life.valid_to.year, (held, life.id)


def test_enough(memberships: Memberships) -> None:
    assert len(memberships) >= 5000


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("clubb\tAAA\tmember\t\t\ts\t", "clubb"),
        ("club\tCCC\tmember\t\t\ts\t", "CCC"),
        ("club\tAAA\tfriend\t\t\ts\t", "friend"),
        ("club\tAAA\tmember\t2001\t2000\ts\t", "before valid_from"),
        ("club\tAAA\tmember\t2001-13\t\ts\t", "2001-13"),
        ("club\tAAA\tmember\t2001\t2003\ts\t\nclub\tAAA\tmember\t2003\t\ts\t", "which line 2 has as member"),
        ("club\tAAA\tobserver\t2001\t\ts\t\nclub\tAAA\tmember\t2005\t\ts\t", "which line 2 has as observer"),
    ],
)
def test_refused(tmp_path: Path, rows: str, found: str) -> None:
    path = tmp_path / "memberships.tsv"
    path.write_text(f"{HEADER}\n{rows}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=found):
        Memberships().load(path, KNOWN)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("club\tAAA\tmember\t1985\t\ts\t", "club being valid from 1990-01-01"),
        ("club\tAAA\tmember\t1995\t2012\ts\t", "AAA being valid from ever to 2010-12-31"),
        ("club\tAAA\tmember\t1985\t2012\ts\tin its forerunner", ""),
        ("club\tAAA\tmember\t1990\t2010\ts\t", ""),
    ],
)
def test_memberships_in_what_was_not_there(tmp_path: Path, row: str, found: str) -> None:
    path = tmp_path / "memberships.tsv"
    path.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    lives = {
        "club": Actor("club", "Club", "organisation", "IGO", (), date(1990, 1, 1), None),
        "AAA": Actor("AAA", "Aland", "state", "AAA", (), None, date(2010, 12, 31)),
    }
    if not found:
        Memberships().load(path, lives, lives)
        return
    with pytest.raises(KnowledgeError) as caught:
        Memberships().load(path, lives, lives)
    assert found in caught.value.found
    assert "note" in caught.value.hint


def test_suspended_members_stay_members(tmp_path: Path) -> None:
    path = tmp_path / "memberships.tsv"
    path.write_text(f"{HEADER}\nclub\tAAA\tmember\t2001\t\ts\t\nclub\tAAA\tsuspended\t2005\t2006\ts\t\n", encoding="utf-8")
    memberships = Memberships()
    memberships.load(path, KNOWN)
    assert [m.kind for m in memberships.of("AAA", date(2005, 6, 1))] == ["member", "suspended"]
    assert memberships.members("club", date(2007, 1, 1), ("suspended",)) == ()
