"""How far to trust what is shown: versions, accuracy that a release must reach, how sure claims are said to be, what was rejected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....relations.constants import load_rules
from ...api.quality import quality_of
from ...desk import Desk
from ...reading import Reading
from ..asking import Asked
from ..format import percent

FEW = 30  # claims in a bin under which nothing can be told from it


def view_with(desk: Desk) -> Callable[[Reading, Asked], Mapping[str, Any]]:
    """The view of a server."""
    return lambda reading, asked: view(reading, asked, desk)


def view(reading: Reading, asked: Asked, desk: Desk) -> Mapping[str, Any]:
    """Values of the page."""
    found = quality_of(reading, desk)
    bins = found["confidence"]
    most = max((row["claims"] for row in bins), default=1)
    measures = [(name, one["score"], one["data"], [(key.replace("_", " "), value) for key, value in one["floors"].items()])
                for name, one in (found["floors"] or {}).items()]
    rules = load_rules()
    return {
        "title": "Quality",
        "found": found,
        "measures": measures,
        "bins": [
            {
                "label": f"{percent(row['low'])} to {percent(row['low'] + 0.1)}",
                "claims": row["claims"],
                "share": row["claims"] / most,
                "few": row["claims"] < FEW,
            }
            for row in bins
        ],
        "rates": [
            ("turns of single pairs, by the scores of their events in order", percent(rules.shifts.marks.rate)),
            ("changes of weekly counts", percent(rules.shifts.counts.rate)),
            ("alarms of the charts", percent(rules.shifts.chart.rate)),
        ],
        "rejects": found["rejects"],
    }
