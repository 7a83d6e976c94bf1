"""How measuring files name an answer of ours: `ontology/plv.yml` and `ontology/cameo_classes.yml`, by CAMEO's roots (decision 0024)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import KnowledgeError
from ..knowledge import DATA
from ..knowledge.files import read_yaml
from ..language.lemmas import regular
from ..records import Claim, Status

PLV = DATA / "ontology" / "plv.yml"
CLASSES = DATA / "ontology" / "cameo_classes.yml"
KEYS = frozenset({"event", "mode", "status", "stance", "words", "cues", "rows", "label", "code"})
LISTS = ("words", "cues", "rows")


@dataclass(frozen=True, slots=True)
class Answer:
    """An event of ours; `lemmas`, `cues`: what the words of its trigger and of the speech that it stands in may be forms of; `row`: the
    lexicon's row that told it ("": none); `stance`: of the speaker."""

    event: str
    mode: str | None
    status: Status
    lemmas: Collection[str] = ()
    row: str = ""
    stance: str = ""
    cues: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """One row: which answers it renames, to what, and the CAMEO code that explains it. None and empty sets: any."""

    event: str | None
    mode: str | None
    status: str | None
    stance: str | None
    words: frozenset[str]
    cues: frozenset[str]
    rows: frozenset[str]
    label: str
    code: str

    def fits(self, answer: Answer) -> bool:
        """Whether an answer is named by this row."""
        return (self.event in {None, answer.event} and self.mode in {None, answer.mode} and self.status in {None, answer.status}
                and self.stance in {None, answer.stance} and (not self.words or not self.words.isdisjoint(answer.lemmas))
                and (not self.cues or not self.cues.isdisjoint(answer.cues)) and (not self.rows or answer.row in self.rows))


@cache
def labels(path: Path) -> tuple[Label, ...]:
    """A table, in its order. Raises KnowledgeError for a row with an unknown key or without label and code."""
    rows = []
    for number, raw in enumerate(read_yaml(path)["labels"], 1):
        if set(raw) - KEYS or not {"label", "code"} <= set(raw):
            raise KnowledgeError(path, 0, f"row {number}: {', '.join(sorted(raw))}", f"label, code, some of {', '.join(sorted(KEYS))}")
        words, cues, names = (frozenset(raw.get(name, ())) for name in LISTS)
        event, mode, status, stance = (raw.get(name) for name in ("event", "mode", "status", "stance"))
        rows.append(Label(event, mode, status, stance, words, cues, names, raw["label"], raw["code"]))
    return tuple(rows)


def label_of(answer: Answer, path: Path) -> str:
    """The file's own name for an event of ours; the event's own where no row fits."""
    return next((row.label for row in labels(path) if row.fits(answer)), answer.event)


def answer_of(claim: Claim) -> Answer:
    """A claim as the tables want it."""
    voice = claim.voice
    return Answer(claim.event, claim.mode, claim.status, _lemmas(claim.trigger), claim.rule, voice.stance, _lemmas(voice.cue or ""))


def _lemmas(text: str) -> set[str]:
    return {form for word in text.lower().split() for form in (word, regular(word, "N"), regular(word, "V"))}
