"""Tokens back to sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.score.spacing import joined


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("Ghana ’ s envoy , who left , can 't stay .", "Ghana’s envoy, who left, can't stay."),
        ("the workers ' union ( WU ) met", "the workers' union (WU) met"),
        ("a US - led , three - month - old plan", "a US-led, three-month-old plan"),
        ("It cost $ 22 . 5 million , or 1 , 000 each .", "It cost $22.5 million, or 1,000 each."),
        ('He said " no deal " today .', 'He said "no deal" today.'),
        ("Stop . 7 men came", "Stop. 7 men came"),
        ("the neighbour 's “ last ” word", "the neighbour's “last” word"),
        ("6 % and 3 / 4", "6% and 3/4"),
    ],
)
def test_tokens_are_drawn_together(tokens: str, text: str) -> None:
    assert joined(tokens.split())[0] == text


@given(st.lists(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=6), max_size=20))
def test_every_token_keeps_its_place(tokens: list[str]) -> None:
    text, spans = joined(tokens)
    assert [text[start:end] for start, end in spans] == tokens
    assert all(after[0] - before[1] in {0, 1} for before, after in pairwise(spans))
