"""A store: what has been read and coded, kept for ever, and what is worked out from it."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from ..errors import StoreError
from ..records import Article, Claim, Reject
from ..tables import DERIVED, RUNS
from . import adding, decisions, derived, foreign, keep
from .adding import Added, Adding
from .audit import Audit, audit
from .coding import Codes
from .delta import Place, library, new_id, now, number_of, told
from .derived import Derivation, State
from .keep import Vacuumed
from .moments import NOW, Marks, moment_of, time_of
from .pins import Pin
from .reader import Session, View, duckdb_library, named_in, select
from .rows import stamped
from .runs import Run
from .schema import Tables, open_tables
from .writer import TAG

When = int | datetime | date | str


@dataclass(frozen=True, slots=True)
class Behind:
    """What the derived tables do not know yet. `articles`: ids of those stored or coded anew since; `decisions`: made since, as rows.

    `since`: the newest derivation, None where there was none (then everything is behind).
    """

    articles: pa.ChunkedArray
    decisions: pa.Table
    since: State | None

    def __bool__(self) -> bool:
        return bool(len(self.articles) or self.decisions.num_rows)


class Store:
    """Made by `Store.open`. Any number of processes may add and read at once; one object serves one thread."""

    def __init__(self, tables: Tables, marks: Marks = NOW, past: bool = False) -> None:
        self._tables, self._marks, self._past = tables, marks, past
        self._states: tuple[int, list[State]] | None = None
        self._session: Session | None = None

    @classmethod
    def open(
        cls, uri: str | os.PathLike[str], create: bool = True, as_of: When | None = None,
        storage_options: Mapping[str, str] | None = None,
    ) -> Self:
        """The store at a path or URI, made there if need be. `storage_options`: those of deltalake for an object store.

        `as_of`: a version of the articles, a day (its end), or a moment (UTC without a zone): the store is then read as it was, and
        not written. Raises StoreError for no store, something else at its place, or one by a newer Détente; MissingExtra.
        """
        library(), duckdb_library()
        store = cls(open_tables(Place.of(uri, storage_options), create and as_of is None))
        return store if as_of is None else store.as_of(as_of)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Forgets what was kept for speed. Nothing waits to be written: what was acknowledged is on the disk."""
        self._states = None

    def as_of(self, when: When) -> Self:
        """The store as it was. Raises StoreError for a version that never was, and for text that is no moment."""
        if not isinstance(when, int):
            moment = moment_of(when)
            return self._seen(Marks(min(moment, self._marks.articles), min(moment, self._marks.decisions)), past=True)
        newest = self.version
        if not 0 <= when <= newest:
            raise StoreError(f"{self}: there is no version {when}", f"versions go from 0 to {newest}")
        moment = number_of(self._tables["articles"].handle(when), TAG)
        return self._seen(Marks(min(moment, self._marks.articles), min(moment, self._marks.decisions)), past=True)

    def as_derived(self, state: State) -> Self:
        """The store as it was when a state was worked out."""
        return self._seen(state.marks, past=True)

    def pin(self) -> Pin:
        """What is seen here now, in a form that can be kept and sent; see `pinned`."""
        handle = self._tables["articles"].handle()
        made = number_of(self._tables["decisions"].handle(), decisions.TAG)
        seen = Marks(min(number_of(handle, TAG), self._marks.articles), min(made, self._marks.decisions))
        state = derived.newest(self._all_states(), "events", seen)
        version = self._version_at(seen.articles, int(handle.version())) if self._past else int(handle.version())
        return Pin(version, seen.articles, seen.decisions, state.run if state else "")

    def pinned(self, pin: Pin) -> Self:
        """The store exactly as a pin saw it, whatever is added, decided or folded since. Raises StoreError for a fold that is not there."""
        found = self._all_states()
        runs = [state.run for state in found]
        if pin.run and pin.run not in runs:
            raise StoreError(f"{self}: no fold is called {pin.run!r}", "take a version that this store had")
        still = self._seen(Marks(pin.articles, pin.decisions), past=bool(pin.run))
        # Later folds of older articles would else be seen, so the list of states ends where the pin's did.
        still._states = (-1, found[: runs.index(pin.run) + 1] if pin.run else [])
        return still

    def session(self, names: Sequence[str]) -> Session:
        """A connection with the views of some tables, to be kept and asked more than once by one thread; close it."""
        return Session(self._view(), names)

    def __str__(self) -> str:
        return str(self._tables.place)

    @property
    def version(self) -> int:
        """Version of the table of articles; it grows with everything stored."""
        return int(self._tables["articles"].handle().version())

    def trace(self) -> object:
        """Something that changes whenever the store does, cheaply had; None where only a look at the tables tells."""
        logs = [table.folder / "_delta_log" for name in ("articles", "decisions", "runs") if (table := self._tables[name]).folder]
        try:
            return [max(name for name in os.listdir(log) if name.endswith(".json")) for log in logs] or None
        except (OSError, ValueError):  # packed away or being written: the tables themselves tell
            return None

    def is_folded(self, pin: Pin) -> bool:
        """Whether the fold that a pin sees knows all articles and decisions that the pin sees."""
        state = next((state for state in self._all_states() if state.run == pin.run), None)
        return state is not None and state.marks.articles >= pin.articles and state.marks.decisions >= pin.decisions

    def state_of_articles(self) -> object:
        """Something that is equal for two looks at the articles, where these saw the same ones."""
        if self._session is not None:
            return id(self._session)
        return self.version, int(self._tables["decisions"].handle().version()), self._marks

    @property
    def moment(self) -> datetime | None:
        """When the newest article was stored, or up to when this view reaches; None for an empty store."""
        last = number_of(self._tables["articles"].handle(), TAG)
        seen = min(last, self._marks.articles) if self._past else last
        return time_of(seen) if seen else None

    # -- adding -------------------------------------------------------------------------------------------------------

    def add(
        self, articles: Iterable[Article], coder: Codes, *, rejects: list[Reject] | None = None,
        progress: Callable[[Adding], None] | None = None, jobs: int = 1, recode: bool = False,
    ) -> Added:
        """Codes and stores articles; those stored already (by id) are not coded again, so the same call goes on where one was broken off.

        `rejects`: the list that reading fills while `articles` is drawn; they are stored too. `progress` is called after every chunk;
        what it says is stored is on the disk. `recode`: code those anew that other knowledge, or another Détente, coded.
        Raises RunError where the disk is full, a process dies, or (after storing the rest) too many articles were rejected.
        """
        self._refuse_past()
        return adding.add(self._tables, articles, coder, adding.Options(rejects, progress, jobs, recode))

    def add_coded(
        self, claims: pa.Table | Iterable[Claim], articles: pa.Table | None = None, entries: pa.Table | None = None
    ) -> Added:
        """Stores claims that are there already, as a table in the schema CLAIMS (columns may be missing) or as records.

        Without `articles`, their rows are made from the claims' own fields. The unit is the article: claims of one that is stored
        already are left out, so all claims of an article go into one call. Raises StoreError for another form, RunError as `add`.
        """
        self._refuse_past()
        return adding.add_coded(self._tables, claims, articles, entries)

    def add_foreign(self, events: pa.Table, note: str | None = None) -> int:
        """Stores events of another data set (schema EVENTS with `dataset` filled) that are not there yet, by `dataset` and `id`."""
        self._refuse_past()
        return foreign.add(self._tables, events, note)

    # -- reading ------------------------------------------------------------------------------------------------------

    def table(self, name: str, columns: Sequence[str] | None = None, where: str | Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of a table that count: newest coding of each article, nothing retracted, derived tables of one state.

        `where`: a condition in SQL ("event = 'AID' AND date >= '2016-06-01'"), or a value or list of values for each column.
        Raises StoreError for unknown names, a wrong condition, or a past state whose files are gone.
        """
        query, given = select(name, columns, where)
        words = named_in(where) if isinstance(where, str) else []
        names = [name, *(other for other in words if other != name)] if len(words) < len(self._tables.of) else [name]
        return self._ask(query, names, given).cast(adding.schema_of(name, columns))

    def sql(self, query: str) -> pa.Table:
        """The answer to one SELECT of DuckDB over all tables. It cannot change anything, nor read other files. Raises StoreError."""
        return self._ask(query, named_in(query))

    @contextmanager
    def hold(self) -> Iterator[Self]:
        """This store held still as it is now, for many questions in a row: each takes a fraction of the time. It cannot be written."""
        still = self._seen(self._marks, self._past)
        still._states = (-1, self._all_states())
        with still._kept_open():
            yield still

    @contextmanager
    def _kept_open(self) -> Iterator[None]:
        """One connection for all that is asked meanwhile."""
        with Session(self._view(), list(self._tables.of)) as session:
            self._session = session
            try:
                yield
            finally:
                self._session = None

    def _ask(self, query: str, names: Sequence[str], given: Mapping[str, pa.Table] | None = None) -> pa.Table:
        if self._session is not None:
            return self._session.ask(query, given)
        with Session(self._view(), names, given) as session:
            return session.ask(query)

    # -- what is worked out -------------------------------------------------------------------------------------------

    @contextmanager
    def derive(self, what: str = "fold") -> Iterator[tuple[Self, Derivation]]:
        """For working out derived tables: gives this store held still as it is now, and the writer of the tables.

        What was written becomes visible all at once when the block ends; after an error, or a kill, nothing of it does.
        """
        self._refuse_past()
        handle = self._tables["articles"].handle()
        made = self._tables["decisions"].handle()
        marks = Marks(number_of(handle, TAG), number_of(made, decisions.TAG))
        found = self._all_states()
        base = {name: state.versions[name] for name in DERIVED if (state := derived.newest(found, name, Marks()))}
        work = Derivation(self._tables, dict(base))
        still = self._seen(marks, past=False)
        still._states = (-1, found)
        with still._kept_open():
            yield still, work
        if work.versions:
            state = State(new_id("r"), what, marks, int(handle.version()), work.versions)
            self._note([state])

    def replace(self, name: str, table: pa.Table, drop: Sequence[str] | None = None, what: str = "fold") -> None:
        """Replaces one derived table, or the rows of some ids in it; see `Derivation.replace`. Several go together in `derive`."""
        with self.derive(what) as (_, work):
            work.replace(name, table, drop)

    def state(self, name: str = "events") -> State | None:
        """From what the derived table that is seen here was worked out; None where it never was."""
        return derived.newest(self._all_states(), name, self._marks)

    def behind(self, name: str = "events") -> Behind:
        """What a derived table does not know yet."""
        state = self.state(name)
        since = state.marks if state else Marks(0, 0)
        made = self.table("decisions")
        with Session(self._view(), ["articles"]) as session:
            upto = f"epoch_us(recorded) > {since.articles} AND epoch_us(recorded) <= {self._marks.articles}"
            new = session.ask(f"SELECT DISTINCT id FROM _articles WHERE {upto} ORDER BY id")
        late = pc.greater(made["recorded"].cast(pa.int64()), pa.scalar(since.decisions, pa.int64()))
        return Behind(new["id"].cast(pa.string()), made.filter(late), state)

    # -- decisions ----------------------------------------------------------------------------------------------------

    def decide(
        self, kind: str, groups: Sequence[Sequence[str]] = (), *, field: str | None = None, value: str | None = None,
        reason: str = "", made_by: str = "", revokes: str | None = None,
    ) -> str:
        """Notes a decision and gives its id. The very same decision, while it stands, is noted once.

        `groups` hold mentions (`same`: one group, `different`: two and more; `confirm`, `value`, `reject_event`: those of the event),
        ids of claims (`reject_claim`) or of articles (`retract`). `revokes`: the id that a `revoke` undoes. Raises StoreError.
        """
        self._refuse_past()
        decisions.checked(kind, groups, field, value, revokes)
        state = self.state()
        row = {
            "made_by": made_by, "kind": kind, "groups": [list(group) for group in groups], "field": field, "value": value,
            "reason": reason, "revokes": revokes, "fold": state.run if state else None,
        }
        return decisions.append(self._tables["decisions"], row)

    def decisions(self, standing: bool = False) -> pa.Table:
        """All decisions in the order in which they were made; with `standing`, without revoked ones and revocations."""
        rows = self.table("decisions")
        return decisions.standing(rows) if standing else decisions.in_order(rows)

    def take_decisions(self, table: pa.Table) -> int:
        """Adds another store's decisions that are not here yet (by id) and says how many: a union of two sets. Raises StoreError."""
        self._refuse_past()
        return decisions.take_in(self._tables["decisions"], table)

    # -- housekeeping -------------------------------------------------------------------------------------------------

    def compact(self) -> int:
        """Joins small files; gives how many fewer there are. Reading becomes faster, nothing else changes."""
        self._refuse_past()
        with Run(self._tables, "compact"):
            saved = keep.compact(self._tables)
            more, moved = keep.compact_derived(self._tables, self._all_states())
            self._note(moved)
        return saved + more

    def vacuum(self, hours: float = 168, grace: float = keep.GRACE_HOURS) -> Vacuumed:
        """Removes files that no version of the last `hours` needs, and claims older than `grace` hours that no article names.

        `hours` below those that a query or a fold takes would pull its files from under it.
        """
        self._refuse_past()
        if hours < 0 or grace < 0:
            raise StoreError("hours cannot be less than none", "a week, 168, is the default")
        with Run(self._tables, "vacuum"):
            return keep.vacuum(self._tables, self._all_states(), hours, grace)

    def audit(self) -> Audit:
        """Looks over the whole store; see `Audit`."""
        behind = self.behind()
        return audit(self._view(), (len(behind.articles), behind.decisions.num_rows))

    # -- within -------------------------------------------------------------------------------------------------------

    def _seen(self, marks: Marks, past: bool) -> Self:
        """The same store, with all that this object knows, seen up to the marks."""
        other = copy(self)
        other._session = None
        other._marks, other._past, other._states = marks, past, None
        return other

    def _view(self) -> View:
        return View(self._tables, self._marks, self._all_states(), self._past)

    def _all_states(self) -> list[State]:
        if self._states and self._states[0] == -1:
            return self._states[1]
        table = self._tables["runs"]
        handle = table.handle()
        version = int(handle.version())
        if self._states is None or self._states[0] != version:
            with told(table):
                rows = handle.to_pyarrow_table(columns=["run", "what", "state", "version", "note", "recorded"])
            self._states = (version, derived.states(rows))
        return self._states[1]

    def _note(self, found: Iterable[State]) -> None:
        rows = [derived.derived_row(state) for state in found]
        if rows:
            self._tables["runs"].append(stamped(pa.Table.from_pylist(rows, schema=RUNS), now()))

    def _version_at(self, moment: int, last: int) -> int:
        """The newest version of the articles that holds nothing after a moment."""
        table = self._tables["articles"]
        return bisect_right(range(1, last + 1), moment, key=lambda version: number_of(table.handle(version), TAG))

    def _refuse_past(self) -> None:
        if self._past:
            raise StoreError(f"{self}: this is the store as it was, which nothing can be added to", "open it without as_of")


