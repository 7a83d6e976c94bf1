"""Networks whose 8-bit weights stand as signed bytes in memory where the processor multiplies those exactly, which is faster there.

The shipped files hold unsigned bytes with zero point 128, exact on every processor
(docs/decisions/0010-same-trees-everywhere.md). Where unsigned by signed products are exact, too (VNNI, AMX, ARM), the same products
with 128 taken off weights and zero points give the same sums in less than half the time. Whether they are is asked of the
processor, by a product whose sum would clip.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_PROBE = Path(__file__).parent.parent / "data" / "models" / "signed.onnx"
# The fields of ONNX files that are read here; all others stay in the messages as they are. (number, type, repeated, message)
_FIELDS: dict[str, dict[str, tuple[int, int, bool, str]]] = {
    "Model": {"graph": (7, 11, False, "Graph")},
    "Graph": {"node": (1, 11, True, "Node"), "initializer": (5, 11, True, "Tensor")},
    "Node": {"input": (1, 9, True, ""), "op_type": (4, 9, False, "")},
    "Tensor": {"data_type": (2, 5, False, ""), "name": (8, 9, False, ""), "raw_data": (9, 12, False, "")},
}
_UNSIGNED, _SIGNED = 2, 3
# The runtime's kernel for a sum and its normalisation together takes four times as long as one after the other.
_SLOWER = ["SkipLayerNormFusion"]


def session(path: Path, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    """An ONNX file as a session on the CPU: the same figures everywhere, as fast as the processor allows."""
    source = signed(path.read_bytes()) if exact() else str(path)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER)


@cache
def exact() -> bool:
    """Whether this processor's products of unsigned by signed bytes are exact: 64 times 255 by 127, which clips in 16 bits."""
    probe = onnxruntime.InferenceSession(str(_PROBE), providers=["CPUExecutionProvider"])
    found = probe.run(None, {"a": np.full((8, 64), 255, dtype=np.uint8)})[0]
    return bool((found == 64 * 255 * 127).all())


def signed(model: bytes) -> bytes:
    """An ONNX file with 128 taken off the unsigned weights and zero points of its integer matrix products; as it is where it has none."""
    message = _message_class()()
    message.ParseFromString(model)
    tensors = {tensor.name: tensor for tensor in message.graph.initializer}
    products = [node.input for node in message.graph.node if node.op_type == "MatMulInteger"]
    unsigned = [name for put in products if put[1] in tensors and tensors[put[1]].data_type == _UNSIGNED for name in (put[1], put[3])]
    if not unsigned:
        return model
    for tensor in map(tensors.__getitem__, dict.fromkeys(unsigned)):
        tensor.raw_data = (np.frombuffer(tensor.raw_data, dtype=np.uint8) ^ 128).tobytes()
        tensor.data_type = _SIGNED
    result: bytes = message.SerializeToString()
    return result


@cache
def _message_class() -> Any:
    """The message of an ONNX file, as far as `_FIELDS` tells."""
    file = descriptor_pb2.FileDescriptorProto(name="detente/onnx.proto", package="detente.onnx", syntax="proto2")
    for name, fields in _FIELDS.items():
        own = file.message_type.add(name=name)
        for field, (number, kind, repeated, message) in fields.items():
            own.field.add(name=field, number=number, type=kind, label=3 if repeated else 1,
                          type_name=f".detente.onnx.{message}" if message else None)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("detente.onnx.Model"))
