"""Trains the event network on the project's corpus and the lexicon's own sentences.

    python training/train_events.py --corpus corpus/articles --minilm model.safetensors --out run-events

`--out` receives `events.pt` (averaged weights, sizes, labels) and `events.jsonl` with the development scores of each epoch. The parser must
be in place: its lower layers stay as they are.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from event_data import Example, Features, Reader, Trigger
from event_network import EventNet, EventShape
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from detente.records import ROLES

Batch = dict[str, Tensor]


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


def add_features(examples: list[Example], reader: Reader, features: Features) -> list[dict[str, list[int]]]:
    """Hidden states for each example, computed in batches of like length; the encoder's rows beside them."""
    encoder = reader.language._network.encoder
    rows: list[dict[str, list[int]]] = [{} for _ in examples]
    order = sorted(range(len(examples)), key=lambda i: encoder.length(examples[i].words))
    for begin in range(0, len(order), 24):
        chosen = order[begin : begin + 24]
        feed = encoder.batch([(examples[i].words, examples[i].spaced) for i in chosen])
        hidden = features.of(dict(feed))
        for line, i in enumerate(chosen):
            size = int((feed["pieces"][line] != 0).sum())
            examples[i].feature = hidden[line, :size].astype(np.float16)
            count = len(examples[i].words) + 1
            rows[i] = {"pieces": feed["pieces"][line, :size].tolist(), "first": feed["first"][line, :count].tolist(),
                       "last": feed["last"][line, :count].tolist()}
    return rows


def batches(rows: list[dict[str, list[int]]], size: int, rng: random.Random) -> list[list[int]]:
    """Indices grouped by like length, about `size` pieces each, in random order."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]["pieces"]) + rng.random() * 4)
    groups: list[list[int]] = [[]]
    for index in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(rows[index]["pieces"]) > size:
            groups.append([])
        groups[-1].append(index)
    rng.shuffle(groups)
    return groups


def tensors(chosen: list[int], examples: list[Example], rows: list[dict[str, list[int]]]) -> Batch:
    """Padded inputs."""
    tall = max(len(rows[i]["pieces"]) for i in chosen)
    wide = max(len(rows[i]["first"]) for i in chosen)
    hidden = np.zeros((len(chosen), tall, 384), dtype=np.float32)
    result = {name: np.zeros((len(chosen), size), dtype=np.int64) for name, size in (("pieces", tall), ("first", wide), ("last", wide))}
    real = np.zeros((len(chosen), wide), dtype=bool)
    for line, i in enumerate(chosen):
        feature = examples[i].feature
        if feature is None:
            raise ValueError("features first")
        hidden[line, : len(feature)] = feature
        for name, array in result.items():
            array[line, : len(rows[i][name])] = rows[i][name]
        real[line, 1 : len(rows[i]["first"])] = True
    return {"hidden": torch.from_numpy(hidden), "real": torch.from_numpy(real), **{k: torch.from_numpy(v) for k, v in result.items()}}


def gold_of(chosen: list[int], examples: list[Example], batch: Batch) -> Batch:
    """Event number of each word (-1 for padding), and one row for each trigger."""
    real = batch["real"]
    events = torch.where(real, 0, -1)
    weights = torch.tensor([examples[i].weight for i in chosen])
    listed: list[tuple[int, Trigger, float]] = []
    for line, i in enumerate(chosen):
        for trigger in examples[i].triggers:
            events[line, trigger.word] = trigger.event
            listed.append((line, trigger, examples[i].weight if examples[i].source == "lexicon" else 1.0))
    wide = real.shape[1]
    roles = torch.zeros(len(listed), len(ROLES), wide)
    for number, (_, trigger, _) in enumerate(listed):
        for kind, role in enumerate(ROLES):
            for word in trigger.roles[role]:
                roles[number, kind, word] = 1
    return {
        "events": events, "weights": weights, "roles": roles,
        "line": torch.tensor([line for line, _, _ in listed], dtype=torch.long),
        "word": torch.tensor([t.word for _, t, _ in listed], dtype=torch.long),
        "weight": torch.tensor([w for _, _, w in listed]),
        **{name: torch.tensor([getattr(t, name) for _, t, _ in listed], dtype=torch.long)
           for name in ("event", "mode", "status", "spoken", "stance")},
        "full": torch.tensor([examples[chosen[line]].source != "lexicon" for line, _, _ in listed], dtype=torch.bool),
    }


def contexts_of(chosen: list[int], examples: list[Example], count: int) -> Tensor:
    """One row of contexts for each trigger, in the order of `gold_of`."""
    rows = [[float(c in trigger.contexts) for c in range(count)] for i in chosen for trigger in examples[i].triggers]
    return torch.tensor(rows) if rows else torch.zeros(0, count)


def losses(net: EventNet, batch: Batch, gold: Batch, contexts: Tensor) -> dict[str, Tensor]:
    """Losses of all heads; those of a trigger's properties only at gold triggers."""
    x = net.encode(batch["hidden"], batch["pieces"], torch.zeros_like(batch["pieces"]))
    event, mode, status, spoken, stance, context, roles = net.words(x, batch["first"], batch["last"])
    each = F.cross_entropy(event.flatten(0, 1), gold["events"].flatten(), ignore_index=-1, reduction="none", label_smoothing=0.05)
    each = each.view(gold["events"].shape)
    result = {"event": (each * gold["weights"][:, None]).sum() / batch["real"].sum() * 8}
    if not len(gold["line"]):
        return result
    at = (gold["line"], gold["word"])
    weight, full = gold["weight"], gold["full"]
    for name, scores, share in (("mode", mode, 0.7), ("status", status, 0.7), ("spoken", spoken, 0.3), ("stance", stance, 0.3)):
        each = F.cross_entropy(scores[at], gold[name], reduction="none")
        result[name] = share * (each * weight).mean()
    if full.any():
        result["context"] = 10 * F.binary_cross_entropy_with_logits(context[at][full], contexts[full])
    found = roles[gold["line"], :, gold["word"], :]
    real = batch["real"][gold["line"]][:, None, :].expand_as(found)
    each = F.binary_cross_entropy_with_logits(found, gold["roles"], reduction="none", pos_weight=torch.tensor(2.0))
    keep = real & (full[:, None, None] | torch.tensor([True, True, False, False, True])[None, :, None])
    result["roles"] = 12 * (each * keep * weight[:, None, None]).sum() / keep.sum().clamp(min=1)
    return result


