"""The network at work: words of sentences in, tags, trees and names out. ONNX only, no PyTorch."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ..errors import ModelError
from ..records import Act
from .acts import ActNetwork, moved
from .encode import WordEncoder
from .signed import session
from .trees import heads_of

MAX_PIECES = 500
# Padded pieces in one call: more fall out of the processor's cache (5,800 against 4,400 words a second) and take memory.
PIECES_AT_ONCE = 640
LABELS = ("upos", "xpos", "deprel", "names")
_TREE = ["upos", "xpos", "names", "arcs", "rel_dep", "rel_head"]
_BREAKS = frozenset({";", ":", ".", "!", "?", ",", "—", "–"})


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the network says of one sentence; one entry per word, heads 1-based, 0 = root."""

    upos: list[str]
    xpos: list[str]
    heads: list[int]
    deprels: list[str]
    names: list[str]
    acts: tuple[Act, ...] | None = None


class Network:
    """Loads the files that `training/export.py` writes. `threads` are those of one call; `acts`: whether to ask the event network too."""

    def __init__(self, folder: Path, threads: int = 1, acts: bool = False) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
            self.labels: dict[str, list[str]] = {name: labels[name] for name in LABELS}
            self.version: str = labels["version"]
            self._main = session(folder / "parser.onnx", options)
            self._relate = session(folder / "relations.onnx", options)
        except Exception as error:  # onnxruntime raises its own classes, all below Exception, for missing or damaged files
            raise ModelError(f"{folder}: {error}", "install the package again or point Settings.model at a complete folder") from error
        self.encoder = WordEncoder(folder / "tokenizer.json")
        self._acts = ActNetwork(folder, options) if acts and ActNetwork.present(folder) else None
        self._root = self.labels["deprel"].index("root")

    def analyse(self, sentences: list[tuple[list[str], list[bool]]], batch: int = 64, longest: int = 200) -> list[Analysis]:
        """(words, spaces before) of sentences → analyses in the same order. Long sentences are cut and joined again."""
        pieces: list[tuple[int, tuple[list[str], list[bool]]]] = []
        for number, (words, spaced) in enumerate(sentences):
            for low, high in self._windows(words, longest):
                pieces.append((number, (words[low:high], spaced[low:high])))
        lengths = [self.encoder.length(words) for _, (words, _) in pieces]
        done: dict[int, Analysis] = {}
        for chosen in _groups(lengths, batch):
            for index, analysis in zip(chosen, self._run([pieces[i][1] for i in chosen]), strict=True):
                done[index] = analysis
        parts: list[list[Analysis]] = [[] for _ in sentences]
        for index, (number, _) in enumerate(pieces):
            parts[number].append(done[index])
        return [_joined(group) for group in parts]

    def _windows(self, words: list[str], longest: int) -> list[tuple[int, int]]:
        """Cuts a very long sentence, at punctuation where there is some."""
        result, low = [], 0
        while low < len(words):
            high, used = low, 0
            while high < len(words) and high - low < longest and used + len(self.encoder.pieces(words[high])) <= MAX_PIECES:
                used += len(self.encoder.pieces(words[high]))
                high += 1
            if high < len(words):
                marks = [k + 1 for k in range(low + (high - low) // 2, high) if words[k] in _BREAKS]
                high = marks[-1] if marks else high
            result.append((low, high))
            low = high
        return result

    def _run(self, sentences: list[tuple[list[str], list[bool]]]) -> list[Analysis]:
        feed: dict[str, Any] = dict(self.encoder.batch(sentences))
        upos, xpos, names, arcs, rel_dep, rel_head, *hidden = self._main.run(_TREE + ["hidden"] * (self._acts is not None), feed)
        lengths = [len(words) for words, _ in sentences]
        acts = self._acts.acts(feed, hidden[0], lengths) if self._acts else [None] * len(sentences)
        heads = [heads_of(arcs[line, : n + 1, : n + 1])[1:] for line, n in enumerate(lengths)]
        deps = np.concatenate([rel_dep[line, 1 : n + 1] for line, n in enumerate(lengths)])
        tops = np.concatenate([rel_head[line, h] for line, h in enumerate(heads)])
        scores: NDArray[np.float32] = self._relate.run(None, {"dep": deps, "head": tops})[0]
        scores[:, self._root] = -np.inf
        relations = scores.argmax(1)
        result, place = [], 0
        for line, n in enumerate(lengths):
            own = relations[place : place + n]
            place += n
            label = self.labels["deprel"]
            result.append(
                Analysis(
                    [self.labels["upos"][k] for k in upos[line, 1 : n + 1]],
                    [self.labels["xpos"][k] for k in xpos[line, 1 : n + 1]],
                    heads[line].tolist(),
                    ["root" if head == 0 else label[k] for k, head in zip(own, heads[line], strict=True)],
                    [self.labels["names"][k] for k in names[line, 1 : n + 1]],
                    acts[line],
                )
            )
        return result


    def roots(self, sentences: list[tuple[list[str], list[bool]]], pairs: list[tuple[list[int], list[int]]]) -> list[dict[str, float]]:
        """Probabilities of the 16 events for a pair in each sentence, `pairs`: 1-based words of source and of target.

        Empty where there is no event network or a sentence is too long for one call.
        """
        if self._acts is None:
            return [{} for _ in sentences]
        result: list[dict[str, float]] = [{} for _ in sentences]
        lengths = [self.encoder.length(words) for words, _ in sentences]
        for chosen in _groups(lengths, 32):
            chosen = [i for i in chosen if lengths[i] <= MAX_PIECES]
            if not chosen:
                continue
            feed: dict[str, Any] = dict(self.encoder.batch([sentences[i] for i in chosen]))
            marks = np.zeros_like(feed["pieces"])
            for line, i in enumerate(chosen):
                for number, words in enumerate(pairs[i], 1):
                    for word in words:
                        marks[line, feed["first"][line, word] : feed["last"][line, word] + 1] = number
            found = self._acts.roots(feed, self._main.run(["hidden"], feed)[0], marks)
            for line, i in enumerate(chosen):
                result[i] = dict(zip(self._acts.events[1:], found[line].tolist(), strict=True))
        return result


def _groups(lengths: list[int], batch: int) -> list[list[int]]:
    """Indices of sentences of like length that go through the network together."""
    groups: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if not groups or len(groups[-1]) >= batch or (len(groups[-1]) + 1) * (lengths[index] + 2) > PIECES_AT_ONCE:
            groups.append([])
        groups[-1].append(index)
    return groups


def _joined(parts: list[Analysis]) -> Analysis:
    """Pieces of one sentence to one tree: later roots hang on the first as parataxis."""
    if len(parts) == 1:
        return parts[0]
    result, acts = Analysis([], [], [], [], []), list[Act]()
    first_root = parts[0].heads.index(0) + 1 if parts else 0
    for number, part in enumerate(parts):
        shift = len(result.heads)
        for head, relation in zip(part.heads, part.deprels, strict=True):
            later_root = head == 0 and number > 0
            result.heads.append(first_root if later_root else head + shift if head else 0)
            result.deprels.append("parataxis" if later_root else relation)
        result.upos.extend(part.upos)
        result.xpos.extend(part.xpos)
        result.names.extend(part.names)
        acts += [moved(act, shift) for act in part.acts or ()]
    return replace(result, acts=None if parts[0].acts is None else tuple(acts))
