"""A run over many articles on this machine. What is finished stays finished: kill it at any moment, start it again with `resume`."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TextIO, get_args

from ..errors import RunError, SettingsError
from ..flow.write import jsonl_to_csv
from ..records import Article, Reject
from ..settings import Settings
from ..version import VERSION
from .chunks import Chunk, Tally
from .parts import RESUME, Format, Parts, refuse_odd_target
from .workers import Identity, Task, workers_for

CHUNK = 24
_AHEAD = 3  # chunks of each worker that may wait for their turn in an ordered stream
_FEW = 10  # articles below which a share of rejects says nothing
# What may differ between a run and its resumption: it does not touch the claims, or `Identity` answers for it.
_FREE = {"max_reject_rate", "knowledge", "model"}


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run. `chunk`: articles that are coded and written together; `ledger`: a file for the entries of the ledger, beside an output.

    Raises SettingsError for what cannot be.
    """

    format: Format = "jsonl"
    jobs: int = 1
    resume: bool = False
    chunk: int = CHUNK
    ledger: Path | None = None

    def __post_init__(self) -> None:
        if self.format not in get_args(Format):
            raise SettingsError(f"no format named {self.format!r}", f"known: {', '.join(get_args(Format))}")
        if not 1 <= self.jobs <= 256:
            raise SettingsError(f"jobs is {self.jobs}", "between 1 and 256")
        if self.chunk < 1:
            raise SettingsError(f"chunk is {self.chunk}", "at least 1")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `resumed`: articles of an earlier run, not coded again; they are counted in `articles` too."""

    articles: int
    sentences: int
    claims: int
    rejects: int
    resumed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run gave. `steps`: seconds by step, summed over the workers; `coded`: sentences of this run, without resumed ones."""

    articles: int
    sentences: int
    parsed: int
    claims: int
    rejects: int
    seconds: float
    steps: dict[str, float]
    resumed: int
    coded: int

    @property
    def sentences_per_second(self) -> float:
        """Sentences that this run itself coded, by its seconds from start to end."""
        return self.coded / self.seconds if self.seconds else 0.0


OnProgress = Callable[[Progress], None]


def run_to_file(
    articles: Iterable[Article],
    out: Path,
    options: RunOptions,
    settings: Settings,
    rejects: list[Reject],
    on_progress: OnProgress | None = None,
) -> Summary:
    """Codes articles into `out`. Finished chunks lie in OUT.part until the end; an `out` that exists is replaced only then.

    `rejects` is the list that reading fills while `articles` is drawn; at the end it holds all rejects, in the order of the input,
    and OUT.rejects.jsonl too, if there are any. Raises RunError where the output cannot be written, a worker dies, a resumed run
    differs from its beginning, or (after writing all) more than `settings.max_reject_rate` of ten or more articles were rejected.
    """
    target = Path(out).resolve() if Path(out).is_symlink() else Path(out)
    refuse_odd_target(target)
    if options.ledger:
        refuse_odd_target(options.ledger)
    run = _Run(options, settings, rejects, on_progress)
    drawn = run.chunks(articles)
    first = list(islice(drawn, 1))  # drawn before all else: a mistyped input must not cost the parts of an earlier run
    with workers_for(settings, options.jobs) as workers:
        parts = Parts(target, _conditions(options, settings, workers.identity), options.resume)
        try:
            for done in workers.run(run.to_do(chain(first, drawn), parts)):
                run.add(done.number, done.tally, fresh=True)
            parts.join(run.drawn, options.format, run.all_rejects(), options.ledger)
        except KeyboardInterrupt as stop:
            stop.add_note(RESUME)
            raise
    return run.summary()


def run_to_stream(
    articles: Iterable[Article],
    stream: TextIO,
    options: RunOptions,
    settings: Settings,
    rejects: list[Reject],
    on_progress: OnProgress | None = None,
) -> Summary:
    """Codes articles into an open text stream, as JSON Lines or CSV, in the order of the input. Nothing is kept for a resumption.

    `rejects` as in `run_to_file`. Raises BrokenPipeError where nobody reads on, RunError where the stream cannot be written, a
    worker dies, or more than `settings.max_reject_rate` of ten or more articles were rejected; SettingsError for Parquet, `resume` and
    `ledger`.
    """
    if options.format == "parquet":
        raise SettingsError("Parquet cannot go to a stream", "give a file for the output")
    if options.resume or options.ledger:
        what = "cannot be resumed" if options.resume else "has no ledger beside it"
        raise SettingsError(f"a stream {what}", "give a file for the output")
    run = _Run(options, settings, rejects, on_progress)
    drawn = run.chunks(articles)
    first = list(islice(drawn, 1))
    with workers_for(settings, options.jobs) as workers:
        tasks = (Task(chunk) for chunk in chain(first, drawn))

        def texts() -> Iterator[str]:
            for done in workers.run(tasks, ahead=_AHEAD * options.jobs):
                run.add(done.number, done.tally, fresh=True)
                yield done.lines.decode("utf-8")

        try:
            if options.format == "csv":
                jsonl_to_csv((line for text in texts() for line in io.StringIO(text)), stream, "claims")
            else:
                for text in texts():
                    stream.write(text)
                    stream.flush()
            stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise RunError(f"the output cannot be written: {error.strerror or error}", "check the free space, or give --out") from error
    run.all_rejects()
    return run.summary()


