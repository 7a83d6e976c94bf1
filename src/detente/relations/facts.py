"""Facts: what entries of the ledger, deeds and knowledge say about lasting states, one row per holder and object (tables.FACTS).

In: ENTRIES and EVENTS of a store, and the knowledge's memberships. Out: FACTS. A fact never says more than its source: `from_high` is
the first day on which it is known to have been so, `to_low` the last; days that nobody tells stay empty. What is told as past ("had
backed") ended before it was said: `to_high` is that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..fold.rules import ORGANS
from ..knowledge import Knowledge
from ..records import content_id
from ..tables import FACTS
from .rules import LedgerRules, Stand

LANE = {"actual": "happened", "historical": "happened", "future": "planned", "hypothetical": "supposed", "negated": "denied"}
AT_ONCE = 20_000
_ACT = "id event lane actor recipient date date_end confidence headline headline_claim dataset first_published".split()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def root_of(party: Mapping[str, Any]) -> str:
    """The party that answers: a known group or body by its id, a state for its organs, "SYR:REB" for somebody of a country, or ""."""
    if party["id"]:
        return str(party["id"])
    country, sectors = party["country"], list(party["sector"] or ())
    if not country:
        return ""
    if not sectors or not ORGANS.isdisjoint(sectors):
        return str(country)
    return f"{country}:{sectors[0]}"


def facts(entries: pa.Table, events: pa.Table, rules: LedgerRules) -> pa.Table:
    """The facts of all stances, memberships and stages of agreements, and of deeds that show a stance; sorted by id, each once.

    Entries stand as plain values only so many at a time.
    """
    parts = [_all(batch.to_pylist(), (), rules) for batch in entries.to_batches(max_chunksize=AT_ONCE)]
    parts += [_acts(batch.to_pylist(), rules) for batch in showing(events, rules).to_batches(max_chunksize=AT_ONCE)]
    found = pa.concat_tables([FACTS.empty_table(), *(pa.Table.from_pylist(list(rows), schema=FACTS) for rows in parts)])
    found = found.take(pc.sort_indices(found["id"])).combine_chunks()  # stable: of two with one id the later one counts
    if found.num_rows < 2:
        return found
    ids = found["id"].combine_chunks()
    return found.filter(pa.concat_arrays([pc.not_equal(ids[1:], ids[:-1]), pa.array([True])]))


def showing(events: pa.Table, rules: LedgerRules) -> pa.Table:
    """The events that may show a stance without words, with the columns that tell it."""
    kind = pc.is_in(events["event"], pa.array(sorted(rules.acts), pa.string()))
    own = pc.equal(pc.fill_null(events["dataset"], ""), "")
    return events.select(_ACT).filter(pc.and_(pc.and_(kind, own), pc.fill_null(pc.equal(events["lane"], "happened"), False)))


def known_memberships(knowledge: Knowledge, members: Iterable[str]) -> pa.Table:
    """What the knowledge holds of some actors' memberships, as facts of source "knowledge", recorded at the epoch: known from the start."""
    rows = []
    for member in sorted(set(members)):
        for held in knowledge.memberships.of(member):
            row = _empty("member", member, held.organisation, "membership", held.kind)
            row |= {"from_low": held.valid_from, "from_high": held.valid_from, "to_low": held.valid_to, "to_high": held.valid_to,
                    "source": "knowledge", "lane": "happened", "rule": "memberships.tsv", "note": held.note, "confidence": 1.0}
            row["id"] = content_id("f", "knowledge", member, held.organisation, held.kind, held.valid_from, held.valid_to)
            rows.append(row)
    return pa.Table.from_pylist(rows, schema=FACTS)


def _all(entries: Iterable[Row], acts: Iterable[Row], rules: LedgerRules) -> Iterator[Row]:
    for entry in entries:
        if entry["sort"] == "stance":
            yield from _stances(entry, rules)
        elif entry["sort"] == "member":
            yield from _members(entry, rules)
        else:
            yield from _agreement(entry)
    yield from acts


def _empty(ledger: str, holder: str, about: str, dimension: str, value: str) -> Row:
    row: Row = dict.fromkeys(FACTS.names)
    row |= dict.fromkeys("thing about voice claim entry event article sentence rule note".split(), "")
    row |= {"ledger": ledger, "holder": holder, "object": about, "dimension": dimension, "value": value, "parties": [holder],
            "conditions": [], "recorded": EPOCH, "source": "outlet"}
    return row


