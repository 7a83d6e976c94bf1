"""Who blames and who is blamed, where the network alone reads an accusation in what somebody says."""

from __future__ import annotations

import pytest

from detente import Coder
from detente.settings import load_settings


@pytest.fixture(scope="module")
def both() -> Coder:
    return Coder(load_settings())


def test_the_speaker_accuses_and_the_subject_is_accused(both: Coder) -> None:
    [claim] = both.code('"This government has betrayed the miners," the opposition leader Jan Roth said.', "2019-06-20")
    assert claim.event == "ACCUSE"
    assert [m.text for m in claim.actor] == ["the opposition leader Jan Roth"]
    assert [m.text for m in claim.recipient] == ["This government"]
    assert claim.voice.kind == "outlet"


def test_a_verb_that_accuses_keeps_its_subject(both: Coder) -> None:
    claims = both.code("Norway accused Chile of lying, the minister said.", "2019-06-20")
    assert [m.id for c in claims for m in c.actor][:1] == ["NOR"]


@pytest.mark.parametrize(
    ("text", "asks", "asked"),
    [
        ("The European Union said Serbia should hand over the general.", "The European Union", "Serbia"),
        ("“Norway must pay for the damage,” the Swedish minister said.", "the Swedish minister", "Norway"),
    ],
)
def test_who_must_do_something_is_asked_to(both: Coder, text: str, asks: str, asked: str) -> None:
    [claim] = [c for c in both.code(text) if c.event == "REQUEST"]
    assert [m.text for m in claim.actor] == [asks]
    assert [m.text for m in claim.recipient] == [asked]
