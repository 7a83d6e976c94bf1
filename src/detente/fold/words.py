"""What sentences are about, as bits: two sentences that share many words share many bits. No model, nothing that drifts.

Each stem of a rare word sets one of 256 bits, and one of 1,024 for the article as a whole: rare is what the shipped list of common stems
(data/fold/common.txt) does not hold. A hash of the bare letters finds verbatim copies.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]
RARE, TOPIC = 256, 1024
STEM, SHORTEST = 6, 4
WHOLE = 8  # words that a sentence needs for its letters to be its own
KEPT = 50_000  # texts whose bits are remembered, for folding what is new looks at the same claims again and again
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@lru_cache(4 * KEPT)
def _bit(empty: frozenset[str], common: frozenset[str], word: str) -> tuple[int, int]:
    """What a word adds to the bits of its sentence and of its article: nothing where it is common."""
    own = stem(word)
    if len(word) < SHORTEST or word.isdigit() or word.lower() in empty or own in common:
        return 0, 0
    number = zlib.crc32(own.encode("utf-8", "surrogatepass"))
    return 1 << (number % RARE), 1 << (number % TOPIC)


def stem(word: str) -> str:
    """What of a word its other forms share: lower case, no possessive, the first letters."""
    return word.lower().replace("’", "'").removesuffix("'s")[:STEM]


class Signatures:
    """Bits of texts. `empty`: words that say nothing. `common`: stems that tell no two happenings apart."""

    def __init__(self, empty: Collection[str], common: Collection[str]) -> None:
        self._empty, self._common = frozenset(empty), frozenset(common)

    def of(self, texts: Sequence[str], topics: bool = False) -> tuple[Bits, npt.NDArray[np.int64], Bits]:
        """Rows of bits of rare words, a hash of the letters (0 for fewer than WHOLE words), and with `topics` rows of TOPIC bits of
        the same words, for the article as a whole; one row a text."""
        rare, wide = bytearray(), bytearray()
        letters = np.zeros(len(texts), np.int64)
        for number, text in enumerate(texts):
            own, topic, letters[number] = _bits(self._empty, self._common, text)
            rare += own
            if topics:
                wide += topic
        return _rows(rare, RARE), letters, _rows(wide, TOPIC)


@lru_cache(KEPT)
def _bits(empty: frozenset[str], common: frozenset[str], text: str) -> tuple[bytes, bytes, int]:
    """Bits of rare words and of the topic of one text, and the hash of its letters."""
    words = _WORD.findall(text)
    rare = topic = 0
    for word in words:
        bit, wide = _bit(empty, common, word)
        rare |= bit
        topic |= wide
    whole = stable("".join(words).lower()) if len(words) >= WHOLE else 0
    return rare.to_bytes(RARE // 8, "little"), topic.to_bytes(TOPIC // 8, "little"), whole


def _rows(buffer: bytearray, width: int) -> Bits:
    return np.frombuffer(bytes(buffer), np.uint64).reshape(-1, width // 64)


def stable(text: str) -> int:
    """A hash of a text that is the same everywhere, never 0, as a signed number of 64 bits."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True) or 1


def stables(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """The hashes of texts; 0 for an empty one."""
    return np.array([stable(text) if text else 0 for text in texts], np.int64)


def counts(bits: Bits) -> npt.NDArray[np.int16]:
    """How many bits each row has."""
    return np.asarray(np.bitwise_count(bits).sum(axis=1, dtype=np.int16), np.int16)


def mixed(*parts: npt.NDArray[np.int64] | int) -> npt.NDArray[np.uint64]:
    """One number of several, as good as a hash of them (the finaliser of SplitMix64 after each part; Steele, Lea and Flood 2014)."""
    value = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        for part in parts:
            value = (value ^ np.asarray(part).astype(np.int64).view(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)  # type: ignore[assignment]
            value = (value ^ (value >> np.uint64(30))) * np.uint64(0x94D049BB133111EB)
            value = value ^ (value >> np.uint64(31))
    return np.atleast_1d(np.asarray(value))


def beside_trigger(sentence: str, start: int, end: int, words: Collection[str], near: int) -> bool:
    """Whether one of some words stands at most so many words before a trigger, or as the next after it."""
    before = [w.lower() for w in _WORD.findall(sentence[:start])][-near:]
    after = [w.lower() for w in _WORD.findall(sentence[end:])][:1]
    return any(word in words for word in (*before, *after))


def once(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The different values, sorted, for which the array itself is sorted.

    NumPy's own way goes by a table of hashes, which takes ten times as long for millions of pairs.
    """
    values.sort()
    return values[np.r_[True, values[1:] != values[:-1]]] if len(values) else values