def pairs_of(example: Example, row: dict[str, list[int]], rng: random.Random) -> tuple[list[int], int] | None:
    """Marks of one random pair of the sentence and its event; None where nobody is named."""
    options = []
    for trigger in example.triggers:
        actors, recipients = trigger.spans.get("actor", []), trigger.spans.get("recipient", [])
        if not recipients and len(actors) > 1:
            actors, recipients = actors[:1], actors[1:]
        if actors or recipients:
            options.append((trigger, rng.choice(actors) if actors else None, rng.choice(recipients) if recipients else None))
    both = [o for o in options if o[1] and o[2]]
    if not options:
        return None
    trigger, actor, recipient = rng.choice(both if both and rng.random() < 0.8 else options)
    marks = [0] * len(row["pieces"])
    for number, span in ((1, actor), (2, recipient)):
        if span:
            for k in range(row["first"][span[0]], row["last"][span[1]] + 1):
                marks[k] = number
    return marks, trigger.event - 1


def pair_loss(
    net: EventNet, chosen: list[int], examples: list[Example], rows: list[dict[str, list[int]]], batch: Batch, rng: random.Random
) -> Tensor | None:
    """Cross entropy of the root of one pair for each sentence that has one."""
    marks = torch.zeros_like(batch["pieces"])
    gold, lines = [], []
    for line, i in enumerate(chosen):
        pair = pairs_of(examples[i], rows[i], rng) if rng.random() < 0.5 else None  # half of them an epoch: the pass costs as much again
        if pair:
            marks[line, : len(pair[0])] = torch.tensor(pair[0])
            gold.append(pair[1])
            lines.append(line)
    if not lines:
        return None
    keep = torch.tensor(lines)
    x = net.encode(batch["hidden"][keep], batch["pieces"][keep], marks[keep])
    return F.cross_entropy(net.root(x, marks[keep]), torch.tensor(gold), label_smoothing=0.05)


def f1(right: int, found: int, gold: int) -> float:
    """In percent."""
    return round(200 * right / max(1, found + gold), 2)


