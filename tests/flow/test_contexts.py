"""Contexts: the row's own, those of a mode, those that the words signal."""

from __future__ import annotations

from detente.flow.contexts import ContextFinder
from detente.knowledge import Knowledge
from detente.records import Claim


def claim(event: str, mode: str | None, context: tuple[str, ...] = ()) -> Claim:
    return Claim("a", "It was done.", 0, 0, 12, event, mode, "done", 7, 11, (), (), "r", context=context)


def test_a_mode_brings_its_context(knowledge: Knowledge) -> None:
    finder = ContextFinder(knowledge.ontology)
    found = finder.add(claim("COERCE", "cyber"), frozenset())
    assert found.context == ("cyber",)
    assert [(reason.step, reason.rule, reason.text) for reason in found.why] == [("contexts", "mode-cyber", "done")]
    assert finder.add(claim("COERCE", "misinformation", ("misinformation",)), frozenset()).context == ("misinformation",)
    assert finder.add(claim("COERCE", "seize"), frozenset()).context == ()
    assert finder.add(claim("THREATEN", None), frozenset()).context == ()
