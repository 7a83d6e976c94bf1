"""Trees of the lexicon's own sentences, kept beside the model, so that `detente check` need not read them anew each time.

The file holds what the shipped model says, under the hash of the model's files; with another model, or for a sentence that is not there,
the parser is asked. `scripts/trees.py` writes it, a test compares a sample with the parser's own answers.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ..language import MODEL_FOLDER, LanguageParser, children_of, lemmas_of
from ..language.lemmas import Lemmatizer
from ..records import Article, Parse, Sentence, Word

FILE = MODEL_FOLDER / "trees.json.gz"
MODEL_FILES = ("parser.onnx", "relations.onnx", "boundaries.onnx", "boundaries.json", "tokenizer.json", "labels.json", "lemmas.tsv.gz")


def model_hash(folder: Path = MODEL_FOLDER) -> str:
    """A hash over the files that decide how a sentence is cut and parsed."""
    digest = hashlib.blake2b(digest_size=8)
    for name in MODEL_FILES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def write_trees(texts: Iterable[str], parser: LanguageParser, articles: Sequence[Article], path: Path = FILE) -> int:
    """Writes the trees of texts (each an article of its own, in the same order); how many bytes."""
    split = [parser.sentences(article) for article in articles]
    parses = iter(parser.parse([s for own in split for s in own]))
    trees = {text: [_row(next(parses)) for _ in own] for text, own in zip(texts, split, strict=True)}
    raw = json.dumps({"model": model_hash(), "trees": trees}, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(raw, 9, mtime=0))
    return path.stat().st_size


def _row(parse: Parse) -> list[Any]:
    sentence = parse.sentence
    words = [[*cut, w.text, w.lemma, w.upos, w.xpos, w.head, w.deprel, w.name] for cut, w in zip(sentence.words, parse.words, strict=True)]
    return [sentence.start, sentence.end, words]


class KnownTrees:
    """A parser that remembers; for all else it loads the one that `load` gives."""

    def __init__(self, load: Callable[[], LanguageParser], path: Path = FILE) -> None:
        self._load = load
        self._lemmas = Lemmatizer(MODEL_FOLDER / "lemmas.tsv.gz")
        content = json.loads(gzip.decompress(path.read_bytes())) if path.is_file() else {}
        self._trees: dict[str, list[Any]] = content["trees"] if content.get("model") == model_hash() else {}
        self._of: dict[tuple[str, int], list[Any]] = {}

    @cached_property
    def _parser(self) -> LanguageParser:
        return self._load()

    def __len__(self) -> int:
        return len(self._trees)

    def sentences(self, article: Article) -> list[Sentence]:
        """As the parser's own."""
        rows = self._trees.get(article.text)
        if rows is None:
            return self._parser.sentences(article)
        result = []
        for index, (start, end, words) in enumerate(rows):
            self._of[article.id, index] = words
            cuts = tuple((w[0], w[1], bool(w[2]), bool(w[3])) for w in words)
            result.append(Sentence(article.id, index, start, end, article.text[start:end], cuts))
        return result

    def parse(self, sentences: Sequence[Sentence]) -> list[Parse]:
        """As the parser's own."""
        unknown = [s for s in sentences if (s.article, s.index) not in self._of]
        asked = iter(self._parser.parse(unknown) if unknown else ())
        return [self._known(s) if (s.article, s.index) in self._of else next(asked) for s in sentences]

    def _known(self, sentence: Sentence) -> Parse:
        rows = self._of[sentence.article, sentence.index]
        words = tuple(Word(i, w[0], w[1], w[4], w[5], w[6], w[7], w[8], w[9], w[10]) for i, w in enumerate(rows, 1))
        return Parse(sentence, words, children_of(words))

    def lemmas(self, word: str) -> frozenset[str]:
        """As the built-in parser's own."""
        return lemmas_of(self._lemmas, word)

    def pair_roots(self, parses: Sequence[Parse], pairs: Sequence[tuple[list[int], list[int]]]) -> list[dict[str, float]]:
        """Nothing: the event network is not asked here."""
        return [{} for _ in parses]
