"""Words to numbers: shapes agree with those of training, and every word keeps its pieces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import ModelError
from detente.language import MODEL_FOLDER
from detente.language.encode import MAX_PIECES_PER_WORD, WordEncoder, word_shape

ENCODER = WordEncoder(MODEL_FOLDER / "tokenizer.json")
WORD = st.text(min_size=1, max_size=12).filter(lambda word: not any(char.isspace() for char in word))


@pytest.fixture(scope="module")
def training(program: Callable[[str], ModuleType]) -> ModuleType:
    """What training makes of words."""
    return program("training/data.py")


@given(WORD, st.booleans())
def test_shapes_agree_with_training(training: ModuleType, word: str, spaced: bool) -> None:
    assert word_shape(word, spaced) == training.word_shape(word, spaced)


@given(WORD, st.booleans())
def test_shapes_stay_within_their_table(word: str, spaced: bool) -> None:
    assert 1 <= word_shape(word, spaced) <= 12


@pytest.mark.parametrize(
    ("word", "shape"),
    [(",", 1), ("troops", 3), ("Turkey", 5), ("A", 5), ("NATO", 7), ("McCain", 9), ("S400", 11), ("2016", 11)],
)
def test_shapes(word: str, shape: int) -> None:
    assert word_shape(word, spaced=False) == shape
    assert word_shape(word, spaced=True) == shape + 1


@given(WORD)
def test_every_word_has_pieces(word: str) -> None:
    assert 1 <= len(ENCODER.pieces(word)) <= MAX_PIECES_PER_WORD


@given(st.lists(st.lists(st.tuples(WORD, st.booleans()), min_size=1, max_size=6), min_size=1, max_size=4))
def test_a_batch_says_where_each_word_stands(sentences: list[list[tuple[str, bool]]]) -> None:
    given_words = [([word for word, _ in sentence], [spaced for _, spaced in sentence]) for sentence in sentences]
    batch = ENCODER.batch(given_words)
    assert batch["pieces"].shape == batch["shapes"].shape
    assert batch["first"].shape == batch["last"].shape == (len(sentences), 1 + max(map(len, sentences)))
    for line, (forms, spaces) in enumerate(given_words):
        for number, (form, spaced) in enumerate(zip(forms, spaces, strict=True), 1):
            span = slice(int(batch["first"][line, number]), int(batch["last"][line, number]) + 1)
            assert tuple(batch["pieces"][line, span]) == ENCODER.pieces(form)
            assert set(batch["shapes"][line, span].tolist()) == {word_shape(form, spaced)}


def test_case_makes_no_difference_to_pieces() -> None:
    assert ENCODER.pieces("Turkey") == ENCODER.pieces("turkey") == ENCODER.pieces("TURKEY")


def test_a_damaged_file_is_a_model_error(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        WordEncoder(path)
