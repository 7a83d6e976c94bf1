"""Entries of the ledger to JSON Lines. The shape is fixed here and nowhere else; what claims have too is written as theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..ledger import Entry, Words
from ..version import VERSION
from .write import iso, mention_to_dict, voice_to_dict


def entry_to_dict(entry: Entry) -> dict[str, Any]:
    """The entry as plain values, keys in the fixed order; dates as ISO text; offsets count characters of the article's text."""
    when = entry.when
    start, end = iso(when.start), iso(when.end)
    return {
        "id": entry.id,
        "article": entry.article,
        "file": entry.file,
        "title": entry.title,
        "publisher": entry.publisher,
        "url": entry.url,
        "published": iso(entry.published),
        "published_inferred": entry.published_inferred,
        "sort": entry.sort,
        "kind": entry.kind,
        "status": entry.status,
        "confidence": entry.confidence,
        "actor": [mention_to_dict(party) for party in entry.actor],
        "recipient": [mention_to_dict(party) for party in entry.recipient],
        "about": _words(entry.about) if entry.about else None,
        "conditions": [_words(condition) for condition in entry.conditions],
        "date": start,
        "date_end": None if end == start else end,
        "date_precision": when.precision,
        "date_text": when.text,
        "date_text_start": when.text_start,
        "date_text_end": when.text_end,
        "voice": voice_to_dict(entry.voice),
        "sentence": entry.sentence,
        "sentence_index": entry.sentence_index,
        "start": entry.start,
        "end": entry.end,
        "trigger": entry.trigger,
        "trigger_start": entry.trigger_start,
        "trigger_end": entry.trigger_end,
        "rule": entry.rule,
        "why": [{"step": reason.step, "rule": reason.rule, "text": reason.text} for reason in entry.why],
        "knowledge": entry.knowledge,
        "detente": VERSION,
    }


def _words(words: Words) -> dict[str, Any]:
    return {"text": words.text, "start": words.start, "end": words.end}


def entries_to_jsonl(entries: Iterable[Entry]) -> str:
    """The entries as JSON Lines, one entry a line with its line feed; an empty string for none."""
    return "".join(json.dumps(entry_to_dict(entry), ensure_ascii=False) + "\n" for entry in entries)
