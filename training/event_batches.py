"""Batches for the event network: hidden states of the common part, padded inputs, gold labels, marked pairs."""

from __future__ import annotations

import random

import numpy as np
import torch
from event_data import Example, Features, Reader, Trigger
from torch import Tensor

from detente.records import ROLES

Batch = dict[str, Tensor]
Rows = list[dict[str, list[int]]]


def add_features(examples: list[Example], reader: Reader, features: Features) -> Rows:
    """Hidden states for each example, computed in batches of like length; the encoder's rows beside them."""
    encoder = reader.language._network.encoder
    rows: Rows = [{} for _ in examples]
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


def batches(rows: Rows, size: int, rng: random.Random) -> list[list[int]]:
    """Indices grouped by like length, about `size` pieces each, in random order."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]["pieces"]) + rng.random() * 4)
    groups: list[list[int]] = [[]]
    for index in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(rows[index]["pieces"]) > size:
            groups.append([])
        groups[-1].append(index)
    rng.shuffle(groups)
    return groups


def tensors(chosen: list[int], examples: list[Example], rows: Rows) -> Batch:
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


def marked(chosen: list[int], examples: list[Example], rows: Rows, rng: random.Random, share: float) -> Batch:
    """Marks [B,T] (1 source, 2 target) of a random pair in a share of the sentences; `root` holds its event there, else -1."""
    tall = max(len(rows[i]["pieces"]) for i in chosen)
    marks = torch.zeros((len(chosen), tall), dtype=torch.long)
    root = torch.full((len(chosen),), -1, dtype=torch.long)
    for line, i in enumerate(chosen):
        pair = pairs_of(examples[i], rows[i], rng) if rng.random() < share else None
        if pair:
            marks[line, : len(pair[0])] = torch.tensor(pair[0])
            root[line] = pair[1]
    return {"marks": marks, "root": root}
