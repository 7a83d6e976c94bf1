"""Turns the shipped `events.onnx` back into a training run, so that training can go on without the run that it came from.

    python training/unpack_events.py --model src/detente/data/models/en --out run-events

`--out` receives `events.pt` for `train_events.py --resume`. The layers' weights lie in the file in seven bits and come back as those; what
else the file holds is exact. Nothing of the optimiser's state is kept.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import torch
from event_network import EventNet, EventShape
from numpy.typing import NDArray
from onnx import numpy_helper

Arrays = dict[str, NDArray[np.generic]]


def products(model: onnx.ModelProto, known: Arrays) -> Arrays:
    """The right factors of the matrix products, by the name of the layer that each belongs to."""
    found: Arrays = {}
    for node in model.graph.node:
        if node.op_type not in ("MatMul", "MatMulInteger") or node.input[1] not in known:
            continue
        weight = known[node.input[1]]
        if node.op_type == "MatMulInteger":
            root = node.input[1].removesuffix("_quantized")
            weight = (weight.astype(np.float32) - known[node.input[3]].astype(np.float32)) * known[f"{root}_scale"]
        name = node.name.strip("/").split("/MatMul")[0].split("/Gemm")[0].removeprefix("pair/").replace("/", ".")
        found[name] = weight
    return found


def weights_of(net: EventNet, model: onnx.ModelProto) -> dict[str, torch.Tensor]:
    """All weights of the network, from a file that `export_events.py` wrote; KeyError where one is not in it."""
    known: Arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    factors = products(model, known)
    weights = {}
    for name, value in net.state_dict().items():
        array = known.get(f"net.{name}")
        if array is None:
            layer = name.removesuffix(".weight")
            array = factors[layer if layer in factors else layer.removeprefix("heads.")]
            array = array.T
        assert array.shape == value.shape, (name, array.shape, value.shape)
        weights[name] = torch.from_numpy(np.array(array, dtype=np.float32))
    return weights


def main() -> None:
    """Command line; see the module's first lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--model", "--out"):
        parser.add_argument(name, type=Path, required=True)
    args = parser.parse_args()
    model = onnx.load(str(args.model / "events.onnx"))
    labels = json.loads((args.model / "events.json").read_text(encoding="utf-8"))
    layer = labels.pop("layer")
    shape = EventShape(len(labels["events"]), len(labels["modes"]), len(labels["contexts"]), layers=6 - layer)
    net = EventNet(shape)
    net.load_state_dict(weights_of(net, model))
    args.out.mkdir(parents=True, exist_ok=True)
    saved = {"shape": asdict(shape), "weights": net.state_dict(), "labels": labels, "layer": layer}
    torch.save(saved, args.out / "events.pt")


if __name__ == "__main__":
    main()
