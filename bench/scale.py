"""How a whole world grows: claims stored, folded, folded again after a small addition, and a busy pair's relation asked.

    python bench/scale.py 10000 100000 1000000 --dir DIR [--plot docs/quality/scale.svg] [--table FILE]

Claims are those of `fold_scale.py`; every article gets a text in which its claims' sentences stand, a copy the text of what it copies
(one in four cut to its first 60 %), and one claim in twenty an entry of the ledger beside it. Each stage is a process of its own: its
seconds and its peak of memory are its own. `--plot` draws the cost per claim, `--table` writes the figures as Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parent))
import fold_scale
import scale_report

from detente import world
from detente.fold.rules import fold_rules
from detente.knowledge import Knowledge
from detente.tables import ENTRIES
from detente.world import folding, open_world

FURTHER, PER_ADD = 1000, 100_000
WORDS_OF_TEXT, LEXICON, ENTRY_SHARE = 120, 20_000, 20
STAGES = ("make", "add", "fold", "further", "relate")
STANCES = ("supports", "opposes", "recognises", "ally", "enemy")
STEPS = ("proposed", "accepted", "signed", "in-force", "breached", "ended")


# -- generated tables ---------------------------------------------------------------------------------------------------


def make(folder: Path, count: int, seed: int) -> dict[str, Any]:
    """Writes the tables of so many claims, and of FURTHER more that are the newest articles."""
    made = fold_scale.generated(count + FURTHER, fold_rules(Knowledge()), seed)
    claims, articles = made.claims, made.articles
    of = pc.index_in(claims["article"], articles["id"].combine_chunks()).to_numpy()
    per = np.bincount(of, minlength=articles.num_rows)
    order = np.lexsort((articles["id"].to_numpy(zero_copy_only=False).astype(str), articles["published"].cast(pa.int32()).to_numpy()))
    late = np.zeros(articles.num_rows, bool)
    late[order[np.cumsum(per[order]) > per.sum() - FURTHER]] = True
    texts = list(_texts(np.random.default_rng(seed + 1), made, of))
    articles = articles.set_column(articles.schema.get_field_index("text"), "text", pa.array(texts, pa.string()))
    names = np.array([f"outlet {n % 90}" for n in range(articles.num_rows)], object)
    articles = articles.set_column(articles.schema.get_field_index("publisher"), "publisher", pa.array(names, pa.string()))
    entries = _entries(np.random.default_rng(seed + 2), claims)
    folder.mkdir(parents=True, exist_ok=True)
    entry_of = pc.index_in(entries["article"], articles["id"].combine_chunks()).to_numpy()
    for name, table, flags in (("claims", claims, late[of]), ("articles", articles, late), ("entries", entries, late[entry_of])):
        for part, chosen in (("", ~flags), ("-further", flags)):
            pq.write_table(table.filter(pa.array(chosen)), folder / f"{name}{part}.parquet")
    pq.write_table(pa.table({"claim": claims["id"], "event": made.events}), folder / "gold.parquet")
    return {"articles": articles.num_rows, "entries": entries.num_rows}


def _texts(rng: np.random.Generator, made: fold_scale.Made, of: np.ndarray) -> Iterator[str]:
    """A text for each article: its claims' sentences among words of its own; that of its source for a copy."""
    own: dict[int, list[str]] = {}
    for place, sentence in zip(of.tolist(), made.claims["sentence"].to_pylist(), strict=True):
        own.setdefault(place, []).append(sentence)
    words = np.array([f"{a}{b}{c}" for a in "brt" for b in range(100) for c in "aeiouklmn"] + [f"v{n}o" for n in range(LEXICON)], object)
    drawn = rng.integers(0, len(words), (made.articles.num_rows, WORDS_OF_TEXT), np.int32)
    cut = rng.random(made.articles.num_rows) < 0.25
    ids = made.articles["id"].to_pylist()
    place_of = {name: place for place, name in enumerate(ids)}
    for place, (name, family) in enumerate(zip(ids, made.families["family"].to_pylist(), strict=True)):
        source = place_of[family]
        body = words[drawn[source]].tolist()
        sentences = [" ".join(body[n : n + 20]) + "." for n in range(0, WORDS_OF_TEXT, 20)]
        text = " ".join([*own[source], *sentences])
        yield text[: int(len(text) * 0.6)] if family != name and cut[place] else text


