"""The written form of the ledger's entries."""

from __future__ import annotations

import json

from detente import Coder
from detente.flow.write import claim_to_dict
from detente.flow.write_ledger import entries_to_jsonl, entry_to_dict

KEYS = (
    "id article file title publisher url published published_inferred sort kind status confidence actor recipient about conditions date "
    "date_end date_precision date_text date_text_start date_text_end voice sentence sentence_index start end trigger trigger_start "
    "trigger_end rule why knowledge detente"
).split()
TEXT = "Egypt accepted the truce on condition that Israel withdraws."


def test_the_keys_are_fixed(coder: Coder) -> None:
    [entry] = coder.ledger(TEXT, "2016-07-05")
    row = entry_to_dict(entry)
    assert list(row) == KEYS
    assert row["about"] == {"text": "the truce", "start": 15, "end": 24}
    assert [TEXT[c["start"] : c["end"]] for c in row["conditions"]] == ["on condition that Israel withdraws"]
    assert json.loads(entries_to_jsonl([entry])) == row
    assert entries_to_jsonl([]) == ""


def test_what_claims_have_too_is_written_as_theirs(coder: Coder) -> None:
    [entry], [claim, *_] = coder.ledger(TEXT, "2016-07-05"), coder.code(TEXT, "2016-07-05")
    row, other = entry_to_dict(entry), claim_to_dict(claim)
    assert list(row["actor"][0]) == list(other["actor"][0])
    assert list(row["voice"]) == list(other["voice"])
    for name in ("article", "published", "sentence", "start", "end", "knowledge", "detente"):
        assert row[name] == other[name]
