"""The ledger's rows: ledger/*.yml compiled to rules, found by lemma; words that open a condition. docs/ledger.md describes the format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import KnowledgeError
from ..ledger import KINDS, Sort
from ..records import Status
from .files import line_of, read_yaml
from .lexicon import Condition, Part, Slot, alternatives, parse_slot, phrase_of

HINT = "see docs/ledger.md"
ANY = "*"
SELF = "self"
CLASSES = "classes.yml"
CONDITIONS = "conditions.yml"
# Classes that are found out in the sentence, not listed: any actor, a place, people, an international body.
FOUND = frozenset({"@actor", "@place", "@people", "@body"})
# Of each part of speech: who, to whom, and in which words, where a row does not say.
DEFAULTS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "verb": (["subject"], ["object"], ["object"]),
    "noun": (["poss", "subject", "nmod:by|from", "mod"], ["nmod:for|of|with|to|on|against", "obl:for|to|with"], []),
    "adjective": (["subject"], ["obl:with|to|of|on|against"], []),
}


class Expected(BaseModel):
    """A sentence that a row must match, and what must come out. `if`: words of a condition, `about`: of the matter."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    text: str
    by: list[str] | None = None
    to: list[str] | None = None
    about: str | None = None
    condition: str | None = Field(default=None, alias="if")
    status: Status | None = None


class LedgerRow(BaseModel):
    """One row as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    kind: str
    verb: list[str] | str | None = None
    noun: list[str] | str | None = None
    adjective: list[str] | str | None = None
    by: list[str] | None = None
    to: list[str] | None = None
    about: list[str] | None = None
    terms: list[str] = Field(default_factory=list)
    mutual: bool = False
    needs: dict[str, list[str]] = Field(default_factory=dict)
    never: dict[str, list[str]] = Field(default_factory=dict)
    status: Status | None = None
    conditional: Literal["any", "strong"] | None = None
    word: str | None = None
    denied: bool = False
    planned: str | None = None
    beside: bool = False
    open: bool = False
    joint: bool = False
    priority: int = 0
    matches: list[Expected] = Field(min_length=1)
    refuses: list[str] = Field(min_length=1)
    note: str = ""


class LedgerFile(BaseModel):
    """One file of rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sort: Sort
    rows: list[LedgerRow]


