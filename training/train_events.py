"""Trains the event network on the project's corpus and the lexicon's own sentences.

    python training/train_events.py --corpus corpus/articles --minilm model.safetensors --out run-events --minutes 90

`--out` receives `events.pt` (averaged weights, sizes, labels) and `events.jsonl` with the development scores of each epoch. The parser must
be in place: its lower layers stay as they are. Every epoch reads the corpus anew, so that it may grow meanwhile; the learning rate falls
with the time that is left. `--jobs` processes share each step.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
import torch.distributed
import torch.multiprocessing
from event_batches import Rows, add_features, batches, contexts_of, gold_of, marked, tensors
from event_data import Example, Features, Labels, Reader
from event_losses import evaluate, losses
from event_network import EventNet, EventShape
from safetensors.torch import load_file

from detente.errors import DetenteError


def start_from_minilm(net: EventNet, path: Path, above: int) -> None:
    """The branch begins as the published encoder's layers over the common part."""
    old = load_file(str(path))
    with torch.no_grad():
        for index, layer in enumerate(net.layers):
            root = f"encoder.layer.{index + above}."
            parts = [f"{root}attention.self.{name}" for name in ("query", "key", "value")]
            layer.qkv.weight.copy_(torch.cat([old[f"{p}.weight"] for p in parts]))
            layer.qkv.bias.copy_(torch.cat([old[f"{p}.bias"] for p in parts]))
            for module, name in ((layer.out, "attention.output.dense"), (layer.norm1, "attention.output.LayerNorm"),
                                 (layer.up, "intermediate.dense"), (layer.down, "output.dense"), (layer.norm2, "output.LayerNorm")):
                module.weight.copy_(old[f"{root}{name}.weight"])
                module.bias.copy_(old[f"{root}{name}.bias"])


class Shelf:
    """The training examples of all processes. The first reads what is new in the corpus and leaves it in a file for the others."""

    def __init__(self, args: argparse.Namespace, first: bool) -> None:
        self._args, self._first, self._number = args, first, 0
        self.train: list[Example] = []
        self.train_rows: Rows = []
        self.dev: list[Example] = []
        self.dev_rows: Rows = []
        if first:
            self._reader, self._features = Reader(), Features(args.layer)
            self._read: set[str] = set()
        self.labels = Labels([], [], [])
        while args.resume and (args.out / f"part-{self._number}.pickle").is_file():
            self._take(pickle.loads((args.out / f"part-{self._number}.pickle").read_bytes()))
        if first:
            self._read |= {example.source for example in (*self.train, *self.dev)}

    def refresh(self) -> None:
        """Adds what the corpus holds beyond what was read before; all processes call it together."""
        path = self._args.out / f"part-{self._number}.pickle"
        if self._first:
            part = self._new()
            path.write_bytes(pickle.dumps(part, protocol=5))
        if self._args.jobs > 1:
            torch.distributed.barrier()
        self._take(part if self._first else pickle.loads(path.read_bytes()))

    def _take(self, part: dict[str, Any]) -> None:
        again = [i for i, example in enumerate(part["train"]) if example.source.startswith(tuple(self._args.twice))]
        self.train += part["train"] + [part["train"][i] for i in again]
        self.train_rows += part["train_rows"] + [part["train_rows"][i] for i in again]
        if not self._number:
            self.labels, self.dev, self.dev_rows = part["labels"], part["dev"], part["dev_rows"]
        self._number += 1

    def _new(self) -> dict[str, Any]:
        found: dict[str, list[Example]] = {"train": [], "dev": [], "test": []}
        beside = dict.fromkeys(found, found["train"])  # no part of these is ever measured on
        for folder, parts in ((self._args.corpus, found), *((folder, beside) for folder in self._args.beside)):
            for path in sorted(folder.glob("*.txt")):
                try:
                    self._reader.article_file(path, self._read, parts)
                except DetenteError as error:
                    print(f"left for later: {error}", flush=True)
        if not self._number:
            found["train"] += self._reader.lexicon(self._args.lexicon_weight)
        rows = {name: add_features(found[name], self._reader, self._features) for name in ("train", "dev")}
        return {"train": found["train"], "train_rows": rows["train"], "dev": found["dev"], "dev_rows": rows["dev"],
                "labels": self._reader.labels}


