"""The front of a server of several processes: it takes requests, keeps answers, and hands the rest to the processes behind it.

Readers read the last finished copy of the store, all at one pin, while another process codes and folds and a third makes the next copy;
then all change over at once. So adding never stands in a reader's way, and an answer is never older than one that was given before it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic_core import to_json

from ..errors import DetenteError, RequestError
from ..settings import Settings
from ..store import Store
from ..store.moments import time_of
from ..store.pins import Pin
from ..version import VERSION
from .asking import is_known
from .crew import Crew, Ended, given_up
from .folder import Folder
from .guard import Guard
from .keeping import Kept
from .settings import ServeSettings
from .wire import Build, CatchUp, Take, Told
from .worker import Duty, Role

LOG = logging.getLogger("detente.serve")
_PLAIN = tuple("type asgi http_version method scheme path raw_path query_string root_path headers client server".split())
_ALONE: tuple[Role, ...] = ("find", "code", "write", "build")
_CODES = frozenset({"/api/code", "/try"})
_SEEN = (b"accept", b"accept-encoding", b"cookie", b"authorization", b"host")  # headers that an answer may depend on
_UNFOLDED = 5.0  # seconds without a change after which a state that is not folded is shown too
_FOLDERS = 2  # copies that are kept: of now, and of pages that are being read on
_AGAIN = 10.0  # seconds after which a copy that could not be made is tried again


class Front:
    """An ASGI application; wrap it in `Guard` (see `make_front`)."""

    def __init__(self, uri: str, settings: ServeSettings, coder: Settings) -> None:
        self.settings = settings
        self._store = Store.open(uri, create=False)
        self._newest = self._pin = self._store.pin()
        self._seen, self._changed = self._store.trace(), time.monotonic()
        roles: list[tuple[Role, int]] = [*(("read", number) for number in range(settings.readers)), *((role, 0) for role in _ALONE)]
        self.crew = Crew([Duty(role, number, uri, settings, coder) for role, number in roles])
        self.kept: Kept[Told] = Kept(settings.cache_bytes)
        self._asked: OrderedDict[str, Mapping[str, Any]] = OrderedDict()  # addresses of kept answers, to be made anew
        self.folders: OrderedDict[Pin, Folder] = OrderedDict()
        self._making: Folder | None = None
        self._shown = asyncio.Condition()
        self._writing = 0
        self._watching: asyncio.Task[None] | None = None
        self._failed = 0.0

    async def begin(self) -> None:
        """Starts the processes, and waits until one can answer."""
        self.crew.start()
        self._watching = asyncio.create_task(self._watch())
        await self.crew.readers[-1].ready.wait()

    async def close(self) -> None:
        """Ends them."""
        if self._watching is not None:
            await given_up(self._watching)
        await self.crew.close()
        for folder in (*self.folders.values(), self._making):
            if folder is not None:
                folder.remove()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """One request, or the begin and end of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            told = await self._answer(scope, receive)
            await send({"type": "http.response.start", "status": told.status, "headers": told.headers})
            await send({"type": "http.response.body", "body": told.body})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        try:
            await self.begin()
        except DetenteError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})

    # -- answers ------------------------------------------------------------------------------------------------------

    async def _answer(self, scope: dict[str, Any], receive: Any) -> Told:
        plain = {name: scope[name] for name in _PLAIN if name in scope}
        ending = scope.get("detente", {}).get("format")
        if ending:
            plain["path"] = f"{scope['path']}.{ending}"  # the guard has taken it off; that of the process will want to see it
            plain["raw_path"] = plain["path"].encode()
        if scope["path"] == "/api/health" and scope["method"] == "GET" and not scope["query_string"]:
            return self._health()
        if scope["method"] == "POST":
            return await self._posted(plain, await _whole(receive))
        return await self._read(plain)

    async def _read(self, plain: dict[str, Any]) -> Told:
        pin = self._pin
        key = _key(pin, plain)
        wanted = next((value for name, value in plain["headers"] if name == b"if-none-match"), b"")
        held = self.kept.get(key)
        if held is None:
            plain = {**plain, "headers": [pair for pair in plain["headers"] if pair[0] != b"if-none-match"]}
            self._asked[key] = plain
            self._asked.move_to_end(key)
            while len(self._asked) > 4 * self.settings.warm:
                self._asked.popitem(last=False)
            held = await self.kept.of(key, lambda: self.crew.read(plain, pin))
        tag = held.header(b"etag").decode("latin-1")
        if tag and is_known(wanted.decode("latin-1"), tag):
            kept = [pair for pair in held.headers if pair[0].lower() not in {b"content-length", b"content-type", b"content-encoding"}]
            return Told(0, 304, kept, b"", 0.0)
        return held

    async def _posted(self, plain: dict[str, Any], body: bytes) -> Told:
        """What brings something: to the process that codes, or to the one that writes."""
        codes = plain["path"] in _CODES
        member = self.crew.of("code" if codes else "write")
        if codes and member.busy >= self.settings.texts_waiting:
            raise RequestError(503, "busy", "too many texts wait to be coded", "try again in 5 seconds")
        member.busy += 1
        self._writing += not codes
        try:
            told = await member.ask(plain, body)
        except Ended:
            if not codes:
                asyncio.get_running_loop().create_task(self._catch_up())
            what = "codes" if codes else "adds"
            raise RequestError(503, "process_ended", f"the process that {what} ended before it was done",
                               "what was acknowledged is stored; send this again: what is there already is left alone") from None
        finally:
            member.busy -= 1
            self._writing -= not codes
        if not codes and told.status < 400:
            await self._show(self.settings.patience)
        return told

    def _health(self) -> Told:
        pin = self._pin
        moment = time_of(pin.articles).isoformat() if pin.articles else None
        body = to_json({
            "status": "ok", "detente": VERSION, "writes": self.settings.token is not None, "texts": self.settings.keep_text,
            "ready": pin in self.folders, "store": {"pin": str(pin), "moment": moment, "fold": pin.run or None},
        })
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), (b"content-length", str(len(body)).encode())]
        return Told(0, 200, headers, body, 0.0)

    # -- the state that is shown --------------------------------------------------------------------------------------

    async def _show(self, patience: float) -> None:
        """Waits, though not for ever, until what is in the store now is shown."""
        await self._look(fresh=True)
        wanted = self._newest
        with suppress(TimeoutError):
            async with asyncio.timeout(patience), self._shown:
                await self._shown.wait_for(lambda: self._pin.articles >= wanted.articles and self._pin.decisions >= wanted.decisions
                                           and (self._pin.run == wanted.run or self._pin == self._newest))

    async def _watch(self) -> None:
        """Shows each finished state of the store, as soon as its copy is made."""
        await asyncio.gather(*(member.ready.wait() for member in (*self.crew.readers, self.crew.of("build"))))
        while True:
            await self._look()
            if self._is_due():
                try:
                    await self._change(self._newest)
                except (DetenteError, OSError, Ended) as error:
                    LOG.warning("no sorted copy of the store: %s", error)
                    self._failed = time.monotonic()
            await asyncio.sleep(max(0.05, self.settings.pulse))

    def _is_due(self) -> bool:
        """Whether a copy of the newest state is to be made now."""
        if self._newest in self.folders or time.monotonic() - self._failed < _AGAIN:
            return False
        if not self.folders:
            return True
        quiet = time.monotonic() - self._changed > _UNFOLDED
        return not self._writing and (quiet or self._store.is_folded(self._newest))

    async def _look(self, fresh: bool = False) -> None:
        """Looks which state is the newest."""
        def look() -> None:
            trace = self._store.trace()
            if fresh or trace is None or trace != self._seen:
                newest = self._store.pin()
                if newest != self._newest:
                    self._changed = time.monotonic()
                self._seen, self._newest = trace, newest

        await asyncio.to_thread(look)
        if not self.folders:
            self._pin = self._newest  # until there is a copy, answers come from the store itself

    async def _change(self, pin: Pin) -> None:
        """Has the copy of a pin made and read from, then shows it."""
        folder = self._making = await asyncio.to_thread(Folder, "detente-shelf-")  # what a killed server left behind may be large
        await self.crew.of("build").do(Build, pin, folder.path)
        takers = [member for member in self.crew.members if member.duty.role in {"read", "find", "write"}]
        done = await asyncio.gather(*(member.do(Take, pin, folder.path) for member in takers), return_exceptions=True)
        for error in done:
            if isinstance(error, DetenteError):
                raise error
        self.folders[pin], self._making = folder, None
        await self._warm(pin)
        async with self._shown:
            self._pin = pin
            self._shown.notify_all()
        while len(self.folders) > _FOLDERS:
            self.folders.popitem(last=False)[1].remove()

    async def _warm(self, pin: Pin) -> None:
        """Makes what was asked for lately at a pin that is about to be shown, as far as some seconds reach."""
        wanted = [self._asked[key] for key in self.kept.newest(self.settings.warm) if key in self._asked]
        with suppress(TimeoutError, DetenteError):
            async with asyncio.timeout(self.settings.warm_seconds):
                for plain in wanted:
                    key = _key(pin, plain)
                    self._asked[key] = plain
                    await self.kept.of(key, lambda plain=plain: self.crew.read(plain, pin, later=60.0))  # type: ignore[misc]

    async def _catch_up(self) -> None:
        """Folds what a process that ended had stored."""
        try:
            await self.crew.of("write").do(CatchUp)
        except (DetenteError, Ended) as error:
            LOG.warning("what was stored is not folded yet: %s", error)


def _key(pin: Pin, plain: Mapping[str, Any]) -> str:
    """What an answer depends on."""
    seen = sorted((name, value) for name, value in plain["headers"] if name in _SEEN)
    parts = [str(pin), plain["method"], plain["path"], plain["query_string"], plain.get("scheme"), seen]
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


async def _whole(receive: Any) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestError(400, "left", "the request broke off", "send it again")
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def make_front(store: str, settings: ServeSettings, coder: Settings) -> Any:
    """The server of a store as an ASGI application with processes of its own (`settings.readers`); `app.make_app` is that with none.

    Raises StoreError where no store is there, MissingExtra without the store's libraries.
    """
    from .pages import problem  # what pages need is only loaded once something is wrong with one

    return Guard(Front(store, settings, coder), settings, problem)
