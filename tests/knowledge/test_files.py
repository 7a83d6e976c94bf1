"""The strict readers: whatever they do not understand is an error with file, line, found, expected."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge.files import read_table, read_yaml

COLUMNS = ("id", "since", "names")


def table(path: Path, *lines: str) -> Path:
    """Writes a table; cells are parted by bars' stand-in ";" for readability."""
    path.write_text("".join(line.replace(";", "\t") + "\n" for line in lines), encoding="utf-8")
    return path


def test_rows_know_where_they_stand(tmp_path: Path) -> None:
    path = table(tmp_path / "t.tsv", "id;since;names", "a;2016;x | y|", "b;;")
    one, two = read_table(path, COLUMNS)
    assert (one["id"], one.line, one.many("names")) == ("a", 2, ("x", "y"))
    assert (two["id"], two.line, two.many("names"), two.day("since")) == ("b", 3, (), None)


def test_packed_tables_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv.gz"
    path.write_bytes(gzip.compress(b"id\tsince\tnames\na\t\t\n"))
    assert [row["id"] for row in read_table(path, COLUMNS)] == ["a"]


@pytest.mark.parametrize("header", ["id;since", "id;since;names;colour", "id;names;since", "", "id,since,names"])
def test_unknown_columns(tmp_path: Path, header: str) -> None:
    path = table(tmp_path / "t.tsv", header)
    with pytest.raises(KnowledgeError, match="columns id, since, names") as caught:
        list(read_table(path, COLUMNS))
    assert (caught.value.path, caught.value.line) == (path, 1)


@pytest.mark.parametrize("row", ["a;2016", "a;2016;x;y", ""])
def test_too_few_or_too_many_cells(tmp_path: Path, row: str) -> None:
    path = table(tmp_path / "t.tsv", "id;since;names", "a;;", row)
    with pytest.raises(KnowledgeError, match="3 cells") as caught:
        list(read_table(path, COLUMNS))
    assert (caught.value.path, caught.value.line) == (path, 3)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2016-12", date(2016, 12, 1), date(2016, 12, 31)),
        ("2016-07-05", date(2016, 7, 5), date(2016, 7, 5)),
    ],
)
def test_dates_may_be_cut_short(tmp_path: Path, cell: str, first: date, last: date) -> None:
    [row] = read_table(table(tmp_path / "t.tsv", "id;since;names", f"a;{cell};"), COLUMNS)
    assert (row.day("since"), row.day("since", last=True)) == (first, last)


@pytest.mark.parametrize("cell", ["July 2016", "2016-13", "2016-02-30", "16", "20160705", "2016-7-5", "5.7.2016", "2016-07-05T00:00"])
def test_bad_dates(tmp_path: Path, cell: str) -> None:
    path = table(tmp_path / "t.tsv", "id;since;names", "a;;", f"b;{cell};")
    rows = list(read_table(path, COLUMNS))
    with pytest.raises(KnowledgeError, match="since") as caught:
        rows[1].day("since")
    assert (caught.value.path, caught.value.line) == (path, 3)
    assert cell in caught.value.found


@pytest.mark.parametrize("content", [b"id\tsince\tnames\n\xff\t\t\n", b"\x1f\x8bnot gzip"], ids=["latin", "damaged"])
def test_files_that_are_no_tables(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / ("t.tsv.gz" if content.startswith(b"\x1f") else "t.tsv")
    path.write_bytes(content)
    with pytest.raises(KnowledgeError, match=path.name):
        list(read_table(path, COLUMNS))


def test_a_missing_table(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="readable table"):
        list(read_table(tmp_path / "none.tsv", COLUMNS))


@pytest.mark.parametrize(
    ("content", "line"),
    [("a: [1, 2\nb: 3\n", 2), ("a: 1\n  b: 2\n", 2), ("a: 'open\n", 2), ("a: *nowhere\n", 1), ("a: 1\nb: 2\na: 3\n", 3)],
    ids=["bracket", "indent", "quote", "anchor", "key twice"],
)
def test_bad_yaml(tmp_path: Path, content: str, line: int) -> None:
    path = tmp_path / "f.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"f\.yml") as caught:
        read_yaml(path)
    assert (caught.value.path, caught.value.line) == (path, line)


def test_no_and_on_are_words(tmp_path: Path) -> None:
    path = tmp_path / "f.yml"
    path.write_text("no: on\nyes: [off, true]\nday: 2016-07-05\n", encoding="utf-8")
    assert read_yaml(path) == {"no": "on", "yes": ["off", True], "day": "2016-07-05"}


def test_yaml_makes_no_objects(tmp_path: Path) -> None:
    path = tmp_path / "f.yml"
    path.write_text("!!python/object/apply:os.getcwd []\n", encoding="utf-8")
    with pytest.raises(KnowledgeError):
        read_yaml(path)