class Trainer:
    """Network, its averaged twin and the optimiser of one process."""

    def __init__(self, shelf: Shelf, args: argparse.Namespace, rank: int) -> None:
        self.shelf, self.args, self.rank = shelf, args, rank
        labels = shelf.labels
        self.shape = EventShape(len(labels.events), len(labels.modes), len(labels.contexts), layers=6 - args.layer)
        torch.manual_seed(args.seed)
        self.net = EventNet(self.shape, args.dropout, args.head_dropout)
        if args.resume:
            self.net.load_state_dict(torch.load(args.out / "events.pt", map_location="cpu")["weights"])
        else:
            start_from_minilm(self.net, args.minilm, args.layer)
        self.average = {name: value.detach().clone() for name, value in self.net.state_dict().items()}
        inner = [p for n, p in self.net.named_parameters() if n.startswith("layers.")]
        outer = [p for n, p in self.net.named_parameters() if not n.startswith("layers.")]
        rates = [{"params": inner, "lr": args.lr}, {"params": outer, "lr": args.head_lr}]
        self.optimiser = torch.optim.AdamW(rates, weight_decay=0.01, betas=(0.9, 0.98))
        self.rates = [args.lr, args.head_lr]
        self.steps, self.begin = 0, time.time()
        torch.manual_seed(args.seed + rank)

    def left(self) -> float:
        """The share of the time that is left, the same in all processes."""
        share = torch.tensor([1 - (time.time() - self.begin) / 60 / self.args.minutes])
        if self.args.jobs > 1:
            torch.distributed.broadcast(share, 0)
        return float(share)

    def over(self) -> bool:
        """Whether the time has run out."""
        return time.time() - self.begin > 60 * self.args.minutes

    def epoch(self, number: int) -> dict[str, float]:
        """One pass over all examples; mean losses. Ends early where the time is over."""
        rng = random.Random(self.args.seed + number)
        own = random.Random(self.args.seed + 1000 * number + self.rank)
        groups = batches(self.shelf.train_rows, self.args.batch, rng)
        total: dict[str, float] = {}
        count = len(groups) // self.args.jobs
        for index in range(count):
            left = self.left()
            if left <= 0:
                break
            for name, value in self.step(groups[index * self.args.jobs + self.rank], own, left).items():
                total[name] = total.get(name, 0.0) + value / count
        return total

    def step(self, chosen: list[int], rng: random.Random, left: float) -> dict[str, float]:
        """One step on one batch; the losses."""
        shelf = self.shelf
        batch = tensors(chosen, shelf.train, shelf.train_rows)
        batch |= marked(chosen, shelf.train, shelf.train_rows, rng, self.args.marked)
        kept = torch.rand(batch["hidden"].shape[:2]) >= self.args.word_dropout
        batch["hidden"] = batch["hidden"] * kept[..., None]
        parts = losses(self.net, batch, gold_of(chosen, shelf.train, batch), contexts_of(chosen, shelf.train, self.shape.contexts))
        self.optimiser.zero_grad(set_to_none=False)
        sum(parts.values()).backward()
        self._share()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.steps += 1
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * min(self.steps / 100, max(0.02, left))
        self.optimiser.step()
        decay = min(self.args.decay, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for name, value in self.net.state_dict().items():
                self.average[name].lerp_(value, 1 - decay)
        return {name: float(value.detach()) for name, value in parts.items()}

    def _share(self) -> None:
        """The mean of all processes' gradients."""
        if self.args.jobs == 1:
            return
        grads = [p.grad if p.grad is not None else torch.zeros_like(p) for p in self.net.parameters()]
        flat = torch.cat([g.flatten() for g in grads])
        torch.distributed.all_reduce(flat)
        flat /= self.args.jobs
        place = 0
        for p in self.net.parameters():
            p.grad = flat[place : place + p.numel()].view_as(p).clone()
            place += p.numel()

    def save(self, number: int, total: dict[str, float]) -> None:
        """Scores and writes the averaged weights."""
        kept = {name: value.clone() for name, value in self.net.state_dict().items()}
        self.net.load_state_dict(self.average)
        scores = evaluate(self.net, self.shelf.dev, self.shelf.dev_rows)
        labels = asdict(self.shelf.labels)
        saved = {"shape": asdict(self.shape), "weights": self.net.state_dict(), "labels": labels, "layer": self.args.layer}
        torch.save(saved, self.args.out / "events.pt.new")
        (self.args.out / "events.pt.new").replace(self.args.out / "events.pt")
        self.net.load_state_dict(kept)
        line = {"epoch": number + 1, "minutes": round((time.time() - self.begin) / 60, 1), "sentences": len(self.shelf.train), **scores}
        line["loss"] = {k: round(v, 3) for k, v in total.items()}
        print(json.dumps(line), flush=True)
        with (self.args.out / "events.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def work(rank: int, args: argparse.Namespace) -> None:
    """One process."""
    torch.set_num_threads(args.threads)
    if args.jobs > 1:
        os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(args.port)}
        torch.distributed.init_process_group("gloo", rank=rank, world_size=args.jobs)
    shelf = Shelf(args, first=rank == 0)
    shelf.refresh()
    trainer = Trainer(shelf, args, rank)
    number = 0
    while trainer.left() > 0:
        total = trainer.epoch(number)
        if rank == 0 and (number % 2 or trainer.over()):
            trainer.save(number, total)
        shelf.refresh()
        number += 1


def arguments() -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layer", type=int, default=1, help="how many layers are the parser's own")
    parser.add_argument("--minutes", type=float, default=90.0)
    parser.add_argument("--batch", type=int, default=900, help="word pieces in one process's share of a step")
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--head-lr", type=float, default=1e-3)
    parser.add_argument("--marked", type=float, default=0.4, help="share of sentences that are read with a marked pair")
    parser.add_argument("--word-dropout", type=float, default=0.08, help="share of word pieces that a step does not see")
    parser.add_argument("--dropout", type=float, default=0.1, help="in the layers")
    parser.add_argument("--head-dropout", type=float, default=0.25)
    parser.add_argument("--decay", type=float, default=0.998, help="how slowly the averaged weights follow")
    parser.add_argument("--lexicon-weight", type=float, default=0.5)
    parser.add_argument("--beside", nargs="*", default=[], type=Path, help="folders of further articles, all of them to train on")
    parser.add_argument("--twice", nargs="*", default=[], help="beginnings of ids: these articles are read twice in every epoch")
    parser.add_argument("--resume", action="store_true", help="go on from the weights and examples in --out")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--port", type=int, default=29511, help="by which the processes talk on this machine")
    parser.add_argument("--threads", type=int, default=1, help="threads of one process")
    parser.add_argument("--seed", type=int, default=20160704)
    return parser.parse_args()


def main() -> None:
    """Command line; see the module's first lines."""
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.jobs == 1:
        work(0, args)
    else:
        torch.multiprocessing.spawn(work, (args,), nprocs=args.jobs)


if __name__ == "__main__":
    main()
