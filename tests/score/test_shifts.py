"""The back-test's report: which rates are promised, what breaks, and that its series are what they say."""

from __future__ import annotations

import numpy as np
import pytest

from detente.relations.constants import load_rules
from detente.score import shifts as back

RULES = load_rules().shifts


def test_a_broken_promise_is_told_and_others_are_not_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    calm, loud = back.Achieved("chart", 0.2, 100, 5), back.Achieved("levels", 0.05, 100, 30)
    beyond = back.Achieved("one look, more alike than assumed", 0.05, 100, 60)
    for name, found in (("chart_rates", [calm]), ("count_rates", []), ("mark_rates", [beyond]), ("delays", []), ("turn_delays", [])):
        monkeypatch.setattr(back, name, lambda rules, runs, found=found: found)
    monkeypatch.setattr(back, "yearly_looks", lambda rules, runs: back.Achieved("looked at", 0.05, 20, 9))
    monkeypatch.setattr(back, "cover", lambda rules, runs: (10, 8, 12.0))
    lines: list[str] = []
    assert back.report(RULES, 1, lines.append)
    assert "0.80 hold the true day" in lines[-1]
    monkeypatch.setattr(back, "count_rates", lambda rules, runs: [loud])
    assert not back.report(RULES, 1, lines.append)
    assert [line for line in lines if "BROKEN" in line] == [line for line in lines if line.startswith("| levels")]


@pytest.mark.parametrize("kind", back.KINDS)
def test_series_have_their_level_and_their_gaps(kind: str) -> None:
    counts, exposure, seen = zip(*(back.series(kind, 2.0, 520, np.random.default_rng([1, place])) for place in range(30)), strict=True)
    level = np.sum(counts) / np.sum([e[s].sum() for e, s in zip(exposure, seen, strict=True)])
    assert level == pytest.approx(2.0, rel=0.1)
    assert np.all(seen) == (kind != "missing")
    assert not np.any(np.array(counts)[~np.array(seen)])
    assert (np.mean([e[-52:] for e in exposure]) > 2 * np.mean([e[:52] for e in exposure])) == (kind == "growing")
