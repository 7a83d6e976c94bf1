"""Trains the parser. Runs on a CPU (about an hour on two cores with bf16) or on a GPU where there is one.

    python training/train.py --data DIR --encoder model.safetensors --tokenizer tokenizer.json --out RUN

DIR holds the treebanks listed in training/README.md. RUN receives `last.pt` (averaged weights, labels, sizes) after
each epoch and `log.jsonl` with the development scores; `training/export.py` makes the shipped files from it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import torch
from data import Encoding, Example, Sentence, add_names, collect_labels, read_conllu, vary_case
from network import Parser, Shape
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F


def batches(examples: list[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Groups of similar length, about `size` pieces each, in random order."""
    order = sorted(examples, key=lambda e: len(e.pieces) + rng.random() * 4)
    groups: list[list[Example]] = [[]]
    for example in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(example.pieces) > size:
            groups.append([])
        groups[-1].append(example)
    rng.shuffle(groups)
    return groups


def tensors(group: list[Example], device: torch.device) -> dict[str, Tensor]:
    """One padded tensor per field."""
    result = {}
    for name in Example.__dataclass_fields__:
        filler = 0 if name in {"pieces", "shapes", "first", "last"} else -1
        rows = [getattr(example, name) for example in group]
        longest = max(map(len, rows))
        result[name] = torch.tensor([row + [filler] * (longest - len(row)) for row in rows], device=device)
    return result


def drop_pieces(pieces: Tensor, share: float, mask: int) -> Tensor:
    """Hides some pieces, so that the parser leans on context too."""
    hide = (torch.rand(pieces.shape, device=pieces.device) < share) & (pieces > 999)
    return pieces.masked_fill(hide, mask)


def losses(net: Parser, batch: dict[str, Tensor], hidden_share: float, mask: int) -> dict[str, Tensor]:
    """Cross entropies of all heads; words without gold (-1) count nowhere."""
    pieces = drop_pieces(batch["pieces"], hidden_share, mask)
    upos, xpos, names, arcs, rel_dep, rel_head = net(pieces, batch["shapes"], batch["first"], batch["last"])
    heads, real = batch["heads"], batch["heads"] >= 0
    exists = torch.cat([torch.ones_like(real[:, :1]), real[:, 1:]], 1)
    arcs = arcs.float().masked_fill(~exists[:, None, :], -1e4)
    gold_head = rel_head.gather(1, heads.clamp(min=0)[..., None].expand_as(rel_head))
    relations = net.relations(rel_dep[real], gold_head[real])
    result = {
        "arc": F.cross_entropy(arcs[real], heads[real]),
        "rel": F.cross_entropy(relations.float(), batch["deprels"][real], ignore_index=-1),
    }
    for name, scores in (("upos", upos), ("xpos", xpos), ("names", names)):
        gold = batch[name]
        if (gold >= 0).any():
            result[name] = F.cross_entropy(scores.float().flatten(0, 1), gold.flatten(), ignore_index=-1)
    return result


@torch.no_grad()
def evaluate(net: Parser, examples: list[Example], labels: dict[str, list[str]], device: torch.device) -> dict[str, float]:
    """Scores in percent with plain argmax heads; `las` ignores subtypes as the CoNLL 2018 scorer does."""
    net.eval()
    broad = [d.split(":")[0] for d in labels["deprel"]]
    distinct = sorted(set(broad))
    short = torch.tensor([distinct.index(d) for d in broad], device=device)
    count = dict.fromkeys(("n", "upos", "xpos", "uas", "las", "las_full"), 0)
    for group in batches(examples, 6000, random.Random(0)):
        batch = tensors(group, device)
        upos, xpos, _, arcs, rel_dep, rel_head = net(batch["pieces"], batch["shapes"], batch["first"], batch["last"])
        real = batch["heads"] >= 0
        exists = torch.cat([torch.ones_like(real[:, :1]), real[:, 1:]], 1)
        guess = arcs.float().masked_fill(~exists[:, None, :], -1e4).argmax(-1)
        chosen = rel_head.gather(1, guess[..., None].expand_as(rel_head))
        label = net.relations(rel_dep[real], chosen[real]).argmax(-1)
        right, gold = guess[real] == batch["heads"][real], batch["deprels"][real]
        count["n"] += int(real.sum())
        count["upos"] += int((upos.argmax(-1)[real] == batch["upos"][real]).sum())
        count["xpos"] += int((xpos.argmax(-1)[real] == batch["xpos"][real]).sum())
        count["uas"] += int(right.sum())
        count["las_full"] += int((right & (label == gold)).sum())
        count["las"] += int((right & (short[label] == short[gold.clamp(min=0)]) & (gold >= 0)).sum())
    net.train()
    return {key: round(100 * value / count["n"], 2) for key, value in count.items() if key != "n"}


