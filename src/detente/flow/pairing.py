"""The best PLOVER root for a given pair of spans: every trigger of the sentence is weighed by how it binds the two.

In: parses with their claim finders, two spans. Out: `Pairing` with the root, its probability and those of all others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ..knowledge import Knowledge
from ..knowledge.lexicon import KINDS
from ..language.syntax import path_up, subjects
from ..records import Parse, Reason, Status
from .claims import Attempt, ClaimFinder, Found
from .dating import tree_distance
from .modality import fold_cue, told
from .weights import Weights

# Weights of the scheme, set by hand on development sentences; docs/quality/README.md shows what each is worth.
ACTOR, RECIPIENT, SWAPPED, ON_PATH, NEAR_ROOT, DISTANCE, SPECIFIC, LOOSE = 3.0, 2.5, 1.5, 2.0, 0.5, 0.35, 0.25, -2.5
PRIOR = 0.02
LEAST = 1e-4
# What the network's opinion counts at least for an event that a firm row tells of one of the two: its words leave no doubt.
FIRM = 0.35


@dataclass(frozen=True, slots=True)
class Pairing:
    """The root for a pair, the mode if the winning row names one, probabilities by root (they sum to 1), why, and the lemma of the winning
    row's trigger ("" where the network alone decided)."""

    root: str
    mode: str | None
    probability: float
    status: Status = "actual"
    probabilities: dict[str, float] = field(default_factory=dict)
    why: tuple[Reason, ...] = ()
    trigger: str = ""


def words_of(parse: Parse, span: tuple[int, int]) -> list[int]:
    """Words of a sentence that a span of the article covers, 1-based."""
    return [w.index for w in parse.words if w.start < span[1] and w.end > span[0]]


def best_root(
    works: list[tuple[ClaimFinder, list[Found]]], source: tuple[int, int], target: tuple[int, int], knowledge: Knowledge,
    read: dict[str, float] | None = None, scheme: Weights | None = None,
) -> Pairing:
    """Weighs all triggers of each sentence (its finder, and what that found) and folds by status as PLOVER does.

    Rows whose conditions fail take part at a discount. `read`: probabilities of the events as the event network sees the pair, if it did.
    """
    weights: dict[tuple[str, str | None, Status], tuple[float, Reason, str]] = {}
    firm: set[str] = set()
    for finder, kept in works:
        parse = finder.parse
        span, aim = words_of(parse, source), words_of(parse, target)
        for found, loose in _candidates(finder, kept):
            weight = _weight(parse, found, frozenset(span), frozenset(aim), loose)
            key = _folded(parse, found, knowledge)
            if found.rule.row and found.rule.row.firm and not loose and {*span, *aim} & {*found.actors, *found.recipients}:
                firm.add(key[0])
            reason = Reason("relation", found.rule.id, parse.word(found.word).text)
            if weight > weights.get(key, (-99.0, reason, ""))[0]:
                weights[key] = (weight, reason, parse.word(found.word).lemma.lower())
    totals = dict.fromkeys(knowledge.ontology.events, PRIOR)
    for (event, _, _), (weight, _, _) in weights.items():
        totals[event] = max(totals[event], math.exp(min(weight, 30.0)))
    if read and scheme:
        least = {event: FIRM if event in firm else LEAST for event in totals}
        totals = {event: value**scheme.pair_rules * max(read[event], least[event]) ** scheme.pair_read for event, value in totals.items()}
    whole = sum(totals.values())
    probabilities = {event: value / whole for event, value in totals.items()}
    root = max(probabilities, key=lambda e: probabilities[e])
    best = max(((w, m, s, r, t) for (e, m, s), (w, r, t) in weights.items() if e == root), default=None, key=lambda item: item[0])
    if best is None:
        return Pairing(root, None, probabilities[root], probabilities=probabilities)
    return Pairing(root, best[1], probabilities[root], best[2], probabilities, (best[3],), best[4])


def _candidates(finder: ClaimFinder, kept: list[Found]) -> list[tuple[Found, bool]]:
    """Rows that fit and count, and, marked loose, rows that failed or were another trigger's content."""
    result = [(item, False) for item in kept]
    taken = {item.word for item in kept}
    for attempt in finder.attempts:
        if attempt.word not in taken and (attempt.fits or _structural(attempt)):
            result.append((finder.fill(attempt.word, attempt.rule), True))
    return result


def _structural(attempt: Attempt) -> bool:
    """Whether a row failed only for want of a recognised party: the given pair may supply it. Wrong words stay wrong."""
    obstacle = attempt.obstacle
    return obstacle is not None and bool(obstacle.words & KINDS) and obstacle in attempt.rule.needs


def _weight(parse: Parse, found: Found, source: frozenset[int], target: frozenset[int], loose: bool) -> float:
    weight = LOOSE if loose else 0.0
    weight += SPECIFIC * min(4, len(found.rule.needs))
    actors, recipients = _through_speech(parse, found.actors), _through_speech(parse, found.recipients)
    weight += ACTOR * bool(source & actors) + RECIPIENT * bool(target & recipients)
    weight += SWAPPED * (bool(source & recipients) + bool(target & actors))
    if source and target:
        one = min(source, key=lambda i: len(parse.ancestors(i)))
        two = min(target, key=lambda i: len(parse.ancestors(i)))
        path = set(path_up(parse, one, _meeting(parse, one, two)) or []) | set(path_up(parse, two, _meeting(parse, one, two)) or [])
        weight += ON_PATH * (found.word in path)
        weight -= DISTANCE * (tree_distance(parse, found.word, one) + tree_distance(parse, found.word, two)) / 2
    weight += NEAR_ROOT * (parse.word(found.word).head == 0)
    return weight


def _through_speech(parse: Parse, heads: tuple[int, ...]) -> frozenset[int]:
    """Party heads; a pronoun that is the subject of a reported clause also stands for the speaker ("the group said it would …")."""
    result = set(heads)
    for head in heads:
        if parse.word(head).upos != "PRON" or not parse.word(head).head:
            continue
        clause = parse.word(parse.word(head).head)
        if clause.deprel in {"ccomp", "advcl", "xcomp", "conj"} and clause.head:
            result.update(subjects(parse, clause.head))
    return frozenset(result)


def _meeting(parse: Parse, one: int, two: int) -> int:
    """The lowest word above both."""
    above = [one, *parse.ancestors(one)]
    return next((n for n in [two, *parse.ancestors(two)] if n in above), above[-1])


def _folded(parse: Parse, found: Found, knowledge: Knowledge) -> tuple[str, str | None, Status]:
    """Event, mode and status of a trigger, folded as PLOVER says."""
    rule = found.rule
    cue = told(parse, found.word, rule, knowledge, rule.event)
    return fold_cue(knowledge.ontology, rule.event, rule.mode, cue) if cue else (rule.event, rule.mode, "actual")
