"""Words to the numbers that the network eats: word pieces, shapes, and which pieces begin and end a word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ..errors import ModelError

MAX_PIECES_PER_WORD = 12
Arrays = dict[str, NDArray[np.int64]]


def word_shape(word: str, spaced: bool) -> int:
    """Shape number of a word, 1–12: letter case and digits, times "a space stands before". 0 is for special pieces.

    The encoder's vocabulary is lower-cased, so this is all it knows of capitals. `training/data.py` has its twin.
    """
    if any(c.isdigit() for c in word):
        kind = 5
    elif not any(c.isalpha() for c in word):
        kind = 0
    elif word.islower():
        kind = 1
    elif word.isupper():
        kind = 3 if len(word) > 1 else 2
    elif word[0].isupper() and word[1:].islower():
        kind = 2
    else:
        kind = 4
    return 1 + 2 * kind + int(spaced)


class WordEncoder:
    """Looks up the pieces of each word once and remembers them."""

    def __init__(self, path: Path) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception for every kind of damage
            raise ModelError(f"{path}: {error}", "install the package again or point Settings.model at a complete folder") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        numbers = [self._tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]", "[UNK]")]
        special = [number for number in numbers if number is not None]
        if len(special) < len(numbers):
            raise ModelError(f"{path}: no [CLS], [SEP], [UNK]", "this tokenizer does not belong to the model")
        self._cls, self._sep, self._unknown = special
        self._cache: dict[str, tuple[int, ...]] = {}

    def pieces(self, word: str) -> tuple[int, ...]:
        """Piece numbers of one word; never empty."""
        known = self._cache.get(word)
        if known is None:
            ids = self._tokenizer.encode(word[:100], add_special_tokens=False).ids[:MAX_PIECES_PER_WORD]
            known = tuple(ids) or (self._unknown,)
            if len(self._cache) < 200_000:
                self._cache[word] = known
        return known

    def length(self, words: list[str]) -> int:
        """Pieces of a sentence without the two special ones."""
        return sum(len(self.pieces(word)) for word in words)

    def batch(self, sentences: list[tuple[list[str], list[bool]]]) -> Arrays:
        """(words, spaces before) of several sentences → padded arrays pieces, shapes [B,T], first, last [B,W]."""
        rows = [self._row(words, spaced) for words, spaced in sentences]
        tall = max(len(row[0]) for row in rows)
        wide = max(len(row[2]) for row in rows)
        result = {}
        for number, (name, size) in enumerate((("pieces", tall), ("shapes", tall), ("first", wide), ("last", wide))):
            array = np.zeros((len(rows), size), dtype=np.int64)
            for line, row in enumerate(rows):
                array[line, : len(row[number])] = row[number]
            result[name] = array
        return result

    def _row(self, words: list[str], spaced: list[bool]) -> tuple[list[int], list[int], list[int], list[int]]:
        pieces, shapes, first, last = [self._cls], [0], [0], [0]
        for word, space in zip(words, spaced, strict=True):
            ids = self.pieces(word)
            first.append(len(pieces))
            pieces.extend(ids)
            shapes.extend([word_shape(word, space)] * len(ids))
            last.append(len(pieces) - 1)
        pieces.append(self._sep)
        shapes.append(0)
        return pieces, shapes, first, last
