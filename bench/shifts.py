"""Back-test of shifts: rates of false alarms achieved beside stated, with binomial intervals, and how soon changes are told.

    python bench/shifts.py [--runs 200] [--rules FOLDER]
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from detente.errors import DetenteError
from detente.knowledge import DATA
from detente.relations.constants import load_rules
from detente.score.shifts import report


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module's first lines. Gives 1 if a promised rate does not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=200, help="simulated series per line")
    parser.add_argument("--rules", type=Path, default=DATA / "relations", help="folder with index.yml, shifts.yml, blocs.yml")
    options = parser.parse_args(arguments)
    try:
        holds = report(load_rules(options.rules).shifts, options.runs, lambda line: print(line, flush=True))
    except DetenteError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
