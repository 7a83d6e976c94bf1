"""521 time expressions, written before the code that reads them: start, end and precision must all be right."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from detente.flow.dates import expressions
from detente.records import When

PATH = Path(__file__).parent / "date_expressions.tsv"
FLOOR = 0.985


def load() -> list[dict[str, str]]:
    """The rows; the words are marked by brackets, no precision means that nothing may be said."""
    with PATH.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def found(row: dict[str, str]) -> list[When]:
    """What is said of the marked words; of the whole sentence where nothing may be said."""
    sentence = row["sentence"]
    first, last = sentence.index("["), sentence.index("]") - 1
    text = sentence.replace("[", "").replace("]", "")
    placed = [w for w in expressions(text, _day(row["published"]), _day(row["anchor"])) if w.start or w.end]
    if not row["precision"]:
        return placed
    return [w for w in placed if (w.text_start or 0) < last and (w.text_end or 0) > first]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def right(row: dict[str, str]) -> bool:
    """Whether the words give just the interval and the precision that they should."""
    got = [(w.start, w.end, w.precision) for w in found(row)]
    return got == ([(_day(row["start"]), _day(row["end"]), row["precision"])] if row["precision"] else [])


def test_enough_expressions_of_all_kinds() -> None:
    rows = load()
    assert len(rows) >= 500
    assert len({row["kind"] for row in rows}) >= 15


def test_expressions() -> None:
    rows = load()
    wrong = [f"{r['sentence']} ({r['published']}): {[(w.text, str(w.start), str(w.end), w.precision) for w in found(r)]}, not "
             f"{r['start']}..{r['end']} {r['precision']}" for r in rows if not right(r)]
    assert 1 - len(wrong) / len(rows) >= FLOOR, "\n".join(wrong)
