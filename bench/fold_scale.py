"""Generated claims to measure the fold: seconds and candidates for each claim, memory, false and missed merges by the known events.

    python bench/fold_scale.py 10000 100000 1000000

Pairs of states meet by Zipf's law and in bursts; an event has 1 to 60 reports over its days; 30 % of the reports are copies of another,
10 % copies cut short, 5 % have a wrong date, 8 % no place, 40 % no date, 15 % no recipient, and tolls grow. Three hundred claims a day,
however many in all.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from detente.fold.core import fold
from detente.fold.rules import FoldRules, fold_rules
from detente.knowledge import Knowledge
from detente.tables import ARTICLES, CLAIMS, DECISIONS, FAMILIES

A_DAY, START = 300, 14_000
KINDS = (("ASSAULT", "aerial"), ("ASSAULT", "explosives"), ("ASSAULT", "firearms"), ("COERCE", "arrest"), ("PROTEST", "demo"),
         ("CONSULT", None),
         ("CONSULT", "visit"), ("AGREE", None), ("ACCUSE", "disapprove"), ("REQUEST", "change"), ("SANCTION", "discontinue"), ("AID", None))
WORDS = 4000


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Tables, and the number of the event of each claim."""

    claims: pa.Table
    articles: pa.Table
    families: pa.Table
    events: np.ndarray


