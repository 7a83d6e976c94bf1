"""Names of events that survive growth: the mention that founded it names an event, the hash of its claims names its state."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..records import content_id
from .features import Columns
from .mentions import event_id
from .stages import REPORT, Outcome
from .tellings import Tellings

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Identities:
    """`number`: of each claim's event, -1 for claims that take no part; `founder`: the claim that founded each event; `order`: claims in
    the order of publication and mention, `begins`: claims of each event lie together in `members` from there on, in that order."""

    number: Ints
    founder: Ints
    ids: list[str]
    revisions: list[str]
    members: Ints
    begins: Ints

    def __len__(self) -> int:
        return len(self.ids)


def identities(columns: Columns, told: Tellings, result: Outcome, active: npt.NDArray[np.bool_],
               applied: dict[str, set[str]]) -> Identities:
    """Ids of events. `active`: tellings whose events are wanted; `applied`: decisions by mention.

    The founder is the earliest (moment of publication, mention) of the reports that stand on a day; without one, of the reports; else of
    all.
    """
    rank = np.empty(len(columns.ids), np.int64)
    rank[np.lexsort((np.array(columns.mentions, object), columns.minute))] = np.arange(len(rank))
    chosen = np.flatnonzero(active[told.of])
    event = result.event[told.of[chosen]]
    labels, own = np.unique(event, return_inverse=True)
    telling = told.of[chosen]
    level = np.where(result.part[telling] != REPORT, 2, np.where(result.anchor[telling], 0, 1))
    order = np.lexsort((rank[chosen], level, own))
    heads = order[np.searchsorted(own[order], np.arange(len(labels)))]
    founder = chosen[heads]
    # Events are numbered by their founders, so that rows come out in one order whatever the input's.
    place = np.empty(len(labels), np.int64)
    place[np.argsort(rank[founder])] = np.arange(len(labels))
    number = np.full(len(columns.ids), -1, np.int64)
    number[chosen] = place[own]
    founder = founder[np.argsort(rank[founder])]
    members = chosen[np.lexsort((rank[chosen], number[chosen]))]
    begins = np.searchsorted(number[members], np.arange(len(labels) + 1))
    ids = [event_id(columns.mentions[n]) for n in founder.tolist()]
    return Identities(number, founder, ids, _revisions(columns, members, begins, applied), members, begins)


def _revisions(columns: Columns, members: Ints, begins: Ints, applied: dict[str, set[str]]) -> list[str]:
    result = []
    listed, ends = members.tolist(), begins.tolist()
    for begin, end in pairwise(ends):
        own = listed[begin:end]
        decided = sorted({name for n in own for name in applied.get(columns.mentions[n], ())}) if applied else []
        result.append(content_id("r", *sorted(columns.ids[n] for n in own), *decided))
    return result
