"""What an article tells again is likelier than what it tells once."""

from __future__ import annotations

import pytest

from detente import Coder
from detente.flow.repeated import Repeated

TEXT = (
    "North Korea launched two missiles into the sea on Sunday, the South Korean army said.\n\n"
    "The launch came days before talks in Geneva. Farmers sold cabbages at the market in Busan."
)


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def test_a_noun_of_the_verb_before_is_told_again(coder: Coder) -> None:
    works = coder.explain(TEXT, "2019-07-05")
    parses = [work.parse for work in works]
    repeated = Repeated(parses)
    launch = next(w.index for w in parses[1].words if w.text == "launch")
    talks = next(w.index for w in parses[1].words if w.text == "talks")
    assert repeated.elsewhere(parses[1], {launch}, {"MOBILIZE"})
    assert not repeated.elsewhere(parses[1], {launch}, {"AID"})
    assert not repeated.elsewhere(parses[1], {talks}, {"MOBILIZE", "CONSULT"})
    assert not Repeated(parses[1:]).elsewhere(parses[1], {launch}, {"MOBILIZE"}), "its own sentence is no other"


def test_what_is_told_again_is_surer(coder: Coder) -> None:
    def sureness(text: str) -> float:
        return max(c.confidence for c in coder.code(text, "2019-07-05") if c.trigger == "launch")

    assert sureness(TEXT) > sureness(TEXT.replace("North Korea launched two missiles into the sea", "Seoul made a statement"))
