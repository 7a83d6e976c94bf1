"""Finding names: whole words only, the longest first, true offsets, letter case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.knowledge import Knowledge
from detente.knowledge.names import NameIndex, fold

NAMES = ("Assad", "Bashar al-Assad", "US", "United States", "United States Senate", "WHO", "Côte d'Ivoire", "Al-Qaeda", "Kim Jong-un")


@pytest.fixture(scope="module")
def index() -> NameIndex[str]:
    """A small index whose names stand for themselves."""
    result: NameIndex[str] = NameIndex()
    for name in NAMES:
        result.add(name, name)
    return result


def found(index: NameIndex[str], text: str) -> list[str]:
    """What the names found in a text stand for."""
    return [hit.targets[0] for hit in index.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The ambassador spoke.",
        "Ambassadors and embassadors",
        "AMBASSADOR LEAVES CAPITAL",
        "USA",
        "Business as usual",
        "whose",
        "assad",
        "BASSAD",
        "Assads",
    ],
)
def test_never_within_a_word(index: NameIndex[str], text: str) -> None:
    assert found(index, text) == []


def test_the_shipped_names_hold_to_it_too(knowledge: Knowledge) -> None:
    assert not knowledge.registry.names.find("the ambassador spoke with a musician about romance")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bashar al-Assad spoke", ["Bashar al-Assad"]),
        ("Assad's aides", ["Assad"]),
        ("the United States Senate and the United States", ["United States Senate", "United States"]),
        ("the US and the WHO", ["US", "WHO"]),
        ("Côte d’Ivoire", ["Côte d'Ivoire"]),
        ("Cote d'Ivoire", ["Côte d'Ivoire"]),
        ("Al‑Qaeda", ["Al-Qaeda"]),
        ("“Assad”", ["Assad"]),
    ],
)
def test_longest_match_whatever_the_quotes_and_accents(index: NameIndex[str], text: str, names: list[str]) -> None:
    assert found(index, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("BASHAR AL-ASSAD MEETS UNITED STATES ENVOY", ["Bashar al-Assad", "United States"]),
        ("CÔTE D'IVOIRE HOLDS ELECTION", ["Côte d'Ivoire"]),
        ("MINISTER WHO WAS THERE SAYS IT IS UP TO US", []),
    ],
)
def test_text_in_capitals(index: NameIndex[str], text: str, names: list[str]) -> None:
    assert found(index, text) == names


def test_case_matters_elsewhere(index: NameIndex[str]) -> None:
    assert found(index, "they told us who was there") == []
    assert found(index, "kim jong-un spoke") == []


@given(st.lists(st.sampled_from([*NAMES, "spoke", "with", ",", "ambassador", "’s", "\n", "–"]), max_size=12).map(" ".join))
def test_offsets_are_true_and_hits_part(text: str) -> None:
    index: NameIndex[str] = NameIndex()
    for name in NAMES:
        index.add(name, name)
    end = 0
    for hit in index.find(text):
        assert hit.start >= end
        end = hit.end
        assert fold(text[hit.start : hit.end]).lower() == fold(hit.targets[0]).lower()


@given(st.text(max_size=40))
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_one_name_may_stand_for_several(index: NameIndex[str]) -> None:
    names: NameIndex[str] = NameIndex()
    names.add("Congo", "Brazzaville")
    names.add("Congo", "Kinshasa")
    [hit] = names.find("in Congo")
    assert hit.targets == ("Brazzaville", "Kinshasa")
    assert names.exact("Congo") == ("Brazzaville", "Kinshasa")
    assert names.exact("Gabon") == ()
