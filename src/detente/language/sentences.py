"""Text to sentences: blank lines and list marks always part, a small learned splitter decides the rest."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ..errors import ModelError
from .boundaries import features
from .tokens import Token, tokenize

_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_BULLET = re.compile(r"\n[^\S\n]*(?=(?:[-–—•*▪●·]|\d{1,2}[.)]|\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\.?)?)\s)", re.IGNORECASE)
# "NAIROBI, March 3 (Agency) -- ": the place and agency before the first sentence belong to no clause.
DATELINE = re.compile(
    r"^[^\S\n]*(?:[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3})(?:[,/][^\n]{0,40}?)?[^\S\n]*(?:\([A-Z][\w .&-]{1,30}\))?"
    r"[^\S\n]*(?:--|—|–|-)[^\S\n]+(?=[\"“'A-Z0-9])"
    # "Nairobi, March 3 (AGENCY) Kenya …": no dash, so the day and the agency must be there.
    r"|^[^\S\n]*[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}, (?:[A-Z][\w ]{1,20}, )?"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d{1,2}(?:, \d{4})?,? "
    r"\([A-Z][\w .&/-]{1,30}\)(?:[^\S\n]*(?::|--|—|–|-))?[^\S\n]+(?=[\"“'A-Z0-9])",
    re.MULTILINE,
)
_HARD_WRAP = (50, 100)
# Where a paragraph is punctuated with care, a break without a mark needs more certainty ("the think-tank Gulf State Analytics").
UNMARKED = 0.8
_ENDINGS = frozenset(".!?…\"'”’»):")
_NEVER_BEFORE = frozenset(",;)]”’»")


class Splitter:
    """Finds sentences; runs `boundaries.onnx` (written by `training/boundaries.py`) on one thread."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            content = json.loads((folder / "boundaries.json").read_text(encoding="utf-8"))
            self._threshold = float(content["threshold"])
            self._index = {word: number for number, word in enumerate(content["vocabulary"]) if word}
            self._session = onnxruntime.InferenceSession(str(folder / "boundaries.onnx"), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises its own classes, all below Exception, for missing or damaged files
            raise ModelError(f"{folder}: {error}", "install the package again or point Settings.model at a complete folder") from error

    def split(self, text: str) -> list[list[Token]]:
        """Sentences as runs of tokens with offsets into `text`. No token is lost or doubled."""
        result: list[list[Token]] = []
        for start, end in _blocks(text):
            block = text[start:end]
            tokens = tokenize(block)
            if not tokens:
                continue
            cut = 0
            for k in self._breaks(block, tokens):
                result.append(_moved(tokens[cut:k], start))
                cut = k
            result.append(_moved(tokens[cut:], start))
        return result

    def _breaks(self, block: str, tokens: list[Token]) -> list[int]:
        """Indices of tokens that begin a new sentence within one block."""
        if len(tokens) < 2:
            return []
        ids = np.array([self._number(block[t.start : t.end]) for t in tokens], dtype=np.int64)
        scores = self._scores(*features(block, tokens, ids))
        found: list[int] = []
        depth = 0
        well_ended = block[tokens[-1].start] in _ENDINGS and sum(block[t.start] in ".!?" for t in tokens) * 40 >= len(tokens)
        for k in range(1, len(tokens)):
            before, here = tokens[k - 1], tokens[k]
            mark = block[before.start : before.end]
            depth = max(0, depth + (mark in "([" and 1) - (mark in ")]" and 1))
            if here.glued or block[here.start] in _NEVER_BEFORE or _comma_in_quote(block, tokens, k):
                continue
            unmarked = well_ended and mark[-1] not in _ENDINGS and "\n" not in block[before.end : here.start]
            if scores[k - 1] > (UNMARKED if unmarked else self._threshold) and not (depth and k - (found[-1] if found else 0) < 40):
                found.append(k)
        return found

    def _number(self, word: str) -> int:
        lower = word.lower()
        return self._index.get(lower) or self._index.get("~" + lower[-3:], 1)

    def _scores(self, words: NDArray[np.int64], shapes: NDArray[np.int64], flags: NDArray[np.float32]) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = self._session.run(None, {"words": words, "shapes": shapes, "flags": flags})[0]
        return scores


def _comma_in_quote(block: str, tokens: list[Token], k: int) -> bool:
    """“…,” said X: the speaker belongs to the quotation's sentence."""
    return k > 1 and block[tokens[k - 1].start] in "\"”’»'" and block[tokens[k - 2].start] == ","


def _moved(tokens: list[Token], by: int) -> list[Token]:
    return [Token(t.start + by, t.end + by, t.spaced, t.token, t.glued) for t in tokens]


def _blocks(text: str) -> list[tuple[int, int]]:
    """Stretches that no sentence crosses: parted by blank lines, by list marks, and by line ends unless lines are hard-wrapped."""
    edges = [0]
    edges += [m.end() for m in _BLANK.finditer(text)]
    edges += [m.end() for m in _BULLET.finditer(text)]
    edges += [m.end() for m in DATELINE.finditer(text)]
    if not hard_wrapped(text):
        edges += [m.end() for m in re.finditer(r"\n", text)]
    edges = sorted(set(edges))
    return [(a, b) for a, b in zip(edges, [*edges[1:], len(text)], strict=True) if text[a:b].strip()]


def hard_wrapped(text: str) -> bool:
    """Whether line ends are only typesetting: most lines of similar length, and many go on in lower case."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 4:
        return False
    inner = [line for line in lines[:-1] if _HARD_WRAP[0] <= len(line.rstrip()) <= _HARD_WRAP[1]]
    goes_on = sum(1 for line in lines[1:] if line.lstrip()[:1].islower())
    return len(inner) >= 0.6 * (len(lines) - 1) and goes_on >= 0.3 * (len(lines) - 1)
