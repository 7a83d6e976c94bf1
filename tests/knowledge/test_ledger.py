"""The ledger's rows: whatever breaks the format is an error at its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge import Ledger

GOOD = """\
sort: stance
rows:
- id: supports-first
  kind: supports
  verb: [back, prop up]
  needs: {object: ["@actor", "@friend"]}
  matches:
  - {text: "Iran backs Iraq.", by: [IRN], to: [IRQ]}
  refuses:
  - "The lorry backed up."
"""


def load(folder: Path, content: str, name: str = "rows.yml") -> Ledger:
    (folder / "classes.yml").write_text("friend: [friend, ally]\n", encoding="utf-8")
    (folder / name).write_text(content, encoding="utf-8")
    ledger = Ledger()
    ledger.load(folder, {"@weapon": frozenset({"tank"})})
    return ledger


def test_a_good_file_is_read(tmp_path: Path) -> None:
    ledger = load(tmp_path, GOOD)
    rule = ledger.rules["supports-first"]
    assert (rule.sort, rule.kind, rule.part) == ("stance", "supports", "verb")
    assert rule.needs[0].words == {"@actor", "friend", "ally"}
    assert ledger.heads == {"back", "prop"}
    assert ledger.at("back", "verb") == [rule]
    assert ledger.at("back", "noun") == []


@pytest.mark.parametrize(("old", "new", "complaint"), [
    ("sort: stance", "sort: mood", "sort"),
    ("kind: supports", "kind: likes", "kind 'likes'"),
    ("verb: [back, prop up]", "verb: [back]\n  noun: [support]", "2 of verb, noun, adjective"),
    ("verb: [back, prop up]", "note: none", "0 of verb, noun, adjective"),
    ("{object:", "{thing:", "slot 'thing'"),
    ('"@friend"', '"@stranger"', "word class @stranger"),
    ("by: [IRN]", "who: [IRN]", "who"),
    ("  refuses:\n  - \"The lorry backed up.\"\n", "", "refuses"),
])
def test_what_breaks_the_format_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    with pytest.raises(KnowledgeError) as error:
        load(tmp_path, GOOD.replace(old, new))
    assert complaint in str(error.value)
    assert error.value.path.name == "rows.yml"


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="twice"):
        load(tmp_path, GOOD + GOOD.split("rows:\n")[1])


@pytest.mark.parametrize(("content", "complaint"), [
    ("- id: one\n", "no list of rows"),
    ("rows:\n- {id: one, words: [if], matches: [], refuses: []}\n", "row one"),
    ("rows:\n- {id: one, words: [if], clause: perhaps, matches: [{text: a}], refuses: [b]}\n", "clause"),
])
def test_openers_of_conditions_have_a_form_too(tmp_path: Path, content: str, complaint: str) -> None:
    with pytest.raises(KnowledgeError) as error:
        load(tmp_path, content, "conditions.yml")
    assert complaint in str(error.value)


def test_only_strong_conditions_tell_anything_by_themselves(tmp_path: Path) -> None:
    rows = "rows:\n- {id: one, words: [provided that], strong: true, matches: [{text: a}], refuses: [b]}\n"
    rows += "- {id: two, words: [unless], matches: [{text: a}], refuses: [b]}\n"
    ledger = load(tmp_path, rows, "conditions.yml")
    assert ledger.telling == {"provided"}
