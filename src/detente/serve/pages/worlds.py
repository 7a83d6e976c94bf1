"""What pages ask of a server: a world held still, and the coder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from starlette.concurrency import run_in_threadpool

from ...knowledge import Knowledge
from ...pipeline import Coder
from ...world import World, open_world

T = TypeVar("T")


class Worlds(Protocol):
    """A source of worlds. `text_limit`: characters of a text that is coded at once; `keep_text`: whether whole texts may be shown."""

    text_limit: int
    keep_text: bool

    async def read(self, as_of: str | None, work: Callable[[World], T]) -> T:
        """What some work on the store gives: as it is now, or as it was at a version, a day or a moment. May run in any thread."""

    async def code(self, work: Callable[[Coder], T]) -> T:
        """What some work with the coder gives; one at a time."""


class OwnWorlds:
    """Worlds of one store, opened anew for each question: for tests, and for a server without anything else."""

    def __init__(self, uri: str, coder: Coder | None = None, knowledge: Knowledge | None = None) -> None:
        self.text_limit, self.keep_text = 100_000, True
        self._uri, self._coder, self._knowledge = uri, coder, knowledge or (coder.knowledge if coder else Knowledge())

    async def read(self, as_of: str | None, work: Callable[[World], T]) -> T:
        """As `Worlds.read`."""

        def within() -> T:
            with self._held(as_of) as world:
                return work(world)

        return await run_in_threadpool(within)

    @contextmanager
    def _held(self, as_of: str | None) -> Iterator[World]:
        with open_world(self._uri, create=False, as_of=as_of, knowledge=self._knowledge).hold() as world:
            yield world

    async def code(self, work: Callable[[Coder], T]) -> T:
        """As `Worlds.code`."""

        def within() -> T:
            self._coder = self._coder or Coder()
            return work(self._coder)

        return await run_in_threadpool(within)
