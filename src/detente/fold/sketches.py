"""What is kept of an article's text so that copies of it are found later: shingles, bands of their MinHash, hashed sentences.

A sketch is a function of the text and of copies.yml. Hashes are 32 bits wide and stored signed, since Delta tables know no unsigned
numbers; in one of some 25,000 pairs of articles of 400 words two different shingles fall together, which moves an overlap by 0.25 %.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from ..errors import MissingExtra
from ..tables import REAL, SKETCHES, TEXT
from .copy_rules import CopyRules

Hashes = np.ndarray[Any, np.dtype[np.int32]]
_WORD = re.compile(r"\w+")
_END = re.compile(r"(?<=[.!?])[”\"')\]]*\s+|\n+")
_PRIME = 0x9E3779B97F4A7C15
_CACHE = 500_000


def _hash(text: str, size: int, signed: bool = True) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest(), "little", signed=signed)


class _Words(dict[str, int]):
    """Word → 64-bit hash; forgets all where it has grown too large, which changes no result."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _CACHE:
            self.clear()
        value = self[word] = _hash(word, 8, signed=False)
        return value


_WORDS = _Words()


@dataclass(frozen=True, slots=True)
class _Patterns:
    boilerplate: re.Pattern[str]
    ignored: frozenset[str]


@cache
def _patterns(boilerplate: tuple[str, ...], ignored: tuple[str, ...]) -> _Patterns:
    joined = "|".join(f"(?:{pattern})" for pattern in boilerplate)
    return _Patterns(re.compile(rf"\s*(?:{joined})", re.IGNORECASE), frozenset(" ".join(_WORD.findall(s)) for s in ignored))


def patterns_of(rules: CopyRules) -> _Patterns:
    """The lists of copies.yml, compiled once."""
    return _patterns(tuple(rules.boilerplate), tuple(rules.ignored_sentences))


def plain(text: str) -> str:
    """Lower case without accents: agencies and papers write one name in several ways."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.lower()


def kept_lines(text: str, rules: CopyRules) -> Iterator[str]:
    """Lines of a text without empty ones and boilerplate."""
    match = patterns_of(rules).boilerplate.match
    return (line for line in text.split("\n") if line and not line.isspace() and not match(line))


def shingles_and_sentences(text: str, rules: CopyRules) -> tuple[Hashes, Hashes]:
    """Sorted hashes of a text's shingles and of its sentences that may find copies (long enough, not in the list)."""
    ignored = patterns_of(rules).ignored
    hashes: list[int] = []
    sentences: set[int] = set()
    for line in kept_lines(plain(text), rules):
        for sentence in _END.split(line):
            words = _WORD.findall(sentence)
            hashes += [_WORDS[word] for word in words]
            if len(words) >= rules.sentence:
                key = " ".join(words)
                if key not in ignored:
                    sentences.add(_hash(key, 4))
    return _shingles(hashes, rules.shingle), np.array(sorted(sentences), np.int32)


def _shingles(hashes: list[int], size: int) -> Hashes:
    count = len(hashes) - size + 1
    if count <= 0:
        return np.empty(0, np.int32)
    words = np.array(hashes, np.uint64)
    mixed = np.zeros(count, np.uint64)
    for place in range(size):
        mixed = mixed * np.uint64(_PRIME) + words[place : place + count]
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return np.unique((mixed >> np.uint64(32)).astype(np.uint32).view(np.int32))


def bands_of(shingles: Sequence[Hashes], rules: CopyRules) -> Hashes:
    """Per article one hash for each band of its MinHash, `bands` columns; the band's number is mixed in, so that one index holds all.

    Rows without shingles hold what an empty text gives: leave them out. Raises MissingExtra where rensa is not installed.
    """
    try:
        from rensa import RMinHash
    except ImportError as error:
        raise MissingExtra("rensa", "store") from error
    if not shingles:
        return np.empty((0, rules.bands), np.int32)
    offsets = np.concatenate([[0], np.cumsum([len(own) for own in shingles])]).astype(np.uint64)
    flat = np.concatenate(shingles).view(np.uint32).astype(np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, rules.bands * rules.rows, rules.seed)
    signatures = np.array(matrix.to_rows(), np.uint64).reshape(len(shingles), rules.bands, rules.rows)
    mixed = np.broadcast_to(np.arange(1, rules.bands + 1, dtype=np.uint64), signatures.shape[:2]).copy()
    for row in range(rules.rows):
        mixed = (mixed ^ signatures[:, :, row]) * np.uint64(_PRIME)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(32)).astype(np.uint32).view(np.int32)


def sketch(articles: pa.Table, rules: CopyRules) -> pa.Table:
    """Sketches of ARTICLES rows (id, published, published_at, publisher, text, credits), in their order; nothing is known of families yet.

    Rows with the same id are taken once (the last). Raises MissingExtra where rensa is not installed.
    """
    last = {article: place for place, article in enumerate(articles["id"].to_pylist())}
    articles = articles.take(pa.array(sorted(last.values()), pa.int64()))
    pairs = [shingles_and_sentences(text or "", rules) for text in articles["text"].to_pylist()]
    shingles = [pair[0] for pair in pairs]
    bands = bands_of(shingles, rules)
    empty = np.empty(0, np.int32)
    none = pa.nulls(len(articles))
    return pa.table(
        {
            "article": articles["id"], "published": articles["published"], "published_at": articles["published_at"],
            "publisher": articles["publisher"], "credits": articles["credits"],
            "family": none.cast(TEXT), "copy_of": none.cast(TEXT), "overlap": none.cast(REAL), "jaccard": none.cast(REAL),
            "bands": _lists([row if len(own) >= rules.least else empty for row, own in zip(bands, shingles, strict=True)]),
            "sentences": _lists([pair[1] for pair in pairs]), "shingles": _lists(shingles),
            "rules": pa.array([rules.version] * len(articles), TEXT),
        },
        schema=SKETCHES,
    )


def _lists(rows: Sequence[Hashes]) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    flat = np.concatenate([np.empty(0, np.int32), *rows])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(flat, pa.int32()))


def arrays_of(column: pa.ChunkedArray) -> list[Hashes]:
    """A column of lists of numbers as numpy arrays, one per row; null is empty."""
    result: list[Hashes] = []
    for chunk in column.chunks:
        offsets = chunk.offsets.to_numpy()
        values = chunk.values.to_numpy(zero_copy_only=False)
        result += [values[start:end] for start, end in pairwise(offsets.tolist())]
    return result
