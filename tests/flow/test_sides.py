"""Who acts and whom they deal with, with phrases as wide as a reader would mark them."""

from __future__ import annotations

import pytest

from detente import Coder

CASES = [
    ("Greek farmers met the Bulgarian agriculture minister on Monday.", ["Greek farmers"], ["the Bulgarian agriculture minister"]),
    ("Peru's foreign ministry dismissed a Chilean draft resolution, a spokesman said.", ["Peru's foreign ministry"],
     ["a Chilean draft resolution"]),
    ("Ghana and Togo have agreed to reopen their border.", ["Ghana and Togo"], []),
    ("The Kenyan army shelled the rebel-held hills of Lower Juba.", ["The Kenyan army"], ["the rebel-held hills of Lower Juba"]),
    ("A court in Oslo freed two Danish sailors who had been held since May.", ["A court in Oslo"], ["two Danish sailors"]),
    ("It rained all night.", ["It"], []),
]


@pytest.mark.parametrize(("text", "acting", "other"), CASES, ids=[case[0][:30] for case in CASES])
def test_both_sides(coder: Coder, text: str, acting: list[str], other: list[str]) -> None:
    (sides,) = coder.sides([text])[0]
    assert [m.text for m in sides.acting] == acting
    if other:
        assert [m.text for m in sides.other] == other


def test_offsets_and_identity(coder: Coder) -> None:
    text = "Nothing new. Serbia praised the Albanian parliament's vote."
    second = coder.sides([text])[0][1]
    assert [(m.id, text[m.start : m.end]) for m in second.acting] == [("SRB", "Serbia")]
    assert all(text[m.start : m.end] == m.text for m in second.other)
    assert [m.text for m in second.other] == ["the Albanian parliament's vote"]


def test_a_speaker_after_the_fact_is_no_side(coder: Coder) -> None:
    (sides,) = coder.sides(["Rwandan troops crossed into Congo on Friday, a monitor said."])[0]
    assert [m.text for m in sides.acting] == ["Rwandan troops"]
