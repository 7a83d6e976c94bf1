"""Rows of EVENTS, VARIANTS and PAIRS: each event's values are resolved from its claims by `values.resolve`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..tables import EVENTS, LANES, PAIRS, VARIANTS
from .decisions import Ruling
from .features import PLACED, Columns
from .identity import Identities
from .rules import FoldRules
from .stages import CONTRARY, PARTS, Outcome
from .told import COLUMNS
from .value_rules import ValueRules, load_value_rules
from .values import resolve

Ints = npt.NDArray[np.int64]
CHUNK = 20_000  # claims at a time that stand as plain values
_ALIKE = tuple(
    "event mode context standing quad score confidence actor recipient mutual date date_end date_precision date_basis place quantities "
    "claims articles origins_low origins_high voices first_published last_published".split()
)


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """What event rows are made of. `families`: rows of FAMILIES by article."""

    claims: pa.Table
    families: pa.Table
    columns: Columns
    of: Ints
    result: Outcome
    named: Identities
    rules: FoldRules
    ruling: Ruling


def event_tables(made: Sources) -> tuple[pa.Table, pa.Table, pa.Table]:
    """EVENTS, VARIANTS and PAIRS of all events, in the order of publication. Events that are rejected are left out."""
    found: list[list[pa.RecordBatch]] = [[], [], []]
    fixed = _fixed(made)
    values = load_value_rules()
    root = _roots(made.rules)
    for numbers, rows in _chunks(made):
        kept: tuple[list[dict[str, Any]], list[tuple[Any, ...]], list[dict[str, Any]]] = ([], [], [])
        for number, own in zip(numbers, rows, strict=True):
            if made.named.ids[number] not in fixed.rejected:
                _one(made, number, own, (values, root, fixed), kept)
        found[0] += pa.Table.from_pylist(kept[0], schema=EVENTS).to_batches()
        columns = list(zip(*kept[1], strict=True)) if kept[1] else [()] * len(VARIANTS)
        found[1] += pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, VARIANTS, strict=True)],
                                         schema=VARIANTS).to_batches()
        found[2] += pa.Table.from_pylist(kept[2], schema=PAIRS).to_batches()
    return tuple(pa.Table.from_batches(b, s) for b, s in zip(found, (EVENTS, VARIANTS, PAIRS), strict=True))


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What decisions say of events: by event, the fields that are set; the events that are rejected."""

    values: dict[str, dict[str, str]]
    rejected: frozenset[str]


def _fixed(made: Sources) -> _Fixed:
    if not (made.ruling.values or made.ruling.rejected_events):
        return _Fixed({}, frozenset())
    event_of = {m: made.named.ids[n] for m, n in zip(made.columns.mentions, made.named.number.tolist(), strict=True) if n >= 0}
    values: dict[str, dict[str, str]] = {}
    for value in reversed(made.ruling.values):  # the latest is written last
        event = event_of.get(value.mentions[0])
        if event:
            values.setdefault(event, {})[value.field] = value.value
    rejected = {event_of[m] for group in made.ruling.rejected_events.values() for m in group if m in event_of}
    return _Fixed(values, frozenset(rejected))


def _roots(rules: FoldRules) -> Callable[[Mapping[str, Any]], str]:
    known: dict[tuple[Any, ...], str] = {}

    def root(mention: Mapping[str, Any]) -> str:
        key = (mention["id"], mention["country"], *(mention["sector"] or ()))
        if key not in known:
            known[key] = rules.party(mention["id"], mention["country"], tuple(mention["sector"] or ())).root
        return known[key]

    return root


def _chunks(made: Sources) -> Iterator[tuple[list[int], list[list[dict[str, Any]]]]]:
    """Numbers of events with the rows of their claims, so many claims at a time."""
    begins, members = made.named.begins, made.named.members
    some = made.claims.select([*COLUMNS, "sentence"])
    parts = np.array(PARTS, object)[made.result.part[made.of[members]]]
    kin = made.families.select(["article", "family", "keys", "source"]) if made.families.num_rows else None
    at = pc.index_in(made.claims["article"], kin["article"].combine_chunks()) if kin is not None else None
    first = 0
    while first < len(made.named):
        last = max(int(np.searchsorted(begins, begins[first] + CHUNK, "right")) - 1, first + 1)
        chosen = pa.array(members[begins[first] : begins[last]])
        rows = some.take(chosen).to_pylist()
        if kin is not None and at is not None:
            beside = kin.drop_columns("article").take(at.take(chosen)).to_pylist()
            for row, more in zip(rows, beside, strict=True):
                row.update(more)
        for row, part, number in zip(rows, parts[begins[first] : begins[last]].tolist(), chosen.to_pylist(), strict=True):
            row["part"], row["number"] = part, number
        offset = begins[first]
        yield list(range(first, last)), [rows[begins[n] - offset : begins[n + 1] - offset] for n in range(first, last)]
        first = last


