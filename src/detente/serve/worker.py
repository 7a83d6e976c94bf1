"""A process of a server: it runs the whole application for the requests that the front hands to it, and does one kind of work besides.

`read`: answers GETs. `find`: the same for searches, whose index it makes. `code`: holds the coder ready for texts. `write`: takes what is
added or decided, one after the other, and folds. `build`: makes the sorted copies. All but `read` give way to the others.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import socket
import threading
import time
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from ..errors import DetenteError
from ..settings import Settings
from .desk import GIVEN, Desk, NoCoder
from .reading import Reading
from .settings import ServeSettings
from .shelf import ORDER, Shelf, fill
from .wire import Ask, Build, CatchUp, Done, Message, Stop, Take, Told, receive, send

Role = Literal["read", "find", "code", "write", "build"]
NICE: dict[Role, int] = {"read": 0, "find": 5, "code": 5, "write": 10, "build": 10}
LOG = logging.getLogger("detente.serve")
# When Python looks for rings of objects that nobody holds: an answer makes tens of thousands of records and no ring, so looking at every
# 700 of them, as Python does by itself, took 8 % of the time of a page.
_LOOKS = (20_000, 20, 20)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a process is for. `coder`: settings of the coder, whose knowledge all processes share; `number`: among those of its role."""

    role: Role
    number: int
    uri: str
    settings: ServeSettings
    coder: Settings


def main(duty: Duty, link: socket.socket) -> None:
    """The life of a process: it ends when the front closes its side of the link, or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the front ends the others in order
    if hasattr(os, "nice"):
        os.nice(NICE[duty.role])
    asyncio.run(_Worker(duty).run(link))
    os._exit(0)  # threads of a broken-off question must not hold the process


class _Worker:
    def __init__(self, duty: Duty) -> None:
        self._duty = duty
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._app: Any = None
        self._taking = threading.Lock()
        self._desk: Desk | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def run(self, link: socket.socket) -> None:
        """Answers what comes."""
        reader, self._writer = await asyncio.open_connection(sock=link)
        if self._duty.role != "build":
            self._app, self._desk = _application(self._duty)
            if self._duty.role == "read":
                _prepare()
                await self._rehearse()
            gc.freeze()  # the knowledge stays as long as the process: it need not be looked through for what may go
            gc.set_threshold(*_LOOKS)
        self._send(Done(0))
        while (message := await receive(reader)) is not None:
            if isinstance(message, Stop):
                if message.number in self._tasks:
                    self._tasks[message.number].cancel()
                continue
            task = asyncio.create_task(self._work(message))
            self._tasks[message.number] = task
            task.add_done_callback(partial(self._forget, message.number))
        if self._desk is not None:
            self._desk.index.close()  # nothing else removes its file: the process ends without the usual farewells

    def _forget(self, number: int, _: asyncio.Task[None]) -> None:
        self._tasks.pop(number, None)

    def _send(self, message: Message) -> None:
        assert self._writer is not None
        send(self._writer, message)

    async def _work(self, message: Message) -> None:
        if isinstance(message, Ask):
            self._send(await self._answered(message))
            return
        try:
            await asyncio.to_thread(self._do, message)
            if isinstance(message, Take) and self._duty.role == "read":
                await self._look_round(message)
            self._send(Done(message.number))
        except Exception as error:  # the front must hear of whatever went wrong, and the process goes on with what it has
            LOG.warning("%s: %s", type(message).__name__, error, exc_info=None if isinstance(error, DetenteError) else error)
            self._send(Done(message.number, str(error) or type(error).__name__))

    async def _look_round(self, taken: Take) -> None:
        """Asks for the first actor and whom it deals with most: the connection to a new copy, and what is counted once for all actors, take
        half a second that the first to ask would wait for."""
        told = await self._answered(Ask(0, _scope("/api/actors", b"limit=1"), b"", taken.pin))
        for row in json.loads(told.body)["items"] if told.status == 200 else ():
            one = await self._answered(Ask(0, _scope(f"/api/actors/{row['id']}", b""), b"", taken.pin))
            for other in json.loads(one.body)["relations"][:1] if one.status == 200 else ():
                await self._answered(Ask(0, _scope(f"/relation/{row['id']}/{other['id']}", b""), b"", taken.pin))

    async def _rehearse(self) -> None:
        """Asks once at each address of the API with a key that all refuse: FastAPI makes what it reads the keys of an address by at the
        first request, up to 0.1 s."""
        from .app import ROUTERS

        for path in sorted({getattr(route, "path", "") for router in ROUTERS for route in router.routes}):
            await self._answered(Ask(0, _scope(path, b"-="), b"", None))

    def _do(self, message: Message) -> None:
        match message:
            case Build():
                _build(self._duty, message)
            case Take():
                self._take(message)
            case CatchUp():
                self._catch_up()

    async def _answered(self, ask: Ask) -> Told:
        """The application's answer."""
        begun, parts = time.perf_counter(), list[bytes]()
        status, headers = 500, list[tuple[bytes, bytes]]()
        given = [{"type": "http.request", "body": ask.body, "more_body": False}]

        async def get() -> dict[str, Any]:
            if given:
                return given.pop()
            await asyncio.Event().wait()  # the front says by Stop when nobody waits any more
            return {"type": "http.disconnect"}

        async def put(message: dict[str, Any]) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], list(message["headers"])
            else:
                parts.append(bytes(message.get("body", b"")))

        GIVEN.set(ask.pin)
        await self._app({**ask.scope, "app": None, "state": {}}, get, put)
        return Told(ask.number, status, headers, b"".join(parts), time.perf_counter() - begun)

    def _take(self, message: Take) -> None:
        assert self._desk is not None
        with self._taking:
            if not self._desk.has(message.pin):  # one that is started anew may be told twice
                self._desk.take(Shelf.open(message.pin, message.folder, 1))
        if self._duty.role == "find":
            self._desk.index_at(message.pin)

    def _catch_up(self) -> None:
        assert self._desk is not None
        self._desk.catch_up()


def _application(duty: Duty) -> tuple[Any, Desk]:
    """The application in a process behind the front, which has seen to hosts and rates, and keeps answers."""
    from ..pipeline import Coder
    from .app import make_app

    settings = duty.settings.model_copy(update={
        "allowed_hosts": ("*",), "posts_per_minute": 1_000_000, "posts_at_once": 1_000_000, "shelf": False, "cache_bytes": 0,
        "workers": 1 if duty.role == "read" else 4,
    })
    app = make_app(duty.uri, settings, NoCoder(duty.coder) if duty.role in {"read", "find"} else Coder(duty.coder))
    return app, app.state.desk


def _scope(path: str, query: bytes) -> dict[str, Any]:
    """A request that no reader sent."""
    return {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path, "raw_path": path.encode(),
            "query_string": query, "root_path": "", "headers": [(b"host", b"localhost")], "client": None, "server": None}


def _prepare() -> None:
    from .pages import prepare

    try:
        prepare()
    except DetenteError as error:  # pages that need what is broken will say so
        LOG.warning("not made ready: %s", error)


def _build(duty: Duty, message: Build) -> None:
    world = Reading.open(duty.uri, create=False)
    with world.pinned(message.pin).session(tuple(ORDER)) as session:
        fill(message.folder, session).close()

