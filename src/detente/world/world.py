"""A world: a store that folds what it holds and tells of relations. What `detente.open` gives."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from ..errors import StoreError, UnknownName
from ..fold.rules import FoldRules, fold_rules
from ..knowledge import Knowledge
from ..relations.named import SQL, Named
from ..relations.of_pair import Relation
from ..store import Store
from ..store.store import When
from ..tables import LANES, STANDINGS
from .folding import Folding, fold_store

SETTABLE = ("event", "mode", "lane", "standing", "headline", "date", "date_end")  # what a fold takes from decisions on values


class World(Store):
    """A store with everything that is worked out from it. Its knowledge is the shipped one unless `open_world` was given another."""

    own_knowledge: Knowledge | None = None
    _own_named: tuple[object, Named] | None = None

    @cached_property
    def knowledge(self) -> Knowledge:
        """Names and memberships of actors, ontology, outlets."""
        return self.own_knowledge or Knowledge()

    @cached_property
    def rules(self) -> FoldRules:
        """By what claims are folded."""
        return fold_rules(self.knowledge)

    def fold(self, anew: bool = False) -> Folding:
        """Works out events, their pairs and facts from what is stored; nothing where nothing is new, unless `anew`."""
        return fold_store(self, self.rules, anew)

    def relation(self, a: str, b: str, directed: bool = False) -> Relation:
        """The relation of two parties, by id ("TUR", "al-nusra-front"), sector ("SYR:REB") or name ("Turkey"). Raises UnknownName."""
        return Relation(self, self.party(a), self.party(b), self.knowledge, directed, self.named)

    def named(self) -> Named:
        """Which articles name whom, read once for each state of the store: the first relation waits for it, later ones do not."""
        state = self.state_of_articles()
        if self._own_named is None or self._own_named[0] != state:
            self._own_named = state, Named.of(self.sql(SQL))
        return self._own_named[1]

    def party(self, name: str) -> str:
        """The id that a name means; ids and sectors stay. Raises UnknownName."""
        return party_of(name, self.knowledge)

    def decide_on(
        self, kind: str, ids: Sequence[str], *, reason: str, made_by: str, field: str | None = None, value: str | None = None
    ) -> str:
        """A decision by ids as pages show them, and its id. Events stand for all of their claims as they are folded now.

        `same`: events or claims that are one; `different`: those that are not, each an event or a claim of its own, or several claims
        joined with "+"; of an event only the claims count that are not named beside it. `value`: field and value of one event; `retract`:
        articles; `revoke`: one decision. Raises StoreError for ids that are not there.
        """
        if kind == "revoke":
            if len(ids) != 1:
                raise StoreError("one decision is taken back at a time", "give one id that begins with d_")
            return self.decide(kind, reason=reason, made_by=made_by, revokes=ids[0])
        if kind == "retract":
            missing = sorted(set(ids) - set(self.table("articles", ["id"], where={"id": list(ids)})["id"].to_pylist()))
            if missing:
                raise StoreError(f"no article has the id {missing[0]}", "ids of articles begin with a_")
            return self.decide(kind, [list(ids)], reason=reason, made_by=made_by)
        if kind in {"same", "different"} and len(set(ids)) < 2:
            raise StoreError(f"{kind!r} is said of two events or claims and more", "give the ids of both; `confirm` is for one event")
        if kind == "value":
            self._refuse_value(ids, field or "", value or "")
        if kind == "different":
            return self.decide(kind, self._apart(ids), reason=reason, made_by=made_by)
        groups = [sorted({mention for ident in ids for mention in self._mentions(ident)})]
        if kind == "reject_claim":  # its event is noted, since a rejected claim has none by which it could be found again
            rows = self.table("links", ["event"], where={"mention": groups[0]})["event"].to_pylist()
            field, value = "event", min(rows)
        return self.decide(kind, groups, field=field, value=value, reason=reason, made_by=made_by)

    def _apart(self, ids: Sequence[str]) -> list[list[str]]:
        """Groups of mentions that are not one event. Raises StoreError where an event would be left without any."""
        single = [{m for part in ident.split("+") for m in self._mentions(part)} for ident in ids if not ident.startswith("e_")]
        named = set().union(*single)
        whole = [set(self._mentions(ident)) - named for ident in ids if ident.startswith("e_")]
        if not all(whole):
            raise StoreError("all claims of the event are named beside it", "leave out those that shall stay")
        return [sorted(group) for group in (*whole, *single)]

    def _refuse_value(self, ids: Sequence[str], field: str, value: str) -> None:
        """Raises StoreError for what no fold could make of an event: it would stand in the way of every later one."""
        if len(ids) != 1:
            raise StoreError("a value is of one event", "decide for each event by itself")
        if field not in SETTABLE:
            raise StoreError(f"{field or 'no field'} cannot be set by a decision", f"--field is one of {', '.join(SETTABLE)}")
        ontology = self.knowledge.ontology
        known = {"event": tuple(ontology.events), "mode": tuple(sorted({mode for _, mode in ontology.pairs})), "lane": LANES,
                 "standing": STANDINGS}
        if field in known and value not in known[field] and not (field == "mode" and not value):
            raise StoreError(f"{field} cannot be {value!r}", f"one of {', '.join(known[field])}")
        if field in {"date", "date_end"} and (value or field == "date"):
            try:
                date.fromisoformat(value)
            except ValueError as error:
                raise StoreError(f"{field} cannot be {value!r}: {error}", "write the day as 2016-07-05") from error

    def _mentions(self, ident: str) -> list[str]:
        column = "claim" if ident.startswith("c_") else "mention" if ident.startswith("m_") else "event"
        found = sorted(set(self.table("links", ["mention"], where={column: ident})["mention"].to_pylist()))
        if not found:
            raise StoreError(f"nothing that is folded has the id {ident}", "ids of events begin with e_, of claims with c_")
        return found


def party_of(name: str, knowledge: Knowledge) -> str:
    """The id that an id, a name in any case, or a sector ("SYR:REB", "*:REB") means. Raises UnknownName."""
    text = name.strip()
    actors = knowledge.registry.actors
    country, colon, _ = text.partition(":")
    if text in actors or text == "*" or (colon and (country == "*" or country in actors)):
        return text
    found = sorted(i for i, actor in actors.items() if text.casefold() in (i.casefold(), actor.name.casefold()))
    if len(found) == 1:
        return found[0]
    near = [i for i, actor in actors.items() if text.casefold() in actor.name.casefold()][:5]
    hint = f"did you mean {', '.join(near)}?" if near else "give a state's three letters, another id, a name, or a sector such as *:REB"
    raise UnknownName(f"no actor is called {name!r}", hint)


def open_world(
    uri: str | os.PathLike[str], create: bool = True, as_of: When | None = None, storage_options: Mapping[str, str] | None = None,
    knowledge: Knowledge | None = None,
) -> World:
    """The store at a path or URI, as `Store.open` gives it, with its relations."""
    version = isinstance(as_of, str) and as_of.isdecimal() and len(as_of) < len("20161128")
    world = World.open(uri, create, int(str(as_of)) if version else as_of, storage_options)
    world.own_knowledge = knowledge
    return world
