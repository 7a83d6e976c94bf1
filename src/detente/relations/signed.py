"""The signed network of a day: who is close to whom, and at odds with whom, as far as the events tell.

Two parties have an edge where their index (long half-life, both directions together) has enough weight and its band leaves out 0. No edge
means *unknown*, not neutral.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import MissingExtra
from .bands import copies, seed_of
from .constants import Rules
from .parties import Acts, Floats, Ints, arrays, counting, number

MOST_EVENTS = 50  # ids kept per edge: those that weigh most


@dataclass(frozen=True, slots=True)
class Edge:
    """Two parties (places in `Network.actors`, smaller first) with their index, its band, W, and the events that weigh most in it."""

    one: int
    other: int
    index: float
    low: float
    high: float
    weight: float
    events: tuple[str, ...]

    @property
    def sign(self) -> int:
        """1 or -1 where the band leaves out 0, else 0."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Edges of a day. `matrix`: index of each pair (actors × actors, 0 without an edge); `replicates`: the same of each edge in resampled
    reports (edges × replicates)."""

    day: date
    actors: tuple[str, ...]
    edges: tuple[Edge, ...]
    matrix: Floats
    replicates: Floats

    def replicate(self, place: int) -> Floats:
        """The matrix as resampled reports give it."""
        matrix = np.zeros_like(self.matrix)
        for edge, value in zip(self.edges, self.replicates[:, place], strict=True):
            matrix[edge.one, edge.other] = matrix[edge.other, edge.one] = value
        return matrix

    def sure(self) -> Network:
        """Only the edges whose band leaves out 0, and the actors that have one."""
        kept = [place for place, edge in enumerate(self.edges) if edge.sign]
        left = sorted({end for place in kept for end in (self.edges[place].one, self.edges[place].other)})
        place_of = {old: new for new, old in enumerate(left)}
        edges = tuple(replace(self.edges[p], one=place_of[self.edges[p].one], other=place_of[self.edges[p].other]) for p in kept)
        return Network(self.day, tuple(self.actors[old] for old in left), edges, _matrix(len(left), edges), self.replicates[kept])


def _matrix(size: int, edges: tuple[Edge, ...]) -> Floats:
    matrix = np.zeros((size, size))
    for edge in edges:
        matrix[edge.one, edge.other] = matrix[edge.other, edge.one] = edge.index
    return matrix


def network(pairs: pa.Table, day: date, rules: Rules) -> Network:
    """The network of a day from rows of PAIRS; events after it do not count."""
    return weighed(pairs, day, rules).sure()


def weighed(pairs: pa.Table, day: date, rules: Rules) -> Network:
    """The same with the pairs whose band holds 0 among its edges: enough is told of them, and it does not add up to a sign."""
    half_life, last = rules.blocs.half_life, number(day)
    named = pc.and_(pc.not_equal(pairs["source"], ""), pc.not_equal(pairs["target"], ""))
    dated, _ = counting(pairs.filter(pc.and_(named, pc.not_equal(pairs["source"], pairs["target"]))))
    names, key, rows = _keyed(dated, rules)
    fitting = (rows.day <= last) & (rows.width <= rules.index.widest * half_life)
    key, rows = key[fitting], rows.take(fitting)
    weight = np.exp2(-(last - rows.day) / half_life) * rows.confidence
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    totals = np.add.reduceat(weight, starts) if len(starts) else np.zeros(0)
    ends = np.append(starts[1:], len(key))
    found = []
    for place in np.flatnonzero(totals >= rules.blocs.least_weight):
        part = np.arange(starts[place], ends[place])
        one, other = (int(end) for end in divmod(int(key[part[0]]), len(names)))
        edge, again = _strength(rows.take(part), weight[part], rules, (one, other, f"{names[one]}|{names[other]}"))
        found.append((edge, again))
    actors = sorted({name for edge, _ in found for name in (edge.one, edge.other)})
    place_of = {name: place for place, name in enumerate(actors)}
    edges = tuple(replace(edge, one=place_of[edge.one], other=place_of[edge.other]) for edge, _ in found)
    replicates = np.array([again for _, again in found]).reshape(len(found), rules.blocs.replicates)
    return Network(day, tuple(names[name] for name in actors), edges, _matrix(len(actors), edges), replicates)


def _keyed(dated: pa.Table, rules: Rules) -> tuple[list[str], Ints, Acts]:
    """Names in order, the code of each event's unordered pair, the events; an event once per pair, sorted by pair and day."""
    names = sorted({*dated["source"].unique().to_pylist(), *dated["target"].unique().to_pylist()})
    known = pa.array(names, pa.string())
    source, target = (
        np.asarray(pc.index_in(dated[side], known).to_numpy(zero_copy_only=False), np.int64) for side in ("source", "target")
    )
    key = np.minimum(source, target) * len(names) + np.maximum(source, target)
    events = np.asarray(dated["event"].combine_chunks().dictionary_encode().indices, np.int64) if dated.num_rows else key
    rows = arrays(dated, rules.index.unknown_confidence)
    order = np.lexsort((events, rows.day, key))
    once = np.append(True, (np.diff(key[order]) != 0) | (np.diff(events[order]) != 0))[: len(order)]
    return names, key[order][once], rows.take(order[once])


def _strength(own: Acts, weight: Floats, rules: Rules, ends: tuple[int, int, str]) -> tuple[Edge, Floats]:
    """An edge, its ends as they are counted in the table, and its index in each replicate."""
    shrink, total = rules.index.shrink, float(weight.sum())
    times = copies(own, rules.blocs.replicates, seed_of(ends[2], "network"))
    plain = weight / own.confidence
    again = (times @ (plain * own.score)) / (shrink + times @ plain)
    low, high = (float(end) for end in np.quantile(again, rules.blocs.band))
    most = np.argsort(-np.abs(weight * own.score), kind="stable")[:MOST_EVENTS]
    index = float((weight * own.score).sum()) / (shrink + total)
    return Edge(ends[0], ends[1], index, low, high, total, tuple(map(str, own.event[most]))), np.asarray(again, float)


def to_networkx(found: Network, blocs: dict[str, int] | None = None) -> Any:
    """An undirected networkx graph with `index low high weight sign events` on edges and `bloc` on nodes; its values are such
    as GraphML can hold. MissingExtra without networkx."""
    try:
        import networkx
    except ImportError as error:
        raise MissingExtra("networkx", "store") from error
    graph = networkx.Graph(day=found.day.isoformat())
    for name in found.actors:
        graph.add_node(name, **({"bloc": blocs[name]} if blocs else {}))
    for edge in found.edges:
        graph.add_edge(
            found.actors[edge.one], found.actors[edge.other], index=edge.index, low=edge.low, high=edge.high, weight=edge.weight,
            sign=1 if edge.index > 0 else -1, events=" ".join(edge.events),
        )
    return graph
