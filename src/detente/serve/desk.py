"""Who does the work of a server: threads that read, one that writes, one that codes; the pin that answers are given at."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol, TypeVar

from ..errors import DetenteError, RequestError, StoreError
from ..knowledge import Knowledge
from ..language import version_of
from ..pipeline import Coder, Outcome, SentenceWork
from ..records import Article
from ..settings import Settings
from ..store.moments import time_of
from ..store.pins import Pin
from ..world import World
from .answers import Answer
from .keeping import Kept
from .reading import Job, Reading
from .search import Index
from .settings import ServeSettings
from .shelf import ORDER, Shelf

T = TypeVar("T")
# The pin that a request is to be answered at, where somebody else says so.
GIVEN: ContextVar[Pin | None] = ContextVar("given", default=None)
LOG = logging.getLogger("detente.serve")
_HELD = 3  # readings of a thread: now, and pages or moments of before
_SHELVES = 2  # copies: of now, and of pages of before
_WAITING = 8  # texts that may wait to be coded


class CanCode(Protocol):
    """What a server asks of a coder."""

    settings: Settings
    knowledge: Knowledge

    @property
    def language(self) -> Any:
        """The parser; its `version`, where it has one, is told."""

    def work(self, articles: Sequence[Article]) -> Outcome:
        """As `Coder.work`."""

    def explain(self, text: str, published: date | str | None = None) -> list[SentenceWork]:
        """As `Coder.explain`."""


@dataclass(frozen=True, slots=True)
class _Told:
    version: str


class NoCoder:
    """Stands for the coder in a process that codes nothing: its settings, its knowledge and which model it has, without the model."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.knowledge = settings, Knowledge(settings.knowledge)
        self.language = _Told(version_of(settings))

    def work(self, articles: Sequence[Article]) -> Outcome:
        """Raises RequestError: another process does this."""
        raise RequestError(503, "no_coder", f"this process codes nothing ({len(articles)} articles)", "ask the server's own address")

    def explain(self, text: str, published: date | str | None = None) -> list[SentenceWork]:
        """The same."""
        raise RequestError(503, "no_coder", f"this process explains nothing ({len(text)} characters)", "ask the server's own address")


class SharedCoder:
    """The one coder, lent to one thread at a time."""

    def __init__(self, coder: CanCode) -> None:
        self.settings: Settings = coder.settings
        self.knowledge: Knowledge = coder.knowledge
        self.own, self._lock = coder, threading.Lock()

    def work(self, articles: Sequence[Article]) -> Outcome:
        """As `Coder.work`."""
        with self._lock:
            return self.own.work(articles)


