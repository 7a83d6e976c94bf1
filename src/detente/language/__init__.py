"""Language: text → sentences → words → parses. Everything above this folder sees only records.

`Language` is the built-in parser. A better one may be plugged in: anything with the two methods of `LanguageParser`,
named in `PARSERS` and chosen by `Settings.parser`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from ..errors import SettingsError
from ..records import Act, Article, Parse, Sentence, Word
from ..settings import Settings
from .lemmas import Lemmatizer
from .model import Network
from .sentences import Splitter

MODEL_FOLDER = Path(__file__).parent.parent / "data" / "models" / "en"


class LanguageParser(Protocol):
    """What the pipeline asks of a parser: UD sentences, words, tags and trees."""

    def sentences(self, article: Article) -> list[Sentence]:
        """Sentences of an article with the offsets of their words."""

    def parse(self, sentences: Sequence[Sentence]) -> list[Parse]:
        """One parse per sentence, in order."""

    def lemmas(self, word: str) -> frozenset[str]:
        """All lemmas that a lower-cased form may have, whatever its part of speech."""

    def pair_roots(self, parses: Sequence[Parse], pairs: Sequence[tuple[list[int], list[int]]]) -> list[dict[str, float]]:
        """Probabilities of each event for a pair of parties (1-based words of each) in each sentence; empty dicts if it cannot say."""


class Language:
    """The built-in English parser. Loading takes under a second; one object serves one process."""

    def __init__(self, settings: Settings) -> None:
        folder = settings.model or MODEL_FOLDER
        self._network = Network(folder, settings.threads, settings.coder != "rules")
        self._splitter = Splitter(folder)
        self._lemmas = Lemmatizer(folder / "lemmas.tsv.gz")
        self._batch, self._longest = settings.batch, settings.max_sentence_words
        self.version = self._network.version

    def sentences(self, article: Article) -> list[Sentence]:
        """Sentences in text order; offsets count characters of `article.text`."""
        result = []
        for index, tokens in enumerate(self._splitter.split(article.text)):
            start, end = tokens[0].start, tokens[-1].end
            words = tuple((t.start, t.end, t.spaced, t.glued) for t in tokens)
            result.append(Sentence(article.id, index, start, end, article.text[start:end], words))
        return result

    def lemmas(self, word: str) -> frozenset[str]:
        """All lemmas that a lower-cased form may have, whatever its part of speech."""
        return lemmas_of(self._lemmas, word)

    def parse(self, sentences: Sequence[Sentence]) -> list[Parse]:
        """Tags, trees, lemmas and names of sentences, any number, any length."""
        forms = [[s.text[a - s.start : b - s.start] for a, b, _, _ in s.words] for s in sentences]
        spaces = [[spaced for _, _, spaced, _ in s.words] for s in sentences]
        spans = [[(a, b) for a, b, _, _ in s.words] for s in sentences]
        analyses = self._analyses(list(zip(forms, spaces, strict=True)), spans)
        return [Parse(sentence, words, children_of(words), acts) for sentence, (words, acts) in zip(sentences, analyses, strict=True)]

    def pair_roots(self, parses: Sequence[Parse], pairs: Sequence[tuple[list[int], list[int]]]) -> list[dict[str, float]]:
        """Probabilities of each event for a pair of parties (1-based words of each) in each sentence; empty without an event network."""
        words = [([w.text for w in parse.words], [spaced for _, _, spaced, _ in parse.sentence.words]) for parse in parses]
        return self._network.roots(words, list(pairs))

    def analyse_words(self, sentences: Sequence[tuple[list[str], list[bool]]]) -> list[tuple[Word, ...]]:
        """Tags, trees, lemmas and names of sentences whose words are already known; measuring on treebanks needs this.

        In: per sentence its words and whether a space stands before each. Out: as many words per sentence as came in;
        their offsets count characters of the sentence's own text, the words with these spaces between them.
        """
        spans = []
        for words, spaced in sentences:
            place, own = 0, []
            for number, (word, space) in enumerate(zip(words, spaced, strict=True)):
                place += int(space and number > 0)
                own.append((place, place + len(word)))
                place += len(word)
            spans.append(own)
        return [words for words, _ in self._analyses(list(sentences), spans)]

    def _analyses(
        self, sentences: list[tuple[list[str], list[bool]]], spans: list[list[tuple[int, int]]]
    ) -> list[tuple[tuple[Word, ...], tuple[Act, ...] | None]]:
        analyses = self._network.analyse(sentences, self._batch, self._longest)
        result = []
        for (words, _), places, analysis in zip(sentences, spans, analyses, strict=True):
            rows = zip(places, words, analysis.upos, analysis.xpos, analysis.heads, analysis.deprels, analysis.names, strict=True)
            words_found = tuple(
                Word(i, span[0], span[1], form, self._lemmas.lemma(form, upos, xpos), upos, xpos, head, deprel, name)
                for i, (span, form, upos, xpos, head, deprel, name) in enumerate(rows, 1)
            )
            result.append((words_found, analysis.acts))
        return result


def lemmas_of(lemmas: Lemmatizer, word: str) -> frozenset[str]:
    """All lemmas that a lower-cased form may have, whatever its part of speech."""
    return frozenset(lemmas.lemma(word, upos, xpos) for upos, xpos in (("VERB", "VBD"), ("NOUN", "NNS"), ("ADJ", "JJ")))


def children_of(words: Iterable[Word]) -> tuple[tuple[int, ...], ...]:
    """Dependents of every word, index 0 for the root, each in text order."""
    listed = list(words)
    below: list[list[int]] = [[] for _ in range(len(listed) + 1)]
    for word in listed:
        below[word.head].append(word.index)
    return tuple(tuple(part) for part in below)


PARSERS: dict[str, Callable[[Settings], LanguageParser]] = {"builtin": Language}


def load_parser(settings: Settings) -> LanguageParser:
    """The parser that the settings name. Raises SettingsError for an unknown name."""
    try:
        return PARSERS[settings.parser](settings)
    except KeyError:
        raise SettingsError(f"no parser named {settings.parser!r}", f"known: {', '.join(PARSERS)}") from None


def version_of(settings: Settings) -> str:
    """The version of the model that the built-in parser would read with, without loading it; "unknown" where another parser is named."""
    labels = (settings.model or MODEL_FOLDER) / "labels.json"
    if settings.parser != "builtin" or not labels.is_file():
        return "unknown"
    return str(json.loads(labels.read_text(encoding="utf-8")).get("version", "unknown"))
