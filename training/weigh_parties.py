"""Fits how the way from a trigger to a word and the network's opinion together make the word a party of the act.

    python training/weigh_parties.py --corpus corpus/articles --model src/detente/data/models/en

Part of `weigh_events.py`; alone it writes `paths`, `path` and `party` of `weights.json` anew and leaves the rest.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from event_bench import Bench, asked, written
from event_data import as_sentence, head_of, words_in
from numpy.typing import NDArray

from detente.flow.actors import actors_of
from detente.flow.geography import Geography
from detente.flow.learned import UNLIKELY, UNREAD
from detente.flow.memory import Memory
from detente.flow.paths import paths_of
from detente.flow.weights import Weights, load_weights
from detente.knowledge import Knowledge
from detente.pipeline import make_article
from detente.records import Parse
from detente.score.corpus_file import GoldSentence

ROLES = ("actor", "recipient", "speaker")
AT_ONCE = 2000  # sentences that are parsed together
OFTEN = 15  # a way that was seen less often counts with all other rare ones
NEAR = 0.3  # a way whose log-odds lie no further from theirs is left out
Party = tuple[str, float, bool, bool]  # way, the network's log-odds, whether a known actor is named, whether it is the party


def parties(bench: Bench) -> Iterator[tuple[str, Party]]:
    """Each word that may be a party of a marked claim, with the role; the trigger is where the mark-up puts it."""
    golds = [s for a in bench.articles for s in a.sentences]
    for begin in range(0, len(golds), AT_ONCE):
        part = golds[begin : begin + AT_ONCE]
        parses = bench.coder.language.parse([as_sentence(gold.text, number) for number, gold in enumerate(part, begin)])
        for gold, parse in zip(part, parses, strict=True):
            yield from _of_sentence(gold, parse, bench.coder.knowledge)


def _of_sentence(gold: GoldSentence, parse: Parse, knowledge: Knowledge) -> Iterator[tuple[str, Party]]:
    memory = Memory(None, Geography(make_article(gold.text, None, None), knowledge))
    actors = actors_of(parse, knowledge, memory)
    for claim in gold.claims:
        inside = words_in(claim.on, parse)
        if not inside:
            continue
        trigger = head_of(inside, parse)
        act = next((a for a in parse.acts or () if a.word in inside), None)
        for role, pieces in (("actor", claim.actor), ("recipient", claim.recipient), ("speaker", (claim.says,))):
            heads = {head_of(own, parse) for piece in pieces if piece and (own := words_in(piece, parse))}
            read = dict(act.roles[role]) if act else {}
            for word, way in paths_of(parse, act.word if act else trigger).items():
                net = math.log(max(read.get(word, UNREAD), 1e-4)) - math.log(max(1 - read.get(word, UNREAD), 1e-4))
                yield role, (way, net, actors.hit_at(word) is not None, word in heads)


def ways(found: Iterable[tuple[str, Party]]) -> dict[str, tuple[dict[str, float], float]]:
    """By role: log-odds of each way seen often enough, and of all others together."""
    counts = {role: (Counter[str](), Counter[str]()) for role in ROLES}
    for role, (way, _, _, good) in found:
        counts[role][not good][way] += 1
    return {role: _odds(right, wrong) for role, (right, wrong) in counts.items()}


def _odds(right: Counter[str], wrong: Counter[str]) -> tuple[dict[str, float], float]:
    rare = {way for way in right | wrong if right[way] + wrong[way] < OFTEN}
    rest = (sum(right[w] for w in rare) + 1) / (sum(right[w] + wrong[w] for w in rare) + 2)
    table = {way: round(math.log((right[way] + rest) / (wrong[way] + 1 - rest)), 2) for way in sorted((right | wrong).keys() - rare)}
    rest_odds = round(math.log(rest / (1 - rest)), 2)
    return {way: odds for way, odds in table.items() if abs(odds - rest_odds) > NEAR}, rest_odds


def newton(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of a logistic regression with a small ridge on all but the first column."""
    w: NDArray[np.float64] = np.zeros(x.shape[1])
    ridge = np.diag([0.0] + [1.0] * (x.shape[1] - 1))
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        w = w + np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge, x.T @ (y - p) - ridge @ w)
    return w


def fit_parties(weights: Weights, train: Bench, dev: Bench) -> Weights:
    """Ways from the training part, their weight beside the network's opinion from the development part."""
    tables = ways(parties(train))
    weights = replace(weights, paths={r: t for r, (t, _) in tables.items()}, path={r: rest for r, (_, rest) in tables.items()})
    seen: dict[str, list[tuple[float, float, float, bool]]] = {role: [] for role in ROLES}
    for role, (way, net, known, good) in parties(dev):
        odds = weights.paths[role].get(way, weights.path[role])
        if net > -3.5 or odds > UNLIKELY:
            seen[role].append((net, odds, float(known), good))
    party = {}
    for role, found in seen.items():
        x = np.array([[1.0, net, odds, known] for net, odds, known, _ in found])
        values = newton(x, np.array([float(good) for *_, good in found]))
        party[role] = {name: round(float(v), 3) for name, v in zip(("bias", "net", "path", "known"), values, strict=True)}
    print("parties", party, flush=True)
    return replace(weights, party=party)


def main() -> None:
    """Command line; see the module's first lines."""
    model, articles = asked(__doc__)
    train, dev = ([a for a in articles if a.part == part] for part in ("train", "dev"))
    written(model, fit_parties(load_weights(model), Bench(train, model, "rules"), Bench(dev, model, "both")))


if __name__ == "__main__":
    main()
