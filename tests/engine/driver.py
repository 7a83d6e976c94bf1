"""A run with a stand-in for the coder, for tests that kill processes. It is a program: spawned workers import it too.

    driver.py run OUT FORMAT JOBS RESUME         one run; tells its workers' process ids on standard output
    driver.py sweep FOLDER FORMAT STEP           kills a run at every STEP-th of its file operations, goes on, compares

The stand-in makes one claim of each sentence and one stance of each article, rejects articles with REJECT in them, trips over those
with BOOM, and ends its whole process at FATAL.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from detente.engine import RunOptions, run_to_file, workers
from detente.errors import RunError
from detente.ledger import Stance
from detente.pipeline import Outcome
from detente.records import Article, Claim, Mention, Reject, content_id
from detente.settings import Settings

ARTICLES = 17
CHUNK = 2
SETTINGS = Settings(model=Path(__file__).parent)  # small files to hash in place of the model's


class Knowledge:
    """What of the knowledge a run looks at."""

    version = "k_stand_in"


class StandIn:
    """Codes without model and knowledge."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.knowledge = Knowledge()

    def work(self, articles: Sequence[Article]) -> Outcome:
        """One claim of each sentence, one stance of each article that is not rejected."""
        outcome = Outcome(articles=len(articles))
        for article in articles:
            self._one(article, outcome)
        time.sleep(float(os.environ.get("STAND_IN_SECONDS", "0")))
        return outcome

    def _one(self, article: Article, outcome: Outcome) -> None:
        if "BOOM" in article.text:
            raise IndexError("list index out of range")
        if "FATAL" in article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "REJECT" in article.text:
            outcome.rejects.append(Reject(article.file, article.line, article.id, "read", "it says so", "take the word out"))
            return
        start = 0
        for index, sentence in enumerate(article.text.split(". ")):
            end = start + len(sentence)
            who = Mention("AAA", "A", "AAA", ("GOV",), None, None, sentence, start, end)
            told = Claim(article.id, sentence, index, start, end, "CONSULT", None, sentence, start, end, (who,), (), "rule")
            outcome.claims.append(replace(told, file=article.file, id=content_id("c", article.id, index)))
            outcome.sentences += 1
            outcome.parsed += 1
            start = end + 2
        stance = Stance(article.id, article.text, 0, 0, len(article.text), "supports", "met", 0, 3, (who,), (), "rule")
        outcome.entries.append(replace(stance, id=stance.content_id()))
        outcome.seconds["parse"] += 0.001


def made(count: int = ARTICLES, note: str = "") -> list[Article]:
    """Articles, some of which are rejected and some of which trip the stand-in."""
    words = {3: "REJECT", 8: "BOOM", 9: "REJECT"}
    texts = [f"Délégués “{number}” met.{note} They talked. {words.get(number, 'They left')}" for number in range(count)]
    return [Article(content_id("a", text), text, f"Title {n}", file="news.jsonl", line=n + 1) for n, text in enumerate(texts)]


FEW = 9  # of them, for a run that is made a hundred times


def run(out: Path, form: str, jobs: int, resume: bool) -> None:
    """One run, in this process or with workers; says who works as soon as something is finished."""

    def tell(_: object) -> None:
        sys.stdout.write(" ".join(str(p.pid) for p in multiprocessing.active_children()) + "\n")
        sys.stdout.flush()

    run_to_file(made(), out, RunOptions(form, jobs, resume, CHUNK), SETTINGS, [], tell)  # type: ignore[arg-type]  # a word from the command line


def killed_at(number: int, out: Path, form: str, resume: bool) -> int | None:
    """Runs in a child that kills itself at its `number`-th file operation under `out`; its signal, or None where it came to its end."""
    child = os.fork()
    if child == 0:
        left = [number]

        def watch(event: str, arguments: tuple[Any, ...]) -> None:
            if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"} and str(out) in " ".join(map(str, arguments)):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(watch)
            run_to_file(made(FEW), out, RunOptions(form, 1, resume, CHUNK), SETTINGS, [])  # type: ignore[arg-type]  # as above
        except BaseException as error:  # whatever it is, this child must not go on with its parent's work
            os.write(2, f"{error!r}\n".encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"the run failed after operation {number}")
    return None


def outputs(out: Path) -> dict[str, bytes]:
    """All files of a run by name, within folders too."""
    return {str(p.relative_to(out.parent)): p.read_bytes() for p in sorted(out.parent.rglob("*")) if p.is_file()}


def sweep(folder: Path, form: str, step: int) -> None:
    """Kills at operation 1, 1 + step, … until a run gets to its end; in between, one more kill during the resumed run."""
    whole = folder / "whole" / f"out.{form}"
    whole.parent.mkdir(parents=True)
    run_to_file(made(FEW), whole, RunOptions(form, 1, False, CHUNK), SETTINGS, [])  # type: ignore[arg-type]  # as above
    expected = outputs(whole)
    number, ended = 1 - step, False
    while not ended:
        number += step
        out = folder / f"kill{number}" / f"out.{form}"
        out.parent.mkdir()
        ended = killed_at(number, out, form, resume=False) is None
        killed_at(1 + number * 7 % 23, out, form, resume=True)
        if killed_at(0, out, form, resume=True) is not None or outputs(out) != expected:
            raise SystemExit(f"kill {number}: {sorted(outputs(out))} instead of {sorted(expected)}, or other bytes in them")
    sys.stdout.write(f"{number}\n")


if __name__ in {"__main__", "__mp_main__"}:  # the latter is its name in spawned workers
    vars(workers)["Coder"] = StandIn  # it has all that a run asks of a coder

if __name__ == "__main__":
    if sys.argv[1] == "sweep":
        sweep(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        try:
            run(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5] == "resume")
        except RunError as error:
            sys.stderr.write(f"{error.message}|{error.hint}\n")
            raise SystemExit(1) from error
