"""Components and clusters with cuts, against plain ways of finding them."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.fold.clusters import _as_one, _Merging, components
from detente.fold.rules import FoldRules


@settings(max_examples=60, deadline=None)
@given(count=st.integers(1, 40), pairs=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60))
def test_components_are_those_of_a_graph(count: int, pairs: list[tuple[int, int]]) -> None:
    edges = [(a % count, b % count) for a, b in pairs]
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(count))
    found = components(count, np.array([a for a, _ in edges], np.int64), np.array([b for _, b in edges], np.int64))
    wanted = {node: min(part) for part in nx.connected_components(graph) for node in part}
    assert found.tolist() == [wanted[n] for n in range(count)]


def merged(rules: FoldRules, scores: np.ndarray, bad: np.ndarray | None = None, never: np.ndarray | None = None) -> list[int]:
    """Labels of clusters of a matrix of points."""
    count = len(scores)
    linked = scores >= rules.at.link
    state = _Merging(scores.astype(float), np.zeros((count, count), np.int64) if bad is None else bad,
                     np.zeros((count, count), bool) if never is None else never, linked, rules.at)
    state.run()
    return state.label


def matrix(count: int, **points: float) -> np.ndarray:
    """Points of pairs, "ab" for those of the first two; others have none."""
    found = np.zeros((count, count))
    for pair, value in points.items():
        a, b = (ord(letter) - ord("a") for letter in pair)
        found[a, b] = found[b, a] = value
    return found


def test_a_chain_is_cut_where_its_ends_contradict(rules: FoldRules) -> None:
    bad = np.zeros((3, 3), np.int64)
    bad[0, 2] = bad[2, 0] = 1
    assert merged(rules, matrix(3, ab=9, bc=8), bad) == [0, 0, 2]


def test_a_single_link_does_not_join_what_else_does_not_fit(rules: FoldRules) -> None:
    assert merged(rules, matrix(4, ab=12, cd=12, bc=6)) == [0, 0, 2, 2]


def test_what_fits_on_the_whole_is_joined(rules: FoldRules) -> None:
    assert merged(rules, matrix(4, ab=12, cd=12, bc=9, ad=8, ac=1, bd=2)) == [0, 0, 0, 0]


def test_what_must_not_be_joined_is_not(rules: FoldRules) -> None:
    never = np.zeros((2, 2), bool)
    never[0, 1] = never[1, 0] = True
    assert merged(rules, matrix(2, ab=20), None, never) == [0, 1]


def test_tied_tellings_fit_as_the_best_of_them_does() -> None:
    sums, bad = matrix(3, ac=7), np.zeros((3, 3), np.int64)
    bad[1, 2] = bad[2, 1] = 1
    _as_one(np.array([0, 1]), sums, bad)
    assert sums[1, 2] == sums[2, 1] == sums[0, 2] == 7
    assert not bad[1, 2]


@settings(max_examples=40, deadline=None)
@given(data=st.data(), count=st.integers(2, 9))
def test_no_two_clusters_are_left_that_could_be_joined(rules: FoldRules, data: st.DataObject, count: int) -> None:
    points = data.draw(st.lists(st.integers(-2, 12), min_size=count * count, max_size=count * count))
    upper = np.triu(np.array(points).reshape(count, count), 1)
    scores = (upper + upper.T).astype(float)
    labels = np.array(merged(rules, scores.copy()))
    for one in np.unique(labels):
        for other in np.unique(labels[labels > one]):
            block = scores[np.ix_(labels == one, labels == other)]
            assert block.mean() < rules.at.mean or block.max() < rules.at.link