class Desk:
    """The store at a path or URI and everyone who works on it. `coder`: made here, if none is given."""

    def __init__(self, uri: str, settings: ServeSettings, coder: CanCode | None = None) -> None:
        self.uri, self.settings = uri, settings
        self.kept: Kept[Answer] = Kept(settings.cache_bytes)
        self._shared: OrderedDict[Pin, dict[str, Any]] = OrderedDict()
        self._lock, self._local = threading.RLock(), threading.local()
        self.coder = SharedCoder(coder or Coder())
        self._readers = ThreadPoolExecutor(settings.workers, "detente-read")
        self._writer = ThreadPoolExecutor(1, "detente-write")
        self._coding = ThreadPoolExecutor(1, "detente-code")
        self._builder = ThreadPoolExecutor(1, "detente-build")
        self._looker = Reading.open(uri, create=False)
        self._pin, self._looked, self._building = self._looker.pin(), time.monotonic(), False
        self._shelves: OrderedDict[Pin, Shelf] = OrderedDict()
        self._waiting = 0
        self.index = Index(settings.search_file, settings.keep_text)

    # -- what is shared -----------------------------------------------------------------------------------------------

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge by which names are told."""
        return self.coder.knowledge

    @property
    def is_shelved(self) -> bool:
        """Whether answers at the newest pin come from the sorted copy."""
        return self._pin in self._shelves

    @property
    def model(self) -> str:
        """Version of the language model."""
        return str(getattr(self.coder.own.language, "version", "unknown"))

    @cached_property
    def world(self) -> World:
        """For the thread that writes, and only for it."""
        world = World.open(self.uri, create=False)
        world.own_knowledge = self.knowledge
        return world

    async def begin(self) -> None:
        """Starts what makes later answers fast: the sorted copy, and the index of the search."""
        pin = await self.now(fresh=True)
        self.index_at(pin)

    def close(self) -> None:
        """Lets what is under way end."""
        for pool in (self._readers, self._writer, self._coding, self._builder):
            pool.shutdown(wait=True, cancel_futures=True)
        self.index.close()

    # -- which state is read ------------------------------------------------------------------------------------------

    async def now(self, fresh: bool = False) -> Pin:
        """The newest pin, looked up at most once in a pulse unless `fresh`; or the one that is given."""
        given = GIVEN.get()
        if given is not None:
            return given
        if fresh or time.monotonic() - self._looked >= self.settings.pulse:
            self._looked = time.monotonic()
            await asyncio.get_running_loop().run_in_executor(self._readers, self.look)
        if self.settings.shelf and not self._building and not self.is_shelved:
            self._building = True
            self._builder.submit(self._build, self._pin)
        return self._pin

    def look(self) -> Pin:
        """Looks which state is the newest."""
        with self._lock:
            self._pin = self._looker.pin()
            return self._pin

    def has(self, pin: Pin) -> bool:
        """Whether there is a sorted copy of a pin."""
        with self._lock:
            return pin in self._shelves

    def take(self, shelf: Shelf) -> None:
        """Reads from a sorted copy where its pin is asked for. The copies before the last one are let go."""
        with self._lock:
            self._shelves[shelf.pin] = shelf
            while len(self._shelves) > _SHELVES:
                self._shelves.popitem(last=False)

    def index_at(self, pin: Pin) -> None:
        """Brings the index of the search up to a pin, meanwhile."""
        self._builder.submit(self._index, pin)

    def pin_of(self, as_of: str) -> Pin:
        """The pin of a version, a day or a moment. Raises RequestError for what is none, or never was."""
        text = as_of.strip()
        with self._lock:
            try:
                number = text.isascii() and text.isdecimal() and len(text) < len("20161128")
                return self._looker.as_of(int(text) if number else text).pin()
            except (StoreError, OverflowError) as error:
                hint = error.hint if isinstance(error, StoreError) else "give a version, a day or a moment"
                raise RequestError(400, "bad_as_of", f"as_of: {error.message if isinstance(error, StoreError) else error}", hint) from error

    def told(self, pin: Pin) -> Mapping[str, Any]:
        """A pin as answers tell it."""
        return {"pin": str(pin), "moment": time_of(pin.articles) if pin.articles else None, "fold": pin.run or None}

    # -- work ---------------------------------------------------------------------------------------------------------

    async def read(self, pin: Pin, work: Callable[[Reading], T]) -> T:
        """What some work on the store at a pin gives; broken off where nobody waits for it any more."""
        job = Job()
        future = self._readers.submit(self._read, pin, work, job)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            job.stop()
            raise

    async def write(self, work: Callable[[World, SharedCoder], T]) -> T:
        """What some work that changes the store gives; one after the other. Answers that begin afterwards know of it."""
        result = await asyncio.wrap_future(self._writer.submit(lambda: work(self.world, self.coder)))
        await self.now(fresh=True)
        return result

    def catch_up(self) -> None:
        """Folds what is stored and not folded yet, in its turn among what is written; waits for it."""
        def fold() -> None:
            if self.world.state() is not None and self.world.behind():
                self.world.fold()

        self._writer.submit(fold).result()

    async def code(self, work: Callable[[SharedCoder], T]) -> T:
        """What the coder makes of something. Raises RequestError where too many wait for it."""
        if self._waiting >= _WAITING:
            raise RequestError(503, "busy", "too many texts wait to be coded", "try again in 5 seconds")
        self._waiting += 1
        try:
            return await asyncio.wrap_future(self._coding.submit(lambda: work(self.coder)))
        finally:
            self._waiting -= 1

    def _read(self, pin: Pin, work: Callable[[Reading], T], job: Job) -> T:
        try:
            return self._once(pin, work, job, anew=False)
        except StoreError:
            # Files of an old reading may have been vacuumed away, so it is tried once more with a new one.
            return self._once(pin, work, job, anew=True)

    def _once(self, pin: Pin, work: Callable[[Reading], T], job: Job, anew: bool) -> T:
        reading = self._reading(pin, anew)
        try:
            if not job.begin(reading):
                raise RequestError(503, "left", "nobody waits for this any more", "ask again")
            return work(reading)
        finally:
            job.end()

    def _reading(self, pin: Pin, anew: bool) -> Reading:
        held: OrderedDict[Pin, Reading] = self._local.__dict__.setdefault("held", OrderedDict())
        with self._lock:
            shelf = self._shelves.get(pin)
        there = held.get(pin)
        if there is not None and (anew or (shelf is not None and not there.is_shelved)):
            held.pop(pin).close()
        if pin not in held:
            if "world" not in self._local.__dict__:
                self._local.world = Reading.open(self.uri, create=False)
                self._local.world.own_knowledge = self.knowledge
            held[pin] = self._local.world.hold_at(pin, None if anew else shelf, self._shared_at(pin))
            while len(held) > _HELD:
                held.popitem(last=False)[1].close()
        held.move_to_end(pin)
        return held[pin]

    def _shared_at(self, pin: Pin) -> dict[str, Any]:
        with self._lock:
            found = self._shared.setdefault(pin, {})
            self._shared.move_to_end(pin)
            while len(self._shared) > _HELD:
                self._shared.popitem(last=False)
            return found

    def _index(self, pin: Pin) -> None:
        """Takes what is stored into the index; the first search would else wait for it."""
        try:
            self._read(pin, self.index.sync, Job())
        except (DetenteError, sqlite3.Error) as error:
            LOG.warning("no index of the search yet: %s", error)

    def _build(self, pin: Pin) -> None:
        """Makes the shelf of a pin. Without one the server is slower, not wrong: so a failure is logged and answers go on."""
        try:
            world = Reading.open(self.uri, create=False)
            with world.pinned(pin).session(tuple(ORDER)) as session:
                self.take(Shelf.make(pin, session))
        except (DetenteError, OSError) as error:
            LOG.warning("no sorted copy of the store: %s", error)
        finally:
            self._building = False
