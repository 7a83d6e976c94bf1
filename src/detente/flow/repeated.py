"""Acts that an article names again: "the launch", "the launches". What one sentence tells for certain makes it likelier in the others.

In: the parses of an article, with what the event network read. Out: whether another sentence surely has the same word for the same event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from ..records import Parse
from .tellings import STEM, stem

SURE = 0.5  # how likely the other sentence's act must be


class Repeated:
    """Which words the network is sure of, by sentence."""

    def __init__(self, parses: Sequence[Parse] = ()) -> None:
        self._at: dict[tuple[str, str], set[int]] = defaultdict(set)
        for parse in parses:
            for act in parse.acts or ():
                if act.events[act.best] >= SURE:
                    self._at[_stem(parse, act.word), act.best].add(parse.sentence.index)

    def elsewhere(self, parse: Parse, words: Collection[int], events: Collection[str]) -> bool:
        """Whether another sentence of the article has one of these words as one of these events."""
        own = {parse.sentence.index}
        return any(self._at.get((_stem(parse, word), event), own) - own for word in words for event in events)


def _stem(parse: Parse, word: int) -> str:
    lemma = parse.word(word).lemma.lower()
    return stem(lemma.removesuffix("ing") if len(lemma) > STEM + 1 else lemma)  # "meeting" is of "meet"
