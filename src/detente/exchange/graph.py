"""GraphML: root parties as nodes, ordered pairs as edges with counts and mean score."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import MissingExtra
from ..tables import EVENTS
from .codes import Codes
from .forms import pairs
from .leaves import Event

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What edges still tell of an event, as sums.
_KEPT = ("event", "lane", "quad", "score", "date")


@dataclass(slots=True)
class _Edge:
    events: int = 0
    score: float = 0.0
    scored: int = 0
    first: date | None = None
    last: date | None = None
    quads: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


class Graph:
    """Gathers events and writes them as one directed graph; mutual acts count both ways."""

    def __init__(self, codes: Codes) -> None:
        """Raises MissingExtra without networkx."""
        try:
            import networkx
        except ImportError as error:
            raise MissingExtra("networkx", "store") from error
        self._made = networkx.DiGraph()
        self._edges: dict[tuple[str, str], _Edge] = {}
        self._nodes: dict[str, dict[str, Any]] = {}
        self._quads = codes.quads

    def add(self, event: Event) -> str | None:
        """Counts an event; or says why it is left out."""
        lane = event["lane"] or "happened"
        if lane != "happened":
            return f"lane {lane}: edges count deeds"
        known = [(one, other) for one, other in pairs(event) if one and other and one["root"] and other["root"]]
        ends = {(one["root"], other["root"]): (one, other) for one, other in known if one["root"] != other["root"]}
        if not ends:
            return "no two parties are known"
        for (source, target), (one, other) in ends.items():
            for root, party in ((source, one), (target, other)):
                label = party["name"] if party["id"] == root else root
                node = self._nodes.setdefault(root, {"label": label or root, "country": party["country"] or "", "events": 0})
                node["events"] += 1
            edge = self._edges.setdefault((source, target), _Edge())
            edge.events += 1
            if event["score"] is not None:
                edge.score, edge.scored = edge.score + event["score"], edge.scored + 1
            if event["date"]:
                edge.first, edge.last = min(edge.first or event["date"], event["date"]), max(edge.last or event["date"], event["date"])
            edge.quads[event["quad"] or ""] += 1
            edge.kinds[event["event"] or ""] += 1
        return None

    def kept(self, event: Event) -> Event:
        """What of an event still stands in sums: its kind, score and day, and who is its party."""
        told: Event = dict.fromkeys(EVENTS.names)
        for side in ("actor", "recipient"):
            told[side] = [{"root": party["root"]} if party else None for party in event[side] or ()]
        return told | {name: event[name] for name in _KEPT}

    def write(self, path: Path) -> int:
        """Writes GraphML; gives the number of edges."""
        import networkx

        for root, node in sorted(self._nodes.items()):
            self._made.add_node(_text(root), **{name: _text(value) for name, value in node.items()})
        for (source, target), edge in sorted(self._edges.items()):
            counts = {f"quad{code}": edge.quads[name] for name, code in self._quads.items()}
            kinds = " ".join(f"{name}:{count}" for name, count in sorted(edge.kinds.items()))
            more = {"score": edge.score / edge.scored} if edge.scored else {}
            self._made.add_edge(
                _text(source), _text(target), events=edge.events, **more, **counts, kinds=_text(kinds),
                first=edge.first.isoformat() if edge.first else "", last=edge.last.isoformat() if edge.last else "",
            )
        networkx.write_graphml(self._made, path)
        return int(self._made.number_of_edges())


def _text(value: Any) -> Any:
    """A value without characters that XML forbids."""
    return _NO_XML.sub(" ", value) if isinstance(value, str) else value
