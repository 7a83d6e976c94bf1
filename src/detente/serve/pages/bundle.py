"""The built figures of the pages: scripts and shapes that web/build.mjs made, told by their manifest. Pages work where there are none."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ...errors import KnowledgeError

FOLDER = Path(__file__).parent / "static" / "figures"
ADDRESS = "/static/figures"
_TYPES = {".js": "text/javascript; charset=utf-8", ".json": "application/json", ".txt": "text/plain; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is sent: its bytes, the same packed, its type."""

    body: bytes
    packed: bytes
    type: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a manifest names. `script`: address of the entry, empty where nothing was built; `tag`: a name of this very build;
    `figures`: for each its own files; `weights`: bytes (gzip) of all scripts that a page with it loads."""

    folder: Path
    script: str = ""
    tag: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    figures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)

    def file(self, name: str) -> File | None:
        """A file that the manifest names; None for any other name."""
        path = Path(name)
        if name not in self.files or path.suffix not in _TYPES:
            return None
        body = (self.folder / name).read_bytes()
        return File(body, gzip.compress(body, 9, mtime=0), _TYPES[path.suffix])

    def address(self, name: str) -> str:
        """Where a data file is served; empty where it was not built."""
        return f"{ADDRESS}/{self.data[name]}" if name in self.data else ""

    def shape(self, name: str) -> Any:
        """A data file as values; None where it was not built."""
        return json.loads((self.folder / self.data[name]).read_bytes()) if name in self.data else None


def read(folder: Path) -> Bundle:
    """The bundle of a folder; an empty one where it holds no manifest. Raises KnowledgeError for a manifest that cannot be read."""
    path = folder / "manifest.json"
    if not path.is_file():
        return Bundle(folder)
    try:
        told = json.loads(path.read_text("utf-8"))
        figures = {name: tuple(own["files"]) for name, own in told["figures"].items()}
        weights = {name: int(own["gzip"]) for name, own in told["figures"].items()}
        return Bundle(folder, f"{ADDRESS}/{told['entry']}", told["sources"], told["data"], frozenset(told["files"]), figures, weights)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "python scripts/make_figures.py --again"
        raise KnowledgeError(path, 1, str(error), "a manifest as web/build.mjs writes it", hint) from error


@cache
def bundle() -> Bundle:
    """The bundle that is installed with this package."""
    return read(FOLDER)
