"""The event network at work: which words tell an act, which act, and who stands in it. ONNX only, no PyTorch.

It starts from the parser's hidden states, so that a sentence is read once. In: what the parser's network was fed and gave. Out: `Act`
records, one for each word that may tell an act.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ..errors import ModelError
from ..records import ROLES, STANCES, STATUSES, Act
from .signed import session

# Words less likely to tell an act than this are not reported; arguments and contexts less likely than the other not kept.
LIKELY, KEPT = 0.1, 0.05
_PROPERTIES = ["event", "mode", "status", "spoken", "stance", "context", "roles"]


class ActNetwork:
    """Loads the files that `training/export_events.py` writes; `present` tells whether a model folder has them."""

    def __init__(self, folder: Path, options: onnxruntime.SessionOptions) -> None:
        try:
            labels = json.loads((folder / "events.json").read_text(encoding="utf-8"))
            self.events: list[str] = labels["events"]
            self.contexts: list[str] = labels["contexts"]
            modes: list[str] = labels["modes"]
            self._session = session(folder / "events.onnx", options)
        except Exception as error:  # onnxruntime raises its own classes, all below Exception, for missing or damaged files
            raise ModelError(f"{folder}: {error}", "install the package again or point Settings.model at a complete folder") from error
        self._modes = {event: [k for k, name in enumerate(modes) if name.partition("/")[0] == event] for event in self.events[1:]}
        self._mode_names = [name.partition("/")[2] or None for name in modes]

    @staticmethod
    def present(folder: Path) -> bool:
        """Whether the folder holds an event network."""
        return (folder / "events.onnx").is_file() and (folder / "events.json").is_file()

    def acts(self, feed: dict[str, Any], hidden: NDArray[np.float32], lengths: list[int]) -> list[tuple[Act, ...]]:
        """Acts of each sentence of a batch, in the order of their words. `feed`: the parser's input; `lengths`: words of each."""
        own = {"hidden": hidden, "marks": np.zeros_like(feed["pieces"]), **{name: feed[name] for name in ("pieces", "first", "last")}}
        arrays = self._session.run(_PROPERTIES, own)
        return [self._sentence(line, n, arrays) for line, n in enumerate(lengths)]

    def roots(self, feed: dict[str, Any], hidden: NDArray[np.float32], marks: NDArray[np.int64]) -> NDArray[np.float32]:
        """Probabilities of the 16 events for a marked pair in each sentence: [B,16]. `marks` [B,T]: 1 source, 2 target."""
        own = {"hidden": hidden, "marks": marks, **{name: feed[name] for name in ("pieces", "first", "last")}}
        result: NDArray[np.float32] = self._session.run(["root"], own)[0]
        return result

    def _sentence(self, line: int, n: int, arrays: list[NDArray[np.float32]]) -> tuple[Act, ...]:
        event, mode, status, spoken, stance, context, roles = (array[line] for array in arrays)
        result = []
        for word in np.flatnonzero(event[1 : n + 1, 0] < 1 - LIKELY) + 1:
            best = 1 + int(event[word, 1:].argmax())
            likely = {self.events[k] for k in range(1, len(self.events)) if k == best or event[word, k] > LIKELY}
            result.append(Act(
                int(word), float(event[word, 0]), dict(zip(self.events[1:], event[word, 1:].tolist(), strict=True)),
                {name: self._best_mode(mode[word], name) for name in likely},
                dict(zip(STATUSES, status[word].tolist(), strict=True)), float(spoken[word, 1]),
                dict(zip(STANCES, stance[word].tolist(), strict=True)),
                {self.contexts[k]: float(context[word, k]) for k in np.flatnonzero(context[word] > KEPT)},
                {
                    role: tuple((int(w) + 1, float(roles[k, word, w + 1])) for w in np.flatnonzero(roles[k, word, 1 : n + 1] > KEPT))
                    for k, role in enumerate(ROLES)
                },
            ))
        return tuple(result)

    def _best_mode(self, scores: NDArray[np.float32], event: str) -> tuple[str | None, float]:
        """The likeliest mode of an event and its share among the event's modes."""
        own = self._modes[event]
        shares = np.exp(scores[own] - scores[own].max())
        shares /= shares.sum()
        k = int(shares.argmax())
        return self._mode_names[own[k]], float(shares[k])


def moved(act: Act, by: int) -> Act:
    """The act of a piece of a long sentence, with its word numbers in the whole sentence."""
    roles = {role: tuple((word + by, p) for word, p in own) for role, own in act.roles.items()}
    return replace(act, word=act.word + by, roles=roles)
