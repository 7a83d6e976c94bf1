"""Who did it, and to whom: parties by root, each as fine as two origins or an official tell it.

A party whom only others name as the author of a blameable act is *contested*: it stands where nobody else is named on an outlet's own word,
and is a variant only where somebody is. Nobody becomes an author by being accused often.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .told import Root, Said, Told, tally
from .value_rules import ValueRules

Mention = Mapping[str, Any]
_ROLES = ("actor", "recipient")


@dataclass(slots=True)
class _Party:
    """What is told of one root in one role: families on an own word, families at all, mentions by granularity."""

    own: set[str] = field(default_factory=set)
    all: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)
    official: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    finer: defaultdict[tuple[str, tuple[str, ...]], list[tuple[str, Mention]]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties of an event as lists of PARTY; `mutual`: all are actors and there is no recipient."""

    actor: list[dict[str, Any]]
    recipient: list[dict[str, Any]]
    mutual: bool


def parties_of(told: Sequence[Told], blamed: bool, root: Root, rules: ValueRules) -> Parties:
    """The parties from the claims of an event; `blamed`: an act that nobody likes to be named for."""
    short = _of_one(told[0], blamed, root) if len(told) == 1 else None
    if short is not None:
        return short
    mutual = _is_mutual(told)
    found: dict[str, dict[str, _Party]] = {role: defaultdict(_Party) for role in _ROLES}
    for one in told:
        shape_mutual = not one.row["recipient"] and len(one.row["actor"] or ()) > 1
        if shape_mutual and not mutual:
            continue
        for role in _ROLES:
            for mention in one.row[role] or ():
                _note(found["actor" if mutual else role][root(mention)], one, mention, root(mention), rules)
    return Parties(_chosen(found["actor"], blamed and not mutual, rules), _chosen(found["recipient"], False, rules), mutual)


def _of_one(one: Told, blamed: bool, root: Root) -> Parties | None:
    """The same for a single claim, which is most; None where it takes the long way."""
    actors, recipients = one.row["actor"] or (), one.row["recipient"] or ()
    mutual = len(actors) > 1 and not recipients
    told = blamed and one.kind == "speaker" and not mutual
    found: list[list[dict[str, Any]]] = []
    for mentions, accused in ((actors, told), (recipients, False)):
        own = [_party(m, r := root(m), 1, 1, accused and r not in {one.speaker, ""}) for m in mentions]
        if len(own) > 1:
            roots = {party["root"] for party in own}
            if len(roots) < len(own) or "" in roots or any(":" in name for name in roots):
                return None
            own = sorted([p for p in own if not p["contested"]] or own, key=lambda party: party["root"])
        found.append(own)
    return Parties(found[0], found[1], mutual)


def _is_mutual(told: Sequence[Told]) -> bool:
    if all(one.row["recipient"] or len(one.row["actor"] or ()) < 2 for one in told):
        return False
    shapes = tally(
        (one.family, not one.row["recipient"], 1.0) for one in told if one.row["recipient"] or len(one.row["actor"] or ()) > 1
    )
    return shapes.get(True, 0.0) > 0 and shapes.get(True, 0.0) >= shapes.get(False, 0.0)


def _note(party: _Party, one: Told, mention: Mention, root: str, rules: ValueRules) -> None:
    party.all.add(one.family)
    party.articles.add(one.row["article"])
    party.claims.add(one.id)
    if one.kind != "speaker" or (one.speaker and one.speaker == root):
        party.own.add(one.family)
    grain = (mention["id"] or "", tuple(sorted(mention["sector"] or ())))
    party.finer[grain].append((one.family, mention))
    speaker = one.row["voice"]["speaker"] if one.kind == "speaker" else None
    if speaker and not rules.official.isdisjoint(speaker["sector"] or ()):
        party.official.add(grain)


def _chosen(found: dict[str, _Party], blamed: bool, rules: ValueRules) -> list[dict[str, Any]]:
    """The parties of a role that stand, best attested first."""
    _join_kinds(found)
    named = {root: party for root, party in found.items() if root} or found
    own = {root: len(party.own if blamed else party.all) for root, party in named.items()}
    if not any(own.values()):
        own = {root: len(party.all) for root, party in named.items()}
    most = max(own.values(), default=0)
    kept = sorted((root for root, count in own.items() if count and count >= rules.party_share * most), key=lambda r: (-own[r], r))
    result = []
    for root in kept:
        party = named[root]
        rival = any(other != root and party.claims.isdisjoint(theirs.claims) for other, theirs in named.items())
        contested = blamed and root != "" and (rival or not party.own)
        result.append(_party(_as_named(root, party), root, len(party.articles), len(party.all), contested))
    return result


def _join_kinds(found: dict[str, _Party]) -> None:
    """"Rebels of a country" are the named rebels of that country, where such are told of too."""
    for kind in [root for root in found if ":" in root]:
        country, _, sector = kind.partition(":")
        held = [
            root for root, party in sorted(found.items()) if ":" not in root and root != country
            if any(m["country"] == country and sector in (m["sector"] or ()) for own in party.finer.values() for _, m in own)
        ]
        if len(held) == 1:
            party = found.pop(kind)
            for name in ("own", "all", "articles", "claims"):
                getattr(found[held[0]], name).update(getattr(party, name))


def _as_named(root: str, party: _Party) -> Mention:
    """A mention that names a party as finely as two origins or an official do, else as most origins do.

    Ties go to the coarser one.
    """
    if len(party.finer) == 1:
        (grain,) = party.finer
        return _usual(party.finer[grain])
    origins = {grain: len({family for family, _ in own}) for grain, own in party.finer.items()}

    def fine(grain: tuple[str, tuple[str, ...]]) -> bool:
        return bool(grain[1]) or grain[0] not in {root, ""}

    finer = [grain for grain in origins if fine(grain) and (origins[grain] >= 2 or grain in party.official)]
    best = min(finer or origins, key=lambda grain: (-origins[grain], fine(grain), len(grain[1]), grain))
    return _usual(party.finer[best])


def _usual(told: list[tuple[str, Mention]]) -> Mention:
    """The mention whose name most origins use."""
    spoken = [(family, str(mention["name"] or mention["text"]), 1.0) for family, mention in told]
    if len({name for _, name, _ in spoken}) > 1:
        names = tally(spoken)
        most = min(names, key=lambda name: (-names[name], name))
        told = [one for one, (_, name, _) in zip(told, spoken, strict=True) if name == most]
    named = [mention for _, mention in told]
    return min(named, key=lambda mention: (mention["country"] is None, mention["country"] or ""))


def _party(mention: Mention, root: str, articles: int, origins: int, contested: bool) -> dict[str, Any]:
    return {
        "id": mention["id"], "name": mention["name"] or mention["text"], "country": mention["country"],
        "sector": sorted(mention["sector"] or ()), "root": root, "articles": articles, "origins": origins, "contested": contested,
    }


def party_sayings(told: Sequence[Told], root: Root) -> list[Said]:
    """Whom each claim names in which role; `precision` is the root."""
    found = []
    for one in told:
        for role in _ROLES:
            for mention in one.row[role] or ():
                sectors = ",".join(sorted(mention["sector"] or ()))
                name = mention["id"] or mention["name"] or mention["text"]
                found.append(Said(one, role, f"{name}/{sectors}" if sectors else str(name), precision=root(mention)))
    return found
