"""Marks on sentences of Universal Dependencies treebanks: kept without the sentences, joined with them where one trains.

    python training/treebank.py join --treebanks ud/ --marks corpus/treebanks --out run/treebank
    python training/treebank.py part --treebanks ud/ --marks run/treebank --out corpus/treebanks

The treebanks' texts are not ours, so the repository holds only what was marked: the document, numbers of its sentences, and characters
in them. `join` writes articles in the corpus's form (`corpus/GUIDE.md`), which `train_events.py` reads beside the corpus; `part` makes
marks of such articles. A file of marks:

    ## ud-news-001 | wire | 2017-07-18 | -
    @ GUM_news_one 1 45
    > 7
    + ACCUSE/allege | on: 15-22 | by: 0-14 = USA:GOV | to: ~ 3 5-9 = IRN

`@` names document, first and last sentence; `>` the place of a sentence from the article's first, 1; words are begin and end in its
characters, behind `~` in another sentence's, whose place stands first. Quantities have their words at the end: `n: killed 6 "10-14"`.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from detente.knowledge import Knowledge
from detente.score.corpus_file import read_corpus, whole_words

WORDS = frozenset("on by to where when says via about if".split())  # fields that hold pieces of sentences
_SPOT = re.compile(r"(?:~ (\d+) )?(\d+)-(\d+)")
_QUOTED = re.compile(r'"(.+)"\Z')
Documents = dict[str, list[tuple[str, str]]]


def documents(folder: Path) -> Documents:
    """Sentences (id and text) of each document of all `*.conllu.gz` files in a folder."""
    found: Documents = {}
    for path in sorted(folder.glob("*.conllu.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                name, equals, value = line.rstrip("\n").partition(" = ")
                if equals and name == "# newdoc id":
                    found[value] = own = []
                elif equals and name == "# sent_id":
                    ident = value
                elif equals and name == "# text":
                    own.append((ident, value.strip()))
    return found


def joined(path: Path, known: Documents) -> Iterator[str]:
    """Lines of the articles that a file of marks tells of. Raises SystemExit where a document or a place is not there."""
    texts: list[str] = []
    next_one = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        mark, _, rest = line.partition(" ")
        if mark == "@":
            name, first, last = rest.split()
            texts, next_one = [text for _, text in known.get(name, ())[int(first) - 1 : int(last)]], 0
            if len(texts) != int(last) - int(first) + 1:
                raise SystemExit(f"{path}:{number}: the treebanks hold no sentences {first} to {last} of {name}")
        elif mark == ">":
            yield from (f"> {text}" for text in texts[next_one : int(rest)])
            next_one = int(rest)
        elif mark and mark in "+*":
            head, *cells = line.split(" | ")
            yield " | ".join([head, *(_with(cell, partial(_words, texts, next_one - 1)) for cell in cells)])
        else:
            yield from (f"> {text}" for text in texts[next_one:])
            next_one = len(texts)
            yield line
    yield from (f"> {text}" for text in texts[next_one:])


def _with(cell: str, change: Callable[[str], str]) -> str:
    """A field with its pieces of sentences changed; nothing where no piece is left."""
    name, colon, value = cell.strip().partition(": ")
    if not colon or name not in WORDS | {"n"}:
        return cell.strip()
    if name == "n":
        return f"n: {' & '.join(_QUOTED.sub(lambda m: chr(34) + change(m[1]) + chr(34), part) for part in value.split(' & '))}"
    pieces = (part.strip().partition(" = ") for part in value.split(" & "))
    changed = [new + equals + code for words, equals, code in pieces if (new := change(words))]
    return f"{name}: {' & '.join(changed)}" if changed else ""


def _words(texts: list[str], own: int, spot: str) -> str:
    match = _SPOT.fullmatch(spot)
    if not match:
        raise SystemExit(f"the spot {spot!r} is none such as 15-22 or ~ 3 5-9")
    start, end = int(match[2]), int(match[3])
    if match[1]:
        return "~ " + texts[int(match[1]) - 1][start:end]
    text, place = texts[own], 0
    words, at = text[start:end], -1
    while at < start:  # the reader counts whole words
        at = whole_words(text, words, at + 1)
        place += 1
    return words if place == 1 else f"{words}@{place}"


class Parting:
    """Takes the sentences out of marked articles."""

    def __init__(self, known: Documents) -> None:
        self._at = {ident: (name, place) for name, own in known.items() for place, (ident, _) in enumerate(own, 1)}
        self.dropped: list[str] = []

    def lines(self, path: Path) -> Iterator[str]:
        """Lines of marks of one file of articles, in which a comment with its id stands above each sentence."""
        for article in re.split(r"(?m)^(?=## )", path.read_text(encoding="utf-8")):
            lines = [line for line in article.splitlines() if line.strip()]
            if not lines or not lines[0].startswith("## "):
                continue
            places = [self._at[line[2:].strip()] for line in lines if line.startswith("# ")]
            yield lines[0]
            yield f"@ {places[0][0]} {places[0][1]} {places[-1][1]}"
            texts = [line[2:].strip() for line in lines if line.startswith("> ")]
            own, opened = -1, -1
            for line in lines[1:]:
                own += line.startswith("> ")
                if line[:2] in {"+ ", "* "}:
                    if opened != own:
                        yield f"> {own + 1}"
                    opened = own
                    head, *cells = line.split(" | ")
                    spot = partial(self._spot, texts, own, f"{path}: {line}")
                    kept = [spotted for cell in cells if (spotted := _with(cell, spot))]
                    yield " | ".join([head, *kept])

    def _spot(self, texts: list[str], own: int, where: str, words: str) -> str:
        if words.startswith("~ "):
            for place in sorted(range(len(texts)), key=lambda k: (k == own, abs(k - own), k)):
                start = whole_words(texts[place], words[2:])
                if start >= 0:
                    return f"~ {place + 1} {start}-{start + len(words) - 2}"
            self.dropped.append(f"{where}: no sentence holds {words[2:]!r}")
            return ""
        match = re.search(r"@(\d)$", words)
        words, start = re.sub(r"@\d$", "", words), -1
        for _ in range(int(match[1]) if match else 1):
            start = whole_words(texts[own], words, start + 1)
        return f"{start}-{start + len(words)}"


def main() -> None:
    """Command line; see the module's first lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("join", "part"))
    for name in ("--treebanks", "--marks", "--out"):
        parser.add_argument(name, type=Path, required=True)
    args = parser.parse_args()
    known, ontology = documents(args.treebanks), Knowledge().ontology
    args.out.mkdir(parents=True, exist_ok=True)
    parting = Parting(known)
    for path in sorted(args.marks.glob("*.txt")):
        if args.what == "part":
            read_corpus([path], ontology)  # tells what is malformed
        lines = joined(path, known) if args.what == "join" else parting.lines(path)
        (args.out / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(parting.dropped), end="\n" if parting.dropped else "")


if __name__ == "__main__":
    main()