def _conditions(options: RunOptions, settings: Settings, identity: Identity) -> dict[str, object]:
    """All that decides what a chunk's file holds. Settings stand by name, so that a difference can be named."""
    return {
        "detente": VERSION,
        "knowledge": identity.knowledge,
        "model": identity.model,
        "chunk": options.chunk,
        "format": options.format,
        "settings": settings.model_dump(mode="json", exclude=_FREE),
    }


@dataclass(slots=True)
class _Run:
    """What a run counts as it goes."""

    options: RunOptions
    settings: Settings
    rejects: list[Reject]
    on_progress: OnProgress | None
    began: float = field(default_factory=time.perf_counter)
    drawn: int = 0
    articles: int = 0
    sentences: int = 0
    parsed: int = 0
    claims: int = 0
    resumed: int = 0
    coded: int = 0
    steps: dict[str, float] = field(default_factory=dict)
    _marks: list[int] = field(default_factory=list)
    _coding: dict[int, tuple[Reject, ...]] = field(default_factory=dict)
    _coding_count: int = 0

    def chunks(self, articles: Iterable[Article]) -> Iterator[Chunk]:
        """Chunks of fixed size; marks how many rejects reading had told when each was drawn."""
        source, first = iter(articles), 1
        while part := tuple(islice(source, self.options.chunk)):
            self._marks.append(len(self.rejects))
            self.drawn += 1
            yield Chunk(self.drawn - 1, first, part)
            first += len(part)

    def to_do(self, chunks: Iterable[Chunk], parts: Parts) -> Iterator[Task]:
        """Tasks for the chunks that no earlier run has finished; counts the others."""
        for chunk in chunks:
            tally = parts.finished(chunk) if self.options.resume else None
            if tally:
                self.add(chunk.number, tally, fresh=False)
            else:
                yield Task(chunk, parts.path(chunk.number), parts.key)

    def add(self, number: int, tally: Tally, fresh: bool) -> None:
        """Counts a finished chunk and tells the progress."""
        self.articles += tally.articles
        self.sentences += tally.sentences
        self.parsed += tally.parsed
        self.claims += tally.claims
        self._coding_count += len(tally.rejects)
        if tally.rejects:
            self._coding[number] = tally.rejects
        if fresh:
            self.coded += tally.sentences
            for step, seconds in tally.steps.items():
                self.steps[step] = self.steps.get(step, 0.0) + seconds
        else:
            self.resumed += tally.articles
        if self.on_progress:
            rejected = len(self.rejects) + self._coding_count
            self.on_progress(Progress(self.articles, self.sentences, self.claims, rejected, self.resumed, time.perf_counter() - self.began))

    def all_rejects(self) -> list[Reject]:
        """Puts the rejects of coding where they belong among those of reading, for good."""
        merged: list[Reject] = []
        low = 0
        for number, mark in enumerate(self._marks):
            merged += self.rejects[low:mark]
            merged += self._coding.get(number, ())
            low = mark
        self.rejects[:] = merged + self.rejects[low:]
        return self.rejects

    def summary(self) -> Summary:
        """The counts at the end; `all_rejects` comes before it. Raises RunError for too many rejects."""
        count = len(self.rejects)
        total = self.articles + count - self._coding_count
        if total >= _FEW and count > self.settings.max_reject_rate * total:
            first = self.rejects[0]
            told = f"{count} of {total} articles were rejected, more than {self.settings.max_reject_rate:.0%}; the first: {first.reason}"
            raise RunError(told, "what could be coded is written; mend the input or raise max_reject_rate")
        seconds = time.perf_counter() - self.began
        return Summary(self.articles, self.sentences, self.parsed, self.claims, count, seconds, self.steps, self.resumed, self.coded)
