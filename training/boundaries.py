"""Trains the sentence splitter: a small network over the twelve tokens around each gap (a minute on one core).

    python training/boundaries.py --data DIR --out src/detente/data/models/en

Words come in as numbers of the most frequent lower-cased forms of the training text, their last letters otherwise.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from data import Sentence, read_conllu
from numpy.typing import NDArray
from torch import Tensor, nn

from detente.language.boundaries import FLAGS, LEFT, RIGHT, features
from detente.language.tokens import Token, tokenize

Paragraph = tuple[str, list[int]]
Arrays = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]


def paragraphs(sentences: list[Sentence]) -> list[Paragraph]:
    """Raw paragraphs with the offsets at which sentences start."""
    result: list[Paragraph] = []
    text, starts, glue = "", [], False
    for sentence in sentences:
        if sentence.new_paragraph and text:
            result.append((text, starts))
            text, starts, glue = "", [], False
        if text and not glue:
            text += " "
        starts.append(len(text))
        for index, (word, spaced) in enumerate(zip(sentence.words, sentence.space, strict=True)):
            text += (" " if spaced and index else "") + word
        glue = "SpaceAfter=No" in sentence.misc[-1]
    return [*result, (text, starts)] if text else result


def merged(parts: list[Paragraph], rng: random.Random) -> list[Paragraph]:
    """The paragraphs, and copies of some of them: joined by a line break, without capital letters, without stops."""
    result = list(parts)
    for (one, first), (two, second) in pairwise(parts):
        if rng.random() < 0.10:
            result.append((one + "\n" + two, first + [len(one) + 1 + s for s in second]))
    for text, starts in parts:
        if len(starts) > 1 and rng.random() < 0.03:
            result.append((text.upper() if len(text.upper()) == len(text) else text, starts))
    return result


class Jury(nn.Module):
    """Several splitters of different seeds; the mean of their probabilities (as logit) is steadier than each."""

    def __init__(self, members: list[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, words: Tensor, shapes: Tensor, flags: Tensor) -> Tensor:
        """As one splitter."""
        return torch.logit(torch.stack([torch.sigmoid(m(words, shapes, flags)) for m in self.members]).mean(0).clamp(1e-6, 1 - 1e-6))


class Splitter(nn.Module):
    """Embeddings of twelve tokens and their shapes, flags, one hidden layer."""

    def __init__(self, words: int, dim: int = 24, hidden: int = 96) -> None:
        super().__init__()
        self.words = nn.Embedding(words, dim)
        self.shapes = nn.Embedding(16, 8)
        self.hidden = nn.Linear((LEFT + RIGHT) * (dim + 8) + FLAGS, hidden)
        self.out = nn.Linear(hidden, 1)

    def forward(self, words: Tensor, shapes: Tensor, flags: Tensor) -> Tensor:
        """[N,12], [N,12], [N,FLAGS] → [N] logits."""
        x = torch.cat([self.words(words), self.shapes(shapes)], -1).flatten(1)
        x = torch.dropout(x, 0.3, self.training)
        x = torch.relu(self.hidden(torch.cat([x, flags], 1)))
        return self.out(torch.dropout(x, 0.3, self.training))[:, 0]


def vocabulary(parts: list[Paragraph], size: int = 6000) -> list[str]:
    """Frequent lower-cased forms, then endings of three letters for the rest; number 0 is "outside", 1 "unknown"."""
    forms, tails = Counter(), Counter()
    for text, _ in parts:
        for token in tokenize(text):
            word = text[token.start : token.end].lower()
            forms[word] += 1
            tails["~" + word[-3:]] += 1
    return ["", "?", *(w for w, n in forms.most_common(size) if n > 2), *(t for t, n in tails.most_common(2000) if n > 5)]


def numbers(text: str, tokens: list[Token], index: dict[str, int]) -> NDArray[np.int64]:
    """Vocabulary numbers of tokens; as `detente.language.sentences` does it."""
    words = [text[t.start : t.end].lower() for t in tokens]
    return np.array([index.get(w) or index.get("~" + w[-3:], 1) for w in words], dtype=np.int64)


def arrays(parts: list[Paragraph], index: dict[str, int]) -> Arrays:
    """All gaps of all paragraphs, with 1 where a sentence starts after the gap."""
    rows: list[Arrays] = []
    for text, starts in parts:
        tokens = tokenize(text)
        if len(tokens) > 1:
            begins = set(starts)
            gold = np.array([float(any(a.end <= s <= b.start for s in begins & set(range(a.end, b.start + 1))))
                             for a, b in pairwise(tokens)], dtype=np.float32)
            rows.append((*features(text, tokens, numbers(text, tokens, index)), gold))
    words, shapes, flags, gaps = (np.concatenate(column) for column in zip(*rows, strict=True))
    return words, shapes, flags, gaps


def f1(net: nn.Module, parts: list[Paragraph], index: dict[str, int]) -> tuple[float, float]:
    """Sentence F1 in percent (paragraph ends are given, as in raw text with blank lines) and the best threshold."""
    best = (0.0, 0.5)
    net.eval()
    cache = []
    for text, starts in parts:
        tokens = tokenize(text)
        if not tokens:
            continue
        score = np.zeros(0)
        if len(tokens) > 1:
            with torch.no_grad():
                score = torch.sigmoid(net(*map(torch.from_numpy, features(text, tokens, numbers(text, tokens, index))))).numpy()
        gold_first = [next((i for i, t in enumerate(tokens) if t.end > s), 0) for s in starts]
        cache.append((score, gold_first, len(tokens)))
    for threshold in np.arange(0.3, 0.75, 0.05):
        right = gold_count = guess_count = 0
        for score, gold_first, count in cache:
            guess = [0, *(np.flatnonzero(score > threshold) + 1).tolist()]
            pairs = set(zip(guess, [*guess[1:], count], strict=True))
            gold = set(zip(gold_first, [*gold_first[1:], count], strict=True))
            right, gold_count, guess_count = right + len(pairs & gold), gold_count + len(gold), guess_count + len(pairs)
        best = max(best, (200 * right / (gold_count + guess_count), float(threshold)))
    return best


def main() -> None:
    """Command line; see the module's first lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--members", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20160704)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    train = paragraphs(list(read_conllu(args.data / "en_ewt-train.conllu.gz")))
    train += paragraphs(list(read_conllu(args.data / "en_gum_selected-train.conllu.gz")))
    dev = paragraphs(list(read_conllu(args.data / "en_ewt-dev.conllu.gz")))
    words = vocabulary(train)
    index = {word: number for number, word in enumerate(words) if word}
    data = [torch.from_numpy(a) for a in arrays(merged(train, rng), index)]
    members: list[nn.Module] = []
    for seed in range(args.seed, args.seed + args.members):
        members.append(train_one(data, len(words), args.epochs, seed))
        print("seed", seed, f1(members[-1], dev, index), flush=True)
    net = Jury(members)
    score, threshold = f1(net, dev, index)
    test = f1(net, paragraphs(list(read_conllu(args.data / "en_ewt-test.conllu.gz"))), index)
    print("dev", score, "at", threshold, "test (best threshold)", test)
    save(net, words, threshold, args.out)


