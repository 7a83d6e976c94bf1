"""OUT.part: the folder of finished chunks beside the output, from which a run that was broken off goes on.

`run.json` says under which conditions they were made. `000012.jsonl` is one chunk: a line of counts, then its
claims, then its entries of the ledger. Every
file appears under its name only when all of it is on disk, so whatever is found there after a crash is whole.
"""

from __future__ import annotations

import io
import json
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from ..errors import RunError
from ..flow.write import jsonl_to_csv, jsonl_to_parquet
from ..records import Reject
from .chunks import Chunk, Tally

Format = Literal["jsonl", "csv", "parquet"]
RESUME = "finished chunks are kept: run the same again with --resume"
AFRESH = "run without --resume to start afresh"
_OWN = re.compile(r"\.?(run|joined|rejects|ledger|\d{6,})\.[\w.]+")


@dataclass(frozen=True, slots=True)
class _Head:
    """First line of a chunk's file. `size`: bytes of the claims behind it, `ledger`: of the entries behind these."""

    key: str
    digest: str
    size: int
    ledger: int
    tally: Tally


def refuse_odd_target(out: Path) -> None:
    """Raises RunError for an output that must not be replaced (a folder, a device) or whose folder is missing."""
    if out.exists() and not stat.S_ISREG(out.stat().st_mode):
        raise RunError(f"{out} is not a file that can be replaced", "give the name of a file; or leave out --out")
    if not out.parent.is_dir():
        raise RunError(f"{out.parent} is no folder", "make it first, or give another --out")


def write_chunk(target: Path, key: str, chunk: Chunk, tally: Tally, lines: tuple[bytes, bytes]) -> None:
    """Writes one chunk's file, whole or not at all; `lines`: claims and entries. `key` is that of the run's conditions. Raises RunError."""
    claims, ledger = lines
    sizes = {"size": len(claims), "ledger": len(ledger)}
    head = {"chunk": chunk.number, "key": key, "digest": chunk.digest(), **sizes, **asdict(tally)}
    with replacing(target, target.with_name(f"{target.stem}.{os.getpid()}.tmp")) as stream:
        stream.write(json.dumps(head).encode() + b"\n")
        stream.write(claims + ledger)


@contextmanager
def replacing(target: Path, scratch: Path) -> Iterator[BinaryIO]:
    """A stream into `scratch`, which takes the place of `target` once all is on disk. Raises RunError where that fails."""
    with writing(target):
        try:
            with scratch.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            scratch.replace(target)
        finally:
            scratch.unlink(missing_ok=True)


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turns the operating system's errors into RunError with the remedy."""
    try:
        yield
    except OSError as error:
        raise RunError(f"{target}: cannot be written: {error.strerror or error}", f"check permissions and free space; {RESUME}") from error


