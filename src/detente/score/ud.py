"""Tags and trees against a treebank, on its own words and from raw text, counted as the CoNLL 2018 scorer counts.

Figures on gold words: `upos uas las las_subtypes lemmas`. From raw text: `tokens_f1 words_f1 sents_f1` and, with `raw_`, the
five figures above as F1 of aligned words. All in percent; `las` ignores subtypes; punctuation counts; words of multiword
tokens are used; empty nodes are not. Beside them `n_words n_sentences` (of the treebank) and `words_per_second` (raw text to trees).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import SettingsError
from ..language import Language, load_parser
from ..records import Article, Parse, Sentence, Word
from ..settings import Settings
from .alignment import ROOT, Layout, Placed, align
from .arithmetic import f1
from .conllu import GoldSentence, documents, raw_text, read_conllu
from .files import malformed

Agreement = Callable[[Placed, Placed, bool], bool]
# What must agree of two aligned words; the third argument says whether their heads are aligned.
AGREEMENTS: dict[str, Agreement] = {
    "upos": lambda gold, guess, head: gold.upos == guess.upos,
    "uas": lambda gold, guess, head: head,
    "las": lambda gold, guess, head: head and gold.deprel.split(":")[0] == guess.deprel.split(":")[0],
    "las_subtypes": lambda gold, guess, head: head and gold.deprel == guess.deprel,
    "lemmas": lambda gold, guess, head: gold.lemma in {"_", guess.lemma},
}


def score(path: Path, settings: Settings) -> dict[str, float | int]:
    """All figures of a CoNLL-U file, plain or .gz (see the module's first lines). Raises ScoreError, SettingsError."""
    sentences = list(read_conllu(path))
    if not sentences:
        raise malformed(path, 0, "no sentences", "sentences in CoNLL-U")
    parser = load_parser(settings)
    if not isinstance(parser, Language):
        raise SettingsError(f"the parser {settings.parser!r} cannot be measured on given words", 'set parser = "builtin"')
    gold = gold_layout(sentences)
    raw, speed = _from_raw_text(parser, documents(sentences))
    given = parser.analyse_words([([w.form for w in s.words], s.spaced()) for s in sentences])
    figures = compare(gold, with_words(sentences, given))
    spans = {
        "tokens_f1": _span_f1(gold.tokens, raw.tokens),
        "words_f1": f1(len(align(gold.words, raw.words)), len(raw.words), len(gold.words)),
        "sents_f1": _span_f1(gold.sentences, raw.sentences),
    }
    counted = {**figures, **spans, **{f"raw_{name}": value for name, value in compare(gold, raw).items()}}
    result: dict[str, float | int] = {name: round(100 * value, 2) for name, value in counted.items()}
    return {**result, "n_words": len(gold.words), "n_sentences": len(sentences), "words_per_second": round(speed, 1)}


def compare(gold: Layout, guess: Layout) -> dict[str, float]:
    """F1, 0 to 1, of each kind of agreement over aligned words."""
    pairs = align(gold.words, guess.words)
    gold_of = {right: left for left, right in pairs} | {ROOT: ROOT}
    right = dict.fromkeys(AGREEMENTS, 0)
    for one, other in pairs:
        head = gold_of.get(guess.words[other].head) == gold.words[one].head
        for name, agrees in AGREEMENTS.items():
            right[name] += agrees(gold.words[one], guess.words[other], head)
    return {name: f1(count, len(guess.words), len(gold.words)) for name, count in right.items()}


def gold_layout(sentences: Sequence[GoldSentence]) -> Layout:
    """The treebank's own tokens, words and trees, all documents in one row."""
    layout, place = Layout(), 0
    for sentence in sentences:
        begin, base = place, len(layout.words)
        for token in sentence.tokens:
            start, place = place, place + _inked(token.form)
            layout.tokens.append((start, place))
            for word in sentence.words[token.first - 1 : token.last]:
                head = base + word.head - 1 if word.head else ROOT
                layout.words.append(Placed(start, place, token.multiword, word.form, word.lemma, word.upos, head, word.deprel))
        layout.sentences.append((begin, place))
    return layout


def with_words(sentences: Sequence[GoldSentence], given: Sequence[Sequence[Word]]) -> Layout:
    """The treebank's sentences and tokens with the parser's analysis of the same words."""
    layout = gold_layout(sentences)
    words: list[Placed] = []
    for own in given:
        base = len(words)
        for word in own:
            at = layout.words[len(words)]
            words.append(Placed(at.start, at.end, at.multiword, at.form, word.lemma, word.upos, _head(word, base), word.deprel))
    return Layout(layout.sentences, layout.tokens, words)


def parsed_layout(text: str, parses: Sequence[Parse], shift: int = 0) -> Layout:
    """The parser's own tokens, words and trees of one text; positions begin with `shift`, heads count within this text."""
    ink = [shift]
    for character in text:
        ink.append(ink[-1] + (not character.isspace()))
    layout = Layout()
    for parse in parses:
        layout.sentences.append((ink[parse.sentence.start], ink[parse.sentence.end]))
        base = len(layout.words)
        for group in _tokens(parse):
            start, end = ink[group[0].start], ink[group[-1].end]
            layout.tokens.append((start, end))
            for word in group:
                layout.words.append(Placed(start, end, len(group) > 1, word.text, word.lemma, word.upos, _head(word, base), word.deprel))
    return layout


def _tokens(parse: Parse) -> list[list[Word]]:
    """Words by surface token: glued ones belong to the token before."""
    groups: list[list[Word]] = []
    for word, (_, _, _, glued) in zip(parse.words, parse.sentence.words, strict=True):
        if glued and groups:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _from_raw_text(parser: Language, parts: list[list[GoldSentence]]) -> tuple[Layout, float]:
    """The layout of the parser's own analysis of all documents, and words per second from text to trees."""
    articles = [Article(f"a_{number}", raw_text(part)) for number, part in enumerate(parts)]
    begin = time.perf_counter()
    split: list[list[Sentence]] = [parser.sentences(article) for article in articles]
    parses = iter(parser.parse([sentence for own in split for sentence in own]))
    seconds = time.perf_counter() - begin
    whole, shift = Layout(), 0
    for article, own in zip(articles, split, strict=True):
        layout = parsed_layout(article.text, [next(parses) for _ in own], shift)
        base = len(whole.words)
        whole.sentences += layout.sentences
        whole.tokens += layout.tokens
        whole.words += [_moved(word, base) for word in layout.words]
        shift += _inked(article.text)
    return whole, len(whole.words) / seconds


def _moved(word: Placed, base: int) -> Placed:
    head = word.head if word.head == ROOT else word.head + base
    return Placed(word.start, word.end, word.multiword, word.form, word.lemma, word.upos, head, word.deprel)


def _head(word: Word, base: int) -> int:
    return base + word.head - 1 if word.head else ROOT


def _inked(text: str) -> int:
    """Characters that are no white space."""
    return sum(not character.isspace() for character in text)


def _span_f1(gold: list[tuple[int, int]], guess: list[tuple[int, int]]) -> float:
    return f1(len(set(gold) & set(guess)), len(guess), len(gold))
