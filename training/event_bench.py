"""A part of the corpus with a coder whose weights may be changed; what the programs that weigh (`weigh_….py`) ask for and write."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from detente.flow.weights import Weights
from detente.knowledge import Knowledge
from detente.pipeline import Coder, SentenceWork
from detente.records import Claim, Parse, Sentence
from detente.score.corpus import coded, figures, measure, pair_up
from detente.score.corpus_file import GoldArticle, GoldClaim, read_corpus
from detente.settings import load_settings


def asked(about: str | None) -> tuple[Path, list[GoldArticle]]:
    """From the command line: the model's folder and all articles of the corpus. `about`: what the program says of itself."""
    parser = argparse.ArgumentParser(description=about)
    for name in ("--corpus", "--model"):
        parser.add_argument(name, type=Path, required=True)
    args = parser.parse_args()
    return args.model, read_corpus(sorted(args.corpus.glob("*.txt")), Knowledge().ontology)


def written(model: Path, weights: Weights) -> None:
    """Writes the weights into the model's folder."""
    (model / "weights.json").write_text(json.dumps(asdict(weights), indent=0) + "\n", encoding="utf-8")


class Remembering:
    """A parser that parses each sentence once."""

    def __init__(self, coder: Coder) -> None:
        self._parser = coder.language
        self._known: dict[str, Parse] = {}
        self.sentences, self.lemmas, self.pair_roots = self._parser.sentences, self._parser.lemmas, self._parser.pair_roots

    def parse(self, sentences: Sequence[Sentence]) -> list[Parse]:
        """As the parser's own."""
        new = [s for s in sentences if f"{s.article} {s.index}" not in self._known]
        for sentence, parse in zip(new, self._parser.parse(new), strict=True):
            self._known[f"{sentence.article} {sentence.index}"] = parse
        return [self._known[f"{s.article} {s.index}"] for s in sentences]


class Bench:
    """One part of the corpus and a coder whose weights may be changed."""

    def __init__(self, articles: list[GoldArticle], model: Path, coder: str) -> None:
        self.articles = articles
        self.coder = Coder(load_settings(model=model, coder=coder))
        self.coder._language = Remembering(self.coder)

    def judged(self, weights: Weights) -> list[tuple[Claim, bool]]:
        """All claims that were weighed (a toll told again is not), each with whether a marked claim has its trigger and event."""
        self.coder._weights = weights
        result = []
        for sentence, start, own, _ in coded(self.articles, self.coder):
            result += [(c, g is not None and g.event == c.event) for g, c in pair_up(sentence.claims, own, start) if c is not None]
        return [(claim, good) for claim, good in result if any(r.step == "confidence" for r in claim.why)]

    def explained(self) -> Iterator[tuple[str, list[SentenceWork], list[tuple[GoldClaim, Claim, int]]]]:
        """Each article: text, work on its sentences, right claims (as marked, as found, begin of the marked sentence)."""
        for article in self.articles:
            text, starts = article.text()
            works = self.coder.explain(text, article.published)
            claims = [claim for work in works for claim in work.claims]
            right = []
            for sentence, start in zip(article.sentences, starts, strict=True):
                own = [c for c in claims if start <= c.trigger_start < start + len(sentence.text)]
                pairs = [(g, c) for g, c in pair_up(sentence.claims, own, start) if g is not None and c is not None]
                right += [(g, c, start) for g, c in pairs if g.event == c.event]
            yield text, works, right

    def figures(self, weights: Weights) -> dict[str, float | int]:
        """As `detente score corpus`."""
        self.coder._weights = weights
        return figures(measure(self.articles, self.coder), len(self.articles))
