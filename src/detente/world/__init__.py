"""A store that folds what it holds and tells of relations: `World`, given by `detente.open`.

`state` (what was folded before, asked from the tables) · `folding` (from what is stored to what is worked out) · `world` (`World`).
"""

from .folding import Folding
from .world import World, open_world, party_of

open = open_world  # the public name: `detente.open`

__all__ = ["Folding", "World", "open", "open_world", "party_of"]
