"""Roots of given pairs: reading, folding, hand-counted figures, and the batch against the single call."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from detente.errors import BadArticle, ScoreError
from detente.pipeline import Coder
from detente.score import SCORES
from detente.score.plv import UNNAMED, PlvItem, figures, plv_errors, read_plv, unmark
from detente.settings import Settings

HEADER = "\tsentence\tmarked_sentence\tgold_root\tgold_penta"
ROWS = [
    ("Chile accused Peru of spying.", "<s>Chile</s> accused <t>Peru</t> of spying.", "ACCUSE", "3"),
    ("Rebels attacked army posts on Monday.", "<s>Rebels</s> attacked <t>army posts</t> on Monday.", "ASSAULT", "4"),
    ("The governor agreed to resign.", "<s>The governor</s> agreed to resign.", "YIELD", "2"),
]


def written(folder: Path, rows: list[tuple[str, str, str, str]] | None = None, header: str = HEADER) -> Path:
    """A file of rows, with a column of numbers before them."""
    path = folder / "own.tsv"
    body = ["\t".join((str(number), *row)) for number, row in enumerate(ROWS if rows is None else rows)]
    path.write_text("\n".join([header, *body]) + "\n", encoding="utf-8")
    return path


def item(root: str, penta: int) -> PlvItem:
    return PlvItem(2, "A B.", (0, 1), (2, 3), root, penta)


def test_marks_give_spans() -> None:
    plain, spans = unmark("On Monday, <s>the minister </s>met <t>Ukraine</t>'s envoy in <t>Ukraine</t>.")
    assert plain == "On Monday, the minister met Ukraine's envoy in Ukraine."
    assert plain[slice(*spans["s"])] == "the minister"
    assert spans["t"] == (28, 35)


def test_rows_are_read(tmp_path: Path) -> None:
    items = read_plv(written(tmp_path))
    assert [(i.line, i.root, i.penta) for i in items] == [(2, "ACCUSE", 3), (3, "ASSAULT", 4), (4, "YIELD", 2)]
    assert items[1].sentence[slice(*items[1].target)] == "army posts"
    assert items[2].target == UNNAMED


def test_quoted_fields_and_packed_files(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv.gz"
    row = '0\t"He said ""no"" to X."\t"<s>He</s> said ""no"" to <t>X</t>."\tREJECT\t3'
    path.write_bytes(gzip.compress(f"{HEADER}\n{row}\n".encode()))
    assert read_plv(path)[0].sentence == 'He said "no" to X.'


def test_figures_counted_by_hand() -> None:
    items = [item("YIELD", 2), item("YIELD", 2), item("AGREE", 1), item("ASSAULT", 4)]
    result = figures(items, ["CONCEDE", "RETREAT", "CONCEDE", "COERCE"])
    # YIELD: 2 right of 3 found and 2 there, F1 0.8; AGREE, ASSAULT, COERCE: 0. Classes: 2 has 0.8, 1 has 0, 4 has 1.
    assert result == {
        "macro_f1": 0.2, "accuracy": 0.5, "penta_macro_f1": 0.6, "n": 4,
        "f1_AGREE": 0.0, "f1_ASSAULT": 0.0, "f1_COERCE": 0.0, "f1_YIELD": 0.8,
    }


def test_the_gold_class_is_the_files_own() -> None:
    assert figures([item("COERCE", 3)], ["COERCE"])["penta_macro_f1"] == 0.0


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("A met B.", "<s>A</s> met <t>B</t>.", "MEET", "1"), r":2: found the root 'MEET', expected one of AGREE"),
        (("A met B.", "<s>A</s> met <t>B</t>.", "CONSULT", "5"), r":2: found the class '5', expected 1, 2, 3 or 4"),
        (("A met B.", "<s>A met <t>B</t>.", "CONSULT", "1"), r":2: found <s> without its end, expected <s>…</s>"),
        (("A met B.", "A</s> met <t>B</t>.", "CONSULT", "1"), r":2: found </s> without <s>"),
        (("A met B.", "<s><s>A</s> met B.", "CONSULT", "1"), r":2: found <s> inside <s>"),
        (("A met B.", "A met <t> </t>B.", "CONSULT", "1"), r":2: found nothing between <t> and </t>"),
        (("A met B.", "<s>A</s> saw <t>B</t>.", "CONSULT", "1"), r":2: found a marked sentence of other words"),
    ],
)
def test_malformed_rows(tmp_path: Path, row: tuple[str, str, str, str], message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        read_plv(written(tmp_path, [row]))


def test_malformed_tables(tmp_path: Path) -> None:
    with pytest.raises(ScoreError, match=r":1: found no column 'gold_root', expected a header with"):
        read_plv(written(tmp_path, header=HEADER.replace("gold_root", "root")))
    with pytest.raises(ScoreError, match=r":1: found no rows"):
        read_plv(written(tmp_path, []))
    path = written(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + "7\tonly\tthree\n", encoding="utf-8")
    with pytest.raises(ScoreError, match=r":5: found 3 fields, expected 5"):
        read_plv(path)
    path.write_text(f'{HEADER}\n0\t"never closed\n', encoding="utf-8")
    with pytest.raises(ScoreError, match="quotes doubled"):
        read_plv(path)


def test_a_file_through_the_coder(tmp_path: Path) -> None:
    path = written(tmp_path)
    result = SCORES["plv"](path, Settings())
    errors = plv_errors(path, Settings())
    assert result["n"] == 3
    assert result["accuracy"] == pytest.approx(1 - len(errors) / 3, abs=1e-4)
    assert all(error.found != error.gold and 0 <= error.probability_of_gold <= error.probability <= 1 for error in errors)


def test_errors_carry_what_one_wants_to_read(tmp_path: Path) -> None:
    sentence, marked, _, _ = ROWS[0]
    (error,) = plv_errors(written(tmp_path, [(sentence, marked, "AID", "2")]), Settings())
    assert (error.line, error.source, error.target, error.gold, error.found) == (2, "Chile", "Peru", "AID", "ACCUSE")
    assert error.trigger == "accused"
    assert error.rule.startswith("accuse")


def test_the_batch_says_what_single_calls_say() -> None:
    coder = Coder(Settings())
    items = [(sentence, (0, 6), (8, 13)) for sentence, _, _, _ in ROWS] + [(ROWS[0][0], UNNAMED, (14, 18))]
    assert coder.relations(items) == [coder.relation(*one) for one in items]
    assert coder.relations([]) == []


@pytest.mark.parametrize("span", [(3, 3), (-1, 2), (5, 900), (4, 2)])
def test_spans_outside_the_sentence_are_refused(span: tuple[int, int]) -> None:
    with pytest.raises(BadArticle, match="do not lie in a text of 29 characters"):
        Coder(Settings()).relations([(ROWS[0][0], span, (0, 5))])
