"""Contexts: PLOVER's "why", from the row that matched and from signal words in the sentence and the article."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from ..knowledge import Ontology
from ..records import Claim, Reason

ARTICLE_SIGNALS = 3


class ContextFinder:
    """Finds the contexts' signal words; built once from the ontology."""

    def __init__(self, ontology: Ontology) -> None:
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

    def add(self, claim: Claim, article: frozenset[str]) -> Claim:
        """The claim with contexts: the row's own, its mode's, then those its sentence signals where the article is about them too."""
        signals = self.signals(claim.sentence)
        names = list(claim.context)
        why = list(claim.why)
        own = self._of_pair.get((claim.event, claim.mode or ""))
        if own and own not in names:
            names.append(own)
            why.append(Reason("contexts", f"mode-{own}", claim.trigger))
        for name, word in signals.items():
            if name not in names and (name in article or len(article) == 0):
                names.append(name)
                why.append(Reason("contexts", name, word))
        names = [n for n in names if not (self._traps.get(n, frozenset()) & set(names))]
        return replace(claim, context=tuple(names), why=tuple(why))
