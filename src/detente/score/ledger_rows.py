"""Does every row of the ledger do as its sentences promise? `detente check` runs this; a failure names file, line and sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import KnowledgeError
from ..knowledge import Ledger, LedgerRule, Opener
from ..knowledge.files import line_of
from ..knowledge.ledger import Expected
from ..ledger import Entry
from ..pipeline import Coder, make_article
from .rows import PUBLISHED, same_parties


@dataclass(frozen=True, slots=True)
class LedgerFailure:
    """A sentence that did not do as its row promises."""

    rule: LedgerRule | Opener
    sentence: str
    found: str
    expected: str

    def error(self) -> KnowledgeError:
        """The failure as an error with file and line."""
        line = line_of(self.rule.path, f"id: {self.rule.id}")
        return KnowledgeError(self.rule.path, line, f"{self.found} in {self.sentence!r}", f"{self.expected} (row {self.rule.id})",
                              "correct the row or its sentence; `detente explain` shows why")


def all_rows(ledger: Ledger) -> list[LedgerRule | Opener]:
    """The rows that tell entries, then those that open conditions."""
    return [*ledger.rules.values(), *ledger.openers.values()]


def ledger_sentences(ledger: Ledger) -> Iterator[str]:
    """All sentences by which the ledger's rows prove themselves."""
    for rule in all_rows(ledger):
        yield from (match.text for match in rule.row.matches)
        yield from rule.row.refuses


def check_ledger(coder: Coder, only: frozenset[str] = frozenset()) -> Iterator[LedgerFailure]:
    """Runs all `matches` and `refuses` (of the rows named in `only`, if any) through the coder."""
    ledger = coder.knowledge.ledger
    work: list[tuple[LedgerRule | Opener, str, Expected | None]] = []
    for rule in all_rows(ledger):
        if not only or rule.id in only:
            work += [(rule, match.text, match) for match in rule.row.matches]
            work += [(rule, text, None) for text in rule.row.refuses]
    for (rule, text, match), entries in zip(work, coder.ledger_each([make_article(t, PUBLISHED, None) for _, t, _ in work]), strict=True):
        failure = _refused(rule, text, entries) if match is None else _matched(rule, match, entries)
        if failure:
            yield failure


def _refused(rule: LedgerRule | Opener, text: str, entries: list[Entry]) -> LedgerFailure | None:
    if isinstance(rule, Opener):
        held = [c.text for entry in entries for c in entry.conditions if c.text.lower().startswith(tuple(" ".join(w) for w in rule.words))]
        return LedgerFailure(rule, text, f"the condition {held[0]!r}", "none by these words") if held else None
    if any(entry.rule == rule.id for entry in entries):
        return LedgerFailure(rule, text, "an entry by this row", "none")
    return None


def _matched(rule: LedgerRule | Opener, match: Expected, entries: list[Entry]) -> LedgerFailure | None:
    # A more specific row of the same sort and kind may take the words; an opener only needs some entry to hang its condition on.
    own = entries
    if isinstance(rule, LedgerRule):
        kinds = {rule.kind, rule.row.planned or rule.kind}
        own = [e for e in entries if e.rule == rule.id] or [e for e in entries if e.sort == rule.sort and e.kind in kinds]
    if not own:
        others = ", ".join(f"{e.sort} {e.kind} by {e.rule}" for e in entries) or "no entry"
        return LedgerFailure(rule, match.text, others, "an entry by this row")
    problems = [_difference(match, entry) for entry in own]
    if all(problems):
        return LedgerFailure(rule, match.text, problems[0] or "", "what the row says")
    return None


def _difference(match: Expected, entry: Entry) -> str | None:
    """What of an entry is not as promised, or None."""
    for name, wanted, found in (("by", match.by, entry.actor), ("to", match.to, entry.recipient)):
        if wanted is not None and not same_parties(wanted, found):
            return f"{name} {[m.id or m.text for m in found]} instead of {wanted}"
    about = entry.about.text if entry.about else None
    if match.about is not None and match.about != about:
        return f"about {about!r} instead of {match.about!r}"
    conditions = [c.text for c in entry.conditions]
    if match.condition is not None and match.condition.lower() not in {c.lower() for c in conditions}:
        return f"conditions {conditions} instead of {match.condition!r}"
    if match.status is not None and match.status != entry.status:
        return f"status {entry.status} instead of {match.status}"
    return None
