"""Articles to what is coded from them, a few at a time, in this process or in several. Faults of one article never cost the others."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Protocol

from ..errors import DetenteError, InputError, RunError
from ..records import Article, Reject

if TYPE_CHECKING:  # the coder and its model are not loaded by those who only read a store: half a second
    from ..knowledge import Knowledge
    from ..pipeline import Coder, Outcome
    from ..settings import Settings

_AHEAD = 3  # chunks for each process that may wait to be stored
_OWN: list[Coder] = []  # the coder of a worker process


class Codes(Protocol):
    """What adding asks of a coder."""

    settings: Settings
    knowledge: Knowledge

    def work(self, articles: Sequence[Article]) -> Outcome:
        """Codes a batch of articles."""


def outcomes(chunks: Iterator[list[Article]], coder: Codes, jobs: int) -> Iterator[tuple[list[Article], Outcome]]:
    """Each chunk with what it gave, in order. With several jobs, each process builds a coder of its own from the coder's settings.

    Raises what concerns all articles: errors of knowledge, model and settings; RunError where a process dies.
    """
    if jobs == 1:
        for chunk in chunks:
            yield chunk, code(coder, chunk)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(coder.settings,))
    try:
        waiting: deque[tuple[list[Article], Future[Outcome]]] = deque()
        for chunk in chunks:
            waiting.append((chunk, pool.submit(_code, chunk)))
            if len(waiting) >= _AHEAD * jobs:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _next(waiting: deque[tuple[list[Article], Future[Outcome]]]) -> tuple[list[Article], Outcome]:
    chunk, future = waiting.popleft()
    try:
        return chunk, future.result()
    except BrokenProcessPool as error:
        told = f"a process that codes ended before it was done (articles from {chunk[0].file or chunk[0].id})"
        raise RunError(told, "memory may be short: take fewer jobs; what is stored stays, and the same command goes on") from error


def _begin(settings: Settings) -> None:
    from ..pipeline import Coder

    threading.Thread(target=_end_with_parent, daemon=True).start()
    _OWN.append(Coder(settings))


def _end_with_parent() -> None:
    """Ends this process when the one that started it is gone, so that no orphan works on."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _code(chunk: list[Article]) -> Outcome:
    return code(_OWN[0], chunk)


def code(coder: Codes, articles: Sequence[Article]) -> Outcome:
    """What some articles give. An article that a step trips over becomes a reject."""
    try:
        return coder.work(articles)
    except Exception as error:  # whatever a step trips over in one article must not cost the others: each is tried on its own
        if _concerns_all(error):
            raise
        if len(articles) > 1:
            return _joined([code(coder, [article]) for article in articles])
        from ..pipeline import Outcome

        [article] = articles
        told = error.message if isinstance(error, DetenteError) else f"{type(error).__name__}: {error}"
        hint = (error.hint if isinstance(error, DetenteError) else "") or "report it together with the article"
        return Outcome(articles=1, rejects=[Reject(article.file, article.line, article.id, "code", told, hint)])


def _joined(parts: list[Outcome]) -> Outcome:
    from ..pipeline import Outcome

    whole = Outcome()
    for part in parts:
        whole.claims += part.claims
        whole.entries += part.entries
        whole.rejects += part.rejects
        whole.articles += part.articles
        whole.sentences += part.sentences
        whole.lengths |= part.lengths
    return whole


def _concerns_all(error: Exception) -> bool:
    return isinstance(error, MemoryError) or (isinstance(error, DetenteError) and not isinstance(error, InputError))
