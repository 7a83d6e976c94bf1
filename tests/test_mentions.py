"""Phrases that name actors, with the day → country, id, sectors, person; the share that comes out entirely right must not fall.

`tests/mentions/*.yml` hold the phrases; the head of `first.yml` says what the fields mean. `python tests/test_mentions.py` prints the
accuracy of each field and every failure.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

from detente.flow.dating import span_head
from detente.language.syntax import with_conjuncts
from detente.pipeline import Coder
from detente.records import Mention
from detente.settings import Settings

MENTIONS = Path(__file__).parent / "mentions"
FIELDS = ("country", "id", "sectors", "person")
KEYS = {"text", "phrase", "nth", "date", "context", "open", "none", "all", *FIELDS}
# Least share of phrases that must be right in every field; raise it with every gain.
FLOORS = {"first": 0.98, "second": 0.98, "third": 0.985, "fourth": 0.95}


@dataclass(frozen=True, slots=True)
class Judged:
    """One phrase, what was found for it, and which fields were not as wanted (none: entirely right)."""

    item: dict[str, Any]
    found: tuple[Mention, ...]
    wrong: tuple[str, ...]

    def told(self) -> str:
        """The failure in one line, with the rules that led to it."""
        wanted = [_short(w) for w in self.item.get("all", [self.item])]
        found = [f"{m.country}/{m.id}/{'+'.join(m.sector) or '-'}/{m.person} ({m.rule})" for m in self.found]
        before = " ".join(self.item.get("context", ()))
        told = f"{before} >> {self.item['text']}" if before else self.item["text"]
        return f"{','.join(self.wrong)}: [{self.item['phrase']}] {self.item['date']} wanted {wanted}, found {found} :: {told}"


def load(path: Path) -> list[dict[str, Any]]:
    """All phrases of a file; every key must be known, every phrase must stand in its sentence, no phrase twice."""
    items: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    seen = set()
    for item in items:
        assert set(item) <= KEYS, item
        assert item["text"].count(item["phrase"]) >= item.get("nth", 1), item
        assert "none" in item or all(set(wanted) >= {"country", "sectors", "person"} for wanted in item.get("all", [item])), item
        key = (item["text"], item["phrase"], item["date"], *item.get("context", ()))
        assert key not in seen, item
        seen.add(key)
    return items


def judge(coder: Coder, item: dict[str, Any]) -> Judged:
    """Reads the sentence with those before it, and compares what its phrase means with what is wanted."""
    found = mentions_of(coder, item)
    if item.get("none"):
        return Judged(item, found, ("none",) if any(m.id or m.country for m in found) else ())
    wanted = item.get("all", [item])
    if len(found) != len(wanted):
        return Judged(item, found, (*FIELDS, "number"))
    orders = [tuple(f for f in FIELDS if not all(_fits(w, m, f) for w, m in zip(wanted, order, strict=True)))
              for order in permutations(found)]
    return Judged(item, found, min(orders, key=len))


def mentions_of(coder: Coder, item: dict[str, Any]) -> tuple[Mention, ...]:
    """The actors that the phrase names: those of its topmost word and of words coordinated with it. An unnamed phrase with
    nothing found counts as a mention that says nothing, so that what is wanted open may stay without an answer."""
    before = " ".join(item.get("context", ()))
    text = f"{before} {item['text']}" if before else item["text"]
    start = len(text) - len(item["text"]) - 1
    for _ in range(item.get("nth", 1)):
        start = text.index(item["phrase"], start + 1)
    end = start + len(item["phrase"])
    work = next(w for w in coder.explain(text, item["date"]) if w.parse.sentence.start <= start < w.parse.sentence.end)
    head = span_head(work.parse, start, end)
    assert head is not None, item
    heads = [h for h in with_conjuncts(work.parse, [head]) if start <= work.parse.word(h).start < end]
    distinct = {(m.id, m.country, m.sector, m.person): m for h in heads for m in work.actors.resolve(h)}
    return tuple(distinct.values()) or (Mention(None, None, None, (), None, None, item["phrase"], start, end, "nothing"),)


def _fits(wanted: dict[str, Any], mention: Mention, field: str) -> bool:
    """Whether one field is as wanted, or one of what is equally right."""
    value: Any = wanted.get(field, None if wanted.get("open") else "any")
    if value == "any":
        return True
    if field == "sectors":
        choices = value if value and isinstance(value[0], list) else [value]
        return any(set(choice) == set(mention.sector) for choice in choices)
    return getattr(mention, field) in (value if isinstance(value, list) else [value])


def _short(wanted: dict[str, Any]) -> str:
    return "none" if wanted.get("none") else "/".join(str(wanted.get(field, "")) for field in FIELDS)


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_share_of_mentions_right(name: str, coder: Coder) -> None:
    judged = [judge(coder, item) for item in load(MENTIONS / f"{name}.yml")]
    failures = [j.told() for j in judged if j.wrong]
    share = 1 - len(failures) / len(judged)
    assert share >= FLOORS[name], "\n".join([f"{share:.3f} of {len(judged)} phrases of {name}.yml are right", *failures])


def test_every_file_of_mentions_has_a_floor() -> None:
    assert {path.stem for path in MENTIONS.glob("*.yml")} == set(FLOORS)


def test_there_are_enough_mentions() -> None:
    items = [item for path in MENTIONS.glob("*.yml") for item in load(path)]
    assert len(items) >= 600
    assert sum("open" in item for item in items) >= 25
    assert sum("none" in item for item in items) >= 25


def report(coder: Coder, failures: bool = True) -> str:
    """Accuracy of every file by field, and the failures, as text."""
    lines = []
    for path in sorted(MENTIONS.glob("*.yml")):
        judged = [judge(coder, item) for item in load(path)]
        named = [j for j in judged if not j.item.get("none")]
        empty = [j for j in judged if j.item.get("none")]
        right = sum(not j.wrong for j in judged)
        lines.append(f"{path.stem}: {right} of {len(judged)} entirely right, {right / len(judged):.3f}")
        lines += [f"  {field}: {1 - sum(field in j.wrong for j in named) / len(named):.3f}" for field in FIELDS]
        if empty:
            lines.append(f"  no actor: {sum(not j.wrong for j in empty)} of {len(empty)}")
        if failures:
            lines += [f"  - {j.told()}" for j in judged if j.wrong]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(report(Coder(Settings()), failures="--short" not in sys.argv) + "\n")