@torch.no_grad()
def evaluate(net: EventNet, examples: list[Example], rows: list[dict[str, list[int]]]) -> dict[str, float]:
    """F1 of triggers with and without their event, of the roles at gold triggers; shares right of the rest; root of a pair."""
    net.eval()
    count = dict.fromkeys("trigger_right event_right found gold status mode spoken stance n pair pair_n".split(), 0)
    roles = {role: [0, 0, 0] for role in ROLES}
    context = [0, 0, 0]
    rng = random.Random(1)
    for chosen in batches(rows, 4000, random.Random(0)):
        batch = tensors(chosen, examples, rows)
        gold = gold_of(chosen, examples, batch)
        x = net.encode(batch["hidden"], batch["pieces"], torch.zeros_like(batch["pieces"]))
        event, mode, status, spoken, stance, contexts, role = net.words(x, batch["first"], batch["last"])
        best = event.argmax(-1).masked_fill(~batch["real"], 0)
        count["found"] += int((best > 0).sum())
        count["gold"] += int((gold["events"] > 0).sum())
        count["trigger_right"] += int(((best > 0) & (gold["events"] > 0)).sum())
        count["event_right"] += int(((best == gold["events"]) & (best > 0)).sum())
        if len(gold["line"]):
            at = (gold["line"], gold["word"])
            count["n"] += len(gold["line"])
            for name, scores in (("mode", mode), ("status", status), ("spoken", spoken), ("stance", stance)):
                count[name] += int((scores[at].argmax(-1) == gold[name]).sum())
            own = (contexts[at] > 0).float()
            want = contexts_of(chosen, examples, own.shape[-1])
            context = [context[0] + int((own * want).sum()), context[1] + int(own.sum()), context[2] + int(want.sum())]
            said = (role[gold["line"], :, gold["word"], :] > 0) & batch["real"][gold["line"]][:, None, :]
            for kind, name in enumerate(ROLES):
                a, b = said[:, kind], gold["roles"][:, kind] > 0
                roles[name] = [roles[name][0] + int((a & b).sum()), roles[name][1] + int(a.sum()), roles[name][2] + int(b.sum())]
        marks = torch.zeros_like(batch["pieces"])
        wanted = {}
        for line, i in enumerate(chosen):
            pair = pairs_of(examples[i], rows[i], rng)
            if pair:
                marks[line, : len(pair[0])] = torch.tensor(pair[0])
                wanted[line] = pair[1]
        if wanted:
            guess = net.root(net.encode(batch["hidden"], batch["pieces"], marks), marks).argmax(-1)
            count["pair"] += sum(int(guess[line]) == root for line, root in wanted.items())
            count["pair_n"] += len(wanted)
    net.train()
    return {
        "trigger_f1": f1(count["trigger_right"], count["found"], count["gold"]),
        "event_f1": f1(count["event_right"], count["found"], count["gold"]),
        **{name: round(100 * count[name] / max(1, count["n"]), 2) for name in ("mode", "status", "spoken", "stance")},
        "context_f1": f1(*context), **{f"{name}_f1": f1(*value) for name, value in roles.items()},
        "pair": round(100 * count["pair"] / max(1, count["pair_n"]), 2),
    }


def main() -> None:
    """Command line; see the module's first lines."""
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    reader = Reader()
    parts = reader.corpus(args.corpus)
    train = parts["train"] + reader.lexicon(args.lexicon_weight)
    features = Features(args.layer)
    train_rows, dev_rows = (add_features(part, reader, features) for part in (train, parts["dev"]))
    labels = reader.labels
    shape = EventShape(len(labels.events), len(labels.modes), len(labels.contexts), layers=6 - args.layer)
    net = EventNet(shape)
    start_from_minilm(net, args.minilm, args.layer)
    average = {name: value.detach().clone() for name, value in net.state_dict().items()}
    inner = [p for n, p in net.named_parameters() if n.startswith("layers.")]
    outer = [p for n, p in net.named_parameters() if not n.startswith("layers.")]
    rates = [{"params": inner, "lr": args.lr}, {"params": outer, "lr": args.head_lr}]
    optimiser = torch.optim.AdamW(rates, weight_decay=0.01, betas=(0.9, 0.98))
    steps = args.epochs * len(batches(train_rows, args.batch, rng))
    warm = min(100, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min((s + 1) / warm, max(0.02, (steps - s) / (steps - warm))))
    args.out.mkdir(parents=True, exist_ok=True)
    print(f"{len(train)} training sentences, {len(parts['dev'])} development, {steps} steps", flush=True)
    step, begin = 0, time.time()
    for epoch in range(args.epochs):
        total: dict[str, float] = {}
        groups = batches(train_rows, args.batch, rng)
        for chosen in groups:
            batch = tensors(chosen, train, train_rows)
            parts_of_loss = losses(net, batch, gold_of(chosen, train, batch), contexts_of(chosen, train, shape.contexts))
            bound = pair_loss(net, chosen, train, train_rows, batch, rng)
            if bound is not None:
                parts_of_loss["pair"] = bound
            loss = sum(parts_of_loss.values())
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            decay = min(0.998, (1 + step) / (10 + step))
            with torch.no_grad():
                for name, value in net.state_dict().items():
                    average[name].lerp_(value, 1 - decay)
            for name, value in parts_of_loss.items():
                total[name] = total.get(name, 0.0) + float(value.detach()) / len(groups)
        kept = {name: value.clone() for name, value in net.state_dict().items()}
        net.load_state_dict(average)
        scores = evaluate(net, parts["dev"], dev_rows)
        saved = {"shape": asdict(shape), "weights": net.state_dict(), "labels": asdict(labels), "layer": args.layer}
        torch.save(saved, args.out / "events.pt")
        net.load_state_dict(kept)
        line = {"epoch": epoch + 1, "minutes": round((time.time() - begin) / 60, 1), **scores}
        line["loss"] = {k: round(v, 3) for k, v in total.items()}
        print(json.dumps(line), flush=True)
        with (args.out / "events.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def arguments() -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layer", type=int, default=4, help="how many layers are the parser's own")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--batch", type=int, default=1200)
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--head-lr", type=float, default=1e-3)
    parser.add_argument("--lexicon-weight", type=float, default=0.5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=20160704)
    return parser.parse_args()


if __name__ == "__main__":
    main()
