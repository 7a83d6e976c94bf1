"""The kept trees of the lexicon's sentences are what the parser says today, and nothing else is remembered."""

from __future__ import annotations

from datetime import date

import pytest

from detente import Coder
from detente.pipeline import make_article
from detente.score.known_trees import KnownTrees
from detente.score.rows import own_sentences
from detente.settings import load_settings


@pytest.fixture(scope="module")
def coder() -> Coder:
    """Trees alone are kept, not what the event network says."""
    return Coder(load_settings(coder="rules"))


def test_kept_trees_are_the_parsers_own(coder: Coder) -> None:
    texts = list(dict.fromkeys(own_sentences(coder.knowledge.lexicon)))
    known = KnownTrees(lambda: coder.language)
    assert len(known) >= 0.95 * len(texts), "python scripts/trees.py"
    for text in texts[::60]:
        article = make_article(text, date(2016, 7, 5), None)
        split = known.sentences(article)
        assert split == coder.language.sentences(article)
        assert known.parse(split) == coder.language.parse(split), f"python scripts/trees.py: {text}"


def test_other_sentences_are_parsed(coder: Coder) -> None:
    known = KnownTrees(lambda: coder.language)
    article = make_article("The mayor of Quito bought eleven blue umbrellas. It rained.", None, None)
    split = known.sentences(article)
    assert known.parse(split) == coder.language.parse(split)
