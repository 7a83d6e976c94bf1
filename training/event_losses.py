"""Losses of the event network and its scores on a held-out part."""

from __future__ import annotations

import random

import torch
from event_batches import Batch, Rows, batches, contexts_of, gold_of, marked, tensors
from event_data import Example
from event_network import EventNet
from torch import Tensor
from torch.nn import functional as F

from detente.records import ROLES


def losses(net: EventNet, batch: Batch, gold: Batch, contexts: Tensor) -> dict[str, Tensor]:
    """Losses of all heads; those of a trigger's properties only at gold triggers, that of the pair's root where one is marked."""
    x = net.encode(batch["hidden"], batch["pieces"], batch["marks"])
    event, mode, status, spoken, stance, context, roles = net.words(x, batch["first"], batch["last"])
    each = F.cross_entropy(event.flatten(0, 1), gold["events"].flatten(), ignore_index=-1, reduction="none", label_smoothing=0.05)
    each = each.view(gold["events"].shape)
    result = {"event": (each * gold["weights"][:, None]).sum() / batch["real"].sum() * 8}
    if (batch["root"] >= 0).any():
        result["pair"] = F.cross_entropy(net.root(x, batch["marks"]), batch["root"], ignore_index=-1, label_smoothing=0.05)
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


def f1(right: int, found: int, gold: int) -> float:
    """In percent."""
    return round(200 * right / max(1, found + gold), 2)


@torch.no_grad()
def evaluate(net: EventNet, examples: list[Example], rows: Rows) -> dict[str, float]:
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
        pair = marked(chosen, examples, rows, rng, 1.0)
        if (pair["root"] >= 0).any():
            guess = net.root(net.encode(batch["hidden"], batch["pieces"], pair["marks"]), pair["marks"]).argmax(-1)
            count["pair"] += int((guess == pair["root"]).sum())
            count["pair_n"] += int((pair["root"] >= 0).sum())
    net.train()
    return {
        "trigger_f1": f1(count["trigger_right"], count["found"], count["gold"]),
        "event_f1": f1(count["event_right"], count["found"], count["gold"]),
        **{name: round(100 * count[name] / max(1, count["n"]), 2) for name in ("mode", "status", "spoken", "stance")},
        "context_f1": f1(*context), **{f"{name}_f1": f1(*value) for name, value in roles.items()},
        "pair": round(100 * count["pair"] / max(1, count["pair_n"]), 2),
    }
