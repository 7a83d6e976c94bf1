"""Parties, acts and voices in words, and the addresses of their pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ...knowledge import Knowledge
from ...relations.facts import root_of
from ...relations.of_pair import name_of
from ...relations.phrases import listed, phrases

Row = Mapping[str, Any]
_PLAIN = re.compile(r"[A-Za-z0-9_.~:*-]*")  # most ids: nothing to quote
UNTITLED = "untitled article"
QUADS = {
    "material cooperation": "mc", "verbal cooperation": "vc", "verbal conflict": "vx", "material conflict": "mx",
}
LANE_WORDS = {"happened": "happened", "planned": "planned or promised", "supposed": "only supposed", "denied": "said not to have happened"}
STATUS_WORDS = {
    "actual": "told as a fact", "future": "told as to come", "hypothetical": "told as a possibility", "negated": "told as not so",
    "historical": "told as background",
}
STANDING_WORDS = {
    "confirmed": "confirmed: who did it says so, or speakers of two different parties do",
    "reported": "reported: outlets tell it on their own word",
    "claimed": "claimed: one side tells it, nobody else does", "denied": "denied", "mixed": "mixed: sources contradict each other",
}
VOICE_WORDS = {"outlet": "the outlet itself", "document": "a document"}


@dataclass(frozen=True, slots=True)
class Party:
    """One party as a page shows it. `root`: its id, empty where nobody knows who it is."""

    root: str
    name: str


def code(quad: str | None) -> str:
    """"mc", "vc", "vx" or "mx"; empty for none."""
    return QUADS.get(quad or "", "")


class Names:
    """Names by the knowledge of a store."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def of(self, root: str) -> str:
        """The name of a party's id; "A and B" for several joined with "+"."""
        return listed([name_of(part, self._knowledge) for part in root.split("+") if part]) or "somebody unnamed"

    def sides(self, event: Row) -> tuple[list[Party], list[Party]]:
        """Actors and recipients of an event, each once."""
        return self._parties(event["actor"]), self._parties(event["recipient"])

    def _parties(self, rows: Iterable[Row] | None) -> list[Party]:
        found: dict[str, Party] = {}
        for row in rows or ():
            root = row.get("root") or ""
            name = self.of(root) if root else row["name"] or "somebody unnamed"
            found.setdefault(name, Party(root, name))
        return list(found.values())

    def told(self, event: Row) -> str:
        """An event in a sentence without full stop: "Russia and Turkey spoke by telephone"."""
        actors, others = self.sides(event)
        told = phrases().event(event["event"], event["mode"], event["lane"], [p.name for p in actors], [p.name for p in others])
        return told[:1].upper() + told[1:]

    def kind(self, event: str, mode: str | None) -> str:
        """"Consult: call"."""
        ontology = self._knowledge.ontology
        kind = ontology.events.get(event)
        known = ontology.pairs.get((event, mode or ""))
        first = kind.label if kind else event
        return f"{first}: {known.label.lower()}" if known else first

    def mention(self, row: Row | None) -> str:
        """An actor as a sentence names it: who it is, in which office, of what."""
        if not row:
            return "not stated"
        name = row["person"] or row["name"] or f"“{row['text']}”"
        rest = [row["role"] or ""]
        root = root_of(row)
        if root and (row["person"] or not row["name"]):
            rest.append(self.of(root))
        elif not row["role"] and row["sector"] and row["id"] != root:
            rest.append(", ".join(phrases().sectors.get(sector, sector) for sector in row["sector"]))
        inside = ", ".join(part for part in rest if part)
        return f"{name} ({inside})" if inside else str(name)

    def mentions(self, rows: Sequence[Row] | None) -> str:
        """Several of them; "not stated" for none."""
        return listed([self.mention(row) for row in rows or ()]) or "not stated"

    def voice(self, row: Row | None) -> str:
        """On whose word something is told."""
        if not row:
            return VOICE_WORDS["outlet"]
        who = self.mention(row["speaker"]) if row["speaker"] else VOICE_WORDS.get(row["kind"], str(row["kind"]))
        return who if row["stance"] in (None, "asserts") else f"{who}, who {row['stance']} it"

    def voice_key(self, key: str | None, titles: Mapping[str, str]) -> str:
        """The same from the key that VARIANTS has: "outlet:a_…", "person:…", "TUR:official", "unnamed:analysts@a_…"."""
        kind, colon, rest = (key or "").partition(":")
        if kind == "outlet":
            return shortened(titles.get(rest, VOICE_WORDS["outlet"]))
        if kind == "unnamed":
            return rest.partition("@")[0]
        if kind in {"person", "document"}:
            return rest
        return f"{self.of(kind)}{f' ({rest})' if rest else ''}" if colon else self.of(kind) if kind else "not stated"


def source_of(row: Row) -> str:
    """What an article is called in a line: its publisher, else its title, else that it has none."""
    return row["publisher"] or row["title"] or UNTITLED


def title_of(row: Row) -> str:
    """What an article is called by itself: its title, else its publisher, else that it has none."""
    return row["title"] or row["publisher"] or UNTITLED


def shortened(words: str, most: int = 44) -> str:
    """Words cut between two of them where they are too long for a line."""
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"


def path(*parts: str) -> str:
    """An address of ours from its parts, each quoted."""
    return "/" + "/".join(part if _PLAIN.fullmatch(part) else quote(part, safe=":*") for part in parts)


def root_link(root: str) -> str:
    """The page of a party; empty where there is none."""
    return path("actor", root) if root and "+" not in root else ""
