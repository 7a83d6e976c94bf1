"""Dictionary forms by rule and by the shipped table."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import ModelError
from detente.language import MODEL_FOLDER
from detente.language.lemmas import KINDS, Lemmatizer, regular

LEMMAS = Lemmatizer(MODEL_FOLDER / "lemmas.tsv.gz")


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("attacks", "attack"),
        ("parties", "party"),
        ("crises", "crise"),
        ("boxes", "box"),
        ("crisis", "crisis"),
        ("glass", "glass"),
        ("virus", "virus"),
        ("gas", "gas"),
        ("clashes", "clash"),
    ],
)
def test_nouns_by_rule(form: str, lemma: str) -> None:
    assert regular(form, "N") == lemma


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("attacks", "attack"),
        ("denies", "deny"),
        ("denied", "deny"),
        ("stopped", "stop"),
        ("urging", "urge"),
        ("accused", "accuse"),
        ("shelling", "shell"),
        ("kissed", "kiss"),
        ("withdrawing", "withdraw"),
        ("mobilized", "mobilize"),
        ("goes", "go"),
        ("bring", "bring"),
        ("shed", "shed"),
        ("meeting", "meet"),
        ("raided", "raid"),
    ],
)
def test_verbs_by_rule(form: str, lemma: str) -> None:
    assert regular(form, "V") == lemma


@pytest.mark.parametrize(
    ("form", "upos", "xpos", "lemma"),
    [
        ("met", "VERB", "VBD", "meet"),
        ("withdrew", "VERB", "VBD", "withdraw"),
        ("shot", "VERB", "VBN", "shoot"),
        ("was", "AUX", "VBD", "be"),
        ("'s", "AUX", "VBZ", "be"),
        ("n't", "PART", "RB", "not"),
        ("men", "NOUN", "NNS", "man"),
        ("crises", "NOUN", "NNS", "crisis"),
        ("soldiers", "NOUN", "NNS", "soldier"),
        ("agreed", "VERB", "VBD", "agree"),
        ("media", "NOUN", "NNS", "medium"),
        ("worst", "ADJ", "JJS", "bad"),
        ("they", "PRON", "PRP", "they"),
        ("their", "PRON", "PRP$", "their"),
        ("Ankara", "PROPN", "NNP", "Ankara"),
        ("Accused", "VERB", "VBD", "accuse"),
        ("BOMBED", "VERB", "VBD", "bomb"),
        ("news", "NOUN", "NN", "news"),
        ("threatening", "VERB", "VBG", "threaten"),
    ],
)
def test_shipped_table(form: str, upos: str, xpos: str, lemma: str) -> None:
    assert LEMMAS.lemma(form, upos, xpos) == lemma


@given(
    st.text(min_size=1, max_size=15),
    st.sampled_from([*KINDS, "PUNCT", "X"]),
    st.sampled_from(["", "NN", "NNS", "NNPS", "VB", "VBD", "VBG"]),
)
def test_every_word_has_a_lemma(form: str, upos: str, xpos: str) -> None:
    assert LEMMAS.lemma(form, upos, xpos)


@pytest.mark.parametrize("content", [b"", b"not gzip", gzip.compress(b"one cell\n")], ids=["empty", "no gzip", "few cells"])
def test_a_damaged_table_is_a_model_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lemmas.tsv.gz"
    path.write_bytes(content)
    if content:
        with pytest.raises(ModelError, match=r"lemmas\.tsv\.gz"):
            Lemmatizer(path)
    else:
        assert Lemmatizer(path).lemma("talks", "NOUN", "NNS") == "talk"
