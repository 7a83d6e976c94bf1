"""Quad classes and actors: reading, hand-counted figures, and small files of our own through the coder."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from detente.errors import ScoreError
from detente.records import Claim, Mention
from detente.score import SCORES
from detente.score.cameo import actor_figures, best_class, class_figures, read_actors, read_classes, roles_of
from detente.settings import Settings

CODES = {"verbal cooperation": 1, "material conflict": 4}
CLASSES = "Rebels attacked army posts on Monday.\t4\nThe library opens at nine.\t0\n"
ACTORS = """\
Norwegian B-S
diplomats I-S
met O
rebels B-T
. O

Two B-R
ministers I-R
met O

"""


def written(folder: Path, text: str) -> Path:
    path = folder / "own.txt"
    path.write_text(text, encoding="utf-8")
    return path


def mention(start: int, end: int) -> Mention:
    return Mention("X", "X", None, (), None, None, "x" * (end - start), start, end)


def claim(confidence: float, quad: str, actor: tuple[Mention, ...] = (), recipient: tuple[Mention, ...] = (), rule: str = "r") -> Claim:
    return Claim("a", "s", 0, 0, 9, "E", None, "t", 0, 1, actor, recipient, rule, quad=quad, confidence=confidence)


def test_the_surest_claim_gives_the_class() -> None:
    claims = [claim(0.4, "verbal cooperation"), claim(0.7, "material conflict"), claim(0.7, "verbal cooperation")]
    assert best_class(claims, CODES) == 4
    assert best_class([], CODES) == 0


def test_class_figures_counted_by_hand() -> None:
    # 0: 1 right of 2 found and 1 there, F1 2/3; 4: 1 of 1 and 2, F1 2/3; 1: right.
    assert class_figures([0, 4, 4, 1], [0, 4, 0, 1]) == {
        "macro_f1": 0.7778, "accuracy": 0.75, "n": 4, "f1_0": 0.6667, "f1_1": 1.0, "f1_4": 0.6667,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A met B.\t1\nno class here\n", r":2: found 1 fields, expected 2"),
        ("A met B.\t7\n", r":1: found the class '7', expected 0, 1, 2, 3 or 4"),
        ("\t1\n", r":1: found an empty sentence"),
        ("\n\n", r"found no rows"),
    ],
)
def test_malformed_classes(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        read_classes(written(tmp_path, text))


def test_classes_through_the_coder(tmp_path: Path) -> None:
    packed = tmp_path / "own.tsv.gz"
    packed.write_bytes(gzip.compress(CLASSES.encode()))
    assert read_classes(packed) == read_classes(written(tmp_path, CLASSES))
    assert SCORES["cameo-class"](packed, Settings()) == {
        "macro_f1": 1.0, "accuracy": 1.0, "n": 2, "f1_0": 1.0, "f1_4": 1.0, "draft_macro_f1": 1.0, "draft_accuracy": 1.0,
        "majority_macro_f1": 0.3333, "majority_accuracy": 0.5,  # of equals the lowest: 0, right once of twice
        "keyword_macro_f1": 0.3333, "keyword_accuracy": 0.5,  # "opens" is a trigger of an event, whatever is opened
    }


def test_labelled_sentences_are_read(tmp_path: Path) -> None:
    first, second = read_actors(written(tmp_path, ACTORS))
    assert first.tokens == ("Norwegian", "diplomats", "met", "rebels", ".")
    assert first.spans == (("S", 0, 2), ("T", 3, 4))
    assert (second.line, second.of("R")) == (7, [(0, 2)])


def test_labels_of_another_role_begin_a_span(tmp_path: Path) -> None:
    (sentence,) = read_actors(written(tmp_path, "a B-T\nb I-S\nc I-S\nd B-S\ne O\nf I-T\n"))
    assert sentence.spans == (("T", 0, 1), ("S", 1, 3), ("S", 3, 4), ("T", 5, 6))


def test_mentions_become_spans_of_tokens() -> None:
    places = [(0, 9), (10, 19), (20, 23), (24, 30), (30, 31)]
    one = claim(0.5, "", (mention(0, 19),), (mention(25, 27),))
    assert roles_of([one], places, frozenset()) == {"S": [(0, 2)], "T": [(3, 4)]}
    together = claim(0.5, "", (mention(0, 9), mention(10, 19)), rule="met")
    assert roles_of([together], places, frozenset({"met"})) == {"S": [(0, 1)], "T": [(1, 2)]}
    assert roles_of([together], places, frozenset()) == {"S": [(0, 1), (1, 2)], "T": []}
    assert roles_of([claim(0.5, "", (mention(90, 95),))], places, frozenset()) == {"S": [], "T": []}


def test_actor_figures_counted_by_hand(tmp_path: Path) -> None:
    sentences = read_actors(written(tmp_path, ACTORS))
    found = [{"S": [(1, 3)], "T": [(4, 5)]}, {"S": [(0, 1)], "T": []}]
    # Any role: gold 3 + 2 tokens, found 3 + 1, right 1 + 1. Source: gold 2, found 2 (the mutual one left out), right 1. Target: none.
    assert actor_figures(sentences, found) == {
        "mention_f1": round(4 / 9, 4), "source_f1": 0.5, "target_f1": 0.0, "source_span_f1": 1.0, "target_span_f1": 0.0, "n": 2,
    }


def test_spans_need_one_shared_token(tmp_path: Path) -> None:
    (sentence, _) = read_actors(written(tmp_path, ACTORS))
    figures = actor_figures([sentence], [{"S": [(0, 1), (1, 2), (3, 4)], "T": [(2, 4)]}])
    # Sources: two of three spans touch the one that is there; it is found. Targets: the one span touches the one there.
    assert (figures["source_span_f1"], figures["target_span_f1"]) == (0.8, 1.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("one B-S\ntwo\n", r":2: found 1 fields, expected 2: a token and its label"),
        ("one B-S\n\ntwo B-X\n", r":3: found the label 'B-X', expected one of B-R"),
        ("a b c\n", r":1: found 3 fields"),
        ("\n", r"found no sentences"),
    ],
)
def test_malformed_actors(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        read_actors(written(tmp_path, text))


def test_actors_through_the_coder(tmp_path: Path) -> None:
    text = "Norwegian B-S\ntroops I-S\nattacked O\nSwedish B-T\nsoldiers I-T\n. O\n"
    assert SCORES["cameo-ner"](written(tmp_path, text), Settings()) == {
        "mention_f1": 1.0, "side_source_f1": 1.0, "side_target_f1": 1.0, "claimed_f1": 1.0,
        "source_f1": 1.0, "target_f1": 1.0, "source_span_f1": 1.0, "target_span_f1": 1.0, "n": 1,
    }
