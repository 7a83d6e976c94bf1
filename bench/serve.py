"""How fast a store is served: real HTTP on loopback, readers in a process of their own, p50, p95 and p99 by kind of address.

    python bench/serve.py STORE                        20 readers that ask again at once, for 20 seconds
    python bench/serve.py --generate 100000 STORE      makes a store of so many generated claims first (bench/fold_scale.py)
    python bench/serve.py --adding STORE               the same while articles are added and folded
    python bench/serve.py --requests 10000 STORE       until so many answers: what memory the server's processes have gained
    python bench/serve.py --each STORE                 each kind of address by itself, one kind after the other

Questions are drawn by a fixed seed from the store's own events, pairs and actors; each kind of address is asked in turn through all of
them, so that an address comes again only when all others of its kind have come. `first` is the time of addresses that came for the first
time, which nobody had an answer to. Readers take what a browser takes (gzip), and do not unpack it.
"""

# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

READERS = 20
TOKEN = "only-for-this-measurement"
TEXT = "Iran condemned Turkey on Monday over the raid. Russian forces shelled a village near Idlib on Tuesday. Report {n}."
WORDS = ("president", "forces", "attack", "minister", "agreed", "troops", "village", "met")


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


def serve(store: str, port: int, processes: int, index: Path | None) -> None:
    """The server."""
    import uvicorn

    from detente.serve import ServeSettings
    from detente.serve.app import make_app
    from detente.serve.front import make_front
    from detente.settings import Settings

    settings = ServeSettings(token=TOKEN, posts_per_minute=6000, readers=processes, search_file=index)
    app = make_front(store, settings, Settings()) if processes else make_app(store, settings)
    uvicorn.run(app, port=port, log_level="warning", access_log=False)


def get(base: str, path: str) -> dict[str, object]:
    """One answer as JSON."""
    with urlopen(base + path) as answer:
        found: dict[str, object] = json.load(answer)
    return found


def searches(base: str) -> bool:
    """Whether the index of the search is still being made."""
    try:
        get(base, "/api/search?q=ready")
    except HTTPError as error:
        return error.code == 503
    return False


def questions(base: str, seed: int = 1) -> dict[str, list[str]]:
    """Addresses of each kind, unlike one another."""
    rng = random.Random(seed)
    events = [row["id"] for row in get(base, "/api/events?limit=5000")["items"]]
    pairs = [(row["a"], row["b"]) for row in get(base, "/api/relations?limit=1000&least=3")["items"]]
    actors = [row["id"] for row in get(base, "/api/actors?limit=60&told=true")["items"]]
    rng.shuffle(events)
    rng.shuffle(pairs)
    return {
        "API event": [f"/api/events/{ident}" for ident in events],
        "API relation": [f"/api/relations/{quote(a)}/{quote(b)}" for a, b in pairs],
        "API time line": [f"/api/relations/{quote(a)}/{quote(b)}/timeline" for a, b in pairs],
        "API shifts": [f"/api/relations/{quote(a)}/{quote(b)}/shifts" for a, b in pairs],
        "API stances": [f"/api/relations/{quote(a)}/{quote(b)}/stances" for a, b in pairs],
        "API events of a pair": [f"/api/events?actor={quote(a)}&other={quote(b)}&limit=50" for a, b in pairs],
        "API claims of an actor": [f"/api/claims?actor={quote(a)}&limit=50" for a in actors],
        "API actor": [f"/api/actors/{quote(a)}" for a in actors],
        "API search": [f"/api/search?q={word}" for word in WORDS],
        "event page": [f"/event/{ident}" for ident in events],
        "relation page": [f"/relation/{quote(a)}/{quote(b)}" for a, b in pairs],
    }


@dataclass(slots=True)
class Taken:
    """Milliseconds of the answers of one kind, and of those addresses that came for the first time."""

    all: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)


class Reader:
    """One connection that asks again and again."""

    def __init__(self, base: str) -> None:
        self._host = urlsplit(base)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, accept: str) -> int:
        """Asks; gives the status. A connection that was idle for long the server has closed meanwhile: then over a new one."""
        was_open = self._streams is not None
        try:
            return await self._get(path, accept)
        except (asyncio.IncompleteReadError, ConnectionError):
            self._streams = None
            if not was_open:
                raise
            return await self._get(path, accept)

    async def _get(self, path: str, accept: str) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host.hostname, self._host.port)
        reader, writer = self._streams
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._host.netloc}\r\nAccept: {accept}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = head.partition("content-length:")[2].split("\r\n", 1)[0].strip()
        if length:
            await reader.readexactly(int(length))
        if "connection: close" in head:
            writer.close()
            self._streams = None
        return int(head.split(" ", 2)[1])


