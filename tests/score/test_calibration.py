"""Calibration: bins and error of made-up confidences."""

from __future__ import annotations

import pytest

from detente.score.calibration import bins, ece


def test_perfect_confidence_has_no_error() -> None:
    judged = [(0.25, True), (0.25, False), (0.25, False), (0.25, False), (1.0, True)]
    assert ece(judged) == pytest.approx(0)
    assert [(b.low, b.count) for b in bins(judged)] == [(0.2, 4), (0.9, 1)]


def test_the_error_is_weighed_by_claims() -> None:
    judged = [(0.9, False)] + [(0.5, True), (0.5, False)] * 2
    assert ece(judged) == pytest.approx(0.9 / 5)
    assert ece([]) == 0
