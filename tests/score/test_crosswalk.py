"""The crosswalks from our events to the names of measuring files."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge import Knowledge
from detente.score.crosswalk import CLASSES, PLV, Answer, label_of, labels
from detente.score.plv import PENTA
from detente.settings import Settings


@pytest.mark.parametrize(("answer", "label"), [
    (Answer("SANCTION", "convict", "actual", ("convict",)), "ACCUSE"),
    (Answer("SANCTION", "discontinue", "actual", ("sanction",)), "COERCE"),
    (Answer("SANCTION", "discontinue", "actual", ("cut",)), "SANCTION"),
    (Answer("CONCEDE", None, "future", ("lift",)), "AGREE"),
    (Answer("CONCEDE", None, "future", ("decide",)), "YIELD"),
    (Answer("RETREAT", "release", "actual", ("free",)), "YIELD"),
    (Answer("COERCE", "arrest", "future", ("arrest",)), "THREATEN"),
    (Answer("AGREE", None, "actual", ("agree",), "agree-agree-object"), "SUPPORT"),
    (Answer("AGREE", None, "actual", ("agree",), "agree-agree-to-do"), "AGREE"),
    (Answer("CONSULT", "visit", "actual", ("visit",)), "CONSULT"),
])
def test_answers_get_the_file_s_names(answer: Answer, label: str) -> None:
    assert label_of(answer, PLV) == label


def test_the_table_names_what_there_is() -> None:
    knowledge = Knowledge(Settings().knowledge)
    for row in (*labels(PLV), *labels(CLASSES)):
        assert row.event is None or row.event in knowledge.ontology.events
        assert row.label in PENTA or row.label in {"0", "1", "2", "3", "4"}
        assert row.rows <= knowledge.lexicon.rules.keys()
        assert row.mode is None or (row.event, row.mode) in knowledge.ontology.pairs


def test_an_unknown_key_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plv.yml"
    path.write_text("labels:\n- {event: AID, label: AID, colour: red}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="colour"):
        labels(path)


@pytest.mark.parametrize(("answer", "label"), [
    (Answer("REQUEST", "change", "actual", ("urge",)), "0"),
    (Answer("REQUEST", "change", "actual", ("demand",)), "3"),
    (Answer("SANCTION", "expel", "actual"), "3"),
    (Answer("ASSAULT", None, "actual", ("attack",), "", "asserts", ("claim",)), "0"),
    (Answer("ASSAULT", None, "actual", ("attack",), "", "denies"), "0"),
    (Answer("ASSAULT", None, "actual", ("attack",), "", "asserts", ("say",)), "4"),
    (Answer("CONCEDE", None, "future"), "1"),
])
def test_answers_fall_into_classes_by_root(answer: Answer, label: str) -> None:
    assert label_of(answer, CLASSES) == label


def test_every_event_has_a_class() -> None:
    for event in Knowledge(Settings().knowledge).ontology.events:
        assert label_of(Answer(event, None, "actual"), CLASSES) in {"0", "1", "2", "3", "4"}
