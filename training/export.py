"""Turns a training run into the shipped files: int8 encoder, relation scorer, tokenizer, labels.

    python training/export.py --run RUN --tokenizer tokenizer.json --data DIR --out src/detente/data/models/en --version 1

Weights of the encoder's matrix products become 8-bit integers per output channel, their inputs 8-bit with ranges fixed on
training sentences, the word embeddings 8-bit per row;
the small heads stay in floating point, since they are cheap and decide everything.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from data import Encoding, read_conllu
from network import Encoder, Parser, Shape
from numpy.typing import NDArray
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from tokenizers import Tokenizer
from torch import Tensor, nn
from unsigned import make_unsigned

Feed = dict[str, NDArray[np.int64]]


class RowEmbedding(nn.Module):
    """An embedding stored as 8-bit rows with one scale each."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, index: Tensor) -> Tensor:
        """[…] → […, width]."""
        return self.rows[index].to(torch.float32) * self.scale[index]


class Deployed(nn.Module):
    """The parser as shipped: tags come out as numbers, arcs and relation vectors as scores."""

    def __init__(self, net: Parser) -> None:
        super().__init__()
        self.net = net

    def forward(self, pieces: Tensor, shapes: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, ...]:
        """As `Parser.forward`, with the best tag in place of tag scores."""
        upos, xpos, names, arcs, rel_dep, rel_head = self.net(pieces, shapes, first, last)
        return upos.argmax(-1), xpos.argmax(-1), names.argmax(-1), arcs, rel_dep, rel_head


class Relations(nn.Module):
    """Relation scores of given pairs; the matrix travels in half precision."""

    def __init__(self, net: Parser) -> None:
        super().__init__()
        self.labels = net.shape.deprel
        self.register_buffer("matrix", net.rel_matrix.detach().flatten(1).half())

    def forward(self, dep: Tensor, head: Tensor) -> Tensor:
        """[N,R], [N,R] → [N,labels]."""
        one = torch.ones_like(dep[:, :1])
        mixed = (torch.cat([dep, one], 1) @ self.matrix.float()).view(-1, self.labels, dep.shape[1] + 1)
        return (mixed * torch.cat([head, one], 1)[:, None]).sum(-1)


def load_run(run: Path) -> tuple[Parser, dict[str, list[str]]]:
    """The averaged network of a run and its labels."""
    saved = torch.load(run / "last.pt", map_location="cpu")
    net = Parser(Shape(**saved["shape"]))
    net.load_state_dict(saved["weights"])
    return net.eval(), saved["labels"]


def export_main(net: Parser, path: Path, examples: list[Feed]) -> None:
    """Writes the quantised parser; `examples` set the ranges of its 8-bit inputs."""
    encoder: Encoder = net.encoder
    encoder.words = RowEmbedding(encoder.words.weight.detach())  # type: ignore[assignment]  # looks rows up as the layer it replaces does
    example = tuple(torch.ones(2, n, dtype=torch.int64) for n in (9, 9, 7, 7))
    by_piece, by_word = {0: "batch", 1: "piece"}, {0: "batch", 1: "word"}
    axes = {"pieces": by_piece, "shapes": by_piece, "first": by_word, "last": by_word, "arcs": {0: "batch", 1: "word", 2: "word"},
            **dict.fromkeys(("upos", "xpos", "names", "rel_dep", "rel_head"), by_word)}
    with tempfile.TemporaryDirectory() as folder:
        plain, shaped, small = (Path(folder) / name for name in ("plain.onnx", "shaped.onnx", "small.onnx"))
        torch.onnx.export(Deployed(net), example, str(plain), input_names=["pieces", "shapes", "first", "last"],
                          output_names=["upos", "xpos", "names", "arcs", "rel_dep", "rel_head"], dynamic_axes=axes,
                          opset_version=17, dynamo=False)
        quant_pre_process(str(plain), str(shaped), skip_symbolic_shape=True)
        graph = onnx.load(str(shaped)).graph
        keep = [n.name for n in graph.node if n.op_type == "MatMul" and "/encoder/" not in n.name]
        quantize_dynamic(str(shaped), str(small), weight_type=QuantType.QInt8, per_channel=True,
                         op_types_to_quantize=["MatMul"], nodes_to_exclude=keep)
        ranges = calibrate(shaped, small, examples)
        fix_ranges(small, ranges, path)


