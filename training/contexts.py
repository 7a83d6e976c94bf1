"""Trains the contexts: which of PLOVER's contexts a claim has, from the words of its article and its sentence and from its event and mode.

    python training/contexts.py --corpus corpus/articles --out src/detente/data/models/en

A linear model: each word of the article and of the sentence adds a number to each context. `--out` receives `contexts.json.gz`. How much
it counts beside the event network, and from which probability on, `weigh_contexts.py` finds. A second model of the same kind, on all
sentences, tells from words alone whether a sentence has an act; beside it stand the words that name acts in the training part.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from detente.flow.contexts import ContextFinder
from detente.flow.topics import act_features, words_of
from detente.knowledge import Knowledge
from detente.score.corpus_file import GoldArticle, read_corpus

LEAST = 14  # hundredths; 10 of them cost 100 kB more
Row = tuple[list[int], list[int], list[int], list[int]]  # article words, sentence words, other features, contexts


class Linear(nn.Module):
    """Sums of embeddings: one table for words of the article, one for words of the sentence, one for event, mode and signal words."""

    def __init__(self, words: int, acts: int, contexts: int) -> None:
        super().__init__()
        self.article = nn.EmbeddingBag(words, contexts, mode="sum")
        self.sentence = nn.EmbeddingBag(words, contexts, mode="sum")
        self.act = nn.EmbeddingBag(acts, contexts, mode="sum")
        self.bias = nn.Parameter(torch.full((contexts,), -3.0))
        for table in (self.article, self.sentence, self.act):
            nn.init.zeros_(table.weight)

    def forward(self, rows: list[Row], drop: float = 0.0) -> Tensor:
        """Logits [rows, contexts]; `drop`: share of words left out, the others weigh more."""
        total = self.bias
        for table, place in ((self.article, 0), (self.sentence, 1), (self.act, 2)):
            kept = [[w for w in row[place] if random.random() >= drop] for row in rows] if place < 2 else [row[place] for row in rows]
            flat = torch.tensor([w for line in kept for w in line], dtype=torch.long)
            starts = torch.tensor([0, *[len(line) for line in kept]][:-1]).cumsum(0)
            scale = torch.tensor([1 / max(1, len(line)) ** 0.5 for line in kept])[:, None] if place == 0 else 1.0
            total = total + table(flat, starts) * scale
        return total


def numbers_of(texts: Iterable[str], words: dict[str, int]) -> list[int]:
    """The known words of some texts, by number."""
    return sorted({words[w] for text in texts for w in words_of(text) if w in words})


def rows_of(
    articles: list[GoldArticle], words: dict[str, int], acts: dict[str, int], contexts: dict[str, int], finder: ContextFinder
) -> list[Row]:
    """One row for each claim."""
    result = []
    for article in articles:
        strong = finder.strong(article.text()[0])
        whole = numbers_of((s.text for s in article.sentences), words)
        for sentence in article.sentences:
            own = numbers_of([sentence.text], words)
            signals = finder.signals(sentence.text)
            for claim in sentence.claims:
                act = [acts[name] for name in act_features(claim.event, claim.mode, signals, strong)]
                result.append((whole, own, act, [contexts[c] for c in claim.contexts]))
    return result


def target(rows: list[Row], size: int) -> Tensor:
    """[rows, contexts] of 0 and 1."""
    result = torch.zeros(len(rows), size)
    for line, row in enumerate(rows):
        result[line, row[3]] = 1
    return result


def f1_at(logits: Tensor, gold: Tensor, least: float) -> float:
    """F1 over all contexts of all claims."""
    found = (logits.sigmoid() >= least).float()
    return float(2 * (found * gold).sum() / (found.sum() + gold.sum()).clamp(min=1))


def sentences_of(articles: list[GoldArticle], words: dict[str, int]) -> list[Row]:
    """One row for each sentence; its one "context" is that it tells an act."""
    result: list[Row] = []
    for article in articles:
        whole = numbers_of((s.text for s in article.sentences), words)
        for sentence in article.sentences:
            own = numbers_of([sentence.text], words)
            result.append((whole, own, [], [0] if sentence.claims else []))
    return result


def fitted(rows: list[Row], held: list[Row], sizes: tuple[int, int, int], args: argparse.Namespace) -> Linear:
    """A model of `rows`, whose F1 at the best threshold is printed for the rows held out; `sizes`: words, other features, columns."""
    net = Linear(*sizes)
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.lr, weight_decay=args.decay)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.05, args.epochs)
    gold = target(held, sizes[2])
    for epoch in range(args.epochs):
        random.shuffle(rows)
        for begin in range(0, len(rows), 64):
            part = rows[begin : begin + 64]
            loss = F.binary_cross_entropy_with_logits(net(part, args.drop), target(part, sizes[2])) * min(20, sizes[2])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        schedule.step()
        if epoch % 3 == 2:
            with torch.no_grad():
                logits = net(held)
            best = max((k / 100 for k in range(20, 60, 5)), key=lambda least: f1_at(logits, gold, least))
            print(epoch + 1, f"loss {float(loss):.3f}, development F1 {f1_at(logits, gold, best):.4f} at {best}", flush=True)
    return net


def main() -> None:
    """Command line; see the module's first lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--corpus", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--decay", type=float, default=0.1)
    parser.add_argument("--drop", type=float, default=0.6)
    parser.add_argument("--lr", type=float, default=0.006)
    parser.add_argument("--seed", type=int, default=20160704)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    ontology = Knowledge().ontology
    articles = read_corpus(sorted(args.corpus.glob("*.txt")), ontology)
    train, dev = ([a for a in articles if a.part == part] for part in ("train", "dev"))
    counts = Counter(w for a in train for w in {w for s in a.sentences for w in words_of(s.text)})
    words = {w: i for i, w in enumerate(sorted(w for w, n in counts.items() if n >= 5))}
    acts = {name: i for i, name in enumerate([*ontology.events, *(f"{e}/{m}" for e, m in ontology.pairs),
                                           *(f"{kind} {c}" for kind in ("signal", "strong") for c in ontology.contexts)])}
    contexts = {name: i for i, name in enumerate(ontology.contexts)}
    finder = ContextFinder(ontology)
    rows, held = (rows_of(part, words, acts, contexts, finder) for part in (train, dev))
    net = fitted(rows, held, (len(words), len(acts), len(contexts)), args)
    told, said = (sentences_of(part, words) for part in (train, dev))
    tells = fitted(told, said, (len(words), 1, 1), args)
    content = numbers_out((net, tells), words, acts, list(contexts))
    content["tells"]["triggers"] = triggers_of(train)
    raw = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    path = args.out / "contexts.json.gz"
    path.write_bytes(gzip.compress(raw, 9, mtime=0))
    print(f"{len(words)} words, {path.stat().st_size} bytes")


