"""How fast a store is served: real HTTP on loopback, readers in a process of their own, p50 and p95 by address.

    python bench/serve.py STORE                       20 readers, 20 seconds, warm and unlike questions
    python bench/serve.py --generate 100000 STORE     makes a store of so many generated claims first (bench/fold_scale.py)
    python bench/serve.py --adding STORE              the same while articles are added and folded

Questions are drawn by a fixed seed from the store's own events, pairs and actors, so most of them are not kept from before.
"""

# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import resource
import socket
import sys
import threading
import time
from pathlib import Path
from urllib.request import urlopen

import httpx

READERS = 20
TOKEN = "only-for-this-measurement"
TEXT = "Iran condemned Turkey on Monday over the raid. Russian forces shelled a village near Idlib on Tuesday. Report {n}."


def generate(store: str, count: int) -> None:
    """A folded store of generated claims."""
    from fold_scale import generated

    from detente.world import open_world

    world = open_world(store)
    made = generated(count, world.rules)
    begun = time.monotonic()
    world.add_coded(made.claims, made.articles)
    print(f"{count:,} claims stored in {time.monotonic() - begun:.1f} s", file=sys.stderr)
    done = world.fold()
    print(f"{done.events:,} events folded in {done.seconds:.1f} s", file=sys.stderr)


def serve(store: str, port: int) -> None:
    """The server."""
    import uvicorn

    from detente.serve import ServeSettings
    from detente.serve.app import make_app

    app = make_app(store, ServeSettings(token=TOKEN, posts_per_minute=6000))
    uvicorn.run(app, port=port, log_level="warning", access_log=False)


def get(base: str, path: str) -> dict[str, object]:
    """One answer as JSON."""
    with urlopen(base + path) as answer:
        found: dict[str, object] = json.load(answer)
    return found


def questions(base: str, seed: int = 1) -> dict[str, list[str]]:
    """Addresses of each kind, unlike one another."""
    rng = random.Random(seed)
    events = [row["id"] for row in get(base, "/api/events?limit=2000")["items"]]
    pairs = [(row["a"], row["b"]) for row in get(base, "/api/relations?limit=1000&least=3")["items"]]
    actors = [row["id"] for row in get(base, "/api/actors?limit=60&told=true")["items"]]
    rng.shuffle(events)
    rng.shuffle(pairs)
    return {
        "event": [f"/api/events/{ident}" for ident in events],
        "relation": [f"/api/relations/{a}/{b}" for a, b in pairs],
        "timeline": [f"/api/relations/{a}/{b}/timeline" for a, b in pairs],
        "events of a pair": [f"/api/events?actor={a}&other={b}&limit=50" for a, b in pairs],
        "claims of an actor": [f"/api/claims?actor={a}&limit=50" for a in actors],
        "actor": [f"/api/actors/{a}" for a in actors],
        "search": [f"/api/search?q={word}" for word in ("president", "forces", "attack", "minister", "agreed", "troops", "village", "met")],
    }


async def read(base: str, asked: dict[str, list[str]], seconds: float, readers: int) -> dict[str, list[float]]:
    """Milliseconds of each answer by kind."""
    taken: dict[str, list[float]] = {kind: [] for kind in asked}
    places = dict.fromkeys(asked, 0)
    end = time.monotonic() + seconds
    failed: list[str] = []

    async def reader(number: int, client: httpx.AsyncClient) -> None:
        rng = random.Random(number)
        while time.monotonic() < end:
            kind = rng.choice(list(asked))
            path = asked[kind][places[kind] % len(asked[kind])]
            places[kind] += 1
            begun = time.perf_counter()
            answer = await client.get(base + path)
            taken[kind].append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 200:
                failed.append(f"{answer.status_code} {path}")

    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=readers)) as client:
        await asyncio.gather(*(reader(number, client) for number in range(readers)))
    if failed:
        print(f"{len(failed)} answers failed, as {failed[0]}", file=sys.stderr)
    return taken


def adding(base: str, stop: threading.Event) -> None:
    """Adds an article every two seconds, folded each time."""
    number = 0
    while not stop.is_set():
        number += 1
        body = {"articles": [{"text": TEXT.format(n=number), "published": "2016-07-09"}]}
        httpx.post(f"{base}/api/articles", json=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=300)
        stop.wait(2)
    print(f"{number} articles added meanwhile", file=sys.stderr)


def table(taken: dict[str, list[float]]) -> None:
    """The figures."""
    print(f"{'address':<20}{'asked':>8}{'p50 ms':>10}{'p95 ms':>10}{'most':>10}")
    for kind, times in taken.items():
        if times:
            times.sort()
            p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
            print(f"{kind:<20}{len(times):>8}{p50:>10.1f}{p95:>10.1f}{times[-1]:>10.1f}")


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("--generate", type=int)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--adding", action="store_true")
    parser.add_argument("--only", help="one kind of address")
    options = parser.parse_args()
    if options.generate and not Path(options.store).exists():
        generate(options.store, options.generate)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(options.store, port), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            get(base, "/api/health")
            break
        except OSError:
            time.sleep(0.2)
    begun = time.monotonic()
    while not get(base, "/api/health")["ready"]:
        time.sleep(0.2)
    print(f"sorted copy ready after {time.monotonic() - begun:.1f} s", file=sys.stderr)
    asked = questions(base)
    get(base, "/api/search?q=warm")
    if options.only:
        asked = {options.only: asked[options.only]}
    stop = threading.Event()
    if options.adding:
        threading.Thread(target=adding, args=(base, stop), daemon=True).start()
    taken = asyncio.run(read(base, asked, options.seconds, options.readers))
    stop.set()
    table(taken)
    pages = Path(f"/proc/{server.pid}/status").read_text() if Path("/proc").is_dir() else ""
    memory = next((line.split()[1] for line in pages.splitlines() if line.startswith("VmRSS")), None)
    print(f"server: {int(memory) / 1024:.0f} MB" if memory else f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
