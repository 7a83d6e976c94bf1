"""Baselines of the class measure: the most frequent class, and trigger words without conditions."""

from __future__ import annotations

import pytest

from detente.knowledge import Knowledge
from detente.pipeline import Coder
from detente.score.baselines import NO_EVENT, Keywords, majority


@pytest.fixture
def keywords(coder: Coder) -> Keywords:
    return Keywords(coder.knowledge.lexicon, coder.knowledge.ontology, coder.language.lemmas)


def test_the_most_frequent_class() -> None:
    assert majority([4, 0, 4]) == [4, 4, 4]
    assert majority([3, 1, 1, 3]) == [1, 1, 1, 1]
    assert majority([]) == []


def test_words_vote_by_rows(keywords: Keywords, knowledge: Knowledge) -> None:
    rows = [rule.event for rule in knowledge.lexicon.at("shell", "verb")] + [rule.event for rule in knowledge.lexicon.at("shell", "noun")]
    votes = list(keywords.votes("The company shelled out three million dollars."))
    assert set(rows) <= set(votes), "conditions that refuse this sentence are not looked at"
    assert list(keywords.votes("Xyzzy plugh.")) == []


def test_phrases_need_all_their_words_in_a_row(keywords: Keywords) -> None:
    def rows(text: str) -> int:
        return len(list(keywords.votes(text)))

    assert rows("asset freeze") > rows("freeze asset") > 0


@pytest.mark.parametrize(
    ("text", "name"),
    [("Rebels bombed and shelled the village.", 4), ("He apologised.", 1), ("Xyzzy plugh.", NO_EVENT), ("", NO_EVENT)],
)
def test_classes(keywords: Keywords, text: str, name: int) -> None:
    assert keywords.quad_class(text) == name


def test_of_equal_votes_the_first_told_wins(coder: Coder) -> None:
    class Fixed(Keywords):
        def votes(self, text: str):  # type: ignore[no-untyped-def]  # a stand-in
            return iter(text.split())

    fixed = Fixed(coder.knowledge.lexicon, coder.knowledge.ontology, coder.language.lemmas)
    assert fixed.quad_class("AID ASSAULT ASSAULT AID") == 2
    assert fixed.quad_class("ASSAULT AID AID") == 2
    assert fixed.quad_class("ASSAULT AID") == 4