def _of_entry(entry: Row, ledger: str, holder: str, other: str, dimension: str, value: str) -> Row:
    row = _empty(ledger, holder, other, dimension, value)
    voice = entry["voice"] or {}
    speaker = voice.get("speaker")
    spoken = root_of(speaker) if speaker else ""
    said, named = entry["published"], (speaker or {}).get("text")
    row |= {
        "about": (entry["about"] or {}).get("text") or "", "conditions": [c["text"] for c in entry["conditions"] or ()], "said": said,
        "recorded": entry["recorded"], "lane": LANE[entry["status"]], "voice": spoken or named or entry["publisher"] or "",
        "source": _source(voice.get("kind") or "outlet", spoken, holder), "entry": entry["id"], "article": entry["article"],
        "sentence": entry["sentence"], "rule": entry["kind"], "confidence": entry["confidence"], **_bounds(entry, said),
    }
    row["id"] = content_id("f", entry["id"], holder, other, dimension)
    return row


def _source(kind: str, spoken: str, holder: str) -> str:
    if kind == "speaker":
        return "self" if spoken and spoken == holder else "other"
    return "document" if kind == "document" else "outlet"


def _bounds(entry: Row, said: date | None) -> Row:
    """Between which days it began and ended: dated by its own words, else it was so when it was said; the past had ended by then."""
    told = entry["date_precision"] not in (None, "", "publication")
    first, last = (entry["date"], entry["date_end"] or entry["date"]) if told else (None, said)
    if entry["status"] == "historical":
        return {"from_low": None, "from_high": last if told else None, "to_low": last if told else None, "to_high": said}
    return {"from_low": first, "from_high": last, "to_low": None, "to_high": None}


def _stances(entry: Row, rules: LedgerRules) -> Iterator[Row]:
    stand = rules.stances[entry["kind"]]
    for holder in _roots(entry["actor"]):
        others = _roots(entry["recipient"])
        for other in others:
            if other != holder:
                yield _of_entry(entry, "stance", holder, other, stand.dimension, stand.value)
        if not others and entry["about"]:
            yield _of_entry(entry, "stance", holder, "", stand.dimension, stand.value)


def _members(entry: Row, rules: LedgerRules) -> Iterator[Row]:
    for holder in _roots(entry["actor"]):
        for body in _roots(entry["recipient"]):
            if body == holder:
                continue
            row = _of_entry(entry, "member", holder, body, "membership", rules.memberships[entry["kind"]])
            if entry["kind"] not in rules.moves:
                row["from_low"] = None  # that it is so says nothing of when it began
            yield row


def _agreement(entry: Row) -> Iterator[Row]:
    actors, others = _roots(entry["actor"]), _roots(entry["recipient"])
    if not actors and not others:
        return
    holder = "+".join(actors) or "?"
    row = _of_entry(entry, "agreement", holder, "+".join(others), "stage", entry["kind"])
    row["parties"] = sorted({*actors, *others})
    row["source"] = _source((entry["voice"] or {}).get("kind") or "outlet", row["voice"], actors[0] if len(actors) == 1 else "")
    yield row


def _acts(events: Iterable[Row], rules: LedgerRules) -> Iterator[Row]:
    """Deeds that show a stance without words."""
    for event in events:
        stand: Stand = rules.acts[event["event"]]
        for holder in {p["root"] for p in event["actor"] or ()} - {""}:
            for other in {p["root"] for p in event["recipient"] or ()} - {"", holder}:
                row = _empty("stance", holder, other, stand.dimension, stand.value)
                row |= {"said": event["first_published"], "lane": "happened", "source": "act", "event": event["id"],
                        "claim": event["headline_claim"], "sentence": event["headline"], "rule": event["event"],
                        "confidence": event["confidence"], "from_low": event["date"], "from_high": event["date_end"] or event["date"]}
                row["id"] = content_id("f", event["id"], holder, other, stand.dimension)
                yield row


def _roots(parties: Iterable[Row] | None) -> list[str]:
    """Roots of some parties, each once, in their order."""
    return list(dict.fromkeys(root for party in parties or () if (root := root_of(party))))