class Parts:
    """The folder of one run's chunks. Making the object begins or takes up the folder."""

    def __init__(self, out: Path, conditions: dict[str, Any], resume: bool) -> None:
        """`conditions`: all that decides what the chunks hold, as plain values; they are compared name by name.

        Raises RunError where `resume` meets chunks made under other conditions, or where the folder cannot be made.
        """
        self.out, self.folder = out, out.with_name(f"{out.name}.part")
        self._retired = out.with_name(f"{out.name}.part.done")
        # A worker of a killed run may live a moment longer than its folder; the key keeps its chunk out of the next run's.
        self.key = secrets.token_hex(8)
        with writing(self.folder):
            self._remove_retired()
            if resume and (self.folder / "run.json").exists():
                self.key = self._taken_up(conditions)
                return
            if self.folder.exists():
                self._retire()
            self.folder.mkdir()
            with replacing(self.folder / "run.json", self.folder / "run.json.tmp") as stream:
                stream.write(json.dumps({"key": self.key, "conditions": conditions}, indent=1).encode() + b"\n")

    def path(self, number: int) -> Path:
        """Where the file of a chunk stands."""
        return self.folder / f"{number:06d}.jsonl"

    def finished(self, chunk: Chunk) -> Tally | None:
        """Counts of a chunk that an earlier run finished, None where it is still to do. Raises RunError if its articles have changed."""
        head = self._head(chunk.number)
        if head is None:
            return None
        if head.digest != chunk.digest():
            told = f"{chunk.label()} of the input is not what it was when {self.folder} was begun"
            raise RunError(told, f"restore the input, or {AFRESH}")
        return head.tally

    def join(self, count: int, form: Format, rejects: Sequence[Reject], ledger: Path | None = None) -> None:
        """Makes the output of chunks 0 to `count` - 1, in order, and the file of rejects beside it; then removes the folder.

        `ledger`: where their entries of the ledger go, if anywhere.

        Raises RunError for a missing chunk, for chunks beyond the input's end, and where the output cannot be written.
        """
        with writing(self.folder):
            beyond = [p for p in self.folder.glob("*.jsonl") if p.stem.isdecimal() and int(p.stem) >= count]
        if beyond:
            raise RunError(f"{self.folder} holds more chunks than the input has ({count})", f"restore the input, or {AFRESH}")
        scratch = self.folder / "joined.tmp"
        self._write_rejects(rejects)
        if ledger:
            with replacing(ledger, self.folder / "ledger.tmp") as stream:
                for number in range(count):
                    stream.write(self._lines_of(number)[1])
        with writing(self.out):
            if form == "parquet":
                jsonl_to_parquet(self._lines(count), scratch, str(self.folder))
                with scratch.open("rb+") as stream:
                    os.fsync(stream.fileno())
                scratch.replace(self.out)
            else:
                with replacing(self.out, scratch) as stream:
                    self._copy(count, form, stream)
            _flush_folder(self.out.parent)
        with writing(self.folder):
            self._retire()

    # -- within -------------------------------------------------------------------------------------------------------

    def _taken_up(self, conditions: dict[str, Any]) -> str:
        """The key of an earlier run's folder, if its conditions are the same."""
        record = self.folder / "run.json"
        try:
            earlier = json.loads(record.read_bytes())
            before, now = _flat(earlier["conditions"]), _flat(conditions)
            key = str(earlier["key"])
        except (ValueError, KeyError, TypeError) as error:
            raise RunError(f"{record} is damaged: {error}", AFRESH) from error
        differing = [f"{n}: {before.get(n)} then, {now.get(n)} now" for n in sorted({*before, *now}) if before.get(n) != now.get(n)]
        if differing:
            told = "; ".join(differing)
            raise RunError(f"{self.folder} was begun under other conditions ({told})", f"take the earlier ones again, or {AFRESH}")
        for left in self.folder.glob("*.tmp"):
            left.unlink(missing_ok=True)
        return key

    def _head(self, number: int) -> _Head | None:
        """The counts of a chunk's file; None where it is missing, cut short or another run's, for then it must be made (again)."""
        path = self.path(number)
        try:
            with path.open("rb") as stream:
                line = stream.readline()
                size = os.fstat(stream.fileno()).st_size - len(line)
            row = json.loads(line)
            rejects = tuple(Reject(**reject) for reject in row["rejects"])
            tally = Tally(row["articles"], row["sentences"], row["parsed"], row["claims"], rejects, row["steps"], row["entries"])
            head = _Head(row["key"], row["digest"], row["size"], row["ledger"], tally)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RunError(f"{path}: cannot be read: {error.strerror or error}", AFRESH) from error
        except (ValueError, KeyError, TypeError):
            return None
        return head if head.key == self.key and head.size + head.ledger == size else None

    def _copy(self, count: int, form: Format, stream: BinaryIO) -> None:
        if form == "csv":
            text = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", newline="")
            jsonl_to_csv(self._lines(count), text, str(self.folder))
            text.detach()
            return
        for number in range(count):
            stream.write(self._lines_of(number)[0])

    def _lines(self, count: int) -> Iterator[str]:
        for number in range(count):
            for line in io.BytesIO(self._lines_of(number)[0]):
                yield line.decode("utf-8")

    def _lines_of(self, number: int) -> tuple[bytes, bytes]:
        """A chunk's claims and its entries of the ledger."""
        head = self._head(number)
        if head is None:
            raise RunError(f"{self.path(number)} is missing or damaged", f"does another run write {self.out}? {RESUME}")
        with self.path(number).open("rb") as stream:
            stream.readline()
            return stream.read(head.size), stream.read(head.ledger)

    def _write_rejects(self, rejects: Sequence[Reject]) -> None:
        """OUT.rejects.jsonl, only where there are any: one left by an earlier run would be taken for this one's."""
        target = self.out.with_name(f"{self.out.name}.rejects.jsonl")
        if not rejects:
            with writing(target):
                target.unlink(missing_ok=True)
            return
        with replacing(target, self.folder / "rejects.tmp") as stream:
            for reject in rejects:
                line = json.dumps(asdict(reject), ensure_ascii=False) + "\n"
                stream.write(line.encode("utf-8", "backslashreplace"))

    def _retire(self) -> None:
        """Removes the folder: first under another name, so that a crash half-way leaves nothing that looks like a run."""
        _refuse_foreign(self.folder)
        self.folder.replace(self._retired)
        self._remove_retired()

    def _remove_retired(self) -> None:
        if self._retired.exists():
            _refuse_foreign(self._retired)
            shutil.rmtree(self._retired)


def _refuse_foreign(folder: Path) -> None:
    foreign = sorted(p.name for p in folder.iterdir() if not _OWN.fullmatch(p.name))
    if foreign:
        raise RunError(f"{folder} holds files that no run has written ({foreign[0]})", "move them away, or give another --out")


def _flush_folder(folder: Path) -> None:
    """Makes a new name in a folder last; only POSIX systems let a folder be opened for that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Nested values by dotted name."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": item for inner, item in value.items()})
        else:
            flat[name] = value
    return flat
