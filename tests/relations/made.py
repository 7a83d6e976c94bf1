"""Rows of PAIRS and ARTICLES for the tests of relations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from detente.tables import ARTICLES, PAIRS


def quad_of(score: float) -> str:
    """A quad that fits a score."""
    return ("material " if abs(score) >= 5 else "verbal ") + ("cooperation" if score > 0 else "conflict")


def acts(events: Iterable[tuple[str, float]], source: str = "AAA", target: str = "BBB", **fields: Any) -> pa.Table:
    """Rows of PAIRS from days ("2016-06-27") and scores; ids e000, e001 … in the order given."""
    rows = [
        {
            "event": f"{fields.get('prefix', 'e')}{place:03}", "source": source, "target": target, "mutual": False,
            "source_sector": ["GOV"], "target_sector": ["GOV"], "date": date.fromisoformat(day), "score": score, "confidence": 1.0,
            "lane": "happened", "vague": False, "quad": quad_of(score), "origins": 1, "articles": 1,
            **{name: value for name, value in fields.items() if name != "prefix"},
        }
        for place, (day, score) in enumerate(events)
    ]
    return pa.Table.from_pylist(rows, schema=PAIRS)


def articles(counts: Sequence[int], first: str, actors: Sequence[str] = ("AAA", "BBB"), publisher: str = "one") -> pa.Table:
    """So many articles on each day from `first` on, all naming the same actors."""
    rows = [
        {
            "id": f"a{day}-{place}", "published": date.fromisoformat(first) + timedelta(days=day), "actors": list(actors),
            "publisher": publisher,
        }
        for day, count in enumerate(counts)
        for place in range(count)
    ]
    return pa.Table.from_pylist(rows, schema=ARTICLES)


COLD = np.array([-9.5, -6.0, -3.5, -3.0, -2.0])
TURN = [("2016-06-27", 4.5), ("2016-06-29", 1.5), ("2016-06-29", 2.5), ("2016-07-01", 4.0), ("2016-07-01", 2.5), ("2016-07-04", 2.5)]


def cold_phase(count: int, seed: int) -> list[tuple[str, float]]:
    """A pair that is at odds from the end of November 2015 on, `count` events until the middle of June 2016, and then turns."""
    random = np.random.default_rng(seed)
    begin = date(2015, 11, 24)
    days = [begin, *(begin + timedelta(days=int(day)) for day in sorted(random.integers(1, 205, count - 1)))]
    scores = [-9.5, *random.choice(COLD, count - 1, p=[0.05, 0.15, 0.2, 0.2, 0.4])]
    return [*((day.isoformat(), float(score)) for day, score in zip(days, scores, strict=True)), *TURN]