def triggers_of(articles: list[GoldArticle]) -> list[str]:
    """The words that stand in a trigger in at least one of thirty sentences that have them, in order."""
    told, all_ = Counter[str](), Counter[str]()
    for sentence in (s for a in articles for s in a.sentences):
        all_.update(words_of(sentence.text))
        told.update({w for c in sentence.claims for w in words_of(sentence.text[c.on.start : c.on.end])})
    return sorted(w for w, n in told.items() if 30 * n >= all_[w])


def numbers_out(
    nets: tuple[Linear, Linear], words: dict[str, int], acts: dict[str, int], contexts: list[str]
) -> dict[str, Any]:
    """Numbers in hundredths; words that move no context by LEAST, no sentence by 0.05 are left out. `nets`: of contexts, of sentences."""
    net, tells = nets

    def numbers(weight: Tensor) -> dict[str, int]:
        return {name: round(100 * float(weight[index, 0])) for name, index in words.items() if abs(float(weight[index, 0])) >= 0.05}

    def table(weight: Tensor, names: dict[str, int]) -> dict[str, dict[str, int]]:
        result = {}
        for name, index in names.items():
            own = {str(k): round(100 * v) for k, v in enumerate(weight[index].tolist()) if round(100 * abs(v)) >= LEAST}
            if own:
                result[name] = own
        return result
    return {
        "contexts": contexts, "bias": [round(100 * v) for v in net.bias.tolist()],
        "article": table(net.article.weight, words), "sentence": table(net.sentence.weight, words), "act": table(net.act.weight, acts),
        "tells": {"bias": round(100 * float(tells.bias[0])), "article": numbers(tells.article.weight),
                  "sentence": numbers(tells.sentence.weight)},
    }


if __name__ == "__main__":
    main()
