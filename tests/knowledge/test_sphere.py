"""Distances on the globe: one pair and many give the same."""

from __future__ import annotations

import numpy as np
import pytest

from detente.knowledge.sphere import EARTH, all_kilometres, kilometres


def test_a_quarter_of_the_equator() -> None:
    assert kilometres(0, 0, 0, 90) == pytest.approx(EARTH * np.pi / 2)
    assert kilometres(10, 179.5, 10, -179.5) == pytest.approx(kilometres(10, 0, 10, 1))


def test_many_are_as_each() -> None:
    one = np.array([[48.2, 16.4], [-33.9, 151.2], [0.0, 0.0]])
    single = all_kilometres(one, np.array([[41.0, 29.0]]))
    assert single.tolist() == pytest.approx([kilometres(lat, lon, 41.0, 29.0) for lat, lon in one.tolist()])
    assert all_kilometres(one, one).tolist() == pytest.approx([0, 0, 0])


def test_what_is_not_known_is_no_distance() -> None:
    assert np.isnan(all_kilometres(np.array([[np.nan, 0.0]], np.float32), np.array([[0.0, 0.0]], np.float32))).all()
