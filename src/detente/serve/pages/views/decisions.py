"""What people decided: all of it, the latest first, with what became of each decision; and what stands where an event or article was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from ....fold.decisions import in_force
from ...moved import decided_away
from ...reading import Reading
from ..answering import missing
from ..asking import Asked
from ..decided import KIND_WORDS, all_of, decided
from ..format import counted


def view(reading: Reading, asked: Asked) -> Mapping[str, Any]:
    """Values of the page."""
    rows = all_of(reading)
    kinds = Counter(row["kind"] for row in rows)
    people = Counter(row["made_by"] or "somebody" for row in rows)
    kind, by = asked.choice("kind", KIND_WORDS), asked.choice("by", people)
    found = [row for row in rows if kind in ("", row["kind"]) and by in ("", row["made_by"] or "somebody")]
    size = asked.count("n", 50, 1000)
    return {
        "title": "Decisions",
        "shown": decided(reading, asked, found[:size]),
        "total": len(found),
        "size": size,
        "kinds": [(KIND_WORDS.get(name, name), n, asked.link(kind=None if name == kind else name), name == kind)
                  for name, n in kinds.most_common()],
        "people": [(name, n, asked.link(by=None if name == by else name), name == by) for name, n in people.most_common(20)],
        "sentence": f"{counted(len(rows), 'decision')}; {counted(len(in_force(reading.table('decisions'))), 'decision')} in force.",
        "done": asked.get("done"),
    }


def records(reading: Reading, asked: Asked) -> dict[str, Any]:
    """The rows of the page."""
    kind, by = asked.choice("kind", KIND_WORDS), asked.get("by")
    return {"decisions": [row for row in all_of(reading) if kind in ("", row["kind"]) and by in ("", row["made_by"] or "somebody")]}


def gone_of(what: str) -> Callable[..., Mapping[str, Any]]:
    """The view of what stands in the place of an "event" or "article" that people decided away."""
    def gone(reading: Reading, asked: Asked, ident: str) -> Mapping[str, Any]:
        rows = decided_away(reading, ident) if what == "event" else retracting(reading, ident)
        if not rows:
            raise missing(f"no {what} has the id {ident}", "look for it by its words")
        return {"title": f"This {what} does not count any more", "what": what, "ident": ident, "shown": decided(reading, asked, rows),
                "done": asked.get("done")}

    return gone


def retracting(reading: Reading, ident: str) -> list[dict[str, Any]]:
    """Standing decisions that took an article back, the latest first."""
    rows = in_force(reading.table("decisions"))
    return [row for row in rows if row["kind"] == "retract" and any(ident in group for group in row["groups"] or ())]
