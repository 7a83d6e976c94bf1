"""Tries every row of lexicon and ledger on its own sentences and, if all keep their word, says so beside them: python scripts/prove.py

`detente check` then need not try them again until code, knowledge or model change. Run it last before a release.
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import os
import sys

from detente.score.ledger_rows import check_ledger
from detente.score.proof import FILE, mark
from detente.score.rows import check_rows, row_coder
from detente.settings import load_settings


def main() -> int:
    """Exit status 1 where a row fails; then nothing is written."""
    coder = row_coder(load_settings())
    failures = [*check_rows(coder, jobs=os.cpu_count() or 1), *check_ledger(coder)]
    if failures:
        print(f"{len(failures)} failures; `detente check` shows them")
        return 1
    FILE.write_text(mark(coder.knowledge.version) + "\n", encoding="utf-8")
    print(f"proved: {FILE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
