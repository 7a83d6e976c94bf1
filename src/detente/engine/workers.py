"""Who codes the chunks: this process, or several spawned ones with a coder each. Both take tasks and give back what is done."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from .. import errors
from ..errors import DetenteError, ModelError, RunError
from ..language import MODEL_FOLDER
from ..pipeline import Coder
from ..settings import Settings
from .chunks import Chunk, Tally, code_chunk
from .parts import RESUME, write_chunk

_PATIENCE = 5.0  # seconds for a worker that has nothing left to do to end by itself
_MEMORY = "memory may be short: take fewer jobs or split long articles"
_MAIN = 'a script that starts several jobs needs `if __name__ == "__main__":` around them'


@dataclass(frozen=True, slots=True)
class Identity:
    """With which knowledge and model a coder codes."""

    knowledge: str
    model: str


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk to code. `target`: the file to write, with the run's `key`; None: the claims are wanted back."""

    chunk: Chunk
    target: Path | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A coded chunk. `lines` is empty where they went to a file."""

    number: int
    tally: Tally
    lines: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """An error on its way out of a worker: the class's name and its fields. Pickle cannot rebuild errors with other arguments."""

    kind: str
    fields: dict[str, Any]

    def error(self) -> DetenteError:
        """The error as it was raised."""
        kind: type[DetenteError] = getattr(errors, self.kind)
        error = kind.__new__(kind, self.fields["message"])
        for name, value in self.fields.items():
            setattr(error, name, value)
        return error


class Workers(Protocol):
    """What a run asks of those who code."""

    identity: Identity

    def __enter__(self) -> Self:
        """Ready to code."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Ends all processes, at once if there was an error."""

    def run(self, tasks: Iterator[Task], ahead: int = 0) -> Iterator[Done]:
        """What is done, as it is done; with `ahead`, in the order of the tasks, none begun that far beyond the last one given out."""


def workers_for(settings: Settings, jobs: int) -> Workers:
    """This process for one job, spawned processes for more. Raises KnowledgeError, ModelError, SettingsError, RunError."""
    return Here(settings) if jobs == 1 else Spawned(settings, jobs)


def identity_of(coder: Coder, settings: Settings) -> Identity:
    """Knowledge version and a hash of the model's files (of the parser's name, where it is not the built-in one)."""
    digest = hashlib.blake2b(settings.parser.encode(), digest_size=8)
    if settings.parser == "builtin":
        folder = settings.model or MODEL_FOLDER
        try:
            for path in sorted(p for p in folder.iterdir() if p.is_file()):
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
        except OSError as error:
            raise ModelError(f"{folder}: {error}", "install the package again or point Settings.model at a complete folder") from error
    return Identity(coder.knowledge.version, f"m_{digest.hexdigest()}")


def _do(coder: Coder, task: Task) -> Done:
    try:
        tally, lines, ledger = code_chunk(coder, task.chunk)
    except MemoryError as error:
        told = f"memory ran out on {task.chunk.label()}" + (f": {error}" if str(error) else "")
        raise RunError(told, f"{_MEMORY}; {RESUME}" if task.target else _MEMORY) from error
    if task.target is None:
        return Done(task.chunk.number, tally, lines)
    write_chunk(task.target, task.key, task.chunk, tally, (lines, ledger))
    return Done(task.chunk.number, tally, b"")


class Here:
    """One coder in this process."""

    def __init__(self, settings: Settings) -> None:
        self._coder = Coder(settings)
        self.identity = identity_of(self._coder, settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing to end."""

    def run(self, tasks: Iterator[Task], ahead: int = 0) -> Iterator[Done]:
        """What is done, in the order of the tasks."""
        for task in tasks:
            yield _do(self._coder, task)


class _Worker:
    """One spawned process, as seen from here."""

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, settings), name="detente-worker", daemon=True)
        self.task: Task | None = None
        _start_deaf(self.process)
        other.close()  # so that the end of the worker is the end of the pipe

    def give(self, task: Task) -> None:
        self.task = task
        try:
            self.connection.send(task)
        except OSError as error:
            raise self._dead() from error

    def answer(self) -> Any:
        try:
            answer = self.connection.recv()
        except (EOFError, OSError) as error:
            raise self._dead() from error
        if isinstance(answer, Failed):
            raise answer.error()
        self.task = None
        return answer

    def _dead(self) -> RunError:
        self.process.join(_PATIENCE)
        code = self.process.exitcode
        how = f"was killed by signal {-code}" if code and code < 0 else f"ended with exit code {code}"
        if self.task is None:
            return RunError(f"a worker process {how} before it was ready", f"{_MEMORY}; {_MAIN}")
        hint = f"{_MEMORY}; {RESUME}" if self.task.target else _MEMORY
        return RunError(f"the worker process on {self.task.chunk.label()} {how}", hint)


class Spawned:
    """Several processes with a coder each. Each is handed one chunk at a time, so that a dead one's chunk is known."""

    def __init__(self, settings: Settings, jobs: int) -> None:
        self._workers: list[_Worker] = []
        try:
            self._workers.extend(_Worker(settings) for _ in range(jobs))
            identities = {worker.answer() for worker in self._workers}
        except BaseException:
            self._end(at_once=True)
            raise
        self.identity: Identity = identities.pop()
        if identities:
            self._end(at_once=True)
            raise RunError("knowledge or model files changed while the workers were starting", "start again")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end(at_once=error is not None)

    def run(self, tasks: Iterator[Task], ahead: int = 0) -> Iterator[Done]:
        """What is done, as it is done; with `ahead`, in the order of the tasks (see `Workers`). One task is drawn in advance."""
        idle = list(self._workers)
        busy: dict[Any, _Worker] = {}
        waiting: dict[int, Done] = {}
        given_out = 0
        task = next(tasks, None)
        while task or busy:
            while task and idle and not (ahead and task.chunk.number >= given_out + ahead):
                worker = idle.pop()
                worker.give(task)
                busy[worker.connection] = worker
                task = next(tasks, None)
            for connection in wait(list(busy)):
                worker = busy.pop(connection)
                done = worker.answer()
                idle.append(worker)
                waiting[done.number] = done
            if not ahead:
                yield from waiting.values()
                waiting.clear()
            while given_out in waiting:
                yield waiting.pop(given_out)
                given_out += 1

    def _end(self, at_once: bool) -> None:
        for worker in self._workers:
            worker.connection.close()
            if at_once:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


def _start_deaf(process: multiprocessing.process.BaseProcess) -> None:
    """Starts a process that does not hear Ctrl-C, not even while it is still importing: ending it is this process's affair."""
    if not hasattr(signal, "pthread_sigmask"):
        process.start()
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(connection: Connection, settings: Settings) -> None:
    """A worker's life: builds its coder, tells with what it codes, then codes what it is given until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        coder = _greeted(connection, settings)
        while coder:
            task = connection.recv()
            connection.send(_answer(coder, task))
    except (EOFError, ConnectionError):
        return  # the run has ended or was killed: nobody waits for an answer


def _greeted(connection: Connection, settings: Settings) -> Coder | None:
    try:
        coder = Coder(settings)
        identity = identity_of(coder, settings)
    except DetenteError as error:
        connection.send(_failure(error))
        return None
    connection.send(identity)
    return coder


def _answer(coder: Coder, task: Task) -> Done | Failed:
    try:
        return _do(coder, task)
    except DetenteError as error:
        return _failure(error)


def _failure(error: DetenteError) -> Failed:
    return Failed(type(error).__name__, dict(vars(error)))


def _end_with_parent() -> None:
    """Ends this process when the one that started it is gone, so that no orphan works on beside the next run."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
