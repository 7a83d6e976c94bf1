"""Fits how the way from a trigger to a word and the network's opinion together make the word a party of the act."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
from event_bench import Bench
from event_data import as_sentence, head_of, words_in
from numpy.typing import NDArray

from detente.flow.actors import actors_of
from detente.flow.geography import Geography
from detente.flow.learned import UNLIKELY, UNREAD
from detente.flow.memory import Memory
from detente.flow.paths import paths_of
from detente.flow.weights import Weights
from detente.pipeline import make_article

Party = tuple[str, float, bool, bool]  # way, the network's log-odds, whether a known actor is named, whether it is the party


def parties(bench: Bench) -> dict[str, list[Party]]:
    """Each word that may be a party of a marked claim, by role; the trigger is where the mark-up puts it."""
    result: dict[str, list[Party]] = {"actor": [], "recipient": [], "speaker": []}
    knowledge = bench.coder.knowledge
    golds = [s for a in bench.articles for s in a.sentences]
    parses = bench.coder.language.parse([as_sentence(gold.text, number) for number, gold in enumerate(golds)])
    for gold, parse in zip(golds, parses, strict=True):
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
                    result[role].append((way, net, actors.hit_at(word) is not None, word in heads))
    return result


def ways(found: list[Party]) -> tuple[dict[str, float], float]:
    """Log-odds of each way seen five times and more, and of all others together."""
    right, wrong = Counter[str](), Counter[str]()
    for way, _, _, good in found:
        (right if good else wrong)[way] += 1
    rare = {way for way in right | wrong if right[way] + wrong[way] < 5}
    rest = (sum(right[w] for w in rare) + 1) / (sum(right[w] + wrong[w] for w in rare) + 2)
    table = {way: round(math.log((right[way] + rest) / (wrong[way] + 1 - rest)), 2) for way in sorted((right | wrong).keys() - rare)}
    rest_odds = round(math.log(rest / (1 - rest)), 2)
    return {way: odds for way, odds in table.items() if abs(odds - rest_odds) > 0.3}, rest_odds


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
    tables = {role: ways(found) for role, found in parties(train).items()}
    weights = replace(weights, paths={r: t for r, (t, _) in tables.items()}, path={r: rest for r, (_, rest) in tables.items()})
    party = {}
    for role, found in parties(dev).items():
        seen = [(w, n, k, good) for w, n, k, good in found if n > -3.5 or weights.paths[role].get(w, weights.path[role]) > UNLIKELY]
        x = np.array([[1.0, n, weights.paths[role].get(w, weights.path[role]), float(k)] for w, n, k, _ in seen])
        values = newton(x, np.array([float(good) for *_, good in seen]))
        party[role] = {name: round(float(v), 3) for name, v in zip(("bias", "net", "path", "known"), values, strict=True)}
    print("parties", party, flush=True)
    return replace(weights, party=party)
