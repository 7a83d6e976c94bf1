"""The sums behind all figures: F1 of counts, and F1 per class as scikit-learn counts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TypeVar

Label = TypeVar("Label", bound=Hashable)


def f1(correct: float, guessed: float, gold: float) -> float:
    """Harmonic mean of precision and recall, 0 to 1; 0 where nothing was guessed and nothing was there."""
    return 2 * correct / (guessed + gold) if guessed + gold else 0.0


def harmonic(precision: float, recall: float) -> float:
    """F1 of a precision and a recall that were counted apart; 0 if both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def class_f1(gold: Sequence[Label], guessed: Sequence[Label]) -> dict[Label, float]:
    """F1 of each class that stands in either list, sorted by class."""
    in_gold, in_guess = Counter(gold), Counter(guessed)
    right = Counter(one for one, other in zip(gold, guessed, strict=True) if one == other)
    return {name: f1(right[name], in_guess[name], in_gold[name]) for name in sorted({*gold, *guessed}, key=str)}


def macro_f1(gold: Sequence[Label], guessed: Sequence[Label]) -> float:
    """Mean F1 of all classes that stand in either list; every class weighs the same. 0 for empty lists."""
    scores = class_f1(gold, guessed)
    return sum(scores.values()) / len(scores) if scores else 0.0


def accuracy(gold: Sequence[Label], guessed: Sequence[Label]) -> float:
    """Share of equal pairs, 0 to 1; 0 for empty lists."""
    return sum(one == other for one, other in zip(gold, guessed, strict=True)) / len(gold) if gold else 0.0
