"""Suggestions of people: who is listed, with what, and that the rows are read back by the strict loader."""

from __future__ import annotations

from pathlib import Path

from detente import Coder
from detente.knowledge.actors import PERSON_COLUMNS
from detente.knowledge.files import read_table
from detente.pipeline import make_article
from detente.suggest import header, suggest

TEXT = (
    "Estonian Defence Minister Jaak Aaviksoo called a crisis meeting. Aaviksoo blamed the attacks on Russia. "
    "French President Emmanuel Macron spoke to Tehran. A Danish student, Mette Holm, watched the protest."
)


def test_new_office_holders_with_evidence(coder: Coder) -> None:
    [found] = suggest([make_article(TEXT, "2007-05-02", None)], coder)
    assert (found.person, found.actor, found.role, found.sector) == ("Jaak Aaviksoo", "EST", "defence minister", ("GOV",))
    assert found.count == 2
    assert str(found.first) == "2007-05-02"
    assert found.evidence.startswith("Estonian Defence Minister")


def test_least_leaves_out_the_rare(coder: Coder) -> None:
    articles = [make_article(TEXT, "2007-05-02", None)]
    assert suggest(articles, coder, least=3) == []


def test_rows_are_rows_of_the_persons_file(coder: Coder, tmp_path: Path) -> None:
    found = suggest([make_article(TEXT, "2007-05-02", None)], coder)
    path = tmp_path / "persons.tsv"
    path.write_text("\n".join([header(), *(s.row() for s in found)]) + "\n", encoding="utf-8")
    [row] = read_table(path, PERSON_COLUMNS)
    assert row["person"] == "Jaak Aaviksoo"
    assert str(row.day("valid_from")) == "2007-05-02"
