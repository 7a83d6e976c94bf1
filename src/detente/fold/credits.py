"""Which agencies and papers an article names as its source: dateline, byline, "contributed to this report", "told X", "X reported"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ..knowledge import DATA, Knowledge
from ..knowledge.actors import OUTLET_COLUMNS, Naming
from ..knowledge.files import read_table
from ..knowledge.names import Hit, fold
from .copy_rules import Count, Patterns, read_rules

CREDITS_FILE = DATA / "fold" / "credits.yml"
_JOINT = re.compile(r"[\s,;/|&.()·–—-]+|\band\b|\bnews agency\b|\bagencies\b")


class CreditRules(BaseModel):
    """credits.yml, named as there."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    before: Patterns
    after: Patterns
    lists: Patterns
    dateline: Count
    list_length: Count
    version: str = ""


@dataclass(frozen=True, slots=True)
class _Cues:
    before: re.Pattern[str]
    after: re.Pattern[str]
    lists: re.Pattern[str]
    rules: CreditRules


@cache
def load_credit_rules(path: Path = CREDITS_FILE) -> CreditRules:
    """Reads credits.yml; KnowledgeError for a missing or unknown key or a pattern that is none, with its line."""
    return read_rules(CreditRules, path)


@cache
def _cues() -> _Cues:
    rules = load_credit_rules()
    before, after, lists = (re.compile("|".join(f"(?:{p})" for p in own)) for own in (rules.before, rules.after, rules.lists))
    return _Cues(before, after, lists, rules)


def credits_of(text: str, knowledge: Knowledge) -> tuple[str, ...]:
    """Agencies and papers that a text names as its source, by their names in roles/outlets.tsv, each once.

    Those of datelines, bylines and lists stand first, then those that it cites; both in the order of the text.
    """
    cues = _cues()
    made_from: dict[str, None] = {}
    cited: dict[str, None] = {}
    for line in text.split("\n"):
        hits = [hit for hit in knowledge.registry.names.find(line) if _outlet(hit)] if len(line) > 1 else []
        if not hits:
            continue
        listed = len(line) <= cues.rules.list_length and (bool(cues.lists.search(line)) or _only_names(line, hits))
        for hit in hits:
            label = _outlet(hit)
            if listed or _in_brackets(line, hit, cues.rules.dateline):
                made_from[label] = None
            elif cues.before.search(line[: hit.start]) or cues.after.search(line[hit.end :]):
                cited[label] = None
    return tuple(dict.fromkeys((*made_from, *cited)))


def _outlet(hit: Hit[Naming]) -> str:
    """The outlet's name; empty where the words may also mean somebody else."""
    labels = {target.label for target in hit.targets if target.kind == "outlet"}
    return min(labels) if labels and all(target.kind == "outlet" for target in hit.targets) else ""


def _in_brackets(line: str, hit: Hit[Naming], dateline: int) -> bool:
    before, after = line[: hit.start].rstrip(), line[hit.end :].lstrip()
    if before[-1:] in {"(", "["} and after[:1] in {")", "]"}:
        return hit.start <= dateline or len(after) <= 2
    slashes = before[-1:] in {"/", "—", "–", "-"} and not after.strip(" ./")
    return slashes or (not before.strip(" /") and after[:1] in {"/", "—", "–"})


def _only_names(line: str, hits: list[Hit[Naming]]) -> bool:
    rest, last = [], 0
    for hit in hits:
        rest.append(line[last : hit.start])
        last = hit.end
    return not _JOINT.sub("", "".join((*rest, line[last:])))


@cache
def _labels() -> dict[str, str]:
    names: dict[str, str] = {}
    for row in read_table(DATA / "roles" / "outlets.tsv", OUTLET_COLUMNS):
        for alias in (row["name"], *row.many("aliases")):
            names.setdefault(fold(alias).lower(), row["name"])
    return names


def label_of(publisher: str | None) -> str:
    """A publisher by its name in roles/outlets.tsv where it stands there under any name, else as given; empty for none."""
    words = " ".join((publisher or "").split())
    plain = fold(words).lower()
    names = _labels()
    return names.get(plain) or names.get(plain.removeprefix("the ")) or names.get(f"the {plain}") or words
