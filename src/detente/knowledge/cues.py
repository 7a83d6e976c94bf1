"""Words that decide on whose word a thing is said (voices/speech.yml) and whether it happened (status/status.yml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from ..errors import KnowledgeError
from ..records import Status, VoiceStance
from .files import line_of, read_yaml

STANCES = get_args(VoiceStance)
STATUSES = get_args(Status)
STATUS_KEYS = ("future", "hypothetical", "negated", "actual", "attempted", "historical")
KINDS = frozenset(
    "auxiliaries verbs nouns adjectives adverbs phrases words modals marks clause_only inversions double_negation prefixes patterns "
    "weak answers verdicts performed".split()
)
Words = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Speech:
    """Words of attribution. `verbs`: lemma → stance."""

    verbs: dict[str, VoiceStance]
    nouns: frozenset[str]
    hearsay: tuple[str, ...]
    reporting: frozenset[str]


@dataclass(frozen=True, slots=True)
class StatusCues:
    """Words that make what depends on them future, hypothetical, negated, actual or historical, by part of speech.

    `attempted`: words of trying; the act counts as actual for the events in `attempt_counts`, otherwise as `attempt_else`.
    """

    future: Words
    hypothetical: Words
    negated: Words
    actual: Words
    attempted: Words
    historical: Words
    attempt_counts: frozenset[str]
    attempt_else: Status
    past_phrases: re.Pattern[str]
    past_patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """Words of subjects that borrow political language; `strong` alone decides, `weak` and `patterns` together with another."""

    strong: re.Pattern[str]
    weak: re.Pattern[str]
    patterns: tuple[re.Pattern[str], ...]

    def hit(self, text: str) -> str | None:
        """The word (or words) of a lower-cased sentence that speak for the topic, or None."""
        match = self.strong.search(text)
        if match:
            return match.group(0)
        weak = {m.group(0) for m in self.weak.finditer(text)}
        weak |= {m.group(0) for p in self.patterns for m in p.finditer(text)}
        return " + ".join(sorted(weak)) if len(weak) > 2 else None


def load_topics(path: Path) -> Topics:
    """Reads the sport section of topics.yml; KnowledgeError for an unknown key or a broken pattern."""
    raw = read_yaml(path)
    _keys(path, raw, {"sport"})
    _keys(path, raw["sport"], {"strong", "weak", "patterns"})
    strong, weak = (re.compile(r"\b(?:" + "|".join(map(re.escape, raw["sport"][k])) + r")\b") for k in ("strong", "weak"))
    try:
        return Topics(strong, weak, tuple(re.compile(p) for p in raw["sport"]["patterns"]))
    except re.error as error:
        raise KnowledgeError(path, 0, f"pattern {error.pattern!r}: {error}", "a regular expression") from error


def load_speech(path: Path) -> Speech:
    """Reads speech.yml; KnowledgeError for an unknown stance or key."""
    raw = read_yaml(path)
    _keys(path, raw, {"verbs", "nouns", "according_to", "hearsay", "reporting_verbs", "channel_phrases"})
    verbs: dict[str, VoiceStance] = {}
    for row in raw["verbs"]:
        if row.get("stance") not in STANCES:
            raise KnowledgeError(path, 0, f"stance {row.get('stance')!r} of {row.get('lemma')!r}", f"one of {', '.join(STANCES)}")
        verbs[row["lemma"]] = row["stance"]
    nouns = frozenset(row["lemma"] if isinstance(row, dict) else row for row in raw["nouns"])
    return Speech(verbs, nouns, tuple(raw["hearsay"]), frozenset(raw["reporting_verbs"]))


def load_status(path: Path) -> StatusCues:
    """Reads status.yml; KnowledgeError for an unknown key."""
    raw = read_yaml(path)
    _keys(path, raw, set(STATUS_KEYS))
    attempted = dict(raw["attempted"])
    counts, otherwise = frozenset(attempted.pop("counts_as_actual")), attempted.pop("otherwise")
    if otherwise not in STATUSES:
        raise KnowledgeError(path, line_of(path, "otherwise:"), f"otherwise {otherwise!r}", f"one of {', '.join(STATUSES)}")
    parts: dict[str, Words] = {}
    for name in STATUS_KEYS:
        section = attempted if name == "attempted" else raw[name]
        if not isinstance(section, dict) or set(section) - KINDS:
            raise KnowledgeError(path, 0, f"section {name}", f"lists by kind: {', '.join(sorted(KINDS))}")
        parts[name] = {kind: frozenset(str(word).lower() for word in words) for kind, words in section.items()}
    past = raw["historical"]
    phrases = re.compile(r"\b(?:" + "|".join(re.escape(str(p).lower()) for p in past.get("phrases", [])) + r")\b")
    try:
        patterns = tuple(re.compile(str(p)) for p in past.get("patterns", []))
    except re.error as error:
        line = line_of(path, str(error.pattern))
        raise KnowledgeError(path, line, f"pattern {error.pattern!r}: {error}", "a regular expression") from error
    return StatusCues(**parts, attempt_counts=counts, attempt_else=otherwise, past_phrases=phrases, past_patterns=patterns)


def _keys(path: Path, raw: object, expected: set[str]) -> None:
    if not isinstance(raw, Mapping) or set(raw) != expected:
        found = sorted(raw) if isinstance(raw, Mapping) else type(raw).__name__
        raise KnowledgeError(path, 1, f"keys {found}", f"keys {sorted(expected)}")