def train_one(data: list[Tensor], words: int, epochs: int, seed: int) -> Splitter:
    """One splitter; words are hidden at random so that shapes and neighbours count too."""
    torch.manual_seed(seed)
    net = Splitter(words)
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, epochs * (len(data[0]) // 512 + 1))
    for _ in range(epochs):
        net.train()
        for part in torch.randperm(len(data[0])).split(512):
            hide = (torch.rand(len(part), LEFT + RIGHT) < 0.08) & (data[0][part] > 1)
            logits = net(data[0][part].masked_fill(hide, 1), data[1][part], data[2][part])
            loss = nn.functional.binary_cross_entropy_with_logits(logits, data[3][part])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net


class Scored(nn.Module):
    """The splitter as shipped: probabilities instead of logits."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, words: Tensor, shapes: Tensor, flags: Tensor) -> Tensor:
        """As `Splitter.forward`, between 0 and 1."""
        return torch.sigmoid(self.net(words, shapes, flags))


def save(net: nn.Module, words: list[str], threshold: float, folder: Path) -> None:
    """Writes boundaries.onnx and boundaries.json (vocabulary and threshold) into the model's folder."""
    example = (torch.zeros(3, LEFT + RIGHT, dtype=torch.int64), torch.zeros(3, LEFT + RIGHT, dtype=torch.int64), torch.zeros(3, FLAGS))
    axes = {name: {0: "gap"} for name in ("words", "shapes", "flags", "scores")}
    torch.onnx.export(Scored(net).eval(), example, str(folder / "boundaries.onnx"), input_names=["words", "shapes", "flags"],
                      output_names=["scores"], dynamic_axes=axes, opset_version=17, dynamo=False)
    content = json.dumps({"threshold": round(threshold, 3), "vocabulary": words}, ensure_ascii=False)
    (folder / "boundaries.json").write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
