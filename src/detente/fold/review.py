"""What a reviewer should look at: pairs of claims that the fold neither took for one happening nor refused, the closest calls first."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ..tables import REAL, TEXT
from .clusters import Pairs
from .decisions import Ruling
from .features import Columns
from .rules import Thresholds
from .stages import Outcome
from .tellings import Tellings

REVIEW = pa.schema([("claim", TEXT), ("other", TEXT), ("mention", TEXT), ("other_mention", TEXT), ("points", REAL)])
MOST = 1000


def review_table(columns: Columns, told: Tellings, pairs: Pairs, result: Outcome, ruled: Ruling, at: Thresholds) -> pa.Table:
    """Pairs of different events, nearest to the threshold first, MOST of them; those that a decision has settled are left out."""
    open_ = np.flatnonzero(result.event[pairs.i] != result.event[pairs.j])
    distance = np.abs(pairs.total[open_] - at.link)
    order = open_[np.lexsort((pairs.j[open_], pairs.i[open_], distance))][: MOST + sum(map(len, ruled.confirmed.values()))]
    settled = [set(group) for group in ruled.confirmed.values()]
    settled += [{m for group in groups for m in group} for groups in (*ruled.same.values(), *ruled.different.values())]
    rows = []
    for n in order.tolist():
        one, other = int(told.lead[pairs.i[n]]), int(told.lead[pairs.j[n]])
        both = {columns.mentions[one], columns.mentions[other]}
        if not any(both <= group for group in settled):
            rows.append((columns.ids[one], columns.ids[other], columns.mentions[one], columns.mentions[other], float(pairs.total[n])))
    lists = list(zip(*rows[:MOST], strict=True)) if rows else [()] * len(REVIEW)
    return pa.Table.from_arrays([pa.array(values, f.type) for values, f in zip(lists, REVIEW, strict=True)], schema=REVIEW)
