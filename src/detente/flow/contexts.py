"""Contexts: PLOVER's "why", from the row that matched, from the networks, from signal words in the sentence and the article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..knowledge import Ontology
from ..records import Claim, Parse, Reason
from .topics import Numbers, TopicModel, act_features, words_of
from .weights import Weights

ARTICLE_SIGNALS = 3


@dataclass(frozen=True, slots=True)
class About:
    """Contexts of a whole article: those signalled often, and the linear models' numbers, if there are any."""

    strong: frozenset[str]
    numbers: Numbers | None
    acts: float = 0.0


class Mixture:
    """The linear model and the event network together; `weights`: how much each part counts, and from which probability a context does."""

    def __init__(self, topics: TopicModel, weights: Weights) -> None:
        self.topics, self._least = topics, weights.context
        self._parts = weights.contexts["parts"]
        self._bias = np.array([weights.contexts["bias"].get(name, 0.0) for name in topics.contexts], dtype=np.float32)

    def probabilities(self, evidence: Mapping[str, Numbers]) -> list[dict[str, float]]:
        """For each claim the contexts that are likely enough, with their probabilities."""
        total = self._bias + sum(self._parts.get(name, 0.0) * part for name, part in evidence.items())
        return [self.topics.likely(line, self._least) for line in total]


class ContextFinder:
    """Finds the contexts' signal words; built once from the ontology. With a mixture, words and event network decide."""

    def __init__(self, ontology: Ontology, mixture: Mixture | None = None) -> None:
        self.mixture = mixture
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
        if self.mixture is None:
            return About(self.strong(text), None)
        topics, words = self.mixture.topics, words_of(text)
        return About(self.strong(text), topics.article(words), topics.article_tells(words))

    def tells(self, about: About, sentence: str) -> float:
        """Log-odds, by words alone, that a sentence of an article tells a political act; 0 without the linear model."""
        return self.mixture.topics.tells(about.acts, sentence) if self.mixture else 0.0

    def heard(self, trigger: str) -> bool:
        """Whether a word of a trigger names acts in the corpus; yes without the linear model."""
        return self.mixture is None or self.mixture.topics.heard(trigger)

    def completed(self, claims: Sequence[Claim], parses: Sequence[Parse], about: About) -> list[Claim]:
        """The claims of one article with contexts: the row's own and the mode's, then those that words, event and network together make
        likely, also by what the network reads at the article's other claims. Without the linear model, those that the claim's sentence
        signals where the article is about them too."""
        found = [self.signals(claim.sentence) for claim in claims]
        if self.mixture is not None and claims:
            mixed = zip(found, self.mixture.probabilities(self.evidence(claims, parses, about, found)), strict=True)
            found = [{name: f"{signals.get(name, '')} {p:.2f}".strip() for name, p in own.items()} for signals, own in mixed]
        else:
            found = [{name: word for name, word in own.items() if name in about.strong or not about.strong} for own in found]
        return [self._with(claim, own) for claim, own in zip(claims, found, strict=True)]

    def evidence(
        self, claims: Sequence[Claim], parses: Sequence[Parse], about: About, signals: Sequence[Iterable[str]]
    ) -> dict[str, Numbers]:
        """What speaks for the contexts of the claims of one article, as log-odds [claims, contexts] by part; `signals`: those of each
        claim's sentence. Needs the linear model."""
        if self.mixture is None or about.numbers is None:
            raise ValueError("without the linear model there are no numbers")
        of, topics = {parse.sentence.index: parse for parse in parses}, self.mixture.topics
        read = np.array([topics.read(_at_trigger(claim, of[claim.sentence_index])) for claim in claims])
        acts = [act_features(c.event, c.mode, own, about.strong) for c, own in zip(claims, signals, strict=True)]
        return {
            "article": np.tile(about.numbers, (len(claims), 1)), "sentence": np.array([topics.sentence(c.sentence) for c in claims]),
            "act": np.array([topics.act(features) for features in acts]), "network": read, "story": np.tile(read.mean(0), (len(claims), 1)),
        }

    def _with(self, claim: Claim, found: dict[str, str]) -> Claim:
        """The claim with the contexts of its row, its mode and those found, each with its reason."""
        names, why = list(claim.context), list(claim.why)
        own = self._of_pair.get((claim.event, claim.mode or ""))
        if own and own not in names:
            names.append(own)
            why.append(Reason("contexts", f"mode-{own}", claim.trigger))
        for name, word in found.items():
            if name not in names:
                names.append(name)
                why.append(Reason("contexts", name, word))
        names = [n for n in names if not (self._traps.get(n, frozenset()) & set(names))]
        return replace(claim, context=tuple(names), why=tuple(why))


def _at_trigger(claim: Claim, parse: Parse) -> dict[str, float]:
    """The network's contexts at the likelier act of the first and the last word of a claim's trigger, which tell it."""
    inside = [w.index for w in parse.words if w.start < claim.trigger_end and claim.trigger_start < w.end]
    act = parse.act_among({*inside[:1], *inside[-1:]})
    return act.contexts if act else {}
