"""The signed network: edges, balance, blocs, moves, GraphML."""

from __future__ import annotations

import io
import sys
from datetime import date
from itertools import combinations, product

import numpy as np
import pyarrow as pa
import pytest

from detente.errors import MissingExtra
from detente.relations.blocs import balance, blocs, gains, moves, partition
from detente.relations.constants import load_rules
from detente.relations.signed import Network, network, to_networkx

from .made import acts

SHIPPED = load_rules()
RULES = SHIPPED.model_copy(update={"blocs": SHIPPED.blocs.model_copy(update={"replicates": 60, "restarts": 10, "shuffles": 100})})
DAY = date(2016, 7, 1)
CAMPS = ("ABCD", "XYZ")


def camps(camps: tuple[str, ...]) -> pa.Table:
    """Parties friendly within a camp and hostile between; events over several weeks."""
    camp = {name: place for place, names in enumerate(camps) for name in names}
    parts = [
        acts(
            [(f"2016-{month:02}-{7 * (n % 4) + 1:02}", 5.0 if camp[one] == camp[other] else -6.0) for n in range(9) for month in (5, 6)],
            one, other, prefix=one + other,
        )
        for one, other in combinations(sorted(camp), 2)
    ]
    return pa.concat_tables(parts)


def test_edges_need_weight_and_a_band_without_zero() -> None:
    table = pa.concat_tables([
        camps(("AB",)), acts([("2016-06-01", 0.4)], "A", "Q", prefix="q", confidence=0.3),
        acts([(f"2016-06-{day:02}", 5.0 * (-1) ** day) for day in range(1, 21)], "A", "M", prefix="m"),
    ])
    found = network(table, DAY, RULES)
    assert [(found.actors[edge.one], found.actors[edge.other]) for edge in found.edges] == [("A", "B")]
    assert found.edges[0].low > 0
    assert set(found.edges[0].events) <= set(table["event"].to_pylist())


def test_events_after_the_day_do_not_count() -> None:
    assert not network(camps(CAMPS), date(2016, 4, 30), RULES).edges


def test_mutual_events_count_once_for_a_pair() -> None:
    one = acts([(f"2016-06-{day:02}", 4.0) for day in range(1, 12)], "A", "B", mutual=True)
    both = pa.concat_tables([one, one.set_column(1, "source", one["target"]).set_column(2, "target", one["source"])])
    assert network(both, DAY, RULES).edges[0].weight == network(one, DAY, RULES).edges[0].weight


def test_two_camps_are_found_and_balanced() -> None:
    found = network(camps(CAMPS), DAY, RULES)
    assert blocs(found, RULES.blocs).members() == [list("ABCD"), list("XYZ")]
    told = balance(found, RULES.blocs)
    assert (told.triads, told.share, told.tense) == (35, 1.0, ())
    assert told.z is not None
    assert told.z > 2
    assert told.walks == pytest.approx(1)


def test_tense_triads_are_listed_strongest_first() -> None:
    matrix = np.zeros((4, 4))
    for one, other, value in [(0, 1, 2.0), (1, 2, 3.0), (0, 2, -1.0), (0, 3, 4.0), (1, 3, -3.0), (2, 3, 1.0)]:
        matrix[one, other] = matrix[other, one] = value
    template = network(camps(("ABCD",)), DAY, RULES)
    edges = tuple(edge for edge in template.edges)
    found = Network(DAY, template.actors, edges, matrix, template.replicates)
    told = balance(found, RULES.blocs)
    signs = np.sign(matrix)
    tense = [t for t in combinations(range(4), 3) if signs[t[0], t[1]] * signs[t[1], t[2]] * signs[t[0], t[2]] < 0]
    assert told.balanced == told.triads - len(tense)
    assert {triad.actors for triad in told.tense} == {tuple("ABCD"[place] for place in triad) for triad in tense}
    assert [triad.weakest for triad in told.tense] == sorted((triad.weakest for triad in told.tense), reverse=True)


def test_no_partition_of_a_small_network_is_better() -> None:
    random = np.random.default_rng(1)
    for _ in range(5):
        matrix = np.triu(random.normal(size=(6, 6)) * (random.random((6, 6)) < 0.8), 1)
        matrix += matrix.T
        gain = gains(matrix)
        all_labels = (np.array([0, *labels]) for labels in product(range(6), repeat=5))
        best = max(float(gain[np.equal.outer(labels, labels)].sum()) for labels in all_labels)
        ours = partition(matrix, RULES.blocs)
        assert float(gain[np.equal.outer(ours, ours)].sum()) == pytest.approx(best)


def test_who_moved_and_whether_it_stayed() -> None:
    tables = [camps(("ABCD", "XYZ")), camps(("ABC", "DXYZ")), camps(("ABC", "DXYZ"))]
    periods = [(found, blocs(found, RULES.blocs)) for found in (network(table, DAY, RULES) for table in tables)]
    (moved,) = moves(periods, RULES.blocs)
    assert (moved.actor, moved.origin, moved.goal, moved.confirmed) == ("D", ("A", "B", "C"), ("X", "Y", "Z"), True)
    assert moved.share >= RULES.blocs.consensus
    assert moved.margin > 0


def test_an_empty_network() -> None:
    found = network(acts([]), DAY, RULES)
    assert (found.actors, blocs(found, RULES.blocs).bloc, balance(found, RULES.blocs).share) == ((), {}, None)


def test_graphml_holds_it_all() -> None:
    networkx = pytest.importorskip("networkx")
    found = network(camps(CAMPS), DAY, RULES)
    graph = to_networkx(found, blocs(found, RULES.blocs).bloc)
    written = io.BytesIO()
    networkx.write_graphml(graph, written)
    written.seek(0)
    back = networkx.read_graphml(written)
    expected = {(name, place) for place, names in enumerate(CAMPS) for name in names}
    assert {(node, data["bloc"]) for node, data in back.nodes(data=True)} == expected
    assert back.edges["A", "X"]["sign"] == -1
    assert back.edges["A", "B"]["index"] == pytest.approx(found.matrix[0, 1])


def test_networkx_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(MissingExtra, match=r"detente\[store\]"):
        to_networkx(network(acts([]), DAY, RULES))
