"""The article and the sentence behind each event's headline, found in the tables of links and claims."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from .forms import NO_SOURCE, Source
from .leaves import Event

_COLUMNS = ("title", "publisher", "url", "published", "sentence", "sentence_index", "start", "end")


class Sources:
    """Looks up many events at a time. Without claims nothing is known."""

    def __init__(self, links: pa.Table | None, claims: pa.Table | None) -> None:
        self._links = links.select(["event", "claim", "part"]).combine_chunks() if links is not None else None
        self._claims = claims.select(["id", *_COLUMNS]).combine_chunks() if claims is not None else None

    def of(self, events: Sequence[Event]) -> list[Source]:
        """For each event the source of its headline's claim; where that is not among the claims, of the first that reports it."""
        linked = self._linked(events)
        if self._claims is None or not self._claims.num_rows:
            return [Source(claims=linked.get(event["id"], ())) if linked else NO_SOURCE for event in events]
        named = [event["headline_claim"] or next(iter(linked.get(event["id"], ())), None) for event in events]
        at = pc.index_in(pa.array(named, pa.string()), value_set=self._claims["id"].combine_chunks())
        rows = self._claims.take(at).to_pylist()
        return [
            Source(row["id"], **{name: row[name] for name in _COLUMNS}, claims=linked.get(event["id"], ())) if row["id"]
            else Source(claims=linked.get(event["id"], ()))
            for event, row in zip(events, rows, strict=True)
        ]

    def _linked(self, events: Sequence[Event]) -> dict[str, tuple[str, ...]]:
        """Claims by event, in the order of the table; those that deny the event left out."""
        if self._links is None:
            return {}
        ids = pa.array([event["id"] for event in events], pa.string())
        own = self._links.filter(pc.and_(pc.is_in(self._links["event"], value_set=ids), pc.not_equal(self._links["part"], "contrary")))
        found: dict[str, tuple[str, ...]] = {}
        for event, claim in zip(own["event"].to_pylist(), own["claim"].to_pylist(), strict=True):
            found[event] = (*found.get(event, ()), claim)
        return found
