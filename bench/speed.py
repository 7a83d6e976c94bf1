"""How fast it is on a folder of articles, in one process: each step, the parser alone, memory, and a cold start.

    python bench/speed.py PATH… [--threads 1] [--batch 64] [--articles 200] [--json]

Needs a POSIX system (the `resource` module). Run it on a quiet machine, twice, and compare ratios rather than single figures.
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from detente.flow.read import read
from detente.language import load_parser
from detente.pipeline import STEPS, Coder
from detente.records import Article
from detente.settings import Settings, load_settings

BATCH_CHARS = 60_000
STARTS = 3
COLD = "from detente.pipeline import Coder; Coder().code('The two ministers met on Monday.', '2020-01-06')"
Report = dict[str, float | int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module's first lines. Gives the exit status."""
    options = _options(arguments)
    settings = load_settings(threads=options.threads, batch=options.batch)
    begin = time.perf_counter()
    articles = list(islice(read([str(path) for path in options.paths], on_reject=lambda _: None), options.articles))
    seconds = time.perf_counter() - begin
    if not articles:
        print("no articles there", file=sys.stderr)
        return 1
    report: Report = {"cold_start_seconds": cold_start()}
    report |= coding(articles, settings, seconds)
    report |= parsing(articles, settings)
    print(json.dumps(report, indent=2) if options.json else "\n".join(f"{name:<36} {value:>14,}" for name, value in report.items()))
    return 0


def cold_start() -> float:
    """Seconds from starting Python to the claims of one short sentence, in a process of its own; the best of three."""
    times = []
    for _ in range(STARTS):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", COLD], check=True)
        times.append(time.perf_counter() - begin)
    return round(min(times), 2)


def coding(articles: Sequence[Article], settings: Settings, read_seconds: float) -> Report:
    """The whole pipeline. Rates of a step: all sentences and words of the articles over the seconds spent in that step."""
    coder = Coder(settings)
    seconds: dict[str, float] = {"read": read_seconds, **dict.fromkeys(STEPS, 0.0)}
    counts = {"articles": 0, "sentences": 0, "sentences_parsed": 0, "claims": 0, "rejects": 0}
    begin = time.perf_counter()
    for batch in _batches(articles):
        outcome = coder.work(batch)
        for step, spent in outcome.seconds.items():
            seconds[step] = seconds.get(step, 0.0) + spent
        found = (outcome.articles, outcome.sentences, outcome.parsed, len(outcome.claims), len(outcome.rejects))
        counts = {name: before + more for (name, before), more in zip(counts.items(), found, strict=True)}
    total = time.perf_counter() - begin
    report: Report = {**counts, "code_seconds": round(total, 2), "peak_memory_mib": peak_memory()}
    parser = load_parser(settings)
    words = sum(len(sentence.words) for article in articles for sentence in parser.sentences(article))
    report["words"] = words
    for name, spent in {"code": total, **seconds}.items():
        if spent > 0:
            report[f"{name}_sentences_per_second"] = round(counts["sentences"] / spent, 1)
            report[f"{name}_words_per_second"] = round(words / spent, 1)
    return report


def parsing(articles: Sequence[Article], settings: Settings) -> Report:
    """The parser alone: every sentence, also those that the gate would leave out, from raw text to trees."""
    parser = load_parser(settings)
    begin = time.perf_counter()
    sentences = [sentence for article in articles for sentence in parser.sentences(article)]
    parser.parse(sentences)
    spent = time.perf_counter() - begin
    words = sum(len(sentence.words) for sentence in sentences)
    return {
        "trees_batch": settings.batch,
        "trees_sentences_per_second": round(len(sentences) / spent, 1),
        "trees_words_per_second": round(words / spent, 1),
    }


def peak_memory() -> float:
    """The most memory this process held so far, in MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (2**20 if sys.platform == "darwin" else 2**10), 1)


def _batches(articles: Sequence[Article]) -> Iterator[list[Article]]:
    """Articles in the helpings that `Coder.run` takes."""
    batch: list[Article] = []
    for article in articles:
        batch.append(article)
        if sum(len(a.text) for a in batch) > BATCH_CHARS:
            yield batch
            batch = []
    if batch:
        yield batch


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path, help="files or folders of articles, as `detente code` takes them")
    parser.add_argument("--threads", type=int, default=1, help="threads of the language model")
    parser.add_argument("--batch", type=int, default=64, help="sentences that go through the network together")
    parser.add_argument("--articles", type=int, default=None, help="no more articles than this")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
