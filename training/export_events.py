"""Turns a run of `train_events.py` into `events.onnx` and `events.json`, and gives `parser.onnx` the output that they start from.

    python training/export_events.py --run run-events --corpus corpus/articles --out src/detente/data/models/en

The layers' matrix products become 8-bit as in `export.py`; their input ranges come from sentences of the corpus.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from event_data import Features, Reader, words_of
from event_network import EventNet, EventShape
from export import calibrate, fix_ranges
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from detente.score.corpus_file import read_corpus

INPUTS = ("hidden", "pieces", "marks", "first", "last")
OUTPUTS = ("event", "mode", "status", "spoken", "stance", "context", "roles", "root")


class Deployed(nn.Module):
    """All heads at once, as probabilities; the root of a pair is only read where there are marks."""

    def __init__(self, net: EventNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, hidden: Tensor, pieces: Tensor, marks: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, ...]:
        """As `EventNet`."""
        x = self.net.encode(hidden, pieces, marks)
        event, mode, status, spoken, stance, context, roles = self.net.words(x, first, last)
        return (event.softmax(-1), mode, status.softmax(-1), spoken.softmax(-1), stance.softmax(-1), context.sigmoid(), roles.sigmoid(),
                self.net.root(x, marks).softmax(-1))


def add_output(path: Path, layer: int) -> None:
    """Lets the parser's file also give its hidden states after `layer` layers, under the name `hidden`."""
    model = onnx.load(str(path))
    inner = f"/net/encoder/layers.{layer - 1}/norm2/LayerNormalization_output_0"
    del model.graph.output[6:]
    for node in [n for n in model.graph.node if n.output[0] == "hidden"]:
        model.graph.node.remove(node)
    model.graph.node.append(onnx.helper.make_node("Identity", [inner], ["hidden"], "hidden"))
    model.graph.output.append(onnx.helper.make_tensor_value_info("hidden", onnx.TensorProto.FLOAT, ["batch", "piece", 384]))
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def example_feeds(reader: Reader, corpus: Path, layer: int, count: int = 400) -> list[dict[str, np.ndarray]]:  # type: ignore[type-arg]
    """Batches of training sentences with their hidden states."""
    articles = read_corpus(sorted(corpus.glob("*.txt")), reader.coder.knowledge.ontology)
    texts = [sentence.text for article in articles if article.part == "train" for sentence in article.sentences]
    parses = reader.parse(texts[:: max(1, len(texts) // count)])
    chosen = sorted((words_of(parse.sentence) for parse in parses), key=lambda row: len(row[0]))
    features, encoder, feeds = Features(layer), reader.language._network.encoder, []
    for begin in range(0, len(chosen), 16):
        feed = dict(encoder.batch(chosen[begin : begin + 16]))
        hidden = features.of(feed)
        feeds.append({"hidden": hidden, "marks": np.zeros_like(feed["pieces"]), **{k: feed[k] for k in ("pieces", "first", "last")}})
    return feeds


def main() -> None:
    """Command line; see the module's first lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--run", "--corpus", "--out"):
        parser.add_argument(name, type=Path, required=True)
    args = parser.parse_args()
    saved = torch.load(args.run / "events.pt", map_location="cpu")
    net = EventNet(EventShape(**saved["shape"]))
    net.load_state_dict(saved["weights"])
    net.eval()
    feeds = example_feeds(Reader(), args.corpus, saved["layer"])
    by_piece, by_word = {0: "batch", 1: "piece"}, {0: "batch", 1: "word"}
    axes = {**dict.fromkeys(("hidden", "pieces", "marks"), by_piece), **dict.fromkeys(("first", "last"), by_word),
            **dict.fromkeys(OUTPUTS[:6], by_word), "roles": {0: "batch", 2: "word", 3: "word"}, "root": {0: "batch"}}
    example = (torch.zeros(2, 9, 384), *(torch.ones(2, n, dtype=torch.int64) for n in (9, 9, 7, 7)))
    with tempfile.TemporaryDirectory() as folder:
        plain, shaped, small = (Path(folder) / name for name in ("plain.onnx", "shaped.onnx", "small.onnx"))
        torch.onnx.export(Deployed(net), example, str(plain), input_names=list(INPUTS), output_names=list(OUTPUTS), dynamic_axes=axes,
                          opset_version=17, dynamo=False)
        quant_pre_process(str(plain), str(shaped), skip_symbolic_shape=True)
        graph = onnx.load(str(shaped)).graph
        keep = [n.name for n in graph.node if n.op_type == "MatMul" and not any(part in n.name for part in ("/layers", "/pair", "/inner"))]
        quantize_dynamic(str(shaped), str(small), weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"],
                         nodes_to_exclude=keep, reduce_range=True)
        fix_ranges(small, calibrate(shaped, small, feeds), args.out / "events.onnx", seven_bits=True)
    add_output(args.out / "parser.onnx", saved["layer"])
    labels = {"layer": saved["layer"], **saved["labels"]}
    (args.out / "events.json").write_text(json.dumps(labels, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
