"""PLOVER roots of given source-target pairs: macro-F1 over roots and over the four quad classes.

The file is a table with tabs and a header; of its columns `sentence`, `marked_sentence` (the sentence with `<s>…</s>` around
the source and `<t>…</t>` around the target), `gold_root` and `gold_penta` are read. A party without a mark is one that the sentence
does not name; of a party marked twice the first place counts. The file knows one root YIELD for PLOVER's CONCEDE and RETREAT.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..flow.pairing import Pairing
from ..pipeline import Coder
from ..settings import Settings
from .arithmetic import accuracy, class_f1, macro_f1
from .crosswalk import PLV, Answer, label_of
from .files import malformed, numbered_lines

Span = tuple[int, int]
# The quad class of each root as the file's gold columns pair them (1 and 2 cooperation in words and deeds, 3 and 4 conflict).
PENTA = {
    "AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "AID": 2, "COOPERATE": 2, "YIELD": 2, "ACCUSE": 3, "REJECT": 3, "REQUEST": 3,
    "THREATEN": 3, "ASSAULT": 4, "COERCE": 4, "MOBILIZE": 4, "PROTEST": 4, "SANCTION": 4,
}
FOLDED = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
UNNAMED: Span = (0, 0)
HEAD = ("macro_f1", "accuracy", "penta_macro_f1", "n")
NEEDED = ("sentence", "marked_sentence", "gold_root", "gold_penta")
_MARK = re.compile(r"</?[st]>")


@dataclass(frozen=True, slots=True)
class PlvItem:
    """One row: spans count characters of `sentence`, UNNAMED for a party without a mark; `line` is the row's last line."""

    line: int
    sentence: str
    source: Span
    target: Span
    root: str
    penta: int


@dataclass(frozen=True, slots=True)
class PlvError:
    """A row whose root was not found: the wrong one with its probability, the right one's probability, and which row of the lexicon won."""

    line: int
    sentence: str
    source: str
    target: str
    gold: str
    found: str
    probability: float
    probability_of_gold: float
    rule: str
    trigger: str


def score(path: Path, settings: Settings) -> dict[str, float | int]:
    """`macro_f1 accuracy penta_macro_f1 n`, `draft_macro_f1 draft_accuracy`: the same where answers keep the names of PLOVER's draft (but
    for the one YIELD), then `f1_ROOT` of each root in gold or guesses. Raises ScoreError."""
    items = read_plv(path)
    pairings = _pairings(items, settings)
    draft = figures(items, [p.root for p in pairings])
    result = figures(items, [label(p) for p in pairings])
    own = {f"draft_{name}": draft[name] for name in ("macro_f1", "accuracy")}
    return {name: result[name] for name in HEAD} | own | {name: value for name, value in result.items() if name not in HEAD}


def label(pairing: Pairing) -> str:
    """The file's own name for a pairing, by `crosswalk`."""
    row = pairing.why[0].rule if pairing.why else ""
    return label_of(Answer(pairing.root, pairing.mode, pairing.status, (pairing.trigger,), row), PLV)


def figures(items: Sequence[PlvItem], roots: Sequence[str]) -> dict[str, float | int]:
    """The figures of roots found for the rows, in order; PLOVER's CONCEDE and RETREAT count as YIELD."""
    gold, found = [item.root for item in items], [FOLDED.get(root, root) for root in roots]
    result: dict[str, float | int] = {
        "macro_f1": round(macro_f1(gold, found), 4),
        "accuracy": round(accuracy(gold, found), 4),
        "penta_macro_f1": round(macro_f1([item.penta for item in items], [PENTA[root] for root in found]), 4),
        "n": len(items),
    }
    return result | {f"f1_{root}": round(value, 4) for root, value in class_f1(gold, found).items()}


