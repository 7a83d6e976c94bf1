"""Entries of the ledger to JSON Lines. The shape is fixed here and nowhere else; what claims have too is written as theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..ledger import Entry, Words
from ..version import VERSION
from .write import evidence_to_dict, mention_to_dict, source_to_dict, voice_to_dict, when_to_dict, why_to_list


def entry_to_dict(entry: Entry) -> dict[str, Any]:
    """The entry as plain values, keys in the fixed order; dates as ISO text; offsets count characters of the article's text."""
    return {
        "id": entry.id,
        **source_to_dict(entry),
        "sort": entry.sort,
        "kind": entry.kind,
        "status": entry.status,
        "confidence": entry.confidence,
        "actor": [mention_to_dict(party) for party in entry.actor],
        "recipient": [mention_to_dict(party) for party in entry.recipient],
        "about": _words(entry.about) if entry.about else None,
        "conditions": [_words(condition) for condition in entry.conditions],
        **when_to_dict(entry.when),
        "voice": voice_to_dict(entry.voice),
        **evidence_to_dict(entry),
        "rule": entry.rule,
        "why": why_to_list(entry.why),
        "knowledge": entry.knowledge,
        "detente": VERSION,
    }


def _words(words: Words) -> dict[str, Any]:
    return {"text": words.text, "start": words.start, "end": words.end}


def entries_to_jsonl(entries: Iterable[Entry]) -> str:
    """The entries as JSON Lines, one entry a line with its line feed; an empty string for none."""
    return "".join(json.dumps(entry_to_dict(entry), ensure_ascii=False) + "\n" for entry in entries)
