"""A known outlet at the end of a headline is no part of its sentence; whoever else stands there is."""

from __future__ import annotations

import pytest

from detente.flow.mastheads import without_mastheads
from detente.knowledge import Knowledge
from detente.language import load_parser
from detente.pipeline import make_article
from detente.settings import load_settings

PARSER = load_parser(load_settings())


@pytest.mark.parametrize(
    ("headline", "kept"),
    [
        ("Gunmen kill six in Nigeria - Xinhua", "Gunmen kill six in Nigeria"),
        ("Israel strikes Gaza | BBC News", "Israel strikes Gaza"),
        ("Raid on Mosul leaves two dead - The New York Times", "Raid on Mosul leaves two dead"),
        ("Talks will go on - Lavrov", None),
        ("Peru - Chile talks go on", None),
        ("Army takes Mosul - 20 dead", None),
    ],
)
def test_an_outlet_is_cut_off(knowledge: Knowledge, headline: str, kept: str | None) -> None:
    article = make_article(f"{headline}\n\nThe talks went on in Geneva - Reuters", None, None)
    before = PARSER.sentences(article)
    after = without_mastheads(before, knowledge.registry)
    if kept is None:
        assert after == before
        return
    assert after[1:] == before[1:]
    assert after[0].text == kept == article.text[after[0].start : after[0].end]
    assert after[0].words[-1][1] == after[0].end


def test_nothing_is_cut_off_where_nothing_is(knowledge: Knowledge) -> None:
    assert without_mastheads([], knowledge.registry) == []