async def read(base: str, asked: dict[str, list[str]], how: argparse.Namespace) -> dict[str, Taken]:
    """The times of each kind, until the time is over or so many answers came."""
    taken = {kind: Taken() for kind in asked}
    places = dict.fromkeys(asked, 0)
    end = time.monotonic() + how.seconds
    failed: list[str] = []
    left = [how.requests or 1 << 60]

    async def one(number: int) -> None:
        rng, reader = random.Random(number), Reader(base)
        while (time.monotonic() < end or how.requests) and left[0] > 0:
            left[0] -= 1
            kind = rng.choice(list(asked))
            place = places[kind]
            places[kind] += 1
            path = asked[kind][place % len(asked[kind])]
            begun = time.perf_counter()
            status = await reader.get(path, "text/html" if "page" in kind else "application/json")
            spent = (time.perf_counter() - begun) * 1000
            taken[kind].all.append(spent)
            if place < len(asked[kind]):
                taken[kind].first.append(spent)
            if status != 200:
                failed.append(f"{status} {path}")
            if how.pause:
                await asyncio.sleep(rng.expovariate(1 / how.pause))

    await asyncio.gather(*(one(number) for number in range(how.readers)))
    if failed:
        print(f"{len(failed)} answers failed, as {failed[0]}", file=sys.stderr)
    return taken


def adding(base: str, stop: threading.Event, told: list[float]) -> None:
    """Adds an article every two seconds, folded each time."""
    while not stop.is_set():
        body = {"articles": [{"text": TEXT.format(n=len(told)), "published": "2016-07-09"}]}
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        begun = time.monotonic()
        with urlopen(Request(f"{base}/api/articles", json.dumps(body).encode(), headers), timeout=300):
            told.append(time.monotonic() - begun)
        stop.wait(2)


def share(times: list[float], part: float) -> float:
    """The time that a part of them do not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * part))] if times else float("nan")


def table(taken: dict[str, Taken]) -> str:
    """The figures as Markdown."""
    lines = ["| address | asked | p50 ms | p95 | p99 | most | first: asked | p50 | p95 |", "|---|" + "---:|" * 8]
    for kind, own in taken.items():
        if own.all:
            every = " | ".join(f"{share(own.all, part):.0f}" for part in (0.5, 0.95, 0.99, 1))
            first = " | ".join(f"{share(own.first, part):.0f}" for part in (0.5, 0.95))
            lines.append(f"| {kind} | {len(own.all)} | {every} | {len(own.first)} | {first} |")
    return "\n".join(lines)


def memory(pid: int) -> dict[int, float]:
    """MB that each process of the server holds for itself, files that it has mapped not counted."""
    found, waiting = {}, [pid]
    while waiting:
        one = waiting.pop()
        try:
            status = Path(f"/proc/{one}/status").read_text("utf-8")
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text("utf-8").split())
        except OSError:  # it has ended meanwhile, or this system tells nothing of processes
            continue
        found[one] = int(next(line.split()[1] for line in status.splitlines() if line.startswith("RssAnon"))) / 1024
    return found


def measure(base: str, asked: dict[str, list[str]], how: argparse.Namespace, pid: int) -> None:
    """One measurement, told."""
    stop, told = threading.Event(), list[float]()
    if how.adding:
        threading.Thread(target=adding, args=(base, stop, told), daemon=True).start()
    before, begun = memory(pid), time.monotonic()
    taken = asyncio.run(read(base, asked, how))
    spent = time.monotonic() - begun
    stop.set()
    after = memory(pid)
    print(table(taken))
    count = sum(len(own.all) for own in taken.values())
    print(f"\n{count} answers in {spent:.1f} s, {count / spent:.0f} a second; load {os.getloadavg()[0]:.1f}")
    if how.adding:
        print(f"{len(told)} articles added and folded meanwhile, {share(told, 0.5):.1f} s each, {share(told, 1):.1f} at most")
    print(f"memory: {sum(before.values()):.0f} MB before, {sum(after.values()):.0f} after; by process "
          + ", ".join(f"{before.get(one, 0):.0f} → {size:.0f}" for one, size in sorted(after.items())))


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("--generate", type=int)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--processes", type=int, default=3, help="processes that read; 0: the whole server in one")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds that a reader looks at an answer, on average")
    parser.add_argument("--adding", action="store_true")
    parser.add_argument("--requests", type=int)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--index", type=Path, help="file that keeps the index of the search from one run to the next")
    parser.add_argument("--only", action="append", help="a kind of address; may be repeated")
    options = parser.parse_args()
    if options.generate and not Path(options.store).exists():
        generate(options.store, options.generate)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(options.store, port, options.processes, options.index))
    server.start()
    base = f"http://127.0.0.1:{port}"
    begun = time.monotonic()
    while True:
        try:
            if get(base, "/api/health")["ready"]:
                break
        except OSError:
            time.sleep(0.2)
        time.sleep(0.2)
    while searches(base):
        time.sleep(1)
    print(f"ready after {time.monotonic() - begun:.1f} s", file=sys.stderr)
    asked = questions(base)
    asked = {kind: paths for kind, paths in asked.items() if not options.only or kind in options.only}
    try:
        for some in [{kind: paths} for kind, paths in asked.items()] if options.each else [asked]:
            measure(base, some, options, server.pid or 0)
    finally:
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
