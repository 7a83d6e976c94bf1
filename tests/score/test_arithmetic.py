"""The sums behind the figures, against values worked out by hand."""

from __future__ import annotations

import pytest

from detente.score.arithmetic import accuracy, class_f1, f1, harmonic, macro_f1


def test_f1_of_counts() -> None:
    assert f1(2, 4, 3) == pytest.approx(4 / 7)
    assert f1(0, 0, 0) == 0.0
    assert f1(5, 5, 5) == 1.0


def test_harmonic_mean() -> None:
    assert harmonic(0.5, 1.0) == pytest.approx(2 / 3)
    assert harmonic(0.0, 0.0) == 0.0


def test_class_and_macro_f1() -> None:
    gold = ["AID", "AID", "ASSAULT", "REJECT"]
    found = ["AID", "ASSAULT", "ASSAULT", "PROTEST"]
    # AID: 1 right of 1 found and 2 there; ASSAULT: 1 of 2 and 1; REJECT and PROTEST: none.
    assert class_f1(gold, found) == pytest.approx({"AID": 2 / 3, "ASSAULT": 2 / 3, "PROTEST": 0.0, "REJECT": 0.0})
    assert macro_f1(gold, found) == pytest.approx(1 / 3)
    assert accuracy(gold, found) == 0.5


def test_nothing_to_count() -> None:
    empty: list[int] = []
    assert macro_f1(empty, empty) == accuracy(empty, empty) == 0.0


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        class_f1([1, 2], [1])
