"""The day of publication from an article's words alone, against the day that it has.

    python bench/published.py corpus/articles

Counts articles by rule (`detente.flow.published`): day right, day wrong; and those that get none.
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from detente.flow.published import publication_date
from detente.knowledge import Knowledge
from detente.score.corpus_file import read_corpus

NEAR = 1  # day: a report of the evening before


def main() -> int:
    """Prints a line for each rule; gives the exit status."""
    counts: Counter[tuple[str, str]] = Counter()
    for article in read_corpus(sorted(Path(sys.argv[1]).glob("*.txt")), Knowledge().ontology):
        day, rule, _ = publication_date(article.text()[0])
        told = "none" if day is None else "right" if abs((day - article.published).days) <= NEAR else "wrong"
        counts[rule, told] += 1
    for (rule, told), number in sorted(counts.items()):
        print(f"{rule}: {told} {number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
