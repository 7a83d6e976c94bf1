"""Which roots of given pairs went wrong, for reading: a table of mistakes, then the sentences.

    python bench/errors.py plv_dev.tsv [--gold ROOT] [--found ROOT] [--limit 40]
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from detente.errors import DetenteError
from detente.score.plv import PlvError, plv_errors
from detente.settings import load_settings

PAIRS_SHOWN = 25


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module's first lines. Gives the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, help="the file of sentences with marked pairs")
    parser.add_argument("--gold", help="only sentences of this root")
    parser.add_argument("--found", help="only sentences for which this root was found")
    parser.add_argument("--limit", type=int, default=40, help="sentences shown")
    options = parser.parse_args(arguments)
    try:
        errors = plv_errors(options.file, load_settings())
    except DetenteError as error:
        print(error, file=sys.stderr)
        return 1
    wanted = [e for e in errors if options.gold in {None, e.gold} and options.found in {None, e.found}]
    print(table(wanted))
    print("\n".join(told(error) for error in wanted[: options.limit]))
    return 0


def table(errors: Sequence[PlvError]) -> str:
    """The most frequent mistakes, gold root first."""
    pairs = Counter((error.gold, error.found) for error in errors)
    lines = [f"{count:4}  {gold:<10} taken for {found}" for (gold, found), count in pairs.most_common(PAIRS_SHOWN)]
    return "\n".join([f"{len(errors)} errors", *lines])


def told(error: PlvError) -> str:
    """One mistake in three lines."""
    why = f"{error.rule} at {error.trigger!r}" if error.rule else "no trigger"
    chances = f"{error.found} {error.probability:.2f} ({why}), {error.gold} {error.probability_of_gold:.2f}"
    return f"\n{error.line}: {error.sentence}\n   {error.source or '(unnamed)'} → {error.target or '(unnamed)'}\n   {chances}"


if __name__ == "__main__":
    sys.exit(main())
