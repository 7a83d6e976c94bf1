"""Text in stretches: nothing is lost, nothing stands twice, and common abbreviations end no sentence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.serve.pieces import LONGEST, pieces


@given(st.text(alphabet="ab .!?\n\"A1é", max_size=300))
def test_every_word_stands_in_one_stretch(text: str) -> None:
    found = list(pieces(text))
    assert all(0 <= a < b <= len(text) for a, b in found)
    assert all(found[n][1] <= found[n + 1][0] for n in range(len(found) - 1))
    assert "".join(re.sub(r"\s", "", text[a:b]) for a, b in found) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("He left. She stayed! Why? Nobody knows", ["He left.", "She stayed!", "Why?", "Nobody knows"]),
        ("Mr. Lavrov met Gen. Smith in the U.S. Senate on Friday. They spoke.",
         ["Mr. Lavrov met Gen. Smith in the U.S. Senate on Friday.", "They spoke."]),
        ("“No.” The talks ended\n\nA new paragraph", ["“No.”", "The talks ended", "A new paragraph"]),
        ("It cost 3.5 million. 12 died.", ["It cost 3.5 million.", "12 died."]),
    ],
)
def test_stretches_are_sentences(text: str, parts: list[str]) -> None:
    assert [text[a:b] for a, b in pieces(text)] == parts


def test_text_without_an_end_is_cut_between_words() -> None:
    text = "word " * 1000
    found = list(pieces(text))
    assert all(b - a <= LONGEST for a, b in found)
    assert all(text[a:b].split() == ["word"] * len(text[a:b].split()) for a, b in found)
    assert [b - a for a, b in pieces("x" * 2000)] == [LONGEST, LONGEST, 2000 - 2 * LONGEST]
