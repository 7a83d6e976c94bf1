"""What was proved once need not be proved again: a mark over all that decides whether the lexicon's rows keep their word.

The mark is a hash of the package's code, the knowledge, the model and the kept trees. `scripts/prove.py` tries all rows and, if they pass,
writes the mark beside them; as long as nothing has changed, `detente check` may rely on it. Any change anywhere makes another mark.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..knowledge import DATA
from ..settings import Settings
from .known_trees import FILE as TREES
from .known_trees import model_hash

FILE = DATA / "verbs" / "proved.txt"
PACKAGE = Path(__file__).parent.parent


def mark(knowledge: str) -> str:
    """The mark of the package as it stands; `knowledge` is the version of the knowledge read."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update(knowledge.encode() + model_hash().encode() + (TREES.read_bytes() if TREES.is_file() else b""))
    return digest.hexdigest()


def is_shipped(settings: Settings) -> bool:
    """Whether a run reads nothing but what is shipped, wherever its settings come from: no knowledge, model or parser of the user's own."""
    return not settings.knowledge and settings.model is None and settings.parser == "builtin"


def is_proved(knowledge: str) -> bool:
    """Whether all rows were proved in exactly this state."""
    return FILE.is_file() and FILE.read_text(encoding="utf-8").strip() == mark(knowledge)
