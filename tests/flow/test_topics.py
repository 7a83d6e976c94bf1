"""Contexts by the linear model."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import ModelError
from detente.flow.topics import TopicModel, act_features, words_of
from detente.language import MODEL_FOLDER


def test_words_lose_their_commonest_endings() -> None:
    assert words_of("Refugees' camps; the refugee's camping") == frozenset({"refugee", "camp", "the"}) | words_of("refugees'")
    assert words_of("a to of") == frozenset()


def test_an_article_about_votes_is_about_votes() -> None:
    model = TopicModel(MODEL_FOLDER)
    votes = "The electoral commission will recount the ballots after the presidential election; voters and observers complained of fraud."
    found = model.probabilities(model.article(votes), votes, act_features("ACCUSE", None, ["election"], ["election"]))
    assert "election" in found
    other = "Doctors fought cholera in the camps, where clinics ran out of vaccine and patients died of the disease."
    found = model.probabilities(model.article(other), other, act_features("AID", None, ["health"], []))
    assert "election" not in found
    assert "health" in found


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="contexts"):
        TopicModel(tmp_path)
