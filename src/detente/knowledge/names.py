"""Finding known names in running text: longest match, whole words, letter case respected."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from itertools import compress, count, islice
from typing import Generic, TypeVar

Target = TypeVar("Target")
_PIECE = re.compile(r"\w+|[^\w\s]")
# Acronyms that are plain words when everything is in capitals.
_WORDS_IN_CAPITALS = frozenset("IS WHO US IT AS OR AM AN IN ON AT SO NO BE ARE HAS CAN MAY ALL".split())


@dataclass(frozen=True, slots=True)
class Hit(Generic[Target]):
    """A name found: character offsets in the text that was searched, and all it may stand for."""

    start: int
    end: int
    targets: tuple[Target, ...]


def fold(text: str) -> str:
    """Same length as the input where possible: curly apostrophes straightened, accents dropped letter by letter."""
    if text.isascii():
        return text
    return text.translate(_FOLDED)


def _letter(char: str) -> str:
    if char in "’‘`´ʼʻ":
        return "'"
    if char in "–‑‐":
        return "-"
    base = unicodedata.normalize("NFKD", char)
    return base[0] if base and len(char) == 1 and base[0].isascii() else char


class _Folds(dict[int, str]):
    """A translation table that learns each letter once."""

    def __missing__(self, code: int) -> str:
        self[code] = _letter(chr(code))
        return self[code]


_FOLDED = _Folds()


class NameIndex(Generic[Target]):
    """Names by their first word. Case matters, except in text that is all capitals."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[tuple[str, ...], list[Target]]] = defaultdict(dict)
        self._upper: dict[str, dict[tuple[str, ...], list[Target]]] = defaultdict(dict)
        self._sizes: dict[str, tuple[int, ...]] = {}  # how many pieces the names with this first piece have, longest first

    def add(self, name: str, target: Target) -> None:
        """Adds one name; the same name may have several targets. "Al-" and "The " at its head may be written either way."""
        if name[:3] in {"Al-", "Al "}:
            self.add("al" + name[2:], target)
        pieces = tuple(_PIECE.findall(fold(name)))
        if not pieces:
            return
        self._put(self._exact, pieces, target)
        loud = tuple(p.upper() for p in pieces)
        if not (len(pieces) == 1 and name in _WORDS_IN_CAPITALS):
            self._put(self._upper, loud, target)

    def _put(self, index: dict[str, dict[tuple[str, ...], list[Target]]], pieces: tuple[str, ...], target: Target) -> None:
        index[pieces[0]].setdefault(pieces, []).append(target)
        sizes = self._sizes.get(pieces[0], ())
        if len(pieces) not in sizes:
            self._sizes[pieces[0]] = tuple(sorted((*sizes, len(pieces)), reverse=True))

    def find(self, text: str) -> list[Hit[Target]]:
        """Longest names from left to right, none overlapping."""
        plain = fold(text)
        index = self._upper if _all_capitals(plain) else self._exact
        pieces = _PIECE.findall(plain)
        found: list[tuple[int, int, list[Target]]] = []
        free = 0
        for place in compress(count(), map(index.__contains__, pieces)):  # as loops go, the fastest
            if place < free:
                continue
            names = index[pieces[place]]
            for size in self._sizes[pieces[place]]:
                targets = names.get(tuple(pieces[place : place + size]))
                if targets is not None and place + size <= len(pieces):
                    free = place + size
                    found.append((place, free, targets))
                    break
        if not found:
            return []
        spans = list(islice(_PIECE.finditer(plain), free))
        return [Hit(spans[first].start(), spans[last - 1].end(), tuple(targets)) for first, last, targets in found]

    def exact(self, name: str) -> tuple[Target, ...]:
        """All targets of one whole name."""
        pieces = tuple(_PIECE.findall(fold(name)))
        return tuple(self._exact.get(pieces[0], {}).get(pieces, ())) if pieces else ()


_NO_LOWER = {code: None for code in range(128) if chr(code).islower()}


def _all_capitals(text: str) -> bool:
    small = len(text) - len(text.translate(_NO_LOWER))
    if small > 0.2 * len(text):  # the common case, told without looking at every letter
        return False
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 12 and sum(c.isupper() for c in letters) > 0.8 * len(letters)
