"""The crosswalk from our events to the names of the PLV file."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge import Knowledge
from detente.score.plv import PENTA
from detente.score.plv_labels import Answer, label_of, labels
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
    assert label_of(answer) == label


def test_the_table_names_what_there_is() -> None:
    knowledge = Knowledge(Settings().knowledge)
    for row in labels():
        assert row.event in knowledge.ontology.events
        assert row.label in PENTA
        assert row.rows <= knowledge.lexicon.rules.keys()
        assert row.mode is None or (row.event, row.mode) in {tuple(pair) for pair in knowledge.ontology.pairs}


def test_an_unknown_key_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plv.yml"
    path.write_text("labels:\n- {event: AID, label: AID, colour: red}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="colour"):
        labels(path)
