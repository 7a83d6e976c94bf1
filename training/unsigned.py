"""Moves the 8-bit weights of an ONNX file from −128…127 to 0…255, which changes no product and no sum.

    python training/unsigned.py parser.onnx

Processors without VNNI multiply unsigned by signed bytes through an instruction that clips its 16-bit sums, so that the same file gave
other trees there. Unsigned by unsigned is exact on all of them (docs/decisions/0010-same-trees-everywhere.md).
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


def main() -> None:
    """Command line: rewrites each file named."""
    for path in map(Path, sys.argv[1:]):
        model = onnx.load(str(path))
        print(f"{path}: {make_unsigned(model)} products")
        onnx.save(model, str(path))


if __name__ == "__main__":
    main()
