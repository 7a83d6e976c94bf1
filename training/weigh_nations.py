"""Fits what speaks for a country of a party whose words name none, and writes it into `weights.json` beside the model.

    python training/weigh_nations.py --corpus corpus/articles --model src/detente/data/models/en

From the development part alone: parties of right claims that have a sector and no country, each country that the article names a line, once
with the whole article and once as if the sentence stood alone. Prints, for held-out tenths of the articles, how many such parties would get
a country and how many of these the mark-up has so; a party that the mark-up gives no country either counts as wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from event_bench import Bench, asked, written
from numpy.typing import NDArray
from weigh_parties import newton

from detente.flow.mentions import SentenceActors
from detente.flow.nations import is_open, scene_of
from detente.flow.weights import load_weights
from detente.records import Claim, Mention
from detente.score.corpus import overlaps
from detente.score.corpus_file import GoldClaim

FEATURES = ("share", "place", "before", "here", "here_alone", "last", "first", "same", "alone", "sentence", "opposite", "abroad", "comes")
LEAST = 0.7  # nine of ten are right then, in whole articles


@dataclass(slots=True)
class Case:
    """One party: its article's number, whether its sentence was taken alone, the evidence by country, the country as marked up."""

    article: int
    alone: bool
    evidence: dict[str, dict[str, float]]
    country: str


def open_parties(gold: GoldClaim, claim: Claim, start: int) -> Iterator[tuple[str, Mention, str]]:
    """Side, mention and marked country of the parties whose country is to be found."""
    for side, pieces, mentions in (("actor", gold.actor, claim.actor), ("recipient", gold.recipient, claim.recipient)):
        free = list(mentions)
        for piece in pieces:
            mention = next((m for m in free if overlaps(piece, (m.start, m.end), start)), None)
            if mention:
                free.remove(mention)
                if piece.code and is_open(mention):
                    yield side, mention, piece.code.partition(":")[0]


def cases(bench: Bench) -> list[Case]:
    """All open parties of right claims of a part, each twice."""
    result: list[Case] = []
    knowledge = bench.coder.knowledge
    for number, (_, works, right) in enumerate(bench.explained()):
        actors: list[SentenceActors] = [work.actors for work in works]
        whole = scene_of(actors, knowledge)
        for gold, claim, start in right:
            single = scene_of([a for a in actors if a.parse.sentence.index == claim.sentence_index], knowledge)
            for side, mention, country in open_parties(gold, claim, start):
                result += [Case(number, alone, scene.evidence(claim, mention, side), country) for alone, scene in
                           ((False, whole), (True, single))]
    return result


def lines(found: list[Case]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One line for each country of each case, and whether it is the marked one."""
    rows = [([1.0, *(features.get(name, 0.0) for name in FEATURES)], country == case.country)
            for case in found for country, features in case.evidence.items()]
    return np.array([row for row, _ in rows]), np.array([float(right) for _, right in rows])


def named(fitted: NDArray[np.float64]) -> dict[str, float]:
    """Weights by name."""
    return {name: round(float(value), 3) for name, value in zip(("bias", *FEATURES), fitted, strict=True)}


def main() -> None:
    """Command line; see the module's first lines."""
    model, articles = asked(__doc__)
    weights = replace(load_weights(model), nation={"bias": -30.0}, nation_least=1.0)
    bench = Bench([a for a in articles if a.part == "dev"], model, "both")
    bench.coder._weights = weights
    found = cases(bench)
    right, given = {False: 0, True: 0}, {False: 0, True: 0}
    for tenth in range(10):
        held = replace(weights, nation=named(newton(*lines([c for c in found if c.article % 10 != tenth]))))
        for case in (c for c in found if c.article % 10 == tenth):
            chance, country = max(((held.nation_probability(f), country) for country, f in case.evidence.items()), default=(0.0, ""))
            given[case.alone] += chance >= LEAST
            right[case.alone] += chance >= LEAST and country == case.country
    for alone, words in ((False, "whole articles"), (True, "sentences alone")):
        count = sum(c.alone == alone for c in found)
        print(f"{words}: {count} open parties, {given[alone]} given a country, {right[alone]} of these right")
    weights = replace(weights, nation=named(newton(*lines(found))), nation_least=LEAST)
    print(weights.nation)
    written(model, weights)


if __name__ == "__main__":
    main()
