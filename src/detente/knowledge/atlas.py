"""The compiled gazetteer: some 280,000 places as columns of numbers in one file, looked up by a hash of the folded spelling.

`training/places.py` writes the file with `write_atlas`; nothing of it becomes a Python object before a text names it, so that loading
costs nothing. The file is a plain .npz of numpy: anybody can open it. Rows: admin-1 regions first, then admin-2 districts, then towns.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import KnowledgeError
from .names import fold
from .sphere import all_kilometres

Precision = Literal["site", "city", "region", "country"]
FORMAT = 1
FEATURES = ("region", "district", "town", "capital")
# What else a spelling is, one bit each; MAIN says that it is the place's own name.
EVERYDAY, GIVEN, SURNAME, MAIN = 1, 2, 4, 8
DEGREE = 10_000
LEAST_TOWNS = 4  # by which the reach of a region is told
_HASH_BYTES = 6
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
# Letters that Unicode does not take apart into an ASCII letter and a mark.
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "'": None, "-": " ", ".": " "})


@dataclass(frozen=True, slots=True)
class GazetteerEntry:
    """One place. `admin1` is the name of its region and `code` GeoNames' code of that ("US.TX"), a region's own code if it is one itself;
    `district` is the name of the admin-2 district (a county), its own for a district; `population` is 0 where unknown."""

    name: str
    country: str | None
    admin1: str | None
    lat: float
    lon: float
    geonames: int | None
    population: int
    precision: Precision
    kind: str
    code: str = ""
    district: str = ""


def key(name: str) -> str:
    """Folded spelling under which a name is looked up: no case, marks, hyphens, points; "St." is "saint"."""
    words = fold(name).casefold().translate(_LETTERS).split()
    return " ".join([_SHORT.get(word, word) for word in words])


def spelling_hash(folded: str) -> int:
    """48 bits of BLAKE2: that some other word meets one of 340,000 spellings happens once in 800 million words."""
    return int.from_bytes(hashlib.blake2b(folded.encode(), digest_size=_HASH_BYTES).digest(), "big")


class Atlas:
    """The file's columns, each unpacked when first asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with np.load(path, allow_pickle=False) as columns:
                form = int(columns["format"][0])
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise KnowledgeError(path, 0, str(error), "a compiled gazetteer", "run training/places.py again") from error
        if form != FORMAT:
            raise KnowledgeError(path, 0, f"form {form}", f"form {FORMAT}", "run training/places.py again")
        self._entries: dict[int, GazetteerEntry] = {}

    def rows(self, folded: str) -> list[tuple[int, int]]:
        """(row, flags) of all places of a folded spelling."""
        wanted = np.uint64(spelling_hash(folded))
        hashes = self._hashes
        low = int(np.searchsorted(hashes, wanted))
        found = []
        while low < len(hashes) and hashes[low] == wanted:
            found.append((int(self._rows[low]), int(self._flags[low])))
            low += 1
        return found

    def row_of(self, geonames: int) -> int | None:
        """The row with a GeoNames id, or None."""
        low = int(np.searchsorted(self._idents[1], np.uint32(geonames)))
        order, idents = self._idents
        return int(order[low]) if low < len(idents) and int(idents[low]) == geonames else None

    def entry(self, row: int) -> GazetteerEntry:
        """The place in a row."""
        found = self._entries.get(row)
        if found is None:
            self._entries[row] = found = self._read(row)
        return found

    def region(self, code: str) -> GazetteerEntry | None:
        """The admin-1 region with a GeoNames code, or None."""
        row = self._regions_by_code.get(code)
        return None if row is None else self.entry(row)

    def reach(self, row: int, lat: float, lon: float) -> float | None:
        """Kilometres around a point within which nine in ten towns of a region or district lie; None for other rows, and with few towns."""
        kind, count = FEATURES[self._features[row]], len(self._codes)
        if kind not in {"region", "district"}:
            return None
        within = self._regions == row + 1 if kind == "region" else self._districts == row - count + 1
        within = within & (self._features >= FEATURES.index("town"))
        if int(within.sum()) < LEAST_TOWNS:
            return None
        towns = np.column_stack([self._lat[within], self._lon[within]]) / DEGREE
        return float(np.quantile(all_kilometres(towns, np.array([[lat, lon]])), 0.9))

    def __len__(self) -> int:
        return len(self._features)

    def count(self, feature: str) -> int:
        """Number of places of one of FEATURES."""
        return int((self._features == FEATURES.index(feature)).sum())

    def _read(self, row: int) -> GazetteerEntry:
        ident, kind, above = int(self._geonames[row]), FEATURES[self._features[row]], int(self._regions[row])
        if kind == "region":
            region, code = None, self._codes[row]
        else:
            region, code = (self.entry(above - 1).name, self._codes[above - 1]) if above else (None, "")
        name = self._name(row)
        inner = int(self._districts[row])
        district = name if kind == "district" else self._name(len(self._codes) + inner - 1) if inner else ""
        where = (int(self._lat[row]) / DEGREE, int(self._lon[row]) / DEGREE)
        precision: Precision = "city" if kind in {"town", "capital"} else "region"
        country, people = self._countries[self._country[row]], int(self._people[row])
        return GazetteerEntry(name, country, region, *where, ident or None, people, precision, kind, code, district)

    def _name(self, row: int) -> str:
        return self._names[int(self._places[row]) : int(self._places[row + 1])].decode()

    def _column(self, name: str, kind: Any) -> NDArray[Any]:
        try:
            # Opened for each column: a handle kept open would be shared, with its position, by processes that fork from this one.
            with np.load(self._path, allow_pickle=False) as columns:
                planes = columns[name]
            return np.asarray(np.ascontiguousarray(planes.T).view(kind).reshape(-1))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            found = f"column {name}: {error}"
            raise KnowledgeError(self._path, 0, found, "a compiled gazetteer", "run training/places.py again") from error

    def _text(self, name: str) -> bytes:
        return self._column(name, np.uint8).tobytes()

    @cached_property
    def _hashes(self) -> NDArray[np.uint64]:
        return np.cumsum(self._column("hashes", np.uint64), dtype=np.uint64)

    @cached_property
    def _rows(self) -> NDArray[np.int32]:
        return self._column("rows", np.int32)

    @cached_property
    def _flags(self) -> NDArray[np.uint8]:
        return self._column("flags", np.uint8)

    @cached_property
    def _names(self) -> bytes:
        return self._text("names")

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self._column("lengths", np.uint8), dtype=np.int64)])

    @cached_property
    def _countries(self) -> Sequence[str]:
        return self._text("countries").decode().split()

    @cached_property
    def _codes(self) -> Sequence[str]:
        return self._text("codes").decode().split()

    @cached_property
    def _regions_by_code(self) -> Mapping[str, int]:
        return {code: row for row, code in enumerate(self._codes)}

    @cached_property
    def _country(self) -> NDArray[np.uint16]:
        return self._column("country", np.uint16)

    @cached_property
    def _regions(self) -> NDArray[np.uint16]:
        return self._column("region", np.uint16)

    @cached_property
    def _districts(self) -> NDArray[np.uint16]:
        return self._column("district", np.uint16)

    @cached_property
    def _lat(self) -> NDArray[np.int32]:
        return self._column("lat", np.int32)

    @cached_property
    def _lon(self) -> NDArray[np.int32]:
        return self._column("lon", np.int32)

    @cached_property
    def _people(self) -> NDArray[np.uint32]:
        return self._column("population", np.uint32)

    @cached_property
    def _geonames(self) -> NDArray[np.uint32]:
        return self._column("geonames", np.uint32)

    @cached_property
    def _features(self) -> NDArray[np.uint8]:
        return self._column("feature", np.uint8)

    @cached_property
    def _idents(self) -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
        order = np.argsort(self._geonames, kind="stable")
        return order, self._geonames[order]


def write_atlas(path: Path, columns: Mapping[str, NDArray[Any]]) -> None:
    """Writes columns as bytes of equal rank side by side, which pack to half the size; `hashes` come sorted and go as differences."""
    packed: dict[str, Any] = {"format": np.array([FORMAT], np.uint8)}
    for name, column in columns.items():
        values = np.diff(column, prepend=column.dtype.type(0)) if name == "hashes" else column
        packed[name] = np.ascontiguousarray(np.ascontiguousarray(values).view(np.uint8).reshape(len(values), -1).T)
    np.savez_compressed(path, **packed)
