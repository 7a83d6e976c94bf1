"""How much a row of the lexicon and the event network count: numbers that `training/weigh_events.py` fits on held-out articles.

A claim's confidence is the probability that its event is right: the logistic function of a weighted sum of few features, one set of weights
for lexicon and network together, one for the lexicon alone. docs/quality/README.md shows how well these probabilities hold.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import ModelError

# Rules by which a mention was guessed rather than read.
GUESSES = ("pronoun", "named-before", "story-country", "thing-of-nation", "place-of-country")
INFERRED = "+country-inferred"  # ends the rule of a mention whose country the article tells, not its words


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the scheme.

    `rows`: log-odds that a row's claim is right, by row, `row` for rows not seen; `both`, `rules`: weights by feature; `stands`: the least
    probability of a claim that is kept; `event`: what a row's event adds to the logarithm of the network's probability; `status`: the same
    for a status told by cue words, `plain` where there is no cue; `paths`: log-odds that a word is actor, recipient or speaker by its way
    from the trigger, `path` for ways not seen; `party`: weights of `bias net path known` for each of the three; `spoken`, `context`: least
    probabilities; `contexts`: weights of what speaks for a context (`parts`) and what each begins with (`bias`);
    `unspoken`: below which no speaker is believed; `pair_rules`, `pair_read`: exponents for a given pair; `nation`: what
    speaks for a country of a party that its words leave open (`nations`), `nation_least`: the least probability of one that is believed.
    """

    rows: Mapping[str, float]
    row: float
    both: Mapping[str, float]
    rules: Mapping[str, float]
    stands: float
    event: float
    status: float
    plain: float
    paths: Mapping[str, Mapping[str, float]]
    path: Mapping[str, float]
    party: Mapping[str, Mapping[str, float]]
    spoken: float
    unspoken: float
    context: float
    contexts: Mapping[str, Mapping[str, float]]
    pair_rules: float
    pair_read: float
    nation: Mapping[str, float]
    nation_least: float

    def probability(self, features: Mapping[str, float], learned: bool) -> float:
        """That a claim with these features is right. Features without a weight count nothing."""
        return _share(self.both if learned else self.rules, features)

    def party_probability(self, role: str, net: float, way: str, known: bool) -> float:
        """That a word is a party. `net`: the network's log-odds; `way`: as `paths` names it; `known`: whether a known actor is named."""
        features = {"net": net, "path": self.paths[role].get(way, self.path[role]), "known": float(known)}
        return _share(self.party[role], features)

    def nation_probability(self, features: Mapping[str, float]) -> float:
        """That a party is of a country with these features."""
        return _share(self.nation, features)


def _share(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def load_weights(folder: Path) -> Weights:
    """The weights of a model folder. Raises ModelError for a missing or damaged file."""
    path = folder / "weights.json"
    try:
        return Weights(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{path}: {error}", "install the package again or point Settings.model at a complete folder") from error
