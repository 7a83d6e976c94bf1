"""Role phrases: strict rows, the longest phrase that ends at a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge import Roles


def load(path: Path, *rows: str) -> Roles:
    """Roles of a file with these rows; ";" stands for a tab."""
    path.write_text("".join(line.replace(";", "\t") + "\n" for line in ("phrase;sectors;kind;note", *rows)), encoding="utf-8")
    roles = Roles()
    roles.load(path)
    return roles


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("minister;XYZ;office;", "XYZ"),
        ("minister;;office;", "sectors"),
        ("minister;GOV;job;", "job"),
        ("general;MIL;office;", "general"),
        ("GENERAL;MIL;office;", "GENERAL"),
    ],
    ids=["unknown sector", "no sector", "unknown kind", "twice", "twice in capitals"],
)
def test_bad_rows(tmp_path: Path, row: str, found: str) -> None:
    path = tmp_path / "roles.tsv"
    with pytest.raises(KnowledgeError) as caught:
        load(path, "general;MIL;office;", row)
    assert (caught.value.path, caught.value.line) == (path, 3)
    assert found in caught.value.found


def test_an_unknown_column(tmp_path: Path) -> None:
    path = tmp_path / "roles.tsv"
    path.write_text("phrase\tsector\tkind\tnote\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        Roles().load(path)
    assert (caught.value.path, caught.value.line) == (path, 1)


def test_the_longest_phrase_wins(tmp_path: Path) -> None:
    roles = load(
        tmp_path / "roles.tsv",
        "minister;GOV;office;",
        "foreign minister;GOV;office;",
        "attorney general;JUD;office;plural: attorneys general",
    )
    found = roles.ending_at(["the", "foreign", "minister"], "minister")
    assert found is not None
    assert (found[0].phrase, found[1]) == ("foreign minister", 2)
    plural = roles.ending_at(["attorneys", "general"], "general")
    assert plural is not None
    assert plural[0].phrase == "attorney general"
    lemma = roles.ending_at(["two", "ministers"], "minister")
    assert lemma is not None
    assert lemma[0].phrase == "minister"
    assert roles.ending_at(["the", "gardener"], "gardener") is None
