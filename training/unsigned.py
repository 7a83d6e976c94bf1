"""Moves the 8-bit weights of an ONNX file from −128…127 to 0…255, which changes no product and no sum.

    python training/unsigned.py parser.onnx
    python training/unsigned.py --probe src/detente/data/models/signed.onnx

Processors without VNNI multiply unsigned by signed bytes through an instruction that clips its 16-bit sums, so that the same file gave
other trees there. Unsigned by unsigned is exact on all of them (docs/decisions/0010-same-trees-everywhere.md). `--probe` writes the
product by which `detente.language.signed` finds out what a processor does.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper


def make_unsigned(model: onnx.ModelProto) -> int:
    """Rewrites the weights and zero points of all integer matrix products in place; how many there were."""
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    changed = 0
    for node in model.graph.node:
        if node.op_type != "MatMulInteger" or numpy_helper.to_array(tensors[node.input[1]]).dtype != np.int8:
            continue
        for name in (node.input[1], node.input[3]):
            moved = (numpy_helper.to_array(tensors[name]).astype(np.int16) + 128).astype(np.uint8)
            tensors[name].CopyFrom(numpy_helper.from_array(moved, name))
        changed += 1
    return changed


def probe() -> onnx.ModelProto:
    """Unsigned [8,64] by signed bytes [64,32], all of them 127."""
    zeros = [numpy_helper.from_array(np.zeros((), dtype=kind), name) for kind, name in ((np.uint8, "zero_a"), (np.int8, "zero_b"))]
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("MatMulInteger", ["a", "b", "zero_a", "zero_b"], ["sums"])], "signed",
        [onnx.helper.make_tensor_value_info("a", onnx.TensorProto.UINT8, [8, 64])],
        [onnx.helper.make_tensor_value_info("sums", onnx.TensorProto.INT32, [8, 32])],
        [numpy_helper.from_array(np.full((64, 32), 127, dtype=np.int8), "b"), *zeros],
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)


def main() -> None:
    """Command line: rewrites each file named, or writes the probe."""
    if sys.argv[1:2] == ["--probe"]:
        onnx.save(probe(), sys.argv[2])
        return
    for path in map(Path, sys.argv[1:]):
        model = onnx.load(str(path))
        print(f"{path}: {make_unsigned(model)} products")
        onnx.save(model, str(path))


if __name__ == "__main__":
    main()
