"""What office a party speaks or acts in: two presidents who telephone are not their two foreign ministers who do so a day later.

An office is a class of words (data/fold/points.yml, `offices`): "head" for presidents and prime ministers, "foreign" for foreign ministers
and their ministries, and so on. It is read from the role that the coder found, else from the words of the party, else, where these name a
person, from the offices that the person held for that state at any time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..knowledge.actors import Registry

LONGEST = 3  # words of a phrase
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class Offices:
    """Reads offices as bits, one bit a class in the order of the table."""

    def __init__(self, classes: Mapping[str, Sequence[str]], registry: Registry) -> None:
        self._bits = {tuple(phrase.split()): 1 << number for number, phrases in enumerate(classes.values()) for phrase in phrases}
        self._registry = registry

    def of(self, text: str, role: str | None, state: str | None) -> int:
        """The offices of a party as a text names it, 0 where none is named. `state`: code of its country."""
        found = self._named(_WORD.findall((role or "").lower())) or self._named(_WORD.findall(text.lower()))
        return found or (self._held(text, state) if state else 0)

    def _named(self, words: list[str]) -> int:
        found = place = 0
        while place < len(words):
            for length in range(min(LONGEST, len(words) - place), 0, -1):
                bit = self._bits.get(tuple(words[place : place + length]))
                if bit:
                    found |= bit
                    break
            else:
                length = 1
            place += length
        return found

    def _held(self, text: str, state: str) -> int:
        found = 0
        for word in _WORD.findall(text):
            if word[0].isupper():
                for term in self._registry.terms_of(word):
                    if term.actor == state:
                        found |= self._named(term.role.lower().split())
        return found
