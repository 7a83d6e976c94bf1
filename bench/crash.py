"""Kills processes that add to one store, again and again, and then looks whether all that was acknowledged is there, once and whole.

    python bench/crash.py --kills 200 [--seed 1] [--folder DIR]

Two processes add overlapping articles with their claims and entries, work out derived tables, note decisions and compact; each writes down
what the store has acknowledged. At a random moment one of them, or both, are killed (SIGKILL) and started anew. Ends with 1 where anything
is lost, doubled or torn. `child` is how the program starts its own processes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from detente.records import content_id
from detente.store import Store
from detente.tables import ARTICLES, CLAIMS, ENTRIES, EVENTS, LINKS

BATCH = 12
SPREAD = 400  # articles that are in play at one time
STEP = 25  # by how many the window moves with each kill


def article_id(number: int) -> str:
    """The id of a made article."""
    return content_id("a", number)


def claim_ids(number: int) -> list[str]:
    """Ids of the claims of a made article: none to six."""
    return [content_id("c", number, place) for place in range(number % 7)]


def entry_ids(number: int) -> list[str]:
    """Ids of its entries of the ledger: none to two."""
    return [content_id("s", number, place) for place in range(number % 3)]


def made(numbers: list[int]) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Claims, articles and entries of some made articles."""
    party = {"id": "x-group", "name": "Group", "country": None, "sector": ["UAF"], "text": "the group", "start": 0, "end": 9}
    voice = {"kind": "outlet", "stance": "asserts", "via": []}
    common = {"actor": [party], "recipient": [], "voice": voice, "why": [{"step": "claims", "rule": "made", "text": "x"}]}
    claims = [{"id": key, "article": article_id(n), "event": "CONSULT", "sentence": f"Sentence of {n}.", **common}
              for n in numbers for key in claim_ids(n)]
    entries = [{"id": key, "article": article_id(n), "sort": "stance", "kind": "supports", **common}
               for n in numbers for key in entry_ids(n)]
    articles = [{"id": article_id(n), "title": f"Article {n}", "text": f"Sentence of {n}. " * 20} for n in numbers]
    return (pa.Table.from_pylist(claims, schema=CLAIMS), pa.Table.from_pylist(articles, schema=ARTICLES),
            pa.Table.from_pylist(entries, schema=ENTRIES))


# -- one process ------------------------------------------------------------------------------------------------------


def acknowledge(stream: int, what: dict[str, Any]) -> None:
    """Writes a line down for good."""
    os.write(stream, (json.dumps(what) + "\n").encode())
    os.fsync(stream)


def child(place: str, acknowledged: str, seed: int, first: int) -> None:
    """Adds articles `first` to `first` + SPREAD in an order of its own, with other work in between, until it is killed or done."""
    chance = random.Random(seed)
    stream = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    store = Store.open(place)
    acknowledge(stream, {"begun": os.getpid()})
    numbers = list(range(first, first + SPREAD))
    chance.shuffle(numbers)
    for start in range(0, len(numbers), BATCH):
        own = numbers[start : start + BATCH]
        claims, articles, entries = made(own)
        store.add_coded(claims, articles, entries)
        acknowledge(stream, {"articles": own})
        match chance.randrange(8):
            case 0:
                store.compact()
            case 1:
                derive(store, f"{os.getpid()}-{start}")
            case 2:
                key = store.decide("confirm", [[f"m_{seed}_{start}"]], made_by="crash")
                acknowledge(stream, {"decision": key})
            case _:
                continue


def derive(store: Store, token: str) -> None:
    """Two derived tables that belong together: one row each for every article that is seen, marked with a token."""
    with store.derive() as (still, work):
        ids = still.table("articles", ["id"])["id"].to_pylist()
        events = [{"id": key, "fold": token} for key in ids]
        links = [{"event": key, "claim": key, "component": token} for key in ids]
        work.replace("events", pa.Table.from_pylist(events, schema=EVENTS))
        work.replace("links", pa.Table.from_pylist(links, schema=LINKS))


# -- the audit --------------------------------------------------------------------------------------------------------


@dataclass
class Found:
    """What the audit of a store found; `faults` should be empty."""

    kills: int
    acknowledged: int
    stored: int
    claims: int
    decisions: int
    orphans: int
    derivations: int
    faults: list[str]


