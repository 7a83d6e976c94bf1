"""The gate: sentences that hold no word of the lexicon or the ledger need no parse. It must never hide a claim, only save time."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from ..knowledge import Knowledge
from ..records import Sentence

_WORD = re.compile(r"[^\W\d_]+")
_BOILERPLATE = re.compile(
    r"(?i)^\W*(leave a reply|you must be logged in|all rights reserved|read more|share this|click here|subscribe to|sign up for|follow us|"
    r"advertisement|copyright|related (?:articles|stories|topics)|comments? (?:are )?closed|print this|e-?mail this|"
    r"cookies?\b.{0,40}\b(?:policy|accept))"
)

class Gate:
    """Passes a sentence when one of its words may be a trigger or a word of speech."""

    def __init__(self, knowledge: Knowledge, lemmas: Callable[[str], frozenset[str]]) -> None:
        self._lemmas = lemmas
        self._sport = knowledge.sport
        speech = {word for verb in knowledge.speech.verbs for word in verb.split()[:1]}
        self._heads = knowledge.lexicon.heads | knowledge.ledger.telling | speech
        self.may_be = lru_cache(maxsize=200_000)(self._may_be)

    def __call__(self, sentence: Sentence) -> str | None:
        """None if the sentence should be parsed, else the rule that stopped it: boilerplate, sport, no-trigger."""
        if _BOILERPLATE.match(sentence.text):
            return "boilerplate"
        if self._sport.hit(sentence.text.lower()):
            return "sport"
        if any(self.may_be(word) for word in _WORD.findall(sentence.text.lower())):
            return None
        return "no-trigger"

    def _may_be(self, word: str) -> bool:
        """A form passes if it, or a lemma it may have as any part of speech, is a trigger."""
        return word in self._heads or not self._heads.isdisjoint(self._lemmas(word))