def _one(
    made: Sources, number: int, own: list[dict[str, Any]], by: tuple[ValueRules, Callable[[Mapping[str, Any]], str], _Fixed],
    kept: tuple[list[dict[str, Any]], list[tuple[Any, ...]], list[dict[str, Any]]],
) -> None:
    """Adds the rows of one event."""
    rules, root, fixed = by
    ident = made.named.ids[number]
    values = resolve(own, ident, rules=rules, root=root)
    if values is None:
        return
    row: dict[str, Any] = {name: getattr(values, name) for name in _ALIKE}
    telling = made.of[made.named.members[made.named.begins[number] : made.named.begins[number + 1]]]
    best = max(own, key=lambda claim: (_placed(made, claim), claim["confidence"] or 0.0))
    reports = telling[made.result.part[telling] != CONTRARY]
    placed = made.columns.when[made.named.members[made.named.begins[number] : made.named.begins[number + 1]]] == PLACED
    lanes = made.columns.lane[[claim["number"] for claim in own]][made.result.part[telling] != CONTRARY]
    lane = int(np.bincount(lanes).argmax()) if len(reports) else LANES.index("denied")
    row |= {
        "id": ident, "revision": made.named.revisions[number], "lane": LANES[lane],
        "parties": sorted({p["root"] for p in (*values.actor, *values.recipient) if p["root"]}), "vague": not bool(placed.any()),
        "headline": best["sentence"], "headline_claim": best["id"], "dataset": "", "original": None, "extra": None,
        "fold": made.rules.version,
    }
    if ident in fixed.values:
        row |= set_by_hand(row, fixed.values[ident], made.rules)
    kept[0].append(row)
    kept[1].extend(values.variants)
    kept[2].extend(pair_rows(row))


def _placed(made: Sources, claim: dict[str, Any]) -> tuple[bool, int, bool, int]:
    """How well a claim stands for its event: not as a denial, told with day, place and parties."""
    number = claim["number"]
    columns = made.columns
    return (claim["part"] != PARTS[CONTRARY], int(columns.when[number] == PLACED) + int(columns.fine[number] >= 2),
            bool(claim["actor"]) and bool(claim["recipient"]), int(columns.when[number]))


def set_by_hand(row: dict[str, Any], fields: dict[str, str], rules: FoldRules) -> dict[str, Any]:
    """The fields that a decision has set: event, mode, lane, standing, and days as ISO text; others are left to who reads decisions."""
    made: dict[str, Any] = {}
    for name, value in sorted(fields.items()):
        if name == "event" and value not in rules.quads:
            continue  # a name that this ontology does not have, from another store: the claims' own event stays
        if name in {"event", "mode", "lane", "standing", "headline"}:
            made[name] = value or None
        elif name in {"date", "date_end"}:
            made[name] = pc.cast(pa.array([value or None]), pa.date32())[0].as_py()
            made["date_precision"], made["date_basis"], made["vague"] = "day", "decision", False
    if {"event", "mode"} & made.keys():
        event, mode = made.get("event", row["event"]), made.get("mode", row["mode"])
        if (event, mode) not in rules.scores:
            mode = None
        made |= {"mode": mode, "quad": rules.quads[event], "score": rules.score(event, mode)}
    return made


def pair_rows(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Rows of PAIRS of one event: each ordered pair of root parties; where the act is mutual, both ways."""
    actors = [p for p in event["actor"] if p["root"]]
    others = [p for p in event["recipient"] if p["root"]]
    mutual = event["mutual"]
    found = list(permutations(actors, 2)) if mutual and not others else list(product(actors, others))
    if mutual and others:
        found += list(product(others, actors))
    seen = set()
    for source, target in found:
        key = (source["root"], target["root"])
        if key[0] != key[1] and key not in seen:
            seen.add(key)
            yield {
                "event": event["id"], "source": key[0], "target": key[1], "mutual": bool(mutual), "source_sector": source["sector"],
                "target_sector": target["sector"], "date": event["date"], "date_end": event["date_end"],
                "date_precision": event["date_precision"], "root": event["event"], "mode": event["mode"], "quad": event["quad"],
                "score": event["score"], "confidence": event["confidence"], "lane": event["lane"], "vague": event["vague"],
                "articles": event["articles"], "origins": event["origins_low"],
            }
