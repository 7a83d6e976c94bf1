"""The lexicon: whatever breaks the format is an error at its row; slots are read as docs/lexicon.md says."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge import DATA, Knowledge, Lexicon, Ontology
from detente.knowledge.lexicon import alternatives, parse_slot, phrase_of

ONTOLOGY = Ontology(DATA / "ontology" / "plover.yml")
GOOD = """\
event: ASSAULT
triggers:
- id: assault-first
  verb: shell
  matches:
  - {text: "Northern forces shelled the town."}
  refuses:
  - "The company shelled out three million."
"""
ROW = """\
- id: assault-second
  verb: bombard
  matches:
  - {text: "Northern forces bombarded the town."}
  refuses:
  - "Readers bombarded the paper with letters."
"""


def load(folder: Path, content: str) -> Lexicon:
    """A lexicon of one file, ASSAULT.yml."""
    (folder / "ASSAULT.yml").write_text(content, encoding="utf-8")
    lexicon = Lexicon()
    lexicon.load(folder, ONTOLOGY)
    return lexicon


def without(row: str, key: str) -> str:
    """The row without one of its keys and what stands under it."""
    lines, skipping = [], False
    for line in row.splitlines(keepends=True):
        skipping = line.startswith(f"  {key}:") or (skipping and line.startswith("  - "))
        lines += [] if skipping else [line]
    return "".join(lines)


def test_good_rows(tmp_path: Path) -> None:
    lexicon = load(tmp_path, GOOD + ROW)
    assert list(lexicon.rules) == ["assault-first", "assault-second"]
    assert [rule.id for rule in lexicon.at("bombard", "verb")] == ["assault-second"]
    assert lexicon.at("bombard", "noun") == []


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (without(ROW, "refuses"), "refuses"),
        (without(ROW, "refuses") + "  refuses: []\n", "refuses"),
        (without(ROW, "matches"), "matches"),
        (ROW + "  recipient: [sideways]\n", "sideways"),
        (ROW + "  recipient: ['object:at']\n", "object:at"),
        (ROW + "  needs: {nowhere: [town]}\n", "nowhere"),
        (ROW + "  needs: {object: ['@nothing']}\n", "@nothing"),
        (ROW + "  mode: politely\n", "politely"),
        (ROW + "  event: GREET\n", "GREET"),
        (ROW + "  context: [weather]\n", "weather"),
        (ROW + "  adds: [{event: COERCE, mode: politely}]\n", "politely"),
        (ROW + "  noun: bombardment\n", "2 of verb"),
        (without(ROW, "verb"), "0 of verb"),
        (ROW + "  colour: red\n", "colour"),
        (ROW.replace("assault-second", "assault-first"), "assault-first"),
    ],
    ids=[
        "no refuses",
        "empty refuses",
        "no matches",
        "unknown slot",
        "argument where none may be",
        "unknown slot in needs",
        "unknown word class",
        "unknown mode",
        "unknown event",
        "unknown context",
        "unknown mode in adds",
        "two parts of speech",
        "no part of speech",
        "unknown key",
        "id twice",
    ],
)
def test_bad_rows(tmp_path: Path, row: str, found: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load(tmp_path, GOOD + row)
    error = caught.value
    assert error.path == tmp_path / "ASSAULT.yml"
    assert found in error.found
    ident = "assault-first" if found == "assault-first" else "assault-second"
    lines = error.path.read_text(encoding="utf-8").splitlines()
    assert f"id: {ident}" in lines[error.line - 1]


def test_bad_yaml(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load(tmp_path, GOOD + "- id: [open\n")
    assert caught.value.path == tmp_path / "ASSAULT.yml"
    assert caught.value.line >= 9


def test_slots() -> None:
    assert parse_slot("object.nmod:of|for") == (("object", frozenset()), ("nmod", frozenset({"of", "for"})))
    assert alternatives("object|xcomp.obl:from|of") == (parse_slot("object"), parse_slot("xcomp.obl:from|of"))
    with pytest.raises(ValueError, match="sideways"):
        parse_slot("object.sideways")


def test_a_hyphen_is_a_word() -> None:
    assert phrase_of("Cease-Fire") == ("cease", "-", "fire")


def test_more_conditions_rank_higher(tmp_path: Path) -> None:
    lexicon = load(tmp_path, GOOD + ROW + "  needs: {object: ['*']}\n  never: {particle: [out]}\n")
    assert lexicon.rules["assault-second"].rank > lexicon.rules["assault-first"].rank


def test_the_shipped_lexicon_serves_every_event(knowledge: Knowledge) -> None:
    served = {rule.event for rule in knowledge.lexicon.rules.values()}
    assert served == set(knowledge.ontology.events)