def load(folder: Path) -> tuple[list[Sentence], list[Sentence]]:
    """Training and development sentences; names only where GUM annotates them."""
    train = list(read_conllu(folder / "en_ewt-train.conllu.gz"))
    gum = list(read_conllu(folder / "en_gum_selected-train.conllu.gz"))
    add_names(gum)
    return train + gum, list(read_conllu(folder / "en_ewt-dev.conllu.gz"))


def without_stop(sentence: Sentence, words: list[str], encoding: Encoding, rng: random.Random) -> Example:
    """An example, now and then without its final full stop, as headlines are."""
    example = encoding.example(sentence, words)
    last = len(sentence.words)
    if rng.random() < 0.06 and sentence.words[-1] in {".", "!"} and last not in sentence.heads and last > 3:
        cut = example.first[-1]
        example.pieces[cut:-1], example.shapes[cut:-1] = [], []
        for name in ("first", "last", "upos", "xpos", "heads", "deprels", "names"):
            getattr(example, name).pop()
    return example


def main() -> None:
    """Command line; see the module's first lines."""
    args = arguments()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if args.threads:
        torch.set_num_threads(args.threads)
    train, dev = load(args.data)
    labels = collect_labels(train)
    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encoding = Encoding(tokenizer, labels)
    shape = Shape(len(labels["upos"]), len(labels["xpos"]), len(labels["deprel"]), len(labels["names"]))
    net = Parser(shape).to(device)
    net.encoder.load_minilm(args.encoder)
    average = {name: value.detach().clone() for name, value in net.state_dict().items()}
    inner = [p for n, p in net.named_parameters() if n.startswith("encoder.")]
    outer = [p for n, p in net.named_parameters() if not n.startswith("encoder.")]
    rates = [{"params": inner, "lr": args.lr}, {"params": outer, "lr": args.head_lr}]
    optimiser = torch.optim.AdamW(rates, weight_decay=0.01, betas=(0.9, 0.98))
    dev_examples = [encoding.example(s) for s in dev]
    steps = args.epochs * len(batches([encoding.example(s) for s in train], args.batch, rng))
    warm = min(300, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / (steps - warm))))
    args.out.mkdir(parents=True, exist_ok=True)
    step, begin = 0, time.time()
    for epoch in range(args.epochs):
        examples = [without_stop(s, vary_case(s, rng), encoding, rng) for s in train]
        total: dict[str, float] = {}
        groups = batches(examples, args.batch, rng)
        for group in groups:
            with torch.autocast(device.type, torch.bfloat16):
                parts = losses(net, tensors(group, device), args.hide, tokenizer.token_to_id("[MASK]"))
            loss = parts["arc"] + parts["rel"] + parts["upos"] + 0.3 * parts["xpos"] + 0.5 * parts.get("names", parts["arc"] * 0)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            step += 1
            keep = min(0.998, (step + 1) / (step + 20))
            with torch.no_grad():
                for name, value in net.state_dict().items():
                    average[name].lerp_(value, 1 - keep)
            for key, value in parts.items():
                total[key] = total.get(key, 0.0) + float(value.detach())
        current = {name: value.clone() for name, value in net.state_dict().items()}
        net.load_state_dict(average)
        scores = evaluate(net, dev_examples, labels, device)
        torch.save({"weights": net.state_dict(), "labels": labels, "shape": shape.__dict__}, args.out / "last.pt")
        net.load_state_dict(current)
        row = {"epoch": epoch + 1, "minutes": round((time.time() - begin) / 60, 1), **scores,
               **{f"loss_{k}": round(v / len(groups), 4) for k, v in total.items()}}
        with (args.out / "log.jsonl").open("a") as log:
            log.write(json.dumps(row) + "\n")
        print(row, flush=True)


def arguments() -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--data", "--encoder", "--tokenizer", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--batch", type=int, default=1800, help="word pieces in a batch")
    parser.add_argument("--lr", type=float, default=1.8e-4)
    parser.add_argument("--head-lr", type=float, default=1.2e-3)
    parser.add_argument("--hide", type=float, default=0.08, help="share of pieces hidden in training")
    parser.add_argument("--seed", type=int, default=20160704)
    parser.add_argument("--threads", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
