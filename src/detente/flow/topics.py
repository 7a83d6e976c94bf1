"""Contexts by a linear model: words of the article and of the sentence, event, mode and signal words each speak for or against each;
`contexts.py` weighs them together with what the event network reads.

A second, smaller one tells from the words alone how likely a sentence tells a political act at all: sport and business have the same verbs.
Beside it stands which words name an act in the corpus at least once in thirty sentences that have them: another is seldom one.

The numbers come from `training/contexts.py`, which shares what stands here.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError

_WORD = re.compile(r"[a-z][a-z'’-]+")
BETWEEN = (0.03, 0.97)  # the network reports no context below 0.05, and one that it is sure of may still be wrong
_ENDINGS = re.compile(r"(?:'s|’s|ies|ing|ed|es|s|e|y)$")
Numbers = NDArray[np.float32]


def words_of(text: str) -> frozenset[str]:
    """Lower-cased words of three letters and more, without their commonest endings."""
    return frozenset(_ENDINGS.sub("", word) if len(word) > 4 else word for word in _WORD.findall(text.lower()) if len(word) > 2)


def act_features(event: str, mode: str | None, signals: Iterable[str], strong: Iterable[str]) -> list[str]:
    """Names of what is known beside words: event, its mode, contexts with signal words in the sentence and all over the article."""
    own = [event, f"{event}/{mode}"] if mode else [event]
    return [*own, *(f"signal {name}" for name in signals), *(f"strong {name}" for name in strong)]


class TopicModel:
    """The linear models."""

    def __init__(self, folder: Path) -> None:
        path = folder / "contexts.json.gz"
        try:
            content = json.loads(gzip.decompress(path.read_bytes()))
            self.contexts: list[str] = content["contexts"]
            self._bias: Numbers = (np.array(content["bias"]) / 100).astype(np.float32)
            self._article, self._sentence, self._act = (self._table(content[name]) for name in ("article", "sentence", "act"))
            tells = content["tells"]
            self._tells: tuple[float, dict[str, int], dict[str, int]] = (tells["bias"], tells["article"], tells["sentence"])
            self._triggers = frozenset[str](tells["triggers"])
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise ModelError(f"{path}: {error}", "install the package again or point Settings.model at a complete folder") from error

    def _table(self, rows: dict[str, dict[str, int]]) -> dict[str, Numbers]:
        result = {}
        for name, own in rows.items():
            line = np.zeros(len(self.contexts), dtype=np.float32)
            line[[int(k) for k in own]] = np.array(list(own.values()), dtype=np.float32) / 100
            result[name] = line
        return result

    def article(self, words: Collection[str]) -> Numbers:
        """What an article's words (`words_of`) say, by context."""
        known = [self._article[w] for w in sorted(words) if w in self._article]
        total = self._bias.copy()
        if known:
            total += (np.sum(known, axis=0) / len(known) ** 0.5).astype(np.float32)
        return total

    def sentence(self, text: str) -> Numbers:
        """What a sentence's words say, by context."""
        return self._sum(self._sentence, sorted(words_of(text)))

    def act(self, features: Iterable[str]) -> Numbers:
        """What is known beside words (`act_features`) says, by context."""
        return self._sum(self._act, features)

    def _sum(self, table: dict[str, Numbers], names: Iterable[str]) -> Numbers:
        total = np.zeros(len(self.contexts), dtype=np.float32)
        for name in names:
            total += table.get(name, 0.0)
        return total

    def read(self, probabilities: Mapping[str, float]) -> Numbers:
        """The event network's probabilities at one word as log-odds, by context; those that it did not report are low."""
        shares = np.array([probabilities.get(name, 0.0) for name in self.contexts], dtype=np.float32).clip(*BETWEEN)
        odds: Numbers = np.log(shares / (1 - shares)).astype(np.float32)
        return odds

    def likely(self, total: Numbers, least: float) -> dict[str, float]:
        """Contexts from a probability on, given their log-odds."""
        shares = 1 / (1 + np.exp(-total))
        return {self.contexts[k]: float(shares[k]) for k in np.flatnonzero(shares >= least)}

    def article_tells(self, words: Collection[str]) -> float:
        """What an article's words (`words_of`) say, as log-odds, on whether one of its sentences tells a political act."""
        bias, article, _ = self._tells
        known = [article[w] for w in words if w in article]
        return (bias + sum(known) / math.sqrt(max(1, len(known)))) / 100

    def tells(self, article: float, sentence: str) -> float:
        """Log-odds that a sentence tells a political act; `article`: what `article_tells` said of its article."""
        own = self._tells[2]
        return article + sum(own.get(word, 0) for word in words_of(sentence)) / 100

    def heard(self, trigger: str) -> bool:
        """Whether a word of a trigger names acts in the corpus (once in thirty sentences or oftener); yes for one too short to tell."""
        own = words_of(trigger)
        return not own or not own.isdisjoint(self._triggers)
