"""How far a claim's confidence can be trusted: shares of claims that are right, by confidence, on the project's own corpus.

A claim is right where a marked claim has its trigger and event, as `corpus` counts. `ece`: the expected calibration error, the mean
distance between confidence and share right over ten equal bins, weighed by their claims (Naeini et al. 2015). `brier`: the mean squared
distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..pipeline import Coder
from ..settings import Settings
from .corpus import coded, pair_up, read_part

BINS = 10
Judged = tuple[float, bool]


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims of one stretch of confidence: their number, mean confidence, share right."""

    low: float
    count: int
    confidence: float
    right: float


def score(path: Path, settings: Settings, part: str = "test") -> dict[str, float | int]:
    """`ece brier n`, then for each bin its mean confidence, share right and number. Raises ScoreError."""
    judged = judge(path, settings, part)
    result: dict[str, float | int] = {
        "ece": round(ece(judged), 4), "brier": round(sum((p - good) ** 2 for p, good in judged) / max(1, len(judged)), 4), "n": len(judged),
    }
    for item in bins(judged):
        name = f"{item.low:.1f}-{item.low + 1 / BINS:.1f}"
        result |= {f"{name}_confidence": round(item.confidence, 3), f"{name}_right": round(item.right, 3), f"{name}_n": item.count}
    return result


def judge(path: Path, settings: Settings, part: str) -> list[Judged]:
    """Confidence of each claim of a part of the corpus, with whether it is right."""
    coder = Coder(settings)
    result = []
    for sentence, start, claims, _ in coded(read_part(path, coder, part), coder):
        pairs = pair_up(sentence.claims, claims, start)
        result += [(c.confidence, g is not None and g.event == c.event) for g, c in pairs if c is not None]
    return result


def bins(judged: Sequence[Judged]) -> list[Bin]:
    """The bins that hold claims, lowest first."""
    result = []
    for number in range(BINS):
        own = [(p, good) for p, good in judged if min(BINS - 1, int(p * BINS)) == number]
        if own:
            mean, right = sum(p for p, _ in own) / len(own), sum(good for _, good in own) / len(own)
            result.append(Bin(number / BINS, len(own), mean, right))
    return result


def ece(judged: Sequence[Judged]) -> float:
    """The expected calibration error."""
    return sum(item.count * abs(item.confidence - item.right) for item in bins(judged)) / max(1, len(judged))
