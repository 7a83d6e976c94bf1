"""A store that remembers: Delta tables that several processes may add to and read at once, queried with DuckDB."""

from .adding import Added, Adding
from .audit import Audit
from .derived import Derivation, State
from .keep import Vacuumed
from .store import Behind, Store

__all__ = ["Added", "Adding", "Audit", "Behind", "Derivation", "State", "Store", "Vacuumed"]
