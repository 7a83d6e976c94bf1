"""Rows of LINKS and of the blocks that incremental folding looks up: which claims make which event, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..records import content_id
from ..tables import LINKS, POINT, TEXT
from .blocks import Keys
from .clusters import Pairs
from .features import Columns
from .identity import Identities
from .mentions import event_id
from .parts import lists, structs
from .points import Scorer
from .rules import VALUES
from .stages import PARTS, Outcome
from .tellings import Tellings

Ints = npt.NDArray[np.int64]
# One row a claim. `founds`: the id of the event that its mention would found, by which old ids are found again; `component`: what is
# worked out together; `keys`: by what it is looked up.
BLOCKS = pa.schema([
    ("claim", TEXT), ("mention", TEXT), ("founds", TEXT), ("article", TEXT), ("component", TEXT),
    ("keys", pa.list_(pa.uint64())),
])


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """For each telling its best partner in its own event and the best one in another: numbers of tellings (-1: none) and points."""

    partner: Ints
    points: npt.NDArray[np.float32]
    runner: Ints
    runner_points: npt.NDArray[np.float32]


def best_partners(pairs: Pairs, event: Ints) -> Best:
    """The best partners of tellings among pairs that are not refused; of equal ones the earlier."""
    count = len(event)
    same = event[pairs.i] == event[pairs.j]
    found = []
    for chosen in (same, ~same):
        points = np.full(count, -np.inf, np.float32)
        own = pairs.where(chosen)
        np.maximum.at(points, own.i, own.total)
        np.maximum.at(points, own.j, own.total)
        partner = np.full(count, count, np.int64)
        for here, there in ((own.i, own.j), (own.j, own.i)):
            equal = own.total == points[here]
            np.minimum.at(partner, here[equal], there[equal])
        found += [np.where(partner == count, -1, partner), points]
    return Best(*found)


def links_table(columns: Columns, told: Tellings, result: Outcome, named: Identities, best: Best, scorer: Scorer) -> pa.Table:
    """Rows of LINKS for the claims that have an event, event by event in the order of publication."""
    rows, telling = named.members, told.of[named.members]
    number = named.number[rows]
    founder = np.zeros(len(columns.ids), np.bool_)
    founder[named.founder] = True
    ids, mentions = np.array(columns.ids, object), np.array(columns.mentions, object)
    articles = np.array(columns.articles, object)
    partner, runner = best.partner[telling], best.runner[telling]
    lead = ids[told.lead]
    return pa.table({
        "event": pa.array(np.array(named.ids, object)[number] if len(rows) else [], TEXT),
        "claim": pa.array(ids[rows], TEXT), "mention": pa.array(mentions[rows], TEXT),
        "article": pa.array(articles[columns.article[rows]] if len(rows) else [], TEXT),
        "part": pa.array(np.array(PARTS, object)[result.part[telling]], TEXT), "founder": pa.array(founder[rows]),
        "family": pa.array(np.array(columns.families, object)[rows], TEXT),
        "origin": pa.array(np.array(columns.families, object)[rows], TEXT),
        "partner": pa.array(lead[partner], TEXT, mask=partner < 0), "points": _points(best.points[telling], partner),
        "why": _why(scorer, telling, partner), "runner_up": pa.array(lead[runner], TEXT, mask=runner < 0),
        "runner_up_points": _points(best.runner_points[telling], runner),
        "component": pa.array(component_ids(columns, told, result)[telling], TEXT),
    }, schema=LINKS)


def component_ids(columns: Columns, told: Tellings, result: Outcome) -> npt.NDArray[np.object_]:
    """The name of each telling's component: of the mention of its first telling."""
    heads, inverse = np.unique(result.component, return_inverse=True)
    names = np.array([content_id("c", columns.mentions[n]) for n in told.lead[heads].tolist()], object)
    return names[inverse] if len(names) else names


def _points(values: npt.NDArray[np.float32], partner: Ints) -> pa.Array:
    return pa.array(np.where(partner < 0, 0.0, values).astype(np.float64), mask=partner < 0)


def _why(scorer: Scorer, telling: Ints, partner: Ints) -> pa.Array:
    """The points that speak for and against each telling's best partner; an empty list for one that has none."""
    rows = np.flatnonzero(partner >= 0)
    i, j = telling[rows], partner[rows]
    values = scorer.values(np.minimum(i, j), np.maximum(i, j)) if len(rows) else {}
    owner, feature, value, points = [], [], [], []
    for number, (name, codes) in enumerate(values.items()):
        some = np.flatnonzero(codes)
        owner.append(rows[some])
        feature.append(np.full(len(some), number))
        value.append(codes[some].astype(np.int64))
        points.append(scorer.rules.table[name][codes[some]])
    if not values:
        return lists(np.zeros(0, np.int64), len(telling), pa.array([], POINT))
    all_owners, all_features, all_values = np.concatenate(owner), np.concatenate(feature), np.concatenate(value)
    order = np.lexsort((all_features, all_owners))
    starts = np.cumsum([0, *(len(names) for names in VALUES.values())])
    labels = pa.array([label for names in VALUES.values() for label in names])
    kinds = pa.array(list(VALUES))
    told = structs(POINT, {
        "feature": kinds.take(pa.array(all_features[order])),
        "value": labels.take(pa.array(starts[all_features[order]] + all_values[order] - 1)),
        "points": np.concatenate(points)[order].astype(np.float64),
    })
    return lists(all_owners[order], len(telling), told)


def blocks_table(columns: Columns, told: Tellings, result: Outcome, keys: Keys, active: npt.NDArray[np.bool_]) -> pa.Table:
    """Rows of BLOCKS for the claims of active tellings, in the order of their ids."""
    rows = np.flatnonzero(active[told.of])
    rows = rows[np.argsort(np.array(columns.ids, object)[rows], kind="stable")]
    telling = told.of[rows]
    order = np.lexsort((keys.key, keys.telling))
    key, own = keys.key[order], keys.telling[order]
    begins, ends = np.searchsorted(own, telling, "left"), np.searchsorted(own, telling, "right")
    length = ends - begins
    owner = np.repeat(np.arange(len(rows)), length)
    place = np.repeat(begins, length) + np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
    mentions = [columns.mentions[n] for n in rows.tolist()]
    ids = np.array(columns.ids, object)
    return pa.table({
        "claim": pa.array(ids[rows], TEXT), "mention": pa.array(mentions, TEXT),
        "founds": pa.array([event_id(m) for m in mentions], TEXT),
        "article": pa.array(np.array(columns.articles, object)[columns.article[rows]] if len(rows) else [], TEXT),
        "component": pa.array(component_ids(columns, told, result)[telling], TEXT),
        "keys": lists(owner, len(rows), pa.array(key[place], pa.uint64())),
    }, schema=BLOCKS)
