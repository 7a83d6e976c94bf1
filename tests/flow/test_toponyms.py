"""Which words of an article are places: accepted and refused names, and names that only the tagger knows."""

from __future__ import annotations

import pytest

from detente.flow.geography import Geography
from detente.flow.toponyms import Toponym, toponyms
from detente.knowledge import Knowledge
from detente.language import Language
from detente.records import Article
from detente.settings import Settings


@pytest.fixture(scope="module")
def language() -> Language:
    return Language(Settings())


def found(text: str, language: Language, knowledge: Knowledge) -> list[Toponym]:
    """The toponyms of a text."""
    article = Article("a", text)
    parses = language.parse(language.sentences(article))
    return toponyms(parses, Geography(article, knowledge), knowledge.place_words)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A school in Maple Grove, Minnesota, was closed.", ["Maple Grove", "Minnesota"]),
        ("Jackson said the mayor of Akron had called.", ["Akron"]),
        ("Paris Hilton wrote to the Washington Post.", []),
        ("Police in Lansing arrested a man from Flint.", ["Lansing", "Flint"]),
        ("The trial in Rapides Parish begins on Monday.", ["Rapides Parish"]),
        ("Israel and Lebanon agreed on a line in the Mediterranean Sea.", ["Israel", "Lebanon", "Mediterranean Sea"]),
        ("Two women from Athens, Ga., were hurt on Main Street.", ["Athens", "Ga"]),
        ("The church was built in April by Victoria Lincoln.", []),
    ],
)
def test_names(text: str, names: list[str], language: Language, knowledge: Knowledge) -> None:
    toponym = found(text, language, knowledge)
    assert [t.text for t in toponym] == names
    assert all(text[t.start : t.end] == t.text for t in toponym)


def test_a_sure_name_is_sure_everywhere(language: Language, knowledge: Knowledge) -> None:
    text = "Troops entered Mansfield, Ohio, on Friday. Mansfield wants them to leave."
    assert [t.text for t in found(text, language, knowledge)].count("Mansfield") == 2


def test_an_unknown_place_has_no_entry(language: Language, knowledge: Knowledge) -> None:
    [one] = [t for t in found("Soldiers burned the village of Xandarou on Monday.", language, knowledge) if t.text == "Xandarou"]
    assert one.entry is None
