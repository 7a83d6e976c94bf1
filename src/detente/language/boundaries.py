"""What the sentence splitter looks at: numbers for each gap between two tokens.

Shared by training (`training/boundaries.py`) and use (`sentences.py`), so that both see the same.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .tokens import Token

LEFT, RIGHT = 6, 6
FLAGS = 14
_CLOSERS = frozenset("\"'”’»)]")
_STOPS = frozenset(".!?…")


def shape_of(word: str) -> int:
    """Coarse form of a token, 0–15 (0 is "outside the paragraph")."""
    first = word[0]
    if first.isdigit():
        return 1 if word.isdigit() else 2
    if first.isalpha():
        if word.islower():
            return 3 if len(word) > 1 else 4
        if len(word) == 1:
            return 5
        if word.isupper():
            return 6
        return 7 if word[1:].islower() else 8
    if word[0] in _STOPS:
        return 9 if len(word) == 1 else 10
    if first in _CLOSERS:
        return 11
    if first in "([“‘«":
        return 12
    if first in ",;":
        return 13
    return 14 if first in "-–—•*:" else 15


def features(text: str, tokens: list[Token], ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Windows around each gap of one paragraph (no blank line inside).

    `ids`: vocabulary number of each token. → words [gaps,12], shapes [gaps,12], flags [gaps,FLAGS];
    gap k stands after token k; the last token has no gap.
    """
    count = len(tokens)
    shapes = np.array([shape_of(text[t.start : t.end]) for t in tokens], dtype=np.int64)
    spaced = np.array([t.spaced for t in tokens], dtype=np.float32)
    pad = np.zeros(LEFT - 1, dtype=np.int64)
    end = np.zeros(RIGHT, dtype=np.int64)
    place = np.arange(count - 1)[:, None] + np.arange(LEFT + RIGHT)[None]
    flags = np.zeros((count - 1, FLAGS), dtype=np.float32)
    flags[:, 0] = spaced[1:]
    flags[:, 1] = [float("\n" in text[a.end : b.start]) for a, b in pairwise(tokens)]
    index = np.arange(count - 1)
    flags[:, 2] = np.minimum(index, 40) / 40
    flags[:, 3] = np.minimum(count - 2 - index, 40) / 40
    flags[:, 4] = index == 0
    flags[:, 5] = index == count - 2
    quotes = np.cumsum([text[t.start : t.end] in {'"', "''", "``"} for t in tokens])[:-1]
    flags[:, 6] = quotes % 2
    flags[:, 7] = np.cumsum((shapes == 12) * 1.0 - np.array([text[t.start] in ")]”»" for t in tokens]))[:-1] > 0
    stops = (shapes == 9) | (shapes == 10)
    flags[:, 8] = stops.any()
    flags[:, 9] = stops[-1] if count else 0.0
    flags[:, 10] = shapes[0] in {14, 15, 1}
    flags[:, 11] = np.mean((shapes == 6) | (shapes == 7))
    flags[:, 12] = min(count, 60) / 60
    since = np.zeros(count - 1)
    run = 0
    for k in range(count - 1):
        run = 0 if stops[k] else run + 1
        since[k] = run
    flags[:, 13] = np.minimum(since, 30) / 30
    return np.concatenate([pad, ids, end])[place], np.concatenate([pad, shapes, end])[place], flags