def read_down(paths: list[Path]) -> tuple[set[int], list[str]]:
    """Numbers of acknowledged articles, and ids of acknowledged decisions. A last line may be cut short by the kill."""
    articles: set[int] = set()
    made_decisions: list[str] = []
    for path in paths:
        for line in path.read_text("utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                row = json.loads(line)
                articles.update(row.get("articles", ()))
                made_decisions += [row["decision"]] if "decision" in row else []
    return articles, made_decisions


def audit(place: str, paths: list[Path], kills: int, whole: int) -> Found:
    """Compares the store with what was acknowledged; `whole`: all articles have numbers below it."""
    store = Store.open(place, create=False)
    acknowledged, noted = read_down(paths)
    report = store.audit()
    faults = list(report.problems)
    numbers = {article_id(n): n for n in range(whole)}
    counts = Counter(store.table("articles", ["id"])["id"].to_pylist())
    faults += [f"article {numbers[key]} stands there {n} times" for key, n in counts.items() if n > 1]
    faults += [f"article {n} was acknowledged and is not there" for n in sorted(acknowledged) if article_id(n) not in counts]
    for name, wanted in (("claims", claim_ids), ("entries", entry_ids)):
        found = Counter((row["article"], row["id"]) for row in store.table(name, ["article", "id"]).to_pylist())
        expected = Counter((key, one) for key in counts for one in wanted(numbers[key]))
        faults += [f"{name}: {len(list((found - expected).elements()))} too many"] if found - expected else []
        faults += [f"{name}: {len(list((expected - found).elements()))} lost"] if expected - found else []
    ids = Counter(store.decisions()["id"].to_pylist())
    faults += [f"decision {key} lost or doubled" for key in noted if ids[key] != 1]
    events, links = store.table("events", ["id", "fold"]), store.table("links", ["event", "component"])
    tokens = {*events["fold"].to_pylist(), *links["component"].to_pylist()}
    if len(tokens) > 1 or {*events["id"].to_pylist()} != {*links["event"].to_pylist()}:
        faults.append(f"derived tables of several derivations: {tokens}")
    done = store.sql("SELECT count(*) FROM runs WHERE state = 'derived'").column(0)[0].as_py()
    return Found(kills, len(acknowledged), len(counts), report.claims, len(noted), report.orphans, done, faults)


# -- the killing ------------------------------------------------------------------------------------------------------


def start(place: str, path: Path, seed: int, first: int) -> subprocess.Popen[bytes]:
    """Starts a process and waits until it has opened the store."""
    before = path.stat().st_size if path.exists() else 0
    process = subprocess.Popen([sys.executable, __file__, "child", place, str(path), str(seed), str(first)])
    while process.poll() is None and (not path.exists() or path.stat().st_size == before):
        time.sleep(0.005)
    return process


def crash(folder: Path, kills: int, seed: int, longest: float = 0.6) -> Found:
    """Kills processes `kills` times and audits the store that they leave."""
    chance = random.Random(seed)
    place = str(folder / "store")
    paths = [folder / "first.jsonl", folder / "second.jsonl"]
    running: list[subprocess.Popen[bytes] | None] = [None, None]
    faults, killed, turn = [], 0, 0
    try:
        while killed < kills:
            for number, path in enumerate(paths):
                process = running[number]
                if process is None or process.poll() is not None:
                    if process is not None and process.returncode > 0:
                        faults.append(f"a process ended with {process.returncode}")
                    turn += 1
                    running[number] = start(place, path, seed * 1000 + turn, killed * STEP)
            time.sleep(chance.uniform(0, longest))
            for number in chance.choice([[0], [1], [0, 1]]):
                process = running[number]
                if process is not None and process.poll() is None:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                    killed += 1
    finally:
        for process in running:
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
    found = audit(place, paths, killed, killed * STEP + SPREAD + 2 * STEP)
    found.faults[:0] = faults
    return found


def main() -> None:
    """Command line; see the module's first lines."""
    if sys.argv[1:2] == ["child"]:
        child(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        found = crash(given.folder or Path(scratch), given.kills, given.seed)
    print(json.dumps({name: getattr(found, name) for name in found.__dataclass_fields__}, indent=1))  # noqa: T201 - a command
    sys.exit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
