"""Scores to trees: always one root, no cycle, and the best such tree where that can be checked by trying all."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from detente.language.trees import heads_of, is_tree

Scores = NDArray[np.float32]


def matrices(most: int) -> st.SearchStrategy[Scores]:
    """Score matrices of up to `most` words with the root before them."""
    return st.integers(1, most).flatmap(
        lambda n: npst.arrays(np.float32, (n + 1, n + 1), elements=st.floats(-50, 50, width=32, allow_nan=False))
    )


@cache
def all_trees(count: int) -> NDArray[np.int64]:
    """Every single-root tree over `count` words, one row of heads each."""
    rows = [row for row in itertools.product(range(count + 1), repeat=count) if is_tree(np.array([0, *row]))]
    return np.array(rows, dtype=np.int64)


def total(scores: Scores, heads: NDArray[np.int64]) -> float:
    """Sum of the arc scores of a tree, in double precision."""
    words = np.arange(1, len(scores))
    return float(scores.astype(np.float64)[words, heads[1:]].sum())


@pytest.mark.parametrize(("words", "trees"), [(1, 1), (2, 2), (3, 9), (4, 64), (5, 625)])
def test_there_are_as_many_trees_as_theory_says(words: int, trees: int) -> None:
    assert len(all_trees(words)) == trees


@pytest.mark.parametrize(
    ("heads", "tree"),
    [([0, 0], True), ([0, 2, 0], True), ([0, 0, 0], False), ([0, 2, 1], False), ([0, 0, 3, 2], False), ([0, 1], False)],
)
def test_trees_are_known(heads: list[int], tree: bool) -> None:
    assert bool(is_tree(np.array(heads))) is tree


@given(matrices(12))
def test_always_a_tree_with_one_root(scores: Scores) -> None:
    heads = heads_of(scores)
    assert heads.shape == (len(scores),)
    assert heads[0] == 0
    assert is_tree(heads)


@given(matrices(5))
def test_the_best_tree_of_all(scores: Scores) -> None:
    words = np.arange(1, len(scores))
    trees = all_trees(len(words))
    best = scores.astype(np.float64)[words[None], trees].sum(1).max()
    assert total(scores, heads_of(scores)) == pytest.approx(best, abs=1e-3)


@given(matrices(6))
def test_scores_are_left_alone(scores: Scores) -> None:
    before = scores.copy()
    heads_of(scores)
    assert np.array_equal(scores, before)


def test_a_long_cycle_is_broken_where_it_costs_least() -> None:
    scores = np.full((5, 5), -20, dtype=np.float32)
    for word in range(1, 5):
        scores[word, word % 4 + 1] = 10
    scores[3, 0] = 5
    assert heads_of(scores).tolist() == [0, 2, 3, 0, 1]


@pytest.mark.parametrize("count", [50, 200])
def test_long_sentences(count: int) -> None:
    scores = np.random.default_rng(count).normal(0, 5, (count + 1, count + 1)).astype(np.float32)
    assert is_tree(heads_of(scores))
