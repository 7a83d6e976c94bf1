"""RUNS: a row when a piece of work begins and one when it ends; one that began and never ended was broken off."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from ..errors import DetenteError
from ..tables import RUNS
from ..version import VERSION
from .delta import new_id, now
from .rows import stamped
from .schema import Tables


class Run:
    """Notes begin and end of a piece of work. `counts` are filled on the way: articles, claims, rejects, version, knowledge."""

    def __init__(self, tables: Tables, what: str, **begin: Any) -> None:
        self._tables, self._what, self._begin = tables, what, begin
        self.id = new_id("r")
        self.counts: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._note("begun", self._begin)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self._note("done", self.counts)
            return
        try:
            self._note("failed", {**self.counts, "note": f"{type(error).__name__}: {error}"[:1000]})
        except DetenteError as second:  # a full disk, most likely: the first error says it
            error.add_note(f"the end of the run could not be noted: {second}")

    def _note(self, state: str, values: dict[str, Any]) -> None:
        row = {"run": self.id, "what": self._what, "state": state, "detente": VERSION, **self._begin, **values}
        self._tables["runs"].append(stamped(pa.Table.from_pylist([row], schema=RUNS), now()))
