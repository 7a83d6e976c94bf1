"""How the PLV file names an answer of ours: the table `ontology/plv.yml`, a crosswalk by CAMEO's roots (docs/decisions/0024)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import KnowledgeError
from ..knowledge import DATA
from ..knowledge.files import read_yaml
from ..records import Status

KEYS = frozenset({"event", "mode", "status", "words", "rows", "label", "code"})


@dataclass(frozen=True, slots=True)
class Answer:
    """An event of ours; `lemmas`: what the words of its trigger may be forms of; `row`: the lexicon's row that told it ("": none)."""

    event: str
    mode: str | None
    status: Status
    lemmas: Collection[str] = ()
    row: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """One row: which answers it renames, to what, and the CAMEO code that explains it. None, no words, no rows: any."""

    event: str
    mode: str | None
    status: str | None
    words: frozenset[str]
    rows: frozenset[str]
    label: str
    code: str

    def fits(self, answer: Answer) -> bool:
        """Whether an answer is named by this row."""
        return (self.event == answer.event and self.mode in {None, answer.mode} and self.status in {None, answer.status}
                and (not self.words or not self.words.isdisjoint(answer.lemmas)) and (not self.rows or answer.row in self.rows))


@cache
def labels(path: Path = DATA / "ontology" / "plv.yml") -> tuple[Label, ...]:
    """The table, in its order. Raises KnowledgeError for a row with an unknown key or without event, label and code."""
    rows = []
    for number, raw in enumerate(read_yaml(path)["labels"], 1):
        if set(raw) - KEYS or not {"event", "label", "code"} <= set(raw):
            raise KnowledgeError(path, 0, f"row {number}: {', '.join(sorted(raw))}", "event, label, code; mode, status, words if need be")
        rows.append(Label(raw["event"], raw.get("mode"), raw.get("status"), frozenset(raw.get("words", ())),
                          frozenset(raw.get("rows", ())), raw["label"], raw["code"]))
    return tuple(rows)


def label_of(answer: Answer) -> str:
    """The file's own name for an event of ours; the event's own where no row fits."""
    return next((row.label for row in labels() if row.fits(answer)), answer.event)