class OpenerRow(BaseModel):
    """Words that open a condition.

    `clause`: only before a clause, else before a noun too; `inverted`: the verb stands before its subject ("should it be attacked");
    `negated`: only below something denied ("will not leave until"); `strong`: it says that one thing is given for another.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    words: list[str]
    clause: bool = True
    inverted: bool = False
    negated: bool = False
    strong: bool = False
    matches: list[Expected] = Field(min_length=1)
    refuses: list[str] = Field(min_length=1)
    note: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRule:
    """A row, compiled."""

    id: str
    sort: Sort
    kind: str
    part: Part
    phrases: tuple[tuple[str, ...], ...]
    by: tuple[Slot, ...]
    to: tuple[Slot, ...]
    about: tuple[Slot | None, ...]
    terms: tuple[Slot, ...]
    word: tuple[Slot, ...]
    needs: tuple[Condition, ...]
    never: tuple[Condition, ...]
    rank: int
    row: LedgerRow
    path: Path


@dataclass(frozen=True, slots=True)
class Opener:
    """Words that open a condition, compiled. `strong`: alone they say that one thing is given for another."""

    id: str
    words: tuple[tuple[str, ...], ...]
    row: OpenerRow
    path: Path


class Ledger:
    """Rules by the lemma of their head word and part of speech; openers of conditions; word classes.

    `heads`: lemmas of all rows; `telling`: without one of these a sentence tells nothing for the ledger.
    """

    def __init__(self) -> None:
        self.rules: dict[str, LedgerRule] = {}
        self.openers: dict[str, Opener] = {}
        self.classes: dict[str, frozenset[str]] = {}
        self.heads: frozenset[str] = frozenset()
        self.telling: frozenset[str] = frozenset()
        self._by_head: dict[tuple[str, Part], list[LedgerRule]] = defaultdict(list)

    def load(self, folder: Path, classes: Mapping[str, frozenset[str]]) -> None:
        """Reads all files of one ledger/ folder; `classes`: those of the lexicon, which rows may name too.

        Raises KnowledgeError at the first row that breaks the format.
        """
        self.classes = {**classes, **self.classes}
        if (folder / CLASSES).is_file():
            self.classes.update({f"@{name}": frozenset(words) for name, words in read_yaml(folder / CLASSES).items()})
        for path in sorted(folder.glob("*.yml")):
            if path.name == CONDITIONS:
                self._load_openers(path)
            elif path.name != CLASSES:
                self._load_file(path)
        self.heads = frozenset(lemma for lemma, _ in self._by_head if lemma != ANY)
        # A strong condition makes any verb a trigger; its short words stand in every sentence and tell nothing.
        strong = (word for opener in self.openers.values() if opener.row.strong for words in opener.words for word in words)
        self.telling = self.heads | {word for word in strong if len(word) > 4}

    def at(self, lemma: str, part: Part) -> list[LedgerRule]:
        """Rules whose phrase has this lemma for its head, and those of any verb."""
        return self._by_head.get((lemma, part), []) + self._by_head.get((ANY, part), [])

    def _load_file(self, path: Path) -> None:
        raw = read_yaml(path)
        try:
            content = LedgerFile.model_validate(raw)
        except ValidationError as error:
            raise _invalid(path, raw, error) from error
        for row in content.rows:
            self._add(row, content.sort, path)

    def _add(self, row: LedgerRow, sort: Sort, path: Path) -> None:
        def fail(found: str, expected: str) -> KnowledgeError:
            return KnowledgeError(path, line_of(path, f"id: {row.id}"), f"{found} (row {row.id})", expected, HINT)

        told: tuple[tuple[Part, list[str] | str | None], ...] = (("verb", row.verb), ("noun", row.noun), ("adjective", row.adjective))
        kinds = [(part, value) for part, value in told if value]
        if len(kinds) != 1:
            raise fail(f"{len(kinds)} of verb, noun, adjective", "exactly one of them")
        if row.id in self.rules or row.id in self.openers:
            raise fail(f"id {row.id!r} twice", "an id of its own")
        if row.kind not in KINDS[sort]:
            raise fail(f"kind {row.kind!r}", f"one of {', '.join(KINDS[sort])}")
        part, value = kinds[0]
        told_slots = zip((row.by, row.to, row.about), DEFAULTS[part], strict=True)
        by, to, about = (given if given is not None else usual for given, usual in told_slots)
        try:
            rule = LedgerRule(
                row.id, sort, row.kind, part, tuple(phrase_of(w) for w in ([value] if isinstance(value, str) else value)),
                _slots(by), _slots(to), tuple(None if s == SELF else parse_slot(s) for s in about), _slots(row.terms),
                alternatives(row.word) if row.word else (),
                self._conditions(row.needs), self._conditions(row.never), row.priority * 10 + len(row.needs) + len(row.never), row, path,
            )
        except ValueError as error:
            raise fail(str(error), "slots of docs/lexicon.md, words or classes") from error
        self.rules[rule.id] = rule
        # A verb stands first in its phrase ("pull out"), a noun or adjective last ("dialogue partner").
        for head in {phrase[0 if part == "verb" else -1] for phrase in rule.phrases}:
            self._by_head[head, part].append(rule)

    def _conditions(self, listed: dict[str, list[str]]) -> tuple[Condition, ...]:
        result = []
        for slot, words in listed.items():
            expanded: set[str] = set()
            for word in words:
                if word.startswith("@") and word not in FOUND and word not in self.classes:
                    raise ValueError(f"word class {word}")
                expanded |= self.classes.get(word, frozenset({word}))
            result.append(Condition(alternatives(slot), frozenset(expanded), slot))
        return tuple(result)

    def _load_openers(self, path: Path) -> None:
        raw = read_yaml(path)
        rows = raw.get("rows") if isinstance(raw, dict) and set(raw) == {"rows"} else None
        if not isinstance(rows, list):
            raise KnowledgeError(path, 1, "no list of rows", "rows: and nothing else", HINT)
        for number, item in enumerate(rows):
            try:
                row = OpenerRow.model_validate(item)
            except ValidationError as error:
                raise _invalid(path, raw, error, number) from error
            if row.id in self.openers or row.id in self.rules:
                raise KnowledgeError(path, line_of(path, f"id: {row.id}"), f"id {row.id!r} twice", "an id of its own", HINT)
            self.openers[row.id] = Opener(row.id, tuple(tuple(words.lower().split()) for words in row.words), row, path)


def _slots(listed: list[str]) -> tuple[Slot, ...]:
    return tuple(parse_slot(slot) for slot in listed)


def _invalid(path: Path, raw: object, error: ValidationError, number: int | None = None) -> KnowledgeError:
    """The first fault of a file, with the row that it lies in."""
    first = error.errors()[0]
    where = first["loc"]
    place = number if number is not None else where[1] if len(where) > 1 and isinstance(where[1], int) else None
    rows = raw.get("rows") if isinstance(raw, dict) else None
    item = rows[place] if isinstance(rows, list) and place is not None else None
    row = item.get("id", "?") if isinstance(item, dict) else ""
    line = line_of(path, f"id: {row}") if row else 1
    trouble = f"{'.'.join(map(str, where))}: {first['msg']} (row {row})"
    return KnowledgeError(path, line, trouble, "a row as docs/ledger.md describes it", HINT)
