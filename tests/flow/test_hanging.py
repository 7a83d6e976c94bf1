"""Conditions: which stretch of a sentence says on what something hangs."""

from __future__ import annotations

import pytest

from detente import Coder
from detente.flow.hanging import hangings, holds_for
from detente.pipeline import make_article
from detente.records import Parse


def parsed(coder: Coder, text: str) -> Parse:
    [parse] = coder.language.parse(coder.language.sentences(make_article(text, None, None)))
    return parse


@pytest.mark.parametrize(("text", "found"), [
    ("Kenya will open the border if Somalia withdraws its troops.", ["if Somalia withdraws its troops"]),
    ("If Somalia withdraws its troops, Kenya will open the border.", ["If Somalia withdraws its troops"]),
    ("Kenya will open the border only if Somalia agrees.", ["only if Somalia agrees"]),
    ("Kenya opened the border in exchange for grain.", ["in exchange for grain"]),
    ("Kenya will not open the border until Somalia agrees.", ["until Somalia agrees"]),
    ("Kenya waited until Somalia agreed.", []),
    ("Kenya asked if Somalia had agreed.", []),
    ("Should Somalia agree, Kenya will open the border.", ["Should Somalia agree"]),
    ("Kenya and Somalia should agree.", []),
    ("Kenya once closed the border.", []),
])
def test_the_words_of_a_condition(coder: Coder, text: str, found: list[str]) -> None:
    hung = hangings(parsed(coder, text), coder.knowledge.ledger.openers.values())
    assert [h.words.text for h in hung] == found


def test_a_condition_holds_for_what_it_hangs_on_and_not_for_itself(coder: Coder) -> None:
    parse = parsed(coder, "Kenya offered to open the border if Somalia withdraws.")
    [hung] = hangings(parse, coder.knowledge.ledger.openers.values())
    words = {word.text: word.index for word in parse.words}
    assert holds_for(parse, hung, words["offered"])
    assert not holds_for(parse, hung, words["withdraws"])
