"""The lexicon: rows of verbs/*.yml compiled to rules, found by lemma. docs/lexicon.md describes the format."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import KnowledgeError
from ..records import Status
from .files import line_of, read_yaml
from .ontology import Ontology

Step = tuple[str, frozenset[str]]
Slot = tuple[Step, ...]
STEPS = frozenset({"subject", "object", "iobj", "obl", "nmod", "poss", "mod", "xcomp", "ccomp", "advcl", "particle", "aux", "case"})
DEFAULTS: dict[str, dict[str, list[str]]] = {
    "verb": {"actor": ["subject"], "recipient": ["object", "obl:with", "obl:against", "obl:to"]},
    "noun": {
        "actor": ["poss", "subject", "nmod:by", "mod", "nmod:of"],
        "recipient": ["nmod:on", "nmod:against", "nmod:with", "nmod:to", "obl:on", "obl:against", "obl:with", "obl:to"],
    },
    "adjective": {"actor": ["subject"], "recipient": ["obl:with", "obl:to", "xcomp.object"]},
}
_HYPHEN = re.compile(r"(?<!\bco)(?<!\bre)(?<!\bnon)(?<!\bpre)(?<!\banti)(?<!\bcounter)-")
ABSORBING = frozenset({"REQUEST", "REJECT", "THREATEN", "ACCUSE", "AGREE"})
# "expelled for spying": the reason given for a punishment is an allegation, no event.
REASONED = frozenset({"SANCTION", "COERCE"})
Part = Literal["verb", "noun", "adjective"]
# Kinds of word that a condition may ask for beside words and lists: they are found out in the sentence.
KINDS = frozenset({"@actor", "@place", "@people", "@state"})
REASONS = ["obl:for", "advcl:for"]
ABSORBED = ["xcomp", "ccomp", "object", "obl:of|for|to|with|over|on"]


class Match(BaseModel):
    """A sentence that a row must match, and what must come out."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: str
    actor: list[str] | None = None
    recipient: list[str] | None = None
    mode: str | None = None
    status: Status | None = None
    event: str | None = None


class Added(BaseModel):
    """A second event told by the same words."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    event: str
    mode: str | None = None


class TriggerRow(BaseModel):
    """One row as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    verb: list[str] | str | None = None
    noun: list[str] | str | None = None
    adjective: list[str] | str | None = None
    event: str | None = None
    mode: str | None = None
    actor: list[str] | None = None
    recipient: list[str] | None = None
    mutual: bool = False
    needs: dict[str, list[str]] = Field(default_factory=dict)
    never: dict[str, list[str]] = Field(default_factory=dict)
    context: list[str] = Field(default_factory=list)
    status: Status | None = None
    absorbs: list[str] | None = None
    adds: list[Added] = Field(default_factory=list)
    priority: int = 0
    light: bool = True
    firm: bool = False  # its event holds, whatever the event network reads there
    matches: list[Match] = Field(min_length=1)
    refuses: list[str] = Field(min_length=1)
    note: str = ""


class LexiconFile(BaseModel):
    """One file of rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    event: str
    triggers: list[TriggerRow]


@dataclass(frozen=True, slots=True)
class Condition:
    """Slots (any of them) and the words one of which must (or must not) head them."""

    slots: tuple[Slot, ...]
    words: frozenset[str]
    label: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A row, compiled."""

    id: str
    event: str
    mode: str | None
    part: Part
    phrases: tuple[tuple[str, ...], ...]
    actor: tuple[Slot, ...]
    recipient: tuple[Slot, ...]
    mutual: bool
    needs: tuple[Condition, ...]
    never: tuple[Condition, ...]
    context: tuple[str, ...]
    status: Status | None
    absorbs: tuple[Slot, ...]
    adds: tuple[tuple[str, str | None], ...]
    carries: tuple[Condition, ...]  # the nouns that it asks its verb to have for object, by name
    rank: int
    light: bool
    row: TriggerRow | None  # None: no row of a file, but what the event network proposes
    path: Path