def dynamic_inputs(model: onnx.ModelProto) -> list[str]:
    """Tensors that the quantised graph would scale anew for each batch."""
    return list(dict.fromkeys(n.input[0] for n in model.graph.node if n.op_type == "DynamicQuantizeLinear"))


def calibrate(shaped: Path, small: Path, examples: list[Feed]) -> dict[str, tuple[float, float]]:
    """Smallest and largest value of each of these tensors over the examples, in floating point."""
    names = dynamic_inputs(onnx.load(str(small)))
    model = onnx.load(str(shaped))
    model.graph.output.extend(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    ranges = dict.fromkeys(names, (0.0, 0.0))
    for feed in examples:
        for name, value in zip(names, session.run(names, feed), strict=True):
            low, high = ranges[name]
            ranges[name] = (min(low, float(value.min())), max(high, float(value.max())))
    return ranges


def fix_ranges(small: Path, ranges: dict[str, tuple[float, float]], path: Path, seven_bits: bool = False) -> None:
    """Replaces dynamic scales by fixed ones, so that a sentence's tree does not depend on its neighbours in the batch.

    `seven_bits`: the weights lie in −64…63, so that no processor clips their sums; wider ones are moved to 0…255 instead.
    """
    model = onnx.load(str(small))
    rename: dict[str, str] = {}
    nodes = []
    for node in model.graph.node:
        if node.op_type != "DynamicQuantizeLinear":
            nodes.append(node)
            continue
        low, high = ranges[node.input[0]]
        scale = max(high - low, 1e-8) / 255
        zero = round(-low / scale)
        names = [f"{node.output[0]}/scale", f"{node.output[0]}/zero"]
        model.graph.initializer.append(numpy_helper.from_array(np.array(scale, dtype=np.float32), names[0]))
        model.graph.initializer.append(numpy_helper.from_array(np.array(min(255, max(0, zero)), dtype=np.uint8), names[1]))
        rename.update(dict(zip(node.output[1:], names, strict=True)))
        nodes.append(onnx.helper.make_node("QuantizeLinear", [node.input[0], *names], [node.output[0]], node.name))
    for node in nodes:
        node.input[:] = [rename.get(name, name) for name in node.input]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    if not seven_bits:
        make_unsigned(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def example_feeds(data: Path, tokenizer: Path, labels: dict[str, list[str]], count: int = 800, size: int = 32) -> list[Feed]:
    """Batches of training sentences, spread evenly over the treebanks."""
    sentences = [s for name in ("en_ewt-train.conllu.gz", "en_gum_selected-train.conllu.gz") for s in read_conllu(data / name)]
    chosen = sentences[:: max(1, len(sentences) // count)]
    encoding = Encoding(Tokenizer.from_file(str(tokenizer)), labels)
    encoding.tokenizer.no_padding()
    encoding.tokenizer.no_truncation()
    rows = sorted((encoding.example(s) for s in chosen), key=lambda e: len(e.pieces))
    feeds = []
    for begin in range(0, len(rows), size):
        part = rows[begin : begin + size]
        feed = {}
        for name in ("pieces", "shapes", "first", "last"):
            longest = max(len(getattr(e, name)) for e in part)
            feed[name] = np.array([getattr(e, name) + [0] * (longest - len(getattr(e, name))) for e in part], dtype=np.int64)
        feeds.append(feed)
    return feeds


def main() -> None:
    """Command line; see the module's first lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--run", "--tokenizer", "--data", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--version", required=True)
    args = parser.parse_args()
    net, labels = load_run(args.run)
    args.out.mkdir(parents=True, exist_ok=True)
    pairs = (torch.zeros(3, net.shape.rel), torch.zeros(3, net.shape.rel))
    torch.onnx.export(Relations(net).eval(), pairs, str(args.out / "relations.onnx"), input_names=["dep", "head"], output_names=["scores"],
                      dynamic_axes={"dep": {0: "pair"}, "head": {0: "pair"}}, opset_version=17, dynamo=False, do_constant_folding=False)
    export_main(net, args.out / "parser.onnx", example_feeds(args.data, args.tokenizer, labels))
    shutil.copy(args.tokenizer, args.out / "tokenizer.json")
    text = json.dumps({"version": f"en-{args.version}", **labels}, ensure_ascii=False, indent=0)
    (args.out / "labels.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