def _entries(rng: np.random.Generator, claims: pa.Table) -> pa.Table:
    """Stances and stages of agreements between the parties of some claims."""
    chosen = np.flatnonzero((rng.random(claims.num_rows) < 1 / ENTRY_SHARE) & (pc.list_value_length(claims["recipient"]).to_numpy() > 0))
    rows = claims.take(pa.array(chosen))
    count = len(chosen)
    stance = rng.random(count) < 0.7
    kind = np.where(stance, rng.choice(STANCES, count), rng.choice(STEPS, count))
    cells: dict[str, Any] = {name: rows[name].combine_chunks() for name in ENTRIES.names if name in rows.schema.names}
    cells |= {"id": pa.array([f"n_{n:09d}" for n in chosen.tolist()]), "sort": pa.array(np.where(stance, "stance", "agreement")),
              "kind": pa.array(kind), "conditions": pa.array([[]] * count, ENTRIES.field("conditions").type)}
    return fold_scale._filled(ENTRIES, count, cells)


# -- stages -------------------------------------------------------------------------------------------------------------


def add(folder: Path) -> dict[str, Any]:
    """Stores the claims, some articles at a time."""
    store = open_world(folder / "store")
    tables = {name: pq.read_table(folder / f"{name}.parquet") for name in ("claims", "articles", "entries")}
    share = max(1, tables["articles"].num_rows * PER_ADD // max(tables["claims"].num_rows, 1))
    place = {name: pc.index_in(tables[name]["article"], tables["articles"]["id"].combine_chunks()).to_numpy() // share
             for name in ("claims", "entries")}
    for number, start in enumerate(range(0, tables["articles"].num_rows, share)):
        parts = {name: tables[name].filter(pa.array(where == number)) for name, where in place.items()}
        store.add_coded(parts["claims"], tables["articles"].slice(start, share), parts["entries"])
    return {}


def fold(folder: Path, pieces: Counter[str]) -> dict[str, Any]:
    """Folds all anew."""
    seen: list[Any] = []
    with _watched(pieces, seen):
        done = open_world(folder / "store").fold(anew=True)
    counts = seen[0].counts
    return {"events": done.events, "facts": done.facts, "candidates": 2 * counts["compared"] / max(counts["claims"], 1),
            "largest": counts["largest"], "crowded": len(seen[0].crowded)}


def further(folder: Path, pieces: Counter[str]) -> dict[str, Any]:
    """Stores FURTHER claims, then folds what they touch."""
    store = open_world(folder / "store")
    store.add_coded(*(pq.read_table(folder / f"{name}-further.parquet") for name in ("claims", "articles", "entries")))
    with _watched(pieces, []):
        begin = time.perf_counter()
        done = store.fold()
    return {"fold": time.perf_counter() - begin, "changed": done.changed, **_merged(store, folder)}


def _merged(store: world.World, folder: Path) -> dict[str, float]:
    """False and missed merges of what is folded."""
    gold = pq.read_table(folder / "gold.parquet")
    links = store.table("links", ["event", "claim"])
    known = gold["event"].to_numpy()[pc.index_in(links["claim"], gold["claim"].combine_chunks()).to_numpy()]
    found = links["event"].dictionary_encode().combine_chunks().indices.to_numpy().astype(np.int64)
    both = np.unique(found * (int(known.max()) + 1) + known, return_counts=True)[1]

    def pairs(sizes: np.ndarray) -> float:
        return float((sizes * (sizes - 1) // 2).sum())

    return {"false": 1 - pairs(both) / max(pairs(np.bincount(found)), 1.0), "missed": 1 - pairs(both) / max(pairs(np.bincount(known)), 1.0)}


def relate(folder: Path) -> dict[str, Any]:
    """Milliseconds of a busy pair's answers: the first of the process and a later one, within a store held still."""
    store = open_world(folder / "store")
    busiest = store.sql("select least(source, target) as a, greatest(source, target) as b, count(distinct event) as n from pairs"
                        " group by all order by n desc, a, b limit 1").to_pylist()[0]
    begin = time.perf_counter()
    asked: dict[str, Callable[[Any], object]] = {
        "timeline": lambda r: r.timeline(), "stances": lambda r: r.stances(), "shifts": lambda r: r.shifts(),
        "events": lambda r: r.events.slice(0, 50).to_pylist(), "agreements": lambda r: r.agreements(),
    }
    told: dict[str, Any] = {"pair": f"{busiest['a']}-{busiest['b']}", "pair_events": busiest["n"]}
    with store.hold() as still:
        told["hold"] = 1000 * (time.perf_counter() - begin)
        for round_ in ("cold", "warm"):
            for name, ask in asked.items():
                relation = still.relation(busiest["a"], busiest["b"])
                begin = time.perf_counter()
                ask(relation)
                told[f"{name}_{round_}"] = 1000 * (time.perf_counter() - begin)
    return told


@contextmanager
def _watched(pieces: Counter[str], seen: list[Any]) -> Iterator[None]:
    """Counts the seconds of the pieces of a fold by name, and keeps what was folded."""
    kept = {}

    def watch(owner: Any, name: str, keep: bool = False) -> None:
        kept[owner, name] = plain = getattr(owner, name)

        def timed(*given: Any, **more: Any) -> Any:
            begin = time.perf_counter()
            found = plain(*given, **more)
            label = f"{name} {given[1]}" if name in {"replace", "table"} else name
            pieces[label] += time.perf_counter() - begin
            if keep:
                seen.append(found)
            return found

        setattr(owner, name, timed)

    watch(folding, "fold", keep=True)
    for name in ("families", "regroup", "facts", "refold", "Stored", "_copies"):
        watch(folding, name)
    watch(folding.Derivation, "replace")
    watch(world.World, "table")
    try:
        yield
    finally:
        for (owner, name), plain in kept.items():
            setattr(owner, name, plain)


def stage(name: str, folder: Path, count: int, seed: int) -> dict[str, Any]:
    """One stage, with its seconds, its peak of memory in GB, and the seconds of its pieces."""
    begin, pieces = time.perf_counter(), Counter[str]()
    if name == "make":
        told = make(folder, count, seed)
    elif name in {"fold", "further"}:
        told = {"fold": fold, "further": further}[name](folder, pieces)
    else:
        told = {"add": add, "relate": relate}[name](folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"stage": name, "claims": count, "seconds": time.perf_counter() - begin, "cpu": used.ru_utime + used.ru_stime,
            "load": os.getloadavg()[0], "GB": used.ru_maxrss / 2**20, **told,
            "pieces": {what: round(seconds, 2) for what, seconds in pieces.most_common() if seconds >= 0.05}}


def size(folder: Path) -> float:
    """MB of the files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Measures one number of claims after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--dir", type=Path, required=True, help="where tables and stores are made")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stage", choices=STAGES, help="one stage only, of the first count")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--table", type=Path)
    options = parser.parse_args()
    if options.stage:
        told = stage(options.stage, options.dir / str(options.counts[0]), options.counts[0], options.seed)
        print(json.dumps(told))  # noqa: T201 - a program that reports
        return
    lines = []
    for count in options.counts:
        folder = options.dir / str(count)
        line: dict[str, Any] = {}
        for name in STAGES:
            command = [sys.executable, __file__, str(count), "--dir", str(options.dir), "--seed", str(options.seed), "--stage", name]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            line[name] = json.loads(done.stdout.splitlines()[-1])
            if name == "fold":
                line["store_MB"] = size(folder / "store")
            print(done.stdout, end="", flush=True)  # noqa: T201
        (folder / "figures.json").write_text(json.dumps(line), "utf-8")
        lines.append(line)
    table = scale_report.table(lines)
    print(table)  # noqa: T201
    if options.table:
        options.table.write_text(table, "utf-8")
    if options.plot:
        options.plot.write_text(scale_report.plot(lines), "utf-8")


if __name__ == "__main__":
    main()
