"""Stores the large tables of an ONNX file in half precision; they are widened when the file is loaded.

    python training/half.py boundaries.onnx
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LARGE = 2000


def halve(model: onnx.ModelProto) -> int:
    """Rewrites the tables in place; how many there were."""
    casts = []
    for tensor in list(model.graph.initializer):
        table = numpy_helper.to_array(tensor)
        if table.dtype != np.float32 or table.size <= LARGE:
            continue
        model.graph.initializer.remove(tensor)
        model.graph.initializer.append(numpy_helper.from_array(table.astype(np.float16), f"{tensor.name}/half"))
        casts.append(helper.make_node("Cast", [f"{tensor.name}/half"], [tensor.name], f"{tensor.name}/cast", to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return len(casts)


def main() -> None:
    """Command line: rewrites each file named."""
    for path in map(Path, sys.argv[1:]):
        model = onnx.load(str(path))
        print(f"{path}: {halve(model)} tables")
        onnx.checker.check_model(model)
        onnx.save(model, str(path))


if __name__ == "__main__":
    main()
