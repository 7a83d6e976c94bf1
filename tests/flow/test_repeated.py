"""What an article tells again is likelier than what it tells once."""

from __future__ import annotations

from detente import Coder
from detente.flow.repeated import Repeated

TEXT = (
    "North Korea launched two missiles into the sea on Sunday, the South Korean army said.\n\n"
    "The launch came days before talks in Geneva. Farmers sold cabbages at the market in Busan."
)


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
    def weighed(text: str) -> list[float]:
        works = coder.explain(text, "2019-07-05")
        return [c.confidence for work in works for c in (*work.claims, *work.fallen) if c.trigger == "launch"]

    again, once = weighed(TEXT), weighed(TEXT.replace("North Korea launched two missiles into the sea", "It rained all day"))
    assert again
    assert once
    assert again[0] > once[0] + 0.05
