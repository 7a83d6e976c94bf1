"""Two analyses of one text laid side by side, as the scorer of the CoNLL 2018 shared task does it.

Positions count the characters of the text that are no white space. Words outside multiword tokens match where they have the
same first and last character; words of multiword tokens stand for the whole token and match by their forms, in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

ROOT = -1


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of a layout. `head` is the position of its head in `Layout.words`, ROOT for a root."""

    start: int
    end: int
    multiword: bool
    form: str
    lemma: str
    upos: str
    head: int
    deprel: str


@dataclass(slots=True)
class Layout:
    """One analysis of a text: (start, end) of sentences and surface tokens, and the words."""

    sentences: list[tuple[int, int]] = field(default_factory=list)
    tokens: list[tuple[int, int]] = field(default_factory=list)
    words: list[Placed] = field(default_factory=list)


def align(gold: Sequence[Placed], guess: Sequence[Placed]) -> list[tuple[int, int]]:
    """Pairs (position in gold, position in guess) of words that match, both ascending."""
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(gold) and j < len(guess):
        one, other = gold[i], guess[j]
        if one.multiword or other.multiword:
            low, low_guess, i, j = _region(gold, guess, i, j)
            same = _common([w.form.lower() for w in gold[low:i]], [w.form.lower() for w in guess[low_guess:j]])
            pairs += [(low + a, low_guess + b) for a, b in same]
        elif (one.start, one.end) == (other.start, other.end):
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif one.start <= other.start:
            i += 1
        else:
            j += 1
    return pairs


def _region(gold: Sequence[Placed], guess: Sequence[Placed], i: int, j: int) -> tuple[int, int, int, int]:
    """Where a stretch with multiword tokens begins and ends: (gold from, guess from, gold to, guess to)."""
    if gold[i].multiword:
        end = gold[i].end
        if not guess[j].multiword and guess[j].start < gold[i].start:
            j += 1
    else:
        end = guess[j].end
        if gold[i].start < guess[j].start:
            i += 1
    low, low_guess = i, j
    while _inside(gold, i, end) or _inside(guess, j, end):
        if i < len(gold) and (j >= len(guess) or gold[i].start <= guess[j].start):
            end = max(end, gold[i].end) if gold[i].multiword else end
            i += 1
        else:
            end = max(end, guess[j].end) if guess[j].multiword else end
            j += 1
    return low, low_guess, i, j


def _inside(words: Sequence[Placed], index: int, end: int) -> bool:
    """Whether a word still belongs to a stretch that ends there; a single word must lie in it whole."""
    if index >= len(words):
        return False
    return words[index].start < end if words[index].multiword else words[index].end <= end


def _common(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """A longest common subsequence as pairs of positions."""
    size = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            size[i][j] = size[i + 1][j + 1] + 1 if left[i] == right[j] else max(size[i + 1][j], size[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif size[i + 1][j] >= size[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
