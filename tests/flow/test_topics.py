"""Contexts by the linear model."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import ModelError
from detente.flow.contexts import ContextFinder
from detente.flow.topics import TopicModel, act_features, words_of
from detente.knowledge import Knowledge
from detente.language import MODEL_FOLDER


def test_words_lose_their_commonest_endings() -> None:
    assert words_of("Refugees' camps; the refugee's camping") == frozenset({"refugee", "camp", "the"}) | words_of("refugees'")
    assert words_of("a to of") == frozenset()


def likely(model: TopicModel, text: str, features: list[str]) -> dict[str, float]:
    """Contexts of an article of one sentence."""
    return model.likely(model.article(words_of(text)) + model.sentence(text) + model.act(features), 0.3)


def test_an_article_about_votes_is_about_votes() -> None:
    model = TopicModel(MODEL_FOLDER)
    votes = "The electoral commission will recount the ballots after the presidential election; voters and observers complained of fraud."
    found = likely(model, votes, act_features("ACCUSE", None, ["election"], ["election"]))
    assert "election" in found
    other = "Doctors fought cholera in the camps, where clinics ran out of vaccine and patients died of the disease."
    found = likely(model, other, act_features("AID", None, ["health"], []))
    assert "election" not in found
    assert "health" in found


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="contexts"):
        TopicModel(tmp_path)


def test_the_same_verb_tells_less_on_the_pitch() -> None:
    """"Attacked" is an act at a border and none in a match: the words around it tell."""
    model = TopicModel(MODEL_FOLDER)
    match = "The striker attacked from the left and scored twice in the second half. The coach praised his goalkeeper after the match."
    war = "Rebels attacked an army post near the border. The government condemned the raid and sent troops to the province."
    def tells(text: str) -> float:
        return model.tells(model.article_tells(words_of(text)), text.split(". ", maxsplit=1)[0])
    assert tells(match) + 1 < tells(war)


def test_without_the_model_words_say_nothing() -> None:
    finder = ContextFinder(Knowledge().ontology)
    assert finder.tells(finder.about("Rebels attacked."), "Rebels attacked.") == 0.0


def test_words_that_never_named_an_act() -> None:
    model = TopicModel(MODEL_FOLDER)
    assert model.heard("attacked")
    assert model.heard("held talks")
    assert not model.heard("clout")
    assert model.heard("at")  # too short to tell


def test_what_the_network_reads_is_bounded() -> None:
    """A context that it did not report is unlikely, not impossible, and one that it is sure of may be wrong."""
    model = TopicModel(MODEL_FOLDER)
    read = dict(zip(model.contexts, model.read({"health": 1.0, "election": 0.5}).tolist(), strict=True))
    assert read["health"] == pytest.approx(3.476, abs=0.001)
    assert read["election"] == pytest.approx(0.0)
    assert read["military"] == pytest.approx(-3.476, abs=0.001)
