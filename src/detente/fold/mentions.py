"""Mentions: where a claim's trigger stands. They outlive re-coding, so events are named and decisions are bound by them.

A mention is written "ARTICLE:START-END", so that nothing but itself is needed to find it again; a second claim on the same words has
"/2" behind it, in the order of event and id. An event's id is a hash of the mention that founded it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..records import content_id

_MENTION = re.compile(r"(.*):(\d+)-(\d+)(?:/(\d+))?")


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A mention taken apart. `number`: which of several claims on the same words, from 1."""

    article: str
    start: int
    end: int
    number: int = 1


def spot(mention: str) -> Spot | None:
    """The parts of a mention, None for what is none."""
    match = _MENTION.fullmatch(mention)
    return Spot(match[1], int(match[2]), int(match[3]), int(match[4] or 1)) if match else None


def event_id(mention: str) -> str:
    """The id of the event that a mention founds."""
    return content_id("e", mention)


def mentions(articles: Sequence[str], starts: Sequence[int], ends: Sequence[int], events: Sequence[str], ids: Sequence[str]) -> list[str]:
    """The mention of each claim."""
    plain = [f"{article}:{start}-{end}" for article, start, end in zip(articles, starts, ends, strict=True)]
    counted: dict[str, int] = {}
    for name in plain:
        counted[name] = counted.get(name, 0) + 1
    if len(counted) == len(plain):
        return plain
    order = [n for n in range(len(plain)) if counted[plain[n]] > 1]
    order.sort(key=lambda n: (plain[n], events[n], ids[n]))
    seen: dict[str, int] = {}
    result = list(plain)
    for n in order:
        seen[plain[n]] = number = seen.get(plain[n], 0) + 1
        if number > 1:
            result[n] = f"{plain[n]}/{number}"
    return result


def rebound(wanted: Iterable[str], present: Iterable[str]) -> dict[str, str]:
    """Where mentions of decisions stand now: the same mention, else the one of the same article whose words overlap its own most.

    Mentions for which there is none are left out.
    """
    wanted = set(wanted)
    present = set(present)
    found = {name: name for name in wanted & present}
    missing = {name: parts for name in wanted - present if (parts := spot(name)) is not None}
    if not missing:
        return found
    articles = {parts.article for parts in missing.values()}
    beside: dict[str, list[Spot]] = defaultdict(list)
    names: dict[Spot, str] = {}
    for name in present:
        parts = spot(name)
        if parts is not None and parts.article in articles:
            beside[parts.article].append(parts)
            names[parts] = name
    for name, old in missing.items():
        best = min(beside[old.article], key=lambda new: (-_shared(old, new), new.number != old.number, new), default=None)
        if best is not None and _shared(old, best) > 0:
            found[name] = names[best]
    return found


def _shared(one: Spot, other: Spot) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def resolve(ids: Iterable[str], events_of: Mapping[str, str]) -> dict[str, str]:
    """The event that each id stands for now: the one that holds the mention which founded it. `events_of`: event of each mention.

    Ids whose mention is gone ("withdrawn") are left out.
    """
    wanted = set(ids)
    return {name: event for mention, event in events_of.items() if (name := event_id(mention)) in wanted}
