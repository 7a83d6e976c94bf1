"""Fits how much the lexicon's rows and the event network count, and writes `weights.json` beside the model.

    python training/weigh_events.py --corpus corpus/articles --model src/detente/data/models/en

How often each row is right comes from the training part, by the lexicon alone. The weights of the features and the least probability
(the one with the best F1 of events) come from the development part, the exponents of a given pair from its pairs. Nothing is read from
the test part, and nothing from any measuring set. Without `--quick` no country of a party is inferred, and contexts come from words alone:
`weigh_nations.py` and `weigh_contexts.py` come after.
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from event_bench import Bench, written
from weigh_parties import fit_parties, newton

from detente.flow.weights import Weights, load_weights
from detente.pipeline import Coder
from detente.records import Claim
from detente.score.corpus_file import read_corpus
from detente.settings import load_settings

# The bonus of cue words for the status is set by hand: a little more than is best on the development part, so that plain negations and
# conditions hold whatever the network says.
START = Weights(
    {}, 0.66, {"bias": -0.6, "net": 0.7, "row": 1.0, "net_event": 0.5}, {"bias": 0.0, "row_odds": 1.0},
    0.45, 2.0, 3.0, 0.5, {role: {} for role in ("actor", "recipient", "speaker")}, dict.fromkeys(("actor", "recipient", "speaker"), -3.0),
    {role: {"bias": 0.0, "net": 1.0} for role in ("actor", "recipient", "speaker")}, 0.5, 0.0, 0.3,
    {"parts": {"article": 1.0, "sentence": 1.0, "act": 1.0}, "bias": {}}, 0.5, 1.0, {"bias": -5.0}, 1.0,
)
RULES = ("row_odds", "actor", "recipient", "guessed", "hearsay")
BOTH = (*RULES, "row", "net", "net_event", "topic", "unheard", "again")


def row_odds(judged: list[tuple[Claim, bool]]) -> tuple[dict[str, float], float]:
    """Log-odds of being right by row, drawn to the mean by two claims' worth of it; and the mean."""
    right, wrong = Counter[str](), Counter[str]()
    for claim, good in judged:
        (right if good else wrong)[claim.rule] += 1
    mean = right.total() / max(1, right.total() + wrong.total())
    rows = {}
    for rule in right | wrong:
        share = (right[rule] + 2 * mean) / (right[rule] + wrong[rule] + 2)
        rows[rule] = round(math.log(share / (1 - share)), 2)
    return dict(sorted(rows.items())), round(math.log(mean / (1 - mean)), 2)


def features_of(claim: Claim, names: Sequence[str]) -> list[float]:
    """The features that the claim's last reason states."""
    text = next(r.text for r in reversed(claim.why) if r.step == "confidence")
    own = {name: float(value) for name, value in (item.split(" ") for item in text.split(", ") if item)}
    return [own.get(name, 0.0) for name in names]


def fit(judged: list[tuple[Claim, bool]], names: Sequence[str]) -> dict[str, float]:
    """Weights of the features by which claims are right."""
    x = np.array([[1.0, *features_of(claim, names)] for claim, _ in judged])
    w = newton(x, np.array([float(good) for _, good in judged]))
    return {name: round(float(value), 3) for name, value in zip(("bias", *names), w, strict=True)}


def best_threshold(judged: list[tuple[Claim, bool]], weights: Weights, gold: int) -> float:
    """The largest least probability whose F1 of events lies within half a point of the best: of equals the more precise."""
    scored = [(weights.probability(dict(zip(BOTH, features_of(c, BOTH), strict=True)), True), good) for c, good in judged]

    def f1(least: float) -> float:
        kept = [good for p, good in scored if p >= least]
        return 2 * sum(kept) / max(1, len(kept) + gold)

    options = {k / 100: f1(k / 100) for k in range(20, 65)}
    best = max(options.values())
    return max(least for least, value in options.items() if value >= best - 0.005)


def search(bench: Bench, weights: Weights) -> Weights:
    """Coordinate search of the few numbers that no regression gives, each by the sum of the fields it moves."""
    grids = {
        "event": ((0.5, 1.0, 1.5, 2.0, 3.0), ("event_f1",)),
        "spoken": ((0.35, 0.5, 0.65), ("voice_f1",)), "unspoken": ((0.0, 0.05, 0.1, 0.2, 0.3), ("voice_f1",)),
    }
    for name, (values, fields) in grids.items():
        found = {value: bench.figures(replace(weights, **{name: value})) for value in values}
        best = max(values, key=lambda v: sum(float(found[v][f]) for f in fields))
        print(name, {v: [found[v][f] for f in fields] for v in values}, "→", best, flush=True)
        weights = replace(weights, **{name: best})
    return weights


def pair_exponents(bench: Bench, weights: Weights) -> tuple[float, float]:
    """Exponents of rows and network with the best accuracy for the marked pairs of the part."""
    items, gold = [], []
    for article in bench.articles:
        for sentence in article.sentences:
            for claim in sentence.claims:
                actor = next((p for p in claim.actor if p.start >= 0), None)
                recipient = next((p for p in claim.recipient if p.start >= 0), None)
                if actor and recipient:
                    items.append((sentence.text, (actor.start, actor.end), (recipient.start, recipient.end)))
                    gold.append(claim.event)
    opinions = []
    for rules, read in ((1.0, 0.0), (0.0, 1.0)):
        bench.coder._weights = replace(weights, pair_rules=rules, pair_read=read)
        opinions.append([p.probabilities for p in bench.coder.relations(items)])
    scores = {}
    for rules, read in itertools.product((0.0, 0.35, 0.5, 0.7, 1.0), (0.0, 0.7, 1.0, 1.4)):
        found = [max(one, key=lambda e: one[e] ** rules * two[e] ** read) for one, two in zip(*opinions, strict=True)]
        scores[rules, read] = sum(f == g for f, g in zip(found, gold, strict=True)) / len(gold)
        print("pair", rules, read, round(scores[rules, read], 4), flush=True)
    return max(scores, key=lambda key: scores[key])


def main() -> None:
    """Command line; see the module's first lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--corpus", "--model"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="rows, features and least probability alone; the rest stays as it is")
    args = parser.parse_args()
    start = load_weights(args.model) if args.quick else START
    written(args.model, start)
    paths = sorted(args.corpus.glob("*.txt"))
    articles = read_corpus(paths, Coder(load_settings(model=args.model, coder="rules")).knowledge.ontology)
    train = Bench([a for a in articles if a.part == "train"], args.model, "rules")
    rows, row = row_odds(train.judged(START))
    dev = [a for a in articles if a.part == "dev"]
    gold = sum(len(s.claims) for a in dev for s in a.sentences)
    alone, together = Bench(dev, args.model, "rules"), Bench(dev, args.model, "both")
    weights = replace(start, rows=rows, row=row)
    weights = replace(weights, rules=fit(alone.judged(weights), RULES))
    if not args.quick:
        weights = search(together, fit_parties(weights, train, together))
    judged = together.judged(replace(weights, stands=0.0))
    weights = replace(weights, both=fit(judged, BOTH))
    weights = replace(weights, stands=best_threshold(judged, weights, gold))
    print("stands", weights.stands, weights.both, flush=True)
    if not args.quick:
        rules, read = pair_exponents(together, weights)
        weights = replace(weights, pair_rules=rules, pair_read=read)
    written(args.model, weights)
    print("rules alone", alone.figures(weights))
    print("both", together.figures(weights))


if __name__ == "__main__":
    main()