def _carries(needs: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The objects that a row asks for, with a preposition or without, by the names alone that it gives."""
    return tuple(Condition(c.slots, frozenset(w for w in c.words if w[0] not in "*@"), c.label) for c in needs
                 if c.label.startswith(("object", "obl:")) and "subject" not in c.label)


class Lexicon:
    """Rules by the lemma of their last word and part of speech; word classes; light verbs."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self.classes: dict[str, frozenset[str]] = {}
        self.light: dict[str, frozenset[str]] = {}
        self._by_head: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        self.heads: frozenset[str] = frozenset()
        self.learned: dict[tuple[str, str | None], Rule] = {}
        self._learned_names: dict[str, Rule] = {}

    def rule(self, name: str) -> Rule:
        """The rule that a claim names: a row's, or the one that stands for an event and mode read by the network."""
        return self.rules.get(name) or self._learned_names[name]

    def learn(self, ontology: Ontology) -> None:
        """Makes the rules that stand for what the network reads, one for each event and each of its modes."""
        for event, mode in [*((name, None) for name in ontology.events), *ontology.pairs]:
            name = "-".join(["network", event.lower(), *([mode] if mode else [])])
            self.learned[event, mode] = Rule(
                name, event, mode, "verb", (), (), (), False, (), (), (), None, (), (), (), 0, True, None, Path()
            )
        self._learned_names = {rule.id: rule for rule in self.learned.values()}

    def load(self, folder: Path, ontology: Ontology) -> None:
        """Reads all files of one verbs/ folder. Raises KnowledgeError at the first row that breaks the format."""
        special = {"classes.yml", "light.yml"}
        for path in sorted(folder.glob("*.yml")):
            if path.name == "classes.yml":
                self.classes.update({f"@{name}": frozenset(words) for name, words in read_yaml(path).items()})
            elif path.name == "light.yml":
                self.light.update({verb: frozenset(nouns or ["*"]) for verb, nouns in read_yaml(path).items()})
        for path in sorted(folder.glob("*.yml")):
            if path.name not in special:
                self._load_file(path, ontology)
        self.heads = frozenset(lemma for lemma, _ in self._by_head)

    def _load_file(self, path: Path, ontology: Ontology) -> None:
        raw = read_yaml(path)
        try:
            content = LexiconFile.model_validate(raw)
        except ValidationError as error:
            first = error.errors()[0]
            where = first["loc"]
            row = raw["triggers"][where[1]].get("id", "?") if len(where) > 1 and isinstance(where[1], int) else ""
            line = line_of(path, f"id: {row}") if row else 1
            trouble = f"{'.'.join(map(str, where))}: {first['msg']} (row {row})"
            raise KnowledgeError(path, line, trouble, "a row as docs/lexicon.md describes it") from error
        for row in content.triggers:
            self._add(row, content.event, path, ontology)

    def _add(self, row: TriggerRow, event: str, path: Path, ontology: Ontology) -> None:
        def fail(found: str, expected: str) -> KnowledgeError:
            return KnowledgeError(path, line_of(path, f"id: {row.id}"), f"{found} (row {row.id})", expected, "see docs/lexicon.md")

        told: tuple[tuple[Part, list[str] | str | None], ...] = (("verb", row.verb), ("noun", row.noun), ("adjective", row.adjective))
        kinds = [(part, value) for part, value in told if value]
        if len(kinds) != 1:
            raise fail(f"{len(kinds)} of verb, noun, adjective", "exactly one of them")
        if row.id in self.rules:
            raise fail(f"id {row.id!r} twice", "an id of its own")
        name = row.event or event
        for code, mode in ((name, row.mode), *((a.event, a.mode) for a in row.adds)):
            if code not in ontology.events:
                raise fail(f"event {code!r}", f"one of {', '.join(ontology.events)}")
            if mode and (code, mode) not in ontology.pairs:
                raise fail(f"mode {mode!r} of {code}", f"one of {', '.join(m for e, m in ontology.pairs if e == code) or 'no mode'}")
        if unknown := set(row.context) - set(ontology.contexts):
            raise fail(f"context {sorted(unknown)}", "contexts of the ontology")
        part = kinds[0][0]
        words = [kinds[0][1]] if isinstance(kinds[0][1], str) else list(kinds[0][1])
        default = DEFAULTS[part]
        absorbs = row.absorbs if row.absorbs is not None else ABSORBED if name in ABSORBING else REASONS if name in REASONED else []
        recipient = list(row.recipient if row.recipient is not None else default["recipient"])
        if part == "verb" and "object" in recipient and "iobj" not in recipient:
            recipient.append("iobj")  # "fined the company a billion": the person may be the indirect object
        try:
            rule = Rule(
                row.id, name, row.mode, part, tuple(phrase_of(w) for w in words),
                tuple(parse_slot(s) for s in (row.actor if row.actor is not None else default["actor"])),
                tuple(parse_slot(s) for s in recipient),
                row.mutual, self._conditions(row.needs), self._conditions(row.never), tuple(row.context), row.status,
                tuple(parse_slot(s) for s in absorbs), tuple((a.event, a.mode) for a in row.adds),
                _carries(self._conditions(row.needs)) if part == "verb" else (),
                row.priority * 100 + sum(_weight(words) for words in row.needs.values()) + len(row.never), row.light, row, path,
            )
        except ValueError as error:
            raise fail(str(error), f"slots made of {', '.join(sorted(STEPS))}") from error
        self.rules[rule.id] = rule
        for phrase in rule.phrases:
            self._by_head[phrase[-1], part].append(rule)

    def _conditions(self, listed: dict[str, list[str]]) -> tuple[Condition, ...]:
        result = []
        for slot, words in listed.items():
            expanded: set[str] = set()
            for word in words:
                if word.startswith("@") and word not in KINDS and word not in self.classes:
                    raise ValueError(f"word class {word}")
                expanded |= self.classes.get(word, {word})
            result.append(Condition(alternatives(slot), frozenset(expanded), slot))
        return tuple(result)

    def at(self, lemma: str, part: str) -> list[Rule]:
        """Rules whose phrase ends with this lemma."""
        return self._by_head.get((lemma, part), [])

    def names(self, lemma: str, part: str, event: str) -> bool:
        """Whether a row has this word name acts of this event by itself."""
        return any(rule.event == event for rule in self.at(lemma, part))

    def is_light(self, verb: str, noun: str) -> bool:
        """Whether a verb merely carries this event noun ("launch an attack")."""
        nouns = self.light.get(verb)
        return nouns is not None and ("*" in nouns or noun in nouns)


@lru_cache(maxsize=10_000)
def phrase_of(text: str) -> tuple[str, ...]:
    """Words of a trigger phrase; a hyphen is a word of its own, as in the treebanks, except after prefixes ("co-host")."""
    return tuple(_HYPHEN.sub(" - ", text.lower()).split())


def _weight(words: list[str]) -> int:
    """How much a condition narrows a row: any word a little, an actor more, named words most."""
    if "*" in words:
        return 4
    return 8 if any(w.startswith("@") for w in words) else 12


def alternatives(text: str) -> tuple[Slot, ...]:
    """"object|xcomp.obl:from|of" → the slots object and xcomp.obl:from|of: a part that begins with a step is a slot of its own."""
    parts: list[str] = []
    for part in text.split("|"):
        if parts and part.partition(".")[0].partition(":")[0] not in STEPS:
            parts[-1] += f"|{part}"
        else:
            parts.append(part)
    return tuple(parse_slot(part) for part in parts)


@lru_cache(maxsize=10_000)
def parse_slot(text: str) -> Slot:
    """"object.nmod:of|for" → steps. Raises ValueError for an unknown step."""
    steps: list[Step] = []
    for part in text.split("."):
        name, _, argument = part.partition(":")
        if name not in STEPS or (argument and name not in {"obl", "nmod", "advcl"}):
            raise ValueError(f"slot {text!r}")
        steps.append((name, frozenset(argument.split("|")) if argument else frozenset()))
    return tuple(steps)
