"""A pin: exactly what was seen of a store at a moment, short enough for an address, so that a later question sees the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import StoreError

_FORM = re.compile(r"(\d{1,9})\.(\d{1,18})\.(\d{1,18})\.((?:r_[0-9a-f]{1,32})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pin:
    """`version` of the articles; up to which moments (microseconds since 1970) `articles` and `decisions` are seen; the fold that is seen
    (`run`, "" for none)."""

    version: int
    articles: int
    decisions: int
    run: str

    def __str__(self) -> str:
        return f"{self.version}.{self.articles}.{self.decisions}.{self.run}"

    @classmethod
    def parse(cls, text: str) -> Pin:
        """Reads what `str` gives. Raises StoreError for anything else."""
        found = _FORM.fullmatch(text)
        if not found:
            raise StoreError(f"{text!r} is no pin of a store", "take it as the store gave it")
        return cls(int(found[1]), int(found[2]), int(found[3]), found[4])
