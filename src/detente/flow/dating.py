"""Which time expression of a sentence belongs to which claim; the article's date where none does.

In: claims of one sentence, its time expressions (from `dates`), the parse. Out: `When` of each claim, with the rule that chose it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..language.syntax import clause_of
from ..records import Claim, Parse, Reason, When
from .calendar_words import COARSE, Anchor


@dataclass(frozen=True, slots=True)
class Around:
    """What else stands in the sentence: words of speech, and the triggers of all its claims."""

    speech: frozenset[int]
    triggers: frozenset[int]


FAR = 7
CLAUSE_COST = 2
SPEECH_COST = 3


def tree_distance(parse: Parse, one: int, two: int) -> int:
    """Number of edges between two words of a tree."""
    up = [one, *parse.ancestors(one)]
    other = [two, *parse.ancestors(two)]
    for steps, node in enumerate(up):
        if node in other:
            return steps + other.index(node)
    return len(up) + len(other)


def span_head(parse: Parse, start: int, end: int) -> int | None:
    """The topmost word of a stretch of text, or None where no word lies in it."""
    inside = [w for w in parse.words if w.start < end and w.end > start]
    if not inside:
        return None
    indices = {w.index for w in inside}
    tops = [w.index for w in inside if w.head not in indices]
    return min(tops, key=lambda i: len(parse.ancestors(i)))


def cost(parse: Parse, trigger: int, head: int, speech: frozenset[int]) -> int:
    """How far a phrase is from a trigger, with extra for another clause and for the clause that only reports."""
    distance = tree_distance(parse, trigger, head)
    if trigger in parse.ancestors(head):
        return distance
    clause = clause_of(parse, head)
    if clause != clause_of(parse, trigger):
        distance += CLAUSE_COST
        if clause in speech:
            distance += SPEECH_COST
    return distance


def when_of(claim: Claim, parse: Parse, trigger: int, found: list[When], around: Around) -> When:
    """The nearest time expression that can belong to a trigger, or the article's own date (precision "publication"), or nothing."""
    best: tuple[int, int, When] | None = None
    for number, when in enumerate(found):
        if when.text_start is None or when.text_end is None:
            continue
        head = span_head(parse, when.text_start, when.text_end)
        if head is None or not may_belong(parse, trigger, head, around):
            continue
        far = cost(parse, trigger, head, around.speech)
        if best is None or (far, number) < best[:2]:
            best = (far, number, when)
    if best:
        return best[2]
    if claim.published:
        return When(claim.published, claim.published, "publication", None, "publication-date")
    return When(None, None, None, None, "no-date")


def may_belong(parse: Parse, trigger: int, head: int, around: Around) -> bool:
    """A phrase belongs to triggers of its own clause or of clauses below it; one inside another event's noun phrase to that noun only."""
    if head == trigger:
        return True
    clause = clause_of(parse, head)
    for node in parse.ancestors(head):
        if node == trigger:
            break
        if node in around.triggers and parse.word(node).upos in {"NOUN", "PROPN"}:
            return False
        if node == clause:
            break
    if clause == clause_of(parse, trigger) or clause in parse.ancestors(trigger):
        return True
    return trigger in parse.ancestors(head) and _own_modifier(parse, trigger, head)


def _own_modifier(parse: Parse, trigger: int, head: int) -> bool:
    """Whether nothing clausal stands between a trigger and a phrase below it."""
    node = head
    while node and node != trigger:
        if parse.word(node).deprel in {"advcl", "ccomp", "acl:relcl", "parataxis", "csubj", "acl"}:
            return False
        node = parse.word(node).head
    return True


def dated(claim: Claim, when: When) -> Claim:
    """The claim with its date and the reason."""
    return replace(claim, when=when, why=(*claim.why, Reason("dates", when.rule, when.text or "")))


def anchor_after(found: list[When], before: Anchor | None) -> Anchor | None:
    """What later sentences refer back to with "the next day" or "that month": the last day or period named.

    The day of a dateline and the order of day and month, once seen, stay for the whole article.
    """
    for when in found:
        if when.start is None or when.precision is None:
            continue
        told, order = (before.told, before.day_first) if before else (None, None)
        if when.rule.endswith("+dateline"):
            told = when.start
        if "numeric-day-first" in when.rule or "numeric-month-first" in when.rule:
            order = order if when.rule.endswith("unsure") else "day-first" in when.rule
        if when.precision == "day":
            before = Anchor(when.start, when.start, "day", told, order)
        elif when.precision in COARSE:
            before = Anchor(None, when.start, when.precision, told, order)
    return before