def generated(count: int, rules: FoldRules, seed: int = 1) -> Made:
    """So many claims."""
    rng = np.random.default_rng(seed)
    days = max(count // A_DAY, 10)
    reports = np.clip(rng.zipf(1.6, count), 1, 60)
    reports = reports[: int(np.searchsorted(np.cumsum(reports), count)) + 1]
    events = len(reports)
    states = sorted(a.id for a in rules.actors.values() if a.kind == "state")[:180]
    share = 1 / (np.arange(3000) + 5.0)
    pair = rng.choice(3000, events, p=share / share.sum())
    first, second = pair * 7919 % len(states), (pair * 104_729 + 1 + pair) % len(states)
    second = np.where(first == second, (second + 1) % len(states), second)
    burst = rng.integers(0, days, 4000)[(pair * 31 + rng.integers(0, 4, events)) % 4000]
    day = np.where(rng.random(events) < 0.4, (burst + rng.exponential(4, events).astype(int)) % days, rng.integers(0, days, events)) + START
    facts = {
        "kind": rng.integers(0, len(KINDS), events), "first": first, "second": second, "day": day, "town": rng.integers(0, 40, events),
        "toll": np.where(rng.random(events) < 0.5, rng.geometric(0.08, events), 0), "words": rng.integers(0, WORDS, (events, 9)),
    }
    event = np.repeat(np.arange(events), reports)[:count]
    return _told(rng, event, facts, states)


def _told(rng: np.random.Generator, event: np.ndarray, facts: dict[str, np.ndarray], states: list[str]) -> Made:
    count = len(event)
    fresh = np.r_[True, event[1:] != event[:-1]]
    origin = np.maximum.accumulate(np.where(fresh, np.arange(count), 0))
    chance = rng.random(count)
    copy = ~fresh & (chance < 0.4)
    delay = np.where(fresh, 0, rng.exponential(0.8, count)).astype(int)
    published = facts["day"][event] + delay
    source = np.where(copy, origin, np.arange(count))
    undated, wrong = rng.random(count) < 0.4, rng.random(count) < 0.05
    date = facts["day"][event] + np.where(wrong, rng.choice([-3, -2, -1, 1], count), 0)
    date = np.minimum(date, published)
    town = np.where(rng.random(count) < 0.08, -1, facts["town"][event])
    alone = rng.random(count) < 0.15
    toll = (facts["toll"][event] * (1 + 0.3 * np.minimum(delay, 3))).astype(int)
    undated, date, town, alone, toll = undated[source], date[source], town[source], alone[source], toll[source]
    extra = rng.integers(0, WORDS, (count, 5))
    words = np.concatenate([facts["words"][event], extra], axis=1)
    keep = rng.random(words.shape) < 0.75
    sentences = [
        "The " + " ".join(f"w{w:04d}x" for w, k in zip(row, kept, strict=True) if k) + " was told of on that day by people who know it."
        for row, kept in zip(words[source].tolist(), keep[source].tolist(), strict=True)
    ]
    outlet = rng.integers(0, A_DAY // 3, count)
    article = np.array([f"a_{p}_{o}" if not c else f"a_{p}_{o}_{n}" for n, (p, o, c) in
                        enumerate(zip(published.tolist(), outlet.tolist(), copy.tolist(), strict=True))], object)
    family = np.where(copy, article[source], article)
    minute = published * 1440 + outlet * 7 % 1440
    cells = (article, event, published, date, undated, town, alone, toll, sentences)
    claims = _claims(cells, facts, states)
    names, at = np.unique(article.astype(str), return_index=True)
    articles = _filled(ARTICLES, len(names), {
        "id": pa.array(names), "published": pa.array(published[at].astype(np.int32), pa.int32()).cast(pa.date32()),
        "published_at": pa.array(minute[at] * 60_000_000, pa.int64()).cast(ARTICLES.field("published_at").type),
    })
    kin = pa.array(family[at].astype(str))
    families = _filled(FAMILIES, len(names),
                       {"article": pa.array(names), "family": kin, "origin_strong": kin, "origin_weak": kin, "source": kin})
    return Made(claims, articles, families, event)


def _claims(cells: tuple, facts: dict[str, np.ndarray], states: list[str]) -> pa.Table:
    article, event, published, date, undated, town, alone, toll, sentences = cells
    count = len(event)
    names = np.array(states, object)
    first, second = names[facts["first"][event]], names[facts["second"][event]]
    kind = facts["kind"][event]
    offsets = pa.array(np.arange(count + 1), pa.int32())
    place = np.char.add(second.astype(str), np.char.add("-", town.astype(str)))
    number = (facts["second"][event] * 100 + town + 1).astype(np.int64)
    struct = CLAIMS.field("place").type
    absent = town < 0
    spot = _struct(struct, count, {
        "name": pa.array(place), "country": pa.array(second), "geonames": pa.array(number), "precision": pa.array(["city"] * count),
        "lat": pa.array((number % 160 - 80).astype(float)), "lon": pa.array((number * 37 % 360 - 180).astype(float)),
        "text": pa.array(place),
    }, absent)
    has_toll = toll > 0
    quantity = _struct(CLAIMS.field("quantities").type.value_type, int(has_toll.sum()), {
        "kind": pa.array(["killed"] * int(has_toll.sum())),
        **{n: pa.array(toll[has_toll].astype(np.int64)) for n in ("low", "best", "high")},
    })
    shown = np.where(undated, published, date).astype(np.int32)
    return _filled(CLAIMS, count, {
        "id": pa.array([f"c_{n:09d}" for n in range(count)]), "article": pa.array(article),
        "act": pa.array([f"c_{n:09d}" for n in range(count)]),
        "published": pa.array(published.astype(np.int32), pa.int32()).cast(pa.date32()),
        "event": pa.array([KINDS[k][0] for k in kind.tolist()]), "mode": pa.array([KINDS[k][1] for k in kind.tolist()], pa.string()),
        "status": pa.array(["actual"] * count), "confidence": pa.array(np.full(count, 0.8)),
        "actor": pa.ListArray.from_arrays(offsets, _party(first)),
        "recipient": pa.ListArray.from_arrays(pa.array(np.r_[0, np.cumsum(~alone)], pa.int32()), _party(second[~alone])),
        "date": pa.array(shown, pa.int32()).cast(pa.date32()), "date_precision": pa.array(np.where(undated, "publication", "day")),
        "place": spot, "quantities": pa.ListArray.from_arrays(pa.array(np.r_[0, np.cumsum(has_toll)], pa.int32()), quantity),
        "voice": _struct(CLAIMS.field("voice").type, count,
                         {"kind": pa.array(["outlet"] * count), "stance": pa.array(["asserts"] * count)}),
        "sentence": pa.array(sentences), "sentence_index": pa.array(np.zeros(count, np.int64)),
        "start": pa.array(np.zeros(count, np.int64)),
        "end": pa.array(np.full(count, 80)), "trigger": pa.array(["told"] * count),
        "trigger_start": pa.array(np.arange(count) % 1000 * 100),
        "trigger_end": pa.array(np.arange(count) % 1000 * 100 + 4),
    })


def _party(names: np.ndarray) -> pa.Array:
    kind = CLAIMS.field("actor").type.value_type
    sector = pa.ListArray.from_arrays(pa.array(np.arange(len(names) + 1), pa.int32()), pa.array(["GOV"] * len(names), pa.string()))
    cells = {"id": names, "name": names, "country": names, "text": names}
    return _struct(kind, len(names), {**{n: pa.array(v, pa.string()) for n, v in cells.items()}, "sector": sector})


def _struct(kind: pa.StructType, count: int, cells: dict[str, pa.Array], absent: np.ndarray | None = None) -> pa.Array:
    arrays = [cells[f.name].cast(f.type) if f.name in cells else pa.nulls(count, f.type) for f in kind]
    return pa.StructArray.from_arrays(arrays, fields=list(kind), mask=None if absent is None else pa.array(absent))


def _filled(schema: pa.Schema, count: int, cells: dict[str, pa.Array]) -> pa.Table:
    return pa.Table.from_arrays([cells[f.name].cast(f.type) if f.name in cells else pa.nulls(count, f.type) for f in schema], schema=schema)


def rates(made: Made, links: pa.Table) -> tuple[float, float]:
    """False merges among pairs of one event as folded, and missed ones among pairs of one known event."""
    known = dict(zip(made.claims["id"].to_pylist(), made.events.tolist(), strict=True))
    _, found = np.unique(np.array(links["event"].to_pylist(), object).astype(str), return_inverse=True)
    gold = np.array([known[name] for name in links["claim"].to_pylist()])
    both = np.unique(found.astype(np.int64) * (int(gold.max()) + 1) + gold, return_counts=True)[1]

    def pairs(sizes: np.ndarray) -> float:
        return float((sizes * (sizes - 1) // 2).sum())

    true = pairs(both)
    return 1 - true / max(pairs(np.bincount(found)), 1.0), 1 - true / max(pairs(np.bincount(gold)), 1.0)


def main() -> None:
    """Measures one size after the other and prints a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--out", help="write the lines into this file too")
    options = parser.parse_args()
    rules = fold_rules(Knowledge())
    lines = []
    for count in options.counts:
        made = generated(count, rules)
        begin, busy = time.perf_counter(), time.process_time()
        folded = fold(made.claims, made.articles, made.families, DECISIONS.empty_table(), rules)
        seconds, busy = time.perf_counter() - begin, time.process_time() - busy
        false, missed = rates(made, folded.links)
        line = {
            "claims": count, "seconds": round(seconds, 1), "of the processor": round(busy, 1),
            "ms per claim": round(1000 * busy / count, 3),
            "candidates per claim": round(2 * folded.counts["compared"] / count, 1), "events": folded.events.num_rows,
            "known": int(made.events.max()) + 1, "largest": folded.counts["largest"], "crowded": len(folded.crowded),
            "GB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2), "false": round(false, 4),
            "missed": round(missed, 4),
        }
        lines.append(line)
        print(json.dumps(line))  # noqa: T201 - a program that reports
    if options.out:
        with open(options.out, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(line) + "\n" for line in lines)


if __name__ == "__main__":
    main()
