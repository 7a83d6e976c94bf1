"""Where the event of an old id is now. An event goes by the report that founded it; merged with an older one it takes that one's id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import RequestError
from ..fold.decisions import in_force
from ..fold.mentions import event_id
from .reading import Reading

_ROWS = 50_000  # of one look at the links
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Founders:
    """Ids that mentions would found, in order, and the event that holds each: sixteen bytes a claim."""

    would: Words
    holds: Words

    @classmethod
    def of(cls, reading: Reading) -> Founders:
        """Those of a state of the store."""
        would, holds = [], []
        for batch in reading.ask("SELECT mention, event FROM links").to_batches(max_chunksize=_ROWS):
            would.append(_numbers([event_id(mention) for mention in batch.column(0).to_pylist()]))
            holds.append(_numbers(batch.column(1).to_pylist()))
        first, second = (np.concatenate(parts) if parts else np.zeros(0, np.uint64) for parts in (would, holds))
        order = np.argsort(first, kind="stable")
        return cls(first[order], second[order])

    def holder(self, ident: str) -> str | None:
        """The event that holds the mention which founded another one; None where no mention did."""
        try:
            number = np.uint64(int(ident.removeprefix("e_"), 16))
        except (ValueError, OverflowError):
            return None
        place = int(np.searchsorted(self.would, number))
        found = place < len(self.would) and self.would[place] == number
        return f"e_{int(self.holds[place]):016x}" if found else None


def _numbers(ids: list[Any]) -> Words:
    return np.array([int(ident[2:], 16) for ident in ids], np.uint64)


def moved_to(reading: Reading, ident: str) -> str | None:
    """The event that an id which no event has any more stands for now; None where nothing is known of it."""
    found = reading.common("founders", lambda: Founders.of(reading)).holder(ident)
    return found if found != ident else None


def elsewhere(reading: Reading, ident: str, place: str) -> RequestError:
    """What is to be said where no event has an id: that it moved (308, with its address under `place`), was rejected, or never was."""
    now = moved_to(reading, ident)
    if now:
        return RequestError(308, "moved", f"this event was put together with {now}", f"it is at {place}/{now}", f"{place}/{now}")
    away = decided_away(reading, ident)
    if away:
        told = f"rejected by {away[0]['made_by']} on {away[0]['made_at']:%Y-%m-%d}: {away[0]['reason']}"
        return RequestError(410, "rejected", told, f"revoke the decision {away[0]['id']} to see it again, or ask as_of an earlier day")
    return RequestError(404, "not_found", f"no event has the id {ident}", "look for it by its words, or ask as_of an earlier day")


def decided_away(reading: Reading, ident: str) -> list[dict[str, Any]]:
    """Standing decisions because of which no event has an id any more, the latest first: its report was rejected, or it was itself."""
    if not ident.startswith("e_"):
        return []
    rows = in_force(reading.table("decisions"))
    kinds = {"reject_event", "reject_claim"}
    return [row for row in rows if row["kind"] in kinds and any(event_id(m) == ident for group in row["groups"] or () for m in group)]
