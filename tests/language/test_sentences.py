"""Sentence ends in the kinds of text that news files hold, with the shipped splitter."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import ModelError
from detente.language import MODEL_FOLDER
from detente.language.sentences import Splitter, hard_wrapped

SPLITTER = Splitter(MODEL_FOLDER)
PIECES = [
    "The talks ended.",
    "He said no",
    "“We left,”",
    "- Kenya sends aid",
    "\n",
    "\n\n",
    "U.S.",
    "(Reuters)",
    "1.",
    "Mr. Smith",
    "?",
    "ARMY",
    "—",
    "p.m.",
]


def sentences(text: str) -> list[str]:
    """Sentences as slices of the text."""
    return [text[tokens[0].start : tokens[-1].end] for tokens in SPLITTER.split(text)]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_no_character_is_lost_and_none_is_told_twice(text: str) -> None:
    parts = SPLITTER.split(text)
    assert all(parts)
    covered = [place for tokens in parts for token in tokens for place in range(token.start, token.end)]
    assert covered == [place for place, char in enumerate(text) if not char.isspace()]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_blank_lines_always_part(text: str) -> None:
    assert not any("\n\n" in sentence for sentence in sentences(text))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("plain", ["Turkey apologised on Monday.", "Russia accepted the apology."]),
        ("questions and shouts", ["Did they agree?", "Yes!", "The deal was signed in Geneva."]),
        ("dateline with agency", ["MOSCOW, July 4 (Reuters) -", "Turkey apologised on Monday.", "Russia accepted the apology."]),
        ("dateline without a dash", ["United Nations, April 13 (ANS)", "Under pressure, the court gave in.", "Envoys were glad."]),
        ("no dateline", ["United Nations, in March (2016) Kenya's choice, gave up.", "Envoys were glad."]),
        ("dateline with dash", ["KABUL (AP) —", "Fighters attacked a police post on Sunday.", "Four officers were killed."]),
        ("abbreviations", ["Mr. Smith met Gen. Jones in the U.S. on Sept. 5.", "They discussed the U.N. mission."]),
        ("abbreviation at the end", ["He arrived in the U.S.", "The visit lasted three days."]),
        ("numbers", ["Inflation rose by 3.5 percent in May.", "Exports fell by 2.1 percent."]),
        ("curly quotes", ["“We will not leave,” he said.", "“Nobody can force us.”", "The talks ended at noon."]),
        ("straight quotes", ['"We will not leave," he said.', '"Nobody can force us."', "The talks ended at noon."]),
        ("guillemets", ["«We met», he said.", "«It was good».", "They left."]),
        ("all capitals", ["INDIA SAYS ITS TROOPS FIRED ON BORDER POST.", "PAKISTAN DENIES ATTACK.", "BOTH ENVOYS SUMMONED."]),
        ("sentences inside brackets", ["The minister (who arrived on Monday. He stayed.) left on Friday."]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_running_text(kind: str, expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected, kind


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("headline over a blank line", ["Turkey and Russia agree to meet", "\n\n", "The foreign ministers will meet on Friday."]),
        ("headline over a line end", ["Ministers meet in Sochi", "\n", "The ministers of both countries met on Friday."]),
        ("dashes", ["- Kenya sends troops", "\n", "- Uganda closes its border", "\n", "- Rwanda recalls its envoy"]),
        ("bullets", ["• Kenya sends troops", "\n", "• Uganda closes its border"]),
        ("numbers", ["1. The parties met on Monday.", "\n", "2. They agreed to meet again.", "\n", "3. They thanked the host."]),
        ("a missing space", ["The talks ended on Monday.", "", "The delegations left the city.", "", "They will meet again in May."]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_text_in_lines(kind: str, expected: list[str]) -> None:
    assert sentences("".join(expected)) == expected[::2], kind


WRAPPED = """\
The president of the republic arrived in the capital on Monday for two
days of talks with his counterpart, who had invited him in the spring
after a long dispute over the border. The two sides did not say what
they had discussed, but officials spoke of a good atmosphere. Another
round of talks is planned for the autumn, according to the ministry."""


def test_lines_broken_at_a_fixed_width_are_joined() -> None:
    assert hard_wrapped(WRAPPED)
    found = sentences(WRAPPED)
    assert len(found) == 3
    assert found[0].endswith("over the border.")
    assert all(sentence.endswith(".") for sentence in found)


def test_short_lines_are_not_taken_for_wrapped_text() -> None:
    assert not hard_wrapped("Kenya sends troops\nUganda closes its border\nRwanda recalls its envoy\nBurundi protests\n")


def test_a_text_without_words_has_no_sentences() -> None:
    assert SPLITTER.split("") == []
    assert SPLITTER.split(" \n\n ") == []


def test_the_speaker_belongs_to_the_quotation() -> None:
    assert sentences("“We will stay,” The minister said. “We are ready.”")[0] == "“We will stay,” The minister said."


@pytest.mark.parametrize("damage", ["missing", "boundaries.json", "boundaries.onnx"])
def test_a_damaged_model_is_a_model_error(tmp_path: Path, damage: str) -> None:
    for name in ("boundaries.json", "boundaries.onnx"):
        if damage != "missing":
            content = b"{" if name == damage else (MODEL_FOLDER / name).read_bytes()
            (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=tmp_path.name):
        Splitter(tmp_path)
