"""Counts the words of the project's own corpus and writes those that are too common to tell two happenings apart.

    python training/common_words.py --corpus corpus/articles --out src/detente/data/fold/common.txt

A stem is common that stands in more than one of 128 sentences; so are the words of the calendar, whatever their count. The fold takes all
others for rare (`fold/words.py`). The stories are no part of the count.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

from detente.fold.words import SHORTEST, stem

SHARE = 128
CALENDAR = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november "
    "december today yesterday tomorrow week weekend month year fortnight night morning evening afternoon midnight noon"
).split()
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def main() -> None:
    """Writes the list, a stem a line, in order."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    found: Counter[str] = Counter()
    sentences = 0
    for path in sorted(args.corpus.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("> "):
                sentences += 1
                found.update({stem(word) for word in WORD.findall(line[2:])})
    common = {word for word, count in found.items() if count * SHARE > sentences and len(word) >= SHORTEST} | {stem(w) for w in CALENDAR}
    args.out.write_text("\n".join(sorted(common)) + "\n", encoding="utf-8")
    print(f"{len(common)} common stems of {len(found)} in {sentences} sentences")


if __name__ == "__main__":
    main()
