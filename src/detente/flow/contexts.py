"""Contexts: PLOVER's "why", from the row that matched, from the networks, from signal words in the sentence and the article."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from ..knowledge import Ontology
from ..records import Claim, Reason
from .topics import Numbers, TopicModel, act_features

ARTICLE_SIGNALS = 3


@dataclass(frozen=True, slots=True)
class About:
    """Contexts of a whole article: those signalled often, and the linear models' numbers, if there are any."""

    strong: frozenset[str]
    numbers: Numbers | None
    acts: float = 0.0


class ContextFinder:
    """Finds the contexts' signal words; built once from the ontology. With `topics` the linear model decides."""

    def __init__(self, ontology: Ontology, topics: TopicModel | None = None) -> None:
        self._topics = topics
        self._of: dict[str, str] = {}
        for context in ontology.contexts.values():
            for keyword in context.keywords:
                self._of.setdefault(keyword.lower(), context.name)
        self._of_pair = {pair: mode.adds_context for pair, mode in ontology.pairs.items() if mode.adds_context}
        self._traps = {name: frozenset(trap.unless) for name, trap in ontology.traps.items() if trap.unless}
        words = sorted(self._of, key=len, reverse=True)
        self._pattern = re.compile(r"\b(" + "|".join(re.escape(w) for w in words) + r")s?\b")

    def signals(self, text: str) -> dict[str, str]:
        """Contexts signalled in a text, each with its first signal word."""
        found: dict[str, str] = {}
        for match in self._pattern.finditer(text.lower()):
            found.setdefault(self._of[match.group(1)], match.group(1))
        return found

    def strong(self, text: str) -> frozenset[str]:
        """Contexts that an article speaks of at least three times, in different words or places."""
        counts = Counter(self._of[m.group(1)] for m in self._pattern.finditer(text.lower()))
        return frozenset(name for name, count in counts.items() if count >= ARTICLE_SIGNALS)

    def about(self, text: str) -> About:
        """What an article as a whole says of contexts."""
        if self._topics is None:
            return About(self.strong(text), None)
        return About(self.strong(text), self._topics.article(text), self._topics.article_tells(text))

    def tells(self, about: About, sentence: str) -> float:
        """Log-odds, by words alone, that a sentence of an article tells a political act; 0 without the linear model."""
        return self._topics.tells(about.acts, sentence) if self._topics else 0.0

    def heard(self, trigger: str) -> bool:
        """Whether a word of a trigger names acts in the corpus; yes without the linear model."""
        return self._topics is None or self._topics.heard(trigger)

    def add(self, claim: Claim, about: About) -> Claim:
        """The claim with contexts: the row's own, the network's and its mode's, then those of the linear model; without one, those that the
        claim's sentence signals where the article is about them too."""
        signals = self.signals(claim.sentence)
        names, why = list(claim.context), list(claim.why)
        own = self._of_pair.get((claim.event, claim.mode or ""))
        if own and own not in names:
            names.append(own)
            why.append(Reason("contexts", f"mode-{own}", claim.trigger))
        if self._topics is None or about.numbers is None:
            found = {name: word for name, word in signals.items() if name in about.strong or not about.strong}
        else:
            features = act_features(claim.event, claim.mode, signals, about.strong)
            likely = self._topics.probabilities(about.numbers, claim.sentence, features)
            found = {name: f"{signals.get(name, '')} {p:.2f}".strip() for name, p in likely.items()}
        for name, word in found.items():
            if name not in names:
                names.append(name)
                why.append(Reason("contexts", name, word))
        names = [n for n in names if not (self._traps.get(n, frozenset()) & set(names))]
        return replace(claim, context=tuple(names), why=tuple(why))
