"""How articles come into a store exactly once, whoever else adds them, whenever a process dies.

1. A fresh batch id is drawn; claims and entries are appended under it. Nobody sees them yet.
2. The articles' rows, which name the batch, are appended in one commit that carries the tag `articles`. That commit is what "stored" means.
3. If another such commit came in between, this one fails. The loser reads what has come, leaves out what is stored now, and tries again.

Why this suffices, and what vacuum has to do with it: docs/decisions/0015-exactly-once-over-delta.md.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from ..errors import DetenteError, RunError
from .delta import Tag, new_id, next_moment, now, number_of, pauses
from .known import Known
from .rows import Coded, stamped
from .schema import Tables

TAG = "articles"
# After this time between writing claims and naming them they are written anew: vacuum takes rows that nobody named for `keep.GRACE_HOURS`.
_STALE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Put:
    """What one batch brought into the store. `known`: articles that were there already; `version`: of the articles, None if none came."""

    articles: int
    claims: int
    entries: int
    known: int
    version: int | None


class Writer:
    """Stores coded articles. One thread at a time; any number of processes."""

    def __init__(self, tables: Tables, mark: tuple[str, str] | None = None) -> None:
        self._tables = tables
        self.known = Known(tables["articles"], mark)

    def refresh(self) -> None:
        """Takes in what other processes have stored."""
        self.known.refresh(self._tables["articles"].handle())

    def put(self, coded: Coded) -> Put:
        """Stores what is not there yet; all of it is on the disk when it returns.

        Raises RunError for a full disk and the like, and where other processes win the race for the log too often.
        """
        from deltalake.exceptions import CommitFailedError

        table, count = self._tables["articles"], coded.articles.num_rows
        handle = table.handle()
        self.known.refresh(handle)
        left, batch, written = self._left(coded), "", _Watch()
        for pause in pauses():
            if not left.articles.num_rows:
                return Put(0, 0, 0, count, None)
            if not batch or written.seconds() > _STALE_SECONDS:
                batch, written = new_id("b"), _Watch()
                self._put_claims(left, batch)
            moment = next_moment(number_of(handle, TAG))
            try:
                version = table.append(stamped(left.articles, moment, batch), Tag(TAG, moment), handle)
                return _put(left, count, version)
            except CommitFailedError:
                time.sleep(pause)
                handle = table.handle()
                self.known.refresh(handle)
                left = self._left(left)
            except DetenteError:
                handle = table.handle()
                if batch in self.known.refresh(handle):  # the commit happened, and what failed came after it
                    return _put(left, count, int(handle.version()))
                raise
        raise RunError(f"{table}: other processes kept writing", "start again: what is stored stays, the rest is coded anew")

    def _left(self, coded: Coded) -> Coded:
        return coded.of(self.known.unknown(coded.articles["id"].to_pylist()))

    def _put_claims(self, coded: Coded, batch: str) -> None:
        moment = now()
        for name, rows in (("claims", coded.claims), ("entries", coded.entries)):
            if rows.num_rows:
                self._tables[name].append(stamped(rows, moment, batch))


def _put(left: Coded, count: int, version: int) -> Put:
    stored = left.articles.num_rows
    return Put(stored, left.claims.num_rows, left.entries.num_rows, count - stored, version)


class _Watch:
    """Seconds since it was made, by the greater of two clocks: one stands still while a machine sleeps, the other may be set back."""

    def __init__(self) -> None:
        self._steady, self._wall = time.monotonic(), time.time()

    def seconds(self) -> float:
        return max(time.monotonic() - self._steady, time.time() - self._wall)

