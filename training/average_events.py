"""Averages the networks of several runs of `train_events.py` that began from one another, weight by weight.

    python training/average_events.py run-1/events.pt run-2/events.pt --out run-3/events.pt

The mean of such networks errs less than each of them (Wortsman and others, 2022, "Model soups"), at the cost of one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    """Command line; see the module's first lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    saved = [torch.load(path, map_location="cpu") for path in args.runs]
    if any((one["labels"], one["layer"], one["shape"]) != (saved[0]["labels"], saved[0]["layer"], saved[0]["shape"]) for one in saved):
        parser.error("the runs have other labels, layers or sizes")
    weights = {name: torch.stack([one["weights"][name].float() for one in saved]).mean(0) for name in saved[0]["weights"]}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(saved[0] | {"weights": weights}, args.out)


if __name__ == "__main__":
    main()
