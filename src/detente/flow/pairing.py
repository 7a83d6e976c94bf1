"""The best PLOVER root for a given pair of spans: every trigger of the sentence is weighed by how it binds the two.

In: parses with their claim finders, two spans. Out: `Pairing` with the root, its probability and those of all others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ..knowledge import Knowledge, Rule
from ..language.syntax import path_up
from ..records import Parse, Reason
from .claims import ClaimFinder, Found
from .dating import tree_distance
from .modality import modality

# Weights of the scheme, set by hand on development sentences; docs/quality/plv.md shows what each is worth.
ACTOR, RECIPIENT, SWAPPED, ON_PATH, NEAR_ROOT, DISTANCE, SPECIFIC, LOOSE = 3.0, 2.5, 1.5, 2.0, 0.5, 0.35, 0.25, -2.5
PRIOR = 0.02


@dataclass(frozen=True, slots=True)
class Pairing:
    """The root for a pair, the mode if the winning row names one, probabilities by root (they sum to 1), and why."""

    root: str
    mode: str | None
    probability: float
    probabilities: dict[str, float] = field(default_factory=dict)
    why: tuple[Reason, ...] = ()


def best_root(works: list[tuple[Parse, ClaimFinder]], source: tuple[int, int], target: tuple[int, int], knowledge: Knowledge) -> Pairing:
    """Weighs all triggers, also those whose conditions fail (at a discount), and folds by status as PLOVER does."""
    weights: dict[tuple[str, str | None], tuple[float, Reason]] = {}
    for parse, finder in works:
        span = [w.index for w in parse.words if w.start < source[1] and w.end > source[0]]
        aim = [w.index for w in parse.words if w.start < target[1] and w.end > target[0]]
        for found, loose in _candidates(parse, finder):
            weight = _weight(parse, found, frozenset(span), frozenset(aim), loose)
            event, mode = _folded(parse, found, knowledge)
            reason = Reason("relation", found.rule.id, parse.word(found.word).text)
            if weight > weights.get((event, mode), (-99.0, reason))[0]:
                weights[event, mode] = (weight, reason)
    totals = dict.fromkeys(knowledge.ontology.events, PRIOR)
    for (event, _), (weight, _) in weights.items():
        totals[event] = max(totals[event], math.exp(min(weight, 30.0)))
    whole = sum(totals.values())
    probabilities = {event: value / whole for event, value in totals.items()}
    root = max(probabilities, key=lambda e: probabilities[e])
    best = max(((w, m, r) for (e, m), (w, r) in weights.items() if e == root), default=None, key=lambda item: item[0])
    return Pairing(root, best[1] if best else None, probabilities[root], probabilities, (best[2],) if best else ())


def _candidates(parse: Parse, finder: ClaimFinder) -> list[tuple[Found, bool]]:
    """Rows that fit and count, and, marked loose, rows that failed or were another trigger's content."""
    kept = finder.found()
    result = [(item, False) for item in kept]
    taken = {item.word for item in kept}
    for attempt in finder.attempts:
        if attempt.word not in taken and attempt.why_not != "other words before the head word":
            result.append((finder.fill(attempt.word, attempt.rule), True))
    return result


def _weight(parse: Parse, found: Found, source: frozenset[int], target: frozenset[int], loose: bool) -> float:
    weight = LOOSE if loose else 0.0
    weight += SPECIFIC * min(4, len(found.rule.needs))
    weight += ACTOR * bool(source & set(found.actors)) + RECIPIENT * bool(target & set(found.recipients))
    weight += SWAPPED * (bool(source & set(found.recipients)) + bool(target & set(found.actors)))
    if source and target:
        one = min(source, key=lambda i: len(parse.ancestors(i)))
        two = min(target, key=lambda i: len(parse.ancestors(i)))
        path = set(path_up(parse, one, _meeting(parse, one, two)) or []) | set(path_up(parse, two, _meeting(parse, one, two)) or [])
        weight += ON_PATH * (found.word in path)
        weight -= DISTANCE * (tree_distance(parse, found.word, one) + tree_distance(parse, found.word, two)) / 2
    weight += NEAR_ROOT * (parse.word(found.word).head == 0)
    return weight


def _meeting(parse: Parse, one: int, two: int) -> int:
    """The lowest word above both."""
    above = [one, *parse.ancestors(one)]
    return next((n for n in [two, *parse.ancestors(two)] if n in above), above[-1])


def _folded(parse: Parse, found: Found, knowledge: Knowledge) -> tuple[str, str | None]:
    rule: Rule = found.rule
    cue = modality(parse, found.word, knowledge, rule.event)
    status = rule.status or (cue.status if cue else None)
    return knowledge.ontology.fold(rule.event, rule.mode, status) if status else (rule.event, rule.mode)
