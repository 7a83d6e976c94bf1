"""Links between groups: what a group became, what it came from, and that contradictions are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge import Knowledge, Links
from detente.knowledge.links import LINK_COLUMNS

HEADER = "\t".join(LINK_COLUMNS)
KNOWN = {"a", "b", "c"}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge()


@pytest.mark.parametrize(
    ("group", "day", "now"),
    [
        ("al-nusra-front", "2016-07-05", "al-nusra-front"),
        ("al-nusra-front", "2016-08-01", "jabhat-fateh-al-sham"),
        ("al-nusra-front", "2017-02-01", "hayat-tahrir-al-sham"),
        ("al-qaeda-in-iraq", "2014-01-01", "islamic-state"),
        ("gspc", "2010-01-01", "aqim"),
        ("ansar-dine", "2018-01-01", "jnim"),
        ("cndp", "2013-01-01", "m23"),
        ("hamas", "2020-01-01", "hamas"),
        ("nobody", "2020-01-01", "nobody"),
    ],
)
def test_under_which_id_a_group_goes_on(knowledge: Knowledge, group: str, day: str, now: str) -> None:
    assert knowledge.links.now(group, date.fromisoformat(day)) == now


def test_lineage(knowledge: Knowledge) -> None:
    assert {"al-nusra-front", "jabhat-fateh-al-sham", "hayat-tahrir-al-sham"} <= knowledge.links.lineage("jabhat-fateh-al-sham")
    assert "al-qaeda" not in knowledge.links.lineage("aqap")


def test_every_successor_has_a_link(knowledge: Knowledge) -> None:
    path = Path(__file__).parents[2] / "src" / "detente" / "data" / "actors" / "armed_groups.tsv"
    header, *rows = [line.split("\t") for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")]
    place = header.index("successor")
    told = [(row[0], row[place]) for row in rows if row[place]]
    assert len(told) > 10
    for group, successor in told:
        assert any(link.after == successor and link.kind in {"renamed", "merged", "absorbed"} for link in knowledge.links.of(group)), group


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("a\tx\trenamed\t2001\t\ts\t", "'x'"),
        ("a\tb\tbecame\t2001\t\ts\t", "became"),
        ("a\ta\trenamed\t2001\t\ts\t", "to itself"),
        ("a\tb\tpart-of\t2001\t2000\ts\t", "before date"),
        ("a\tb\tsplit\t2001\t\ts\t\na\tb\tsplit\t2002\t\ts\t", "twice"),
        ("a\tb\trenamed\t2001\t\ts\t\na\tc\tmerged\t2002\t\ts\t", "line 2 has renamed b"),
    ],
)
def test_refused(tmp_path: Path, rows: str, found: str) -> None:
    path = tmp_path / "links.tsv"
    path.write_text(f"{HEADER}\n{rows}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=found):
        Links().load(path, KNOWN)
