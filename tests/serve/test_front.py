"""A server of several processes answers as that of one does; adding, coding and the death of a process do not stand in a reader's way."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from detente.pipeline import Coder
from detente.serve import ServeSettings
from detente.serve.app import make_app
from detente.serve.front import Front
from detente.serve.guard import Guard
from detente.settings import Settings
from detente.world import open_world

from .conftest import TOKEN, WRITES, Client

T = TypeVar("T")
TEXT = "Iran condemned Turkey on Monday over the raid. Russian forces shelled a village near Idlib on Tuesday. Report {n}."


class Served:
    """A front on a copy of the sample store, and whoever asks it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        settings = ServeSettings(pulse=0.05, token=TOKEN, posts_at_once=1000, readers=2, patience=30)
        self._runner = asyncio.Runner()
        self.front = self._runner.run(self._made(settings))
        transport = httpx.ASGITransport(Guard(self.front, settings), raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://localhost:8000", timeout=120)

    async def _made(self, settings: ServeSettings) -> Front:
        front = Front(str(self.place), settings, Settings())
        await front.begin()
        return front

    def run(self, work: Awaitable[T]) -> T:
        """Waits for something."""
        async def awaited() -> T:
            return await work

        return self._runner.run(awaited())

    def get(self, path: str, **more: Any) -> httpx.Response:
        """A GET."""
        return self.run(self.client.get(path, **more))

    def post(self, path: str, body: Any) -> httpx.Response:
        """A POST of JSON with the token."""
        return self.run(self.client.post(path, json=body, headers=WRITES))

    def until(self, holds: Callable[[], bool], seconds: float = 60) -> None:
        """Lets the server work until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it never came to hold"
            self.run(asyncio.sleep(0.1))

    def close(self) -> None:
        """Ends all processes."""
        self.run(self.client.aclose())
        self.run(self.front.close())
        self._runner.close()


@pytest.fixture(scope="module")
def served(sample: Path, tmp_path_factory: pytest.TempPathFactory, coder: Coder) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("front") / "store"
    shutil.copytree(sample, place)
    own = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(own))
        patch.setattr(tempfile, "tempdir", str(own))
        found = Served(place)
        found.until(lambda: bool(found.get("/api/health").json()["ready"]))
        yield found
        copies = [folder.path for folder in found.front.folders.values()]
        found.close()
        assert copies
        assert not any(path.exists() for path in copies), "a server that ends leaves no copy behind"
        assert len(list(own.glob("detente-search-*"))) <= 4, "only of processes that the tests killed"


@pytest.fixture
def alone(served: Served, coder: Coder) -> Iterator[Client]:
    """A server of the same store that is one process."""
    found = Client(make_app(str(served.place), ServeSettings(pulse=0, token=TOKEN, workers=2), coder))
    yield found
    found.close()


def same(one: httpx.Response, two: httpx.Response) -> None:
    """Both say the same, numbers of requests aside."""
    assert one.status_code == two.status_code, f"{one.url}: {two.text}"
    for name in ("etag", "content-type", "link", "cache-control", "content-security-policy", "content-disposition", "location"):
        assert one.headers.get(name) == two.headers.get(name), f"{one.url}: {name}"
    if one.headers["content-type"].startswith("application/json") and one.status_code >= 400:
        first, second = one.json()["error"], two.json()["error"]
        first.pop("request"), second.pop("request")
        assert first == second
    elif one.status_code < 400:
        assert one.content == two.content


def test_answers_are_those_of_one_process(served: Served, alone: Client) -> None:
    event = alone.json("/api/events?limit=1")["items"][0]["id"]
    after = alone.json("/api/claims?limit=2")["next"]
    for path in (
        "/api/events?limit=5", "/api/events.csv?actor=TUR", "/api/events.geojson", f"/api/events/{event}", "/api/relations/TUR/RUS",
        "/api/relations/TUR/RUS/timeline", "/api/relations/TUR/RUS/brief.md", f"/api/claims?limit=2&cursor={after}", "/api/actors/TUR",
        "/api/claims?actor=TUR&limit=3", "/api/search?q=president", "/api/events/e_no", "/api/events?actor=Nobody", "/api/events?as_of=0",
        "/nowhere", f"/event/{event}", "/relation/TUR/RUS", "/openapi.json", "/", "/quality",
    ):
        same(served.get(path), alone.get(path))


def test_what_is_known_is_not_sent_again(served: Served) -> None:
    first = served.get("/api/relations/TUR/RUS")
    again = served.get("/api/relations/TUR/RUS", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    packed = served.get("/api/relations/TUR/RUS", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == first.json()


def test_readers_are_answered_while_articles_come_in_and_see_them_then(served: Served) -> None:
    before = served.get("/api/articles?limit=1000").json()
    waits: list[float] = []

    async def both() -> httpx.Response:
        body = {"articles": [{"text": TEXT.format(n=number), "published": "2016-07-09"} for number in range(5)]}
        adding = asyncio.ensure_future(served.client.post("/api/articles", json=body, headers=WRITES))
        while not adding.done():
            begun = time.monotonic()
            answer = await served.client.get("/api/relations/TUR/IRN")
            assert answer.status_code == 200
            waits.append(time.monotonic() - begun)
            await asyncio.sleep(0.02)
        return await adding

    done = served.run(both())
    assert done.status_code == 201, done.text
    assert len(waits) > 5
    assert sorted(waits)[len(waits) // 2] < 0.25, waits
    after = served.get("/api/articles?limit=1000").json()
    assert len(after["items"]) == len(before["items"]) + 5
    assert after["store"]["pin"] != before["store"]["pin"]


def test_a_process_that_ends_is_told_of_and_nothing_acknowledged_is_lost(served: Served) -> None:
    writer = served.front.crew.of("write")
    acknowledged = served.post("/api/articles", {"articles": [{"text": TEXT.format(n=100)}], "fold": False}).json()["ids"]

    async def cut_off() -> httpx.Response:
        body = {"articles": [{"text": TEXT.format(n=number)} for number in range(200, 230)]}
        adding = asyncio.ensure_future(served.client.post("/api/articles", json=body, headers=WRITES))
        await asyncio.sleep(0.3)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        return await adding

    answer = served.run(cut_off())
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "process_ended"
    assert "what is there already is left alone" in answer.json()["error"]["hint"]
    served.until(lambda: not open_world(served.place).behind())  # the new process folds what the other one had stored
    again = served.post("/api/articles", {"articles": [{"text": TEXT.format(n=number)} for number in range(200, 230)]})
    assert again.status_code == 201, again.text
    assert again.json()["articles"] + again.json()["known"] == 30
    world = open_world(served.place)
    assert set(acknowledged) <= set(world.table("articles", ["id"])["id"].to_pylist())
    assert not world.audit().problems
    assert not world.behind()


def test_readers_and_the_coder_are_started_anew(served: Served) -> None:
    for reader in served.front.crew.readers:
        assert reader.pid is not None
        killed = reader.pid
        os.kill(killed, signal.SIGKILL)
        assert served.get(f"/api/events?limit={reader.duty.number + 7}").status_code == 200
        # A request survives the end of one process: under load the system may take longer to end this one than the answer took.
        served.until(lambda reader=reader, killed=killed: reader.is_there and reader.pid != killed)
    coder = served.front.crew.of("code")
    body = {"text": TEXT.format(n=1), "published": "2016-07-09"}
    assert served.post("/api/code", body).json()["claims"]
    assert coder.pid is not None
    os.kill(coder.pid, signal.SIGKILL)
    codes = {served.post("/api/code", body).status_code for _ in range(2)}
    assert codes <= {200, 503}
    assert served.post("/api/code", body).status_code == 200


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_does_not_grow_with_requests(served: Served) -> None:
    events = [row["id"] for row in served.get("/api/events?limit=40").json()["items"]]
    paths = [*(f"/api/events/{ident}" for ident in events), *(f"/event/{ident}" for ident in events), "/relation/TUR/RUS"]

    def ask(round_: int) -> None:
        for number in range(400):
            path = paths[number % len(paths)]
            assert served.get(f"{path}?as_of={2500 + round_}-01-{number % 28 + 1:02}").status_code == 200  # never kept from before

    ask(0)
    before = sum(map(_own, served.front.crew.readers))
    ask(1)
    ask(2)
    assert sum(map(_own, served.front.crew.readers)) - before < 40, "MB in 800 requests"


def _own(member: Any) -> float:
    status = Path(f"/proc/{member.pid}/status").read_text("utf-8").splitlines()
    return int(next(line.split()[1] for line in status if line.startswith("RssAnon"))) / 1024
