"""Reads treebanks and turns sentences into the arrays that the network eats."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tokenizers import Tokenizer

NAME_TYPES = {"person": "PER", "organization": "ORG", "place": "LOC"}


@dataclass
class Sentence:
    """One gold sentence. `space[i]`: a space stands before word i. `names` is None where nobody annotated them."""

    words: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    xpos: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deprels: list[str] = field(default_factory=list)
    space: list[bool] = field(default_factory=list)
    misc: list[str] = field(default_factory=list)
    names: list[str] | None = None
    document: str = ""
    new_paragraph: bool = False


def read_conllu(path: Path) -> Iterator[Sentence]:
    """Sentences of a CoNLL-U file (.gz or not); contraction lines only say where spaces are."""
    opener = gzip.open if path.suffix == ".gz" else open
    sentence, document, glued, merged_until, merged_glued = Sentence(), "", False, 0, False
    with opener(path, "rt", encoding="utf-8") as lines:
        for raw in lines:
            line = raw.rstrip("\n")
            if line.startswith("# newdoc"):
                document = line.rpartition("=")[2].strip()
                sentence.new_paragraph = True
            elif line.startswith("# newpar"):
                sentence.new_paragraph = True
            elif not line:
                if sentence.words:
                    sentence.document = document
                    yield sentence
                sentence, glued = Sentence(), False
            elif not line.startswith("#"):
                cells = line.split("\t")
                if "." in cells[0]:
                    continue
                no_space = "SpaceAfter=No" in cells[9]
                if "-" in cells[0]:
                    merged_until, merged_glued = int(cells[0].split("-")[1]), no_space
                    sentence.space.append(not glued)
                    glued = True
                    continue
                index = int(cells[0])
                if index > len(sentence.space):
                    sentence.space.append(not glued)
                inside = index < merged_until
                glued = True if inside else merged_glued if index == merged_until else no_space
                if index == merged_until:
                    merged_until = 0
                sentence.words.append(cells[1])
                sentence.lemmas.append(cells[2])
                sentence.upos.append(cells[3])
                sentence.xpos.append(cells[4])
                sentence.heads.append(int(cells[6]))
                sentence.deprels.append(cells[7])
                sentence.misc.append(cells[9])


def add_names(sentences: list[Sentence]) -> None:
    """Reads GUM's entity spans into BIO name tags: proper names of persons, organisations and places only.

    A span counts as a name where its head word is a proper noun; the span is cut to the run of proper nouns
    (with glued hyphens and "of"/"the" between them) around that head.
    """
    open_spans: dict[str, list[tuple[int, int, str]]] = {}
    for number, sentence in enumerate(sentences):
        sentence.names = ["O"] * len(sentence.words)
        found: list[tuple[int, int, str]] = []
        for index, misc in enumerate(sentence.misc):
            entity = next((p[7:] for p in misc.split("|") if p.startswith("Entity=")), "")
            for match in re.finditer(r"\((\d+)-([a-z]+)[^()]*(\))?|(\d+)\)", entity):
                if match.group(1):
                    if match.group(3):
                        found.append((index, index, match.group(2)))
                    else:
                        open_spans.setdefault(match.group(1), []).append((number, index, match.group(2)))
                elif open_spans.get(match.group(4)):
                    line, start, kind = open_spans[match.group(4)].pop()
                    if line == number:
                        found.append((start, index, kind))
        for start, end, kind in sorted(found, key=lambda s: s[1] - s[0], reverse=True):
            if kind in NAME_TYPES:
                _tag_name(sentence, start, end, NAME_TYPES[kind])


_TITLES = frozenset("president minister mr mr. mrs mrs. ms ms. dr dr. sir senator sen. judge justice king queen prince "
                    "princess pope saint st. general gen. captain colonel professor prof. chancellor secretary".split())


def _tag_name(sentence: Sentence, start: int, end: int, kind: str) -> None:
    """Tags the name inside one entity span; larger spans come first and are not overwritten."""
    span = range(start, end + 1)
    tops = [i for i in span if not start <= sentence.heads[i] - 1 <= end]
    names = sentence.names
    if len(tops) != 1 or sentence.upos[tops[0]] != "PROPN" or names is None:
        return
    low = high = tops[0]
    while low > start and _in_name(sentence, low - 1, start):
        low -= 1
    while high < end and _in_name(sentence, high + 1, start):
        high += 1
    while high < end - 1 and sentence.words[high + 1] in {"of", "for", "and", "de"} and kind == "ORG":
        step = high + 3 if sentence.words[high + 2] == "the" and high + 3 <= end else high + 2
        if not _in_name(sentence, step, start):
            break
        high = step
        while high < end and _in_name(sentence, high + 1, start):
            high += 1
    while high > low and sentence.words[high] in {"-", "'s", "'"}:
        high -= 1
    while kind == "PER" and low < high and sentence.words[low].lower() in _TITLES:
        low += 1
    while low < high and sentence.words[low] in {"-", "'s", "'", '"'}:
        low += 1
    if any(names[i] != "O" for i in range(low, high + 1)):
        return
    for i in range(low, high + 1):
        names[i] = ("B-" if i == low else "I-") + kind


def _in_name(sentence: Sentence, index: int, start: int) -> bool:
    """Whether a word beside a name belongs to it: proper nouns, capitalised modifiers, glued hyphens."""
    word, tag = sentence.words[index], sentence.upos[index]
    if tag == "PROPN":
        return True
    if word == "-":
        return not sentence.space[index]
    return word[:1].isupper() and tag in {"ADJ", "NOUN", "VERB", "NUM"} and (index > start or index > 0)


def word_shape(word: str, spaced: bool) -> int:
    """Shape number of a word, 1–12: letter case and digits, times "a space stands before". 0 is for special pieces.

    Must agree with `detente.language.encode.word_shape`; a test compares the two.
    """
    if any(c.isdigit() for c in word):
        kind = 5
    elif not any(c.isalpha() for c in word):
        kind = 0
    elif word.islower():
        kind = 1
    elif word.isupper():
        kind = 3 if len(word) > 1 else 2
    elif word[0].isupper() and word[1:].islower():
        kind = 2
    else:
        kind = 4
    return 1 + 2 * kind + int(spaced)


@dataclass
class Example:
    """Arrays of one sentence; word 0 is the root."""

    pieces: list[int]
    shapes: list[int]
    first: list[int]
    last: list[int]
    upos: list[int]
    xpos: list[int]
    heads: list[int]
    deprels: list[int]
    names: list[int]


class Encoding:
    """Words to pieces, labels to numbers. -1 marks "no gold label here"."""

    def __init__(self, tokenizer: Tokenizer, labels: dict[str, list[str]]) -> None:
        self.tokenizer = tokenizer
        self.labels = labels
        self.index = {key: {name: i for i, name in enumerate(values)} for key, values in labels.items()}
        self.cache: dict[str, list[int]] = {}
        self.cls, self.sep, self.unk = (tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]", "[UNK]"))

    def word_pieces(self, word: str) -> list[int]:
        """Pieces of one word, never empty."""
        if word not in self.cache:
            self.cache[word] = self.tokenizer.encode(word, add_special_tokens=False).ids[:12] or [self.unk]
        return self.cache[word]

    def example(self, sentence: Sentence, words: list[str] | None = None) -> Example:
        """One sentence as numbers; `words` may replace the forms (other letter case)."""
        forms = words or sentence.words
        pieces, shapes, first, last = [self.cls], [0], [0], [0]
        for word, spaced in zip(forms, sentence.space, strict=True):
            ids = self.word_pieces(word)
            first.append(len(pieces))
            pieces += ids
            shapes += [word_shape(word, spaced)] * len(ids)
            last.append(len(pieces) - 1)
        pieces.append(self.sep)
        shapes.append(0)
        get = self.index
        return Example(
            pieces, shapes, first, last,
            [-1] + [get["upos"].get(u, -1) for u in sentence.upos],
            [-1] + [get["xpos"].get(x, -1) for x in sentence.xpos],
            [-1, *sentence.heads],
            [-1] + [get["deprel"].get(d, -1) for d in sentence.deprels],
            [-1] + ([get["names"][n] for n in sentence.names] if sentence.names else [-1] * len(forms)),
        )


def vary_case(sentence: Sentence, rng: random.Random) -> list[str]:
    """Sometimes another letter case, so that headlines and all-caps wires parse like the rest."""
    dice = rng.random()
    if dice < 0.03:
        return [w.upper() for w in sentence.words]
    if dice < 0.05:
        return [w.lower() for w in sentence.words]
    if dice < 0.08:
        return [w[:1].upper() + w[1:] if u not in {"ADP", "DET", "CCONJ", "PART"} else w
                for w, u in zip(sentence.words, sentence.upos, strict=True)]
    return sentence.words


def collect_labels(sentences: list[Sentence]) -> dict[str, list[str]]:
    """All labels of the training data, sorted, so that a rerun gives the same numbers."""
    return {
        "upos": sorted({u for s in sentences for u in s.upos}),
        "xpos": sorted({x for s in sentences for x in s.xpos}),
        "deprel": sorted({d for s in sentences for d in s.deprels}),
        "names": ["O"] + [f"{p}-{k}" for k in ("PER", "ORG", "LOC") for p in ("B", "I")],
    }
