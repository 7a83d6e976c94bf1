"""Adding: articles through the coder, or ready-made claims, into the store, some at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from ..errors import RunError, StoreError
from ..flow.write import claims_table
from ..records import Article, Claim, Reject
from ..tables import TABLES
from ..version import VERSION
from . import keep, rows
from .coding import Codes, outcomes
from .delta import now
from .runs import Run
from .schema import Tables
from .writer import Put, Writer

CHUNK = 24  # articles that are coded together
_COMMIT_ARTICLES = 480
_COMMIT_SECONDS = 20.0
_RECORDS = 50_000  # claims, given as records, that are stored together
_FEW = 10  # articles below which a share of rejects says nothing


@dataclass(frozen=True, slots=True)
class Adding:
    """How far adding is. `stored`: articles that are on the disk for good; `waiting`: coded and not stored yet; `known`: there before."""

    stored: int
    waiting: int
    known: int
    claims: int
    entries: int
    rejects: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Added:
    """What came into the store. `known`: articles that were there already; `version`: of the store, None where nothing came."""

    run: str
    articles: int
    claims: int
    entries: int
    known: int
    rejects: int
    version: int | None
    seconds: float

    def __add__(self, put: Put) -> Added:
        return replace(
            self, articles=self.articles + put.articles, claims=self.claims + put.claims, entries=self.entries + put.entries,
            known=self.known + put.known, version=self.version if put.version is None else put.version,
        )


@dataclass(frozen=True, slots=True)
class Options:
    """How to add; see `Store.add`."""

    rejects: list[Reject] | None = None
    progress: Callable[[Adding], None] | None = None
    jobs: int = 1
    recode: bool = False


@dataclass(slots=True)
class _Waiting:
    """What is coded and not stored yet."""

    parts: list[rows.Coded] = field(default_factory=list)
    articles: int = 0
    since: float = field(default_factory=time.monotonic)

    def full(self) -> bool:
        return self.articles >= _COMMIT_ARTICLES or time.monotonic() - self.since > _COMMIT_SECONDS

    def joined(self) -> rows.Coded:
        names = ("articles", "claims", "entries")
        return rows.Coded(*(pa.concat_tables([getattr(part, name) for part in self.parts]) for name in names))


class _Adder:
    """One run of `Store.add`."""

    def __init__(self, tables: Tables, coder: Codes, options: Options) -> None:
        self._tables, self._coder, self._options = tables, coder, options
        self._writer = Writer(tables, (coder.knowledge.version, VERSION) if options.recode else None)
        self._waiting = _Waiting()
        self._start = time.monotonic()
        self._told = 0  # rejects of reading that are stored already
        self._rejected = 0
        self._seen: set[str] = set()
        self.added = Added("", 0, 0, 0, 0, 0, None, 0.0)

    def run(self, articles: Iterable[Article]) -> Added:
        """Codes and stores all."""
        with Run(self._tables, "recode" if self._options.recode else "add", knowledge=self._coder.knowledge.version) as run:
            self.added = replace(self.added, run=run.id)
            self._writer.refresh()
            for chunk, outcome in outcomes(self._chunks(articles), self._coder, self._options.jobs):
                bad = {reject.article for reject in outcome.rejects}
                good = [article for article in chunk if article.id not in bad]
                self._waiting.parts.append(
                    rows.coded(good, outcome.claims, outcome.entries, outcome.lengths, run.id, self._coder.knowledge)
                )
                self._waiting.articles += len(good)
                self._reject(outcome.rejects)
                if self._waiting.full():
                    self._flush()
                self._tell()
            self._flush()
            self._tell()
            self.added = replace(self.added, rejects=self._rejected, seconds=time.monotonic() - self._start)
            run.counts = {
                "articles": self.added.articles, "claims": self.added.claims, "rejects": self._rejected, "version": self.added.version,
            }
            self._refuse_many()
        return self.added

    def _chunks(self, articles: Iterable[Article]) -> Iterator[list[Article]]:
        """Articles that are not stored, some at a time; rejects of reading are stored as they come."""
        chunk: list[Article] = []
        for article in articles:
            if article.id in self._seen or self._writer.known.holds(article.id):
                self.added = replace(self.added, known=self.added.known + 1)
                continue
            self._seen.add(article.id)
            chunk.append(rows.storable(article))
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def _flush(self) -> None:
        if self._waiting.articles:
            put = self._writer.put(self._waiting.joined())
            self.added = self.added + put
            keep.compact(self._tables, ("articles", "claims", "entries", "runs", "rejects"), keep.MOST_FILES)
        self._waiting = _Waiting()
        given = self._options.rejects or []
        self._reject(given[self._told :])
        self._told = len(given)

    def _reject(self, rejects: Sequence[Reject]) -> None:
        if rejects:
            self._rejected += len(rejects)
            self._tables["rejects"].append(rows.stamped(rows.rejects_table(rejects, self.added.run), now()))

    def _tell(self) -> None:
        if self._options.progress:
            a = self.added
            self._options.progress(
                Adding(a.articles, self._waiting.articles, a.known, a.claims, a.entries, self._rejected, time.monotonic() - self._start)
            )

    def _refuse_many(self) -> None:
        whole, rate = self.added.articles + self.added.known + self._rejected, self._coder.settings.max_reject_rate
        if whole >= _FEW and self._rejected > rate * whole:
            raise RunError(
                f"{self._rejected} of {whole} articles were rejected, more than max_reject_rate ({rate}) allows; the others are stored",
                f"`SELECT reason, count(*) FROM rejects WHERE run = '{self.added.run}' GROUP BY ALL` says why",
            )


def add(tables: Tables, articles: Iterable[Article], coder: Codes, options: Options) -> Added:
    """See `Store.add`."""
    if options.jobs < 1:
        raise StoreError(f"jobs is {options.jobs}", "at least 1")
    return _Adder(tables, coder, options).run(articles)


def add_coded(tables: Tables, claims: pa.Table | Iterable[Claim], articles: pa.Table | None, entries: pa.Table | None) -> Added:
    """See `Store.add_coded`."""
    start, writer = time.monotonic(), Writer(tables)
    with Run(tables, "add") as run:
        added = Added(run.id, 0, 0, 0, 0, 0, None, 0.0)
        parts = [(claims, articles, entries)] if isinstance(claims, pa.Table) else _parts(claims, articles, entries)
        for own, beside, more in parts:
            added = added + writer.put(rows.ready(own, beside, more, run.id))
            keep.compact(tables, ("articles", "claims", "entries", "runs"), keep.MOST_FILES)
        added = replace(added, seconds=time.monotonic() - start)
        run.counts = {"articles": added.articles, "claims": added.claims, "version": added.version}
    return added


def _parts(
    claims: Iterable[Claim], articles: pa.Table | None, entries: pa.Table | None
) -> Iterator[tuple[pa.Table, pa.Table | None, pa.Table | None]]:
    """Records in tables of some size, cut between articles. With a table of articles or entries, all at once."""
    if articles is not None or entries is not None:
        yield claims_table(claims), articles, entries
        return
    held: list[Claim] = []
    done: set[str] = set()
    for claim in claims:
        if len(held) >= _RECORDS and held[-1].article != claim.article:
            done.update(one.article for one in held)
            yield claims_table(held), None, None
            held = []
        if claim.article in done:
            raise StoreError(f"claims of article {claim.article} stand apart from one another", "give the claims sorted by article")
        held.append(claim)
    if held:
        yield claims_table(held), None, None


def schema_of(name: str, columns: Sequence[str] | None) -> pa.Schema:
    """The schema of some columns of a table."""
    return TABLES[name] if columns is None else pa.schema([TABLES[name].field(column) for column in columns])