def plv_errors(path: Path, settings: Settings) -> list[PlvError]:
    """The rows whose root was not found, in the file's order; for reading, never for training. Raises ScoreError."""
    items = read_plv(path)
    result = []
    for item, pairing in zip(items, _pairings(items, settings), strict=True):
        found = label(pairing)
        if found == item.root:
            continue
        fair = sum(value for root, value in pairing.probabilities.items() if root != pairing.root and FOLDED.get(root, root) == item.root)
        rule, trigger = (pairing.why[0].rule, pairing.why[0].text) if pairing.why else ("", "")
        source, target = (item.sentence[slice(*span)] for span in (item.source, item.target))
        result.append(PlvError(item.line, item.sentence, source, target, item.root, found, pairing.probability, fair, rule, trigger))
    return result


def _pairings(items: Sequence[PlvItem], settings: Settings) -> list[Pairing]:
    return Coder(settings).relations([(item.sentence, item.source, item.target) for item in items])


def read_plv(path: Path) -> list[PlvItem]:
    """The rows of a file, plain or .gz. Raises ScoreError with file and line."""
    lines = _Counted(path)
    rows = csv.reader(lines, delimiter="\t", strict=True)
    items = []
    try:
        header = next(rows, [])
        missing = [name for name in NEEDED if name not in header]
        if missing:
            raise malformed(path, 1, f"no column {missing[0]!r}", f"a header with {', '.join(NEEDED)}")
        places = [header.index(name) for name in NEEDED]
        for row in rows:
            if len(row) != len(header):
                raise malformed(path, lines.number, f"{len(row)} fields", f"{len(header)}, as in the header")
            items.append(_item(path, lines.number, [row[place] for place in places]))
    except csv.Error as error:
        raise malformed(path, lines.number, str(error), "fields parted by tabs, quotes doubled inside quoted ones") from error
    if not items:
        raise malformed(path, 1, "no rows", "a header and rows")
    return items


class _Counted(Iterator[str]):
    """Lines for the table reader; `number` is that of the last one given."""

    def __init__(self, path: Path) -> None:
        self._lines = numbered_lines(path)
        self.number = 0

    def __next__(self) -> str:
        self.number, line = next(self._lines)
        return line + "\n"


def _item(path: Path, line: int, cells: list[str]) -> PlvItem:
    sentence, marked, root, penta = cells
    if root not in PENTA:
        raise malformed(path, line, f"the root {root!r}", f"one of {', '.join(PENTA)}")
    if penta not in {"1", "2", "3", "4"}:
        raise malformed(path, line, f"the class {penta!r}", "1, 2, 3 or 4")
    try:
        plain, spans = unmark(marked)
    except ValueError as error:
        raise malformed(path, line, str(error), "<s>…</s> and <t>…</t>, opened and closed in turn") from error
    if plain != sentence:
        raise malformed(path, line, "a marked sentence of other words", "the sentence itself with marks")
    return PlvItem(line, plain, spans.get("s", UNNAMED), spans.get("t", UNNAMED), root, int(penta))


def unmark(marked: str) -> tuple[str, dict[str, Span]]:
    """The sentence without marks and the first span of each party ("s", "t"), without white space at its ends.

    Raises ValueError for a mark that is not closed, not opened, or closed around nothing.
    """
    plain, place = "", 0
    opened: dict[str, int] = {}
    spans: dict[str, Span] = {}
    for match in _MARK.finditer(marked):
        plain += marked[place : match.start()]
        place = match.end()
        party = match[0][-2]
        if not match[0].startswith("</"):
            if party in opened:
                raise ValueError(f"<{party}> inside <{party}>")
            opened[party] = len(plain)
            continue
        if party not in opened:
            raise ValueError(f"</{party}> without <{party}>")
        start = opened.pop(party)
        inner = plain[start:]
        if not inner.strip():
            raise ValueError(f"nothing between <{party}> and </{party}>")
        start += len(inner) - len(inner.lstrip())
        spans.setdefault(party, (start, start + len(inner.strip())))
    if opened:
        raise ValueError(f"<{next(iter(opened))}> without its end")
    return plain + marked[place:], spans
