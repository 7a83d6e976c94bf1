"""Measures the ledger's entries against the `*` lines of the corpus: stances, memberships, agreements.

An entry and a line belong together where sort and kind are equal and their triggers share a character (`ledger_f1`, and by sort); where
only the sentence is asked, not the words (`ledger_sentence_f1`), any line of the same sort and kind in the sentence will do. Of belonging
pairs: actor F1, F1 of the other side (the recipient's or, where it is a matter, the words of `about`), condition F1. The corpus marks such
lines sparingly: many a sentence that tells a stance bears none, so precision is a lower bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..ledger import KINDS, Entry, Words
from ..records import Mention
from .arithmetic import f1
from .corpus_file import GoldSentence, GoldSide, Piece

FIELDS = ("actor", "other", "condition")


@dataclass(slots=True)
class LedgerTally:
    """Right, found and gold by name."""

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, right: int, found: int, gold: int) -> None:
        """Counts one comparison."""
        self.right[name] += right
        self.found[name] += found
        self.gold[name] += gold

    def f1(self, name: str) -> float:
        """The harmonic mean of precision and recall."""
        return round(f1(self.right[name], self.found[name], self.gold[name]), 4)


def compare_ledger(
    sentence: GoldSentence, start: int, entries: Sequence[Entry], tally: LedgerTally
) -> list[tuple[GoldSide | None, Entry | None]]:
    """Counts one sentence, which begins at `start` of the article; the pairs, with None for what has no partner."""
    free, pairs = list(entries), list[tuple[GoldSide | None, Entry | None]]()
    for line in sentence.sides:
        mates = [e for e in free if (e.sort, e.kind) == (line.sort, line.kind) and _touch(line.on, e, start)]
        if mates:
            free.remove(mates[0])
        pairs.append((line, mates[0] if mates else None))
    pairs += [(None, entry) for entry in free]
    for sort in KINDS:
        own = [(g, e) for g, e in pairs if sort in {g and g.sort, e and e.sort}]
        told, marked = [e is not None for _, e in own], [g is not None for g, _ in own]
        both = sum(e and g for e, g in zip(told, marked, strict=True))
        tally.add(sort, both, sum(told), sum(marked))
        tally.add("all", both, sum(told), sum(marked))
    gold_kinds = Counter(f"{g.sort} {g.kind}" for g in sentence.sides)
    kinds = Counter(f"{e.sort} {e.kind}" for e in entries)
    tally.add("sentence", (gold_kinds & kinds).total(), kinds.total(), gold_kinds.total())
    for gold, entry in pairs:
        if gold is not None and entry is not None:
            _fields(gold, entry, start, tally)
    return pairs


def _fields(gold: GoldSide, entry: Entry, start: int, tally: LedgerTally) -> None:
    tally.add("actor", _shared(gold.actor, entry.actor, start), len(entry.actor), len(gold.actor))
    other: list[Mention | Words] = [*entry.recipient]
    if not other and entry.about and entry.sort != "agreement":
        other.append(entry.about)
    if entry.sort != "agreement":
        tally.add("other", _shared(gold.recipient, other, start), len(other), len(gold.recipient))
    conditions = (gold.condition,) if gold.condition else ()
    tally.add("condition", _shared(conditions, entry.conditions, start), len(entry.conditions), len(conditions))


def _shared(pieces: Sequence[Piece], found: Sequence[Mention | Words], start: int) -> int:
    """How many pieces have a partner: the shorter of the two lies at least half in the other."""
    free, right = list(found), 0
    for piece in pieces:
        low, high = start + piece.start, start + piece.end
        mate = next((m for m in free if (min(high, m.end) - max(low, m.start)) * 2 >= min(high - low, m.end - m.start) > 0), None)
        if mate and piece.start >= 0:
            free.remove(mate)
            right += 1
    return right


def _touch(on: Piece, entry: Entry, start: int) -> bool:
    return start + on.start < entry.trigger_end and entry.trigger_start < start + on.end


def ledger_figures(tally: LedgerTally) -> dict[str, float | int]:
    """The figures of a tally."""
    result: dict[str, float | int] = {"ledger_f1": tally.f1("all")}
    result["ledger_precision"] = round(tally.right["all"] / max(1, tally.found["all"]), 4)
    result["ledger_recall"] = round(tally.right["all"] / max(1, tally.gold["all"]), 4)
    result["ledger_sentence_f1"] = tally.f1("sentence")
    result |= {f"ledger_{sort}_f1": tally.f1(sort) for sort in KINDS}
    result |= {f"ledger_{name}_f1": tally.f1(name) for name in FIELDS}
    return result | {"ledger_entries": tally.found["all"], "ledger_lines": tally.gold["all"]}
