"""What a measure's figure must beat: the most frequent class of the file itself, and the lexicon's words counted without reading.

The second shows what the conditions of the rows, the tree and the statuses are worth: it knows the same trigger words and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from ..knowledge import Lexicon, Ontology
from ..knowledge.lexicon import phrase_of

NO_EVENT = 0
_WORD = re.compile(r"\w+|-")
_PARTS = ("verb", "noun", "adjective")


def majority(gold: Sequence[int]) -> list[int]:
    """The most frequent class, the lowest of equals, once for each row; empty for no rows."""
    counts = Counter(gold)
    return [min(counts, key=lambda name: (-counts[name], name))] * len(gold) if gold else []


class Keywords:
    """Classes by trigger words alone. `lemmas` gives all lemmas that a lower-cased form may have."""

    def __init__(self, lexicon: Lexicon, ontology: Ontology, lemmas: Callable[[str], frozenset[str]]) -> None:
        self._lexicon, self._ontology, self._lemmas = lexicon, ontology, lemmas

    def quad_class(self, text: str) -> int:
        """The class of the event with the most votes, the first told of equals; NO_EVENT without a trigger."""
        votes = Counter(self.votes(text))
        return self._ontology.events[votes.most_common(1)[0][0]].quad if votes else NO_EVENT

    def votes(self, text: str) -> Iterator[str]:
        """An event for each row of the lexicon of which a trigger stands in the text, in text order; no condition is looked at."""
        forms = [{word, *self._lemmas(word)} for word in _WORD.findall(" ".join(phrase_of(text)))]
        for end in range(1, len(forms) + 1):
            rules = {rule.id: rule for lemma in sorted(forms[end - 1]) for part in _PARTS for rule in self._lexicon.at(lemma, part)}
            for rule in rules.values():
                if any(_stands(phrase, forms[:end]) for phrase in rule.phrases):
                    yield rule.event


def _stands(phrase: tuple[str, ...], forms: Sequence[set[str]]) -> bool:
    """Whether the words end with this phrase."""
    return len(phrase) <= len(forms) and all(word in form for word, form in zip(reversed(phrase), reversed(forms), strict=False))
