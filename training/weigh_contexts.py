"""Fits how much words, event network and the article's other claims count for a claim's contexts, and writes it into `weights.json`.

    python training/weigh_contexts.py --corpus corpus/articles --model src/detente/data/models/en

From the development part alone: each context of each right claim a line. Prints the F1 of contexts for held-out fifths of the articles.
`contexts.py` and `export_events.py` come before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from event_bench import Bench, asked, written
from numpy.typing import NDArray
from weigh_parties import newton

from detente.flow.weights import load_weights

PARTS = ("article", "sentence", "act", "network", "story")
FOLDS = 5
Matrix = NDArray[np.float64]


@dataclass(slots=True)
class Lines:
    """Evidence of right claims [claims, contexts, parts], which contexts are marked [claims, contexts], the claims' articles [claims]."""

    evidence: Matrix
    marked: Matrix
    article: NDArray[np.int64]

    def features(self, chosen: NDArray[np.bool_]) -> tuple[Matrix, Matrix]:
        """Lines of some claims: one for each context, its parts and which context it is; whether it is marked."""
        x, contexts = self.evidence[chosen], self.marked.shape[1]
        which = np.tile(np.eye(contexts), (len(x), 1))
        return np.hstack([x.reshape(-1, len(PARTS)), which]), self.marked[chosen].reshape(-1)


def lines_of(bench: Bench) -> Lines:
    """The right claims of a part."""
    finder = bench.coder._contexts
    assert finder.mixture is not None
    place = {name: k for k, name in enumerate(finder.mixture.topics.contexts)}
    evidence, marked, numbers = [], [], []
    for number, (text, works, right) in enumerate(bench.explained()):
        claims = [claim for work in works for claim in work.claims]
        if not claims:
            continue
        signals = [finder.signals(claim.sentence) for claim in claims]
        parts = finder.evidence(claims, [work.parse for work in works], finder.about(text), signals)
        line = {claim.id: k for k, claim in enumerate(claims)}
        for gold, claim, _ in right:
            evidence.append(np.stack([parts[name][line[claim.id]] for name in PARTS], axis=-1))
            marked.append([float(name in gold.contexts) for name in place])
            numbers.append(number)
    return Lines(np.array(evidence, dtype=np.float64), np.array(marked), np.array(numbers))


def best_least(chances: Matrix, marked: Matrix) -> tuple[float, float]:
    """The least probability with the best F1 over all contexts, and that F1."""
    def f1(least: float) -> float:
        found = chances >= least
        return float(2 * (found * marked).sum() / max(1.0, found.sum() + marked.sum()))

    return max(((k / 100, f1(k / 100)) for k in range(20, 50)), key=lambda pair: pair[1])


def main() -> None:
    """Command line; see the module's first lines."""
    model, articles = asked(__doc__)
    bench = Bench([a for a in articles if a.part == "dev"], model, "both")
    lines = lines_of(bench)
    chances = np.zeros_like(lines.marked)
    for fold in range(FOLDS):
        held = lines.article % FOLDS == fold
        x, _ = lines.features(held)
        chances[held] = (1 / (1 + np.exp(-x @ newton(*lines.features(~held))))).reshape(-1, chances.shape[1])
    least, f1 = best_least(chances, lines.marked)
    print(f"{len(lines.marked)} claims, held out: F1 {f1:.4f} from probability {least:.2f} on")
    fitted = newton(*lines.features(lines.article >= 0))
    assert bench.coder._contexts.mixture is not None
    names = bench.coder._contexts.mixture.topics.contexts
    parts = {name: round(float(value), 3) for name, value in zip(PARTS, fitted[: len(PARTS)], strict=True)}
    bias = {name: round(float(value), 2) for name, value in zip(names, fitted[len(PARTS) :], strict=True)}
    written(model, replace(load_weights(model), context=least, contexts={"parts": parts, "bias": bias}))
    print(parts)


if __name__ == "__main__":
    main()
