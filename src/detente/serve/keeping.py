"""Answers that are kept, by their ETag: one that stands is sent again, and what several ask for at once is worked out once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """What can be kept: it says how many bytes it takes."""

    @property
    def size(self) -> int:
        """Bytes; more than any limit for what must not be kept."""


A = TypeVar("A", bound=Sized)


class Kept(Generic[A]):
    """Answers up to so many bytes, those asked for last. For one event loop."""

    def __init__(self, limit: int) -> None:
        self._limit, self._size = limit, 0
        self._answers: OrderedDict[str, A] = OrderedDict()
        self._working: dict[str, tuple[asyncio.Task[A], list[None]]] = {}

    def newest(self, count: int) -> list[str]:
        """Tags of those asked for last, the last one first."""
        return list(self._answers)[: -count - 1 : -1]

    def get(self, tag: str) -> A | None:
        """The answer of a tag, if it is kept."""
        found = self._answers.get(tag)
        if found is not None:
            self._answers.move_to_end(tag)
        return found

    async def of(self, tag: str, make: Callable[[], Awaitable[A]]) -> A:
        """The answer of a tag: kept, being worked out for another, or made now. Work that nobody waits for any more is broken off."""
        found = self.get(tag)
        if found is not None:
            return found
        if tag not in self._working:
            self._working[tag] = (asyncio.ensure_future(self._make(tag, make)), [])
        task, waiting = self._working[tag]
        waiting.append(None)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if len(waiting) == 1:
                task.cancel()
            raise
        finally:
            waiting.pop()

    async def _make(self, tag: str, make: Callable[[], Awaitable[A]]) -> A:
        try:
            answer = await make()
        finally:
            del self._working[tag]
        self._put(tag, answer)
        return answer

    def _put(self, tag: str, answer: A) -> None:
        if answer.size > self._limit // 4:
            return  # one of them must not push out all others
        self._answers[tag] = answer
        self._size += answer.size
        while self._size > self._limit:
            self._size -= self._answers.popitem(last=False)[1].size
