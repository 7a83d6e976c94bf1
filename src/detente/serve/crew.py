"""The processes of a server as the front sees them: started, asked, watched, started anew when one ends before its time.

A request that only reads is asked once more of another process; of one that writes the asker is told, as nobody but the store knows how far
it came. Those that read are handed the request that should be answered soonest: short ones are not kept waiting by long ones, and one
process is always free for them.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import multiprocessing
import re
import socket
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.process import BaseProcess
from typing import Any

from ..errors import RequestError
from ..store.pins import Pin
from .wire import Ask, Build, CatchUp, Done, Message, Stop, Take, Told, receive, send
from .worker import Duty, main

LOG = logging.getLogger("detente.serve")
_SHORT = 0.03  # seconds up to which an answer is short
_PATIENCE = 8.0  # times its usual length that an answer may wait before it is as urgent as one that is due
_KINDS = 500  # of addresses whose length is remembered
_SEARCHES = frozenset({"search", "api/search"})
_MANY = re.compile(rb"(?:^|&)limit=0*[1-9]\d{2}")
_AGAIN = 3  # times that a process is started anew within a minute


class Ended(Exception):
    """The process has ended before it answered."""


class Member:
    """One process."""

    def __init__(self, duty: Duty) -> None:
        self.duty, self.busy = duty, 0
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._process: BaseProcess | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._watch: asyncio.Task[None] | None = None
        self._began: list[float] = []
        self._closing = False
        self.ready = asyncio.Event()
        self.shelf: Take | None = None  # what it reads from, told again to one that is started anew

    def start(self) -> None:
        """Starts the process; `ready` is set once it answers."""
        ours, theirs = socket.socketpair()
        self._process = multiprocessing.get_context("spawn").Process(target=main, args=(self.duty, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._began.append(time.monotonic())
        self._watch = asyncio.create_task(self._run(ours))

    async def close(self) -> None:
        """Ends it: it has a little time to finish."""
        self._closing = True
        if self._writer is not None:
            self._writer.close()
        if self._process is not None:
            await asyncio.to_thread(self._process.join, 5)
            if self._process.is_alive():
                self._process.kill()
        if self._watch is not None:
            self._watch.cancel()

    @property
    def is_there(self) -> bool:
        """Whether it answers now; one that is being started will."""
        return self._writer is not None

    @property
    def pid(self) -> int | None:
        """Its process id."""
        return self._process.pid if self._process else None

    async def ask(self, scope: Mapping[str, Any], body: bytes = b"", pin: Pin | None = None) -> Told:
        """The answer to a request. Raises Ended."""
        found = await self._of(Ask(next(self._numbers), scope, body, pin))
        assert isinstance(found, Told)
        return found

    async def do(self, kind: type[Build] | type[Take] | type[CatchUp], *given: Any) -> None:
        """Has something done. Raises RequestError with the words of the process, Ended."""
        message = kind(next(self._numbers), *given)
        if isinstance(message, Take):
            self.shelf = message
        found = await self._of(message)
        if isinstance(found, Done) and found.error:
            raise RequestError(503, "not_done", found.error, "see the server's log")

    async def _of(self, message: Ask | Build | Take | CatchUp) -> Message:
        await self.ready.wait()
        if self._writer is None:
            raise Ended
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[message.number] = future
        send(self._writer, message)
        try:
            return await future
        except asyncio.CancelledError:
            if self._writer is not None:
                send(self._writer, Stop(message.number))
            raise
        finally:
            self._waiting.pop(message.number, None)

    async def _run(self, link: socket.socket) -> None:
        """Takes what the process says, until it ends; then starts it anew."""
        reader, writer = await asyncio.open_connection(sock=link)
        while (message := await receive(reader)) is not None:
            if isinstance(message, Done) and not message.number:
                self._writer = writer
                if self.shelf is not None:
                    send(writer, Take(next(self._numbers), self.shelf.pin, self.shelf.folder))
                self.ready.set()
                continue
            future = self._waiting.get(message.number)
            if future is not None and not future.done():
                future.set_result(message)
        self._writer = None
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(Ended())
        writer.close()
        if not self._closing:
            await self._anew()

    async def _anew(self) -> None:
        LOG.error("the process %s %d ended; it is started anew", self.duty.role, self.duty.number)
        since = [moment for moment in self._began if moment > time.monotonic() - 60]
        if len(since) > _AGAIN:
            self.ready.set()  # who waits for it is told, rather than left waiting
            await asyncio.sleep(20)
        self.ready.clear()
        self._began = since
        self.start()


class Crew:
    """All processes of a server."""

    def __init__(self, duties: list[Duty]) -> None:
        self.members = [Member(duty) for duty in duties]
        self.readers = [member for member in self.members if member.duty.role == "read"]
        self._queue: list[tuple[float, str, asyncio.Future[Member]]] = []  # since when (a moment to come, if it has time), in order
        self._lengths: OrderedDict[str, float] = OrderedDict()

    def start(self) -> None:
        """Starts all."""
        for member in self.members:
            member.start()

    async def close(self) -> None:
        """Ends all."""
        await asyncio.gather(*(member.close() for member in self.members))

    def of(self, role: str) -> Member:
        """The process of a role that there is one of."""
        return next(member for member in self.members if member.duty.role == role)

    async def read(self, scope: Mapping[str, Any], pin: Pin, later: float = 0.0) -> Told:
        """The answer of one of the readers, tried twice. `later`: seconds that it need not come for. Raises RequestError."""
        kind = kind_of(str(scope["path"]), scope.get("query_string", b""))
        for _ in range(2):
            try:
                if kind in _SEARCHES:
                    return await self.of("find").ask(scope, b"", pin)
                return await self._read(kind, scope, pin, later)
            except Ended:
                continue
        raise RequestError(503, "reader_ended", "the process that was to answer ended before it did", "try again in 5 seconds")

    async def _read(self, kind: str, scope: Mapping[str, Any], pin: Pin, later: float) -> Told:
        member = await self._free(kind, later)
        try:
            told = await member.ask(scope, b"", pin)
        finally:
            member.busy -= 1
            self._next()
        self._note(kind, told.seconds)
        return told

    def expected(self, kind: str) -> float:
        """Seconds that an answer to an address of a kind takes, by those before."""
        return self._lengths.get(kind, 2 * _SHORT)

    def _note(self, kind: str, seconds: float) -> None:
        self._lengths[kind] = 0.8 * self.expected(kind) + 0.2 * seconds
        self._lengths.move_to_end(kind)
        if len(self._lengths) > _KINDS:
            self._lengths.popitem(last=False)

    async def _free(self, kind: str, later: float) -> Member:
        """A reader, when it is this request's turn; it counts as busy from then on."""
        future: asyncio.Future[Member] = asyncio.get_running_loop().create_future()
        self._queue.append((time.monotonic() + later, kind, future))
        self._next()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                future.result().busy -= 1
            self._next()
            raise

    def _next(self) -> None:
        """Hands requests to readers that are free."""
        while self._queue:
            idle = sorted((member for member in self.readers if not member.busy), key=lambda member: member.is_there)
            place = self._fitting(idle)
            if place is None:
                return
            future = self._queue.pop(place)[-1]
            if future.done():
                continue
            idle[-1].busy += 1
            future.set_result(idle[-1])

    def _fitting(self, idle: list[Member]) -> int | None:
        """The place in the queue of the request that is due first among those that an idle process may take.

        When one is due is told by what is known of its kind now: a list of thousands makes all lists look long until some short ones
        have come, and who asked for one meanwhile must not be overtaken by all that ask later.
        """
        if not idle:
            return None
        last_free = len(idle) == 1 and len(self.readers) > 1
        dues = [
            (since + _PATIENCE * expected, place) for place, (since, kind, _) in enumerate(self._queue)
            if (expected := self.expected(kind)) <= _SHORT or not last_free
        ]
        return min(dues)[1] if dues else None


def kind_of(path: str, query: bytes = b"") -> str:
    """An address without what names a record in it: answers of one kind take about as long. Lists of hundreds are a kind of their own,
    else one of thousands would make all lists of fifty wait like it."""
    plain = "/".join(part if part.isascii() and part.isalpha() and part.islower() else "*" for part in path.strip("/").split("/")[:5])
    return f"{plain}?many" if _MANY.search(query) else plain


async def given_up(task: asyncio.Task[Any]) -> None:
    """Waits for a task that was told to end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
