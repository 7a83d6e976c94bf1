"""A world: a store that folds what it holds and tells of relations. What `detente.open` gives."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property

from .errors import UnknownName
from .knowledge import Knowledge
from .relations.of_pair import Relation
from .store import Store
from .store.store import When


class World(Store):
    """A store with everything that is worked out from it. Its knowledge is the shipped one unless `knowledge` was given."""

    own_knowledge: Knowledge | None = None

    @cached_property
    def knowledge(self) -> Knowledge:
        """Names and memberships of actors."""
        return self.own_knowledge or Knowledge()

    def relation(self, a: str, b: str, directed: bool = False) -> Relation:
        """The relation of two parties, by id ("TUR", "al-nusra-front"), sector ("SYR:REB") or name ("Turkey"). Raises UnknownName."""
        return Relation(self, self.party(a), self.party(b), self.knowledge, directed)

    def party(self, name: str) -> str:
        """The id that a name means; ids and sectors stay. Raises UnknownName."""
        return party_of(name, self.knowledge)


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
    hint = f"did you mean {', '.join(near)}?" if near else 'give an id ("TUR", "al-nusra-front"), a name ("Turkey") or a sector ("SYR:REB")'
    raise UnknownName(f"no actor is called {name!r}", hint)


def open_world(
    uri: str | os.PathLike[str], create: bool = True, as_of: When | None = None, storage_options: Mapping[str, str] | None = None,
    knowledge: Knowledge | None = None,
) -> World:
    """The store at a path or URI, as `Store.open` gives it, with its relations."""
    world = World.open(uri, create, as_of, storage_options)
    world.own_knowledge = knowledge
    return world


__all__ = ["World", "open_world", "party_of"]
