"""Which articles name whom: from it, how much was read about any two sides is counted in a few milliseconds.

For each actor the places of the articles that name it, one after the other in one array. Counting by a query unpacks the lists of all
articles for each pair: 0.24 s of processor time for a million claims, where this takes 0.3 s once and 3 ms for each pair after that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .coverage import Reading
from .parties import Ints

Small = npt.NDArray[np.int32]
SQL = "SELECT published, actors FROM articles WHERE published IS NOT NULL"  # what `Named.of` is made from


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """`days`: day of each dated article, counted from 1970; `places`: articles that name an actor, all actors one after the other;
    `spans`: where an actor's begin and end; `first` and `read`: the first day, and articles of each day from it on.

    Holds 4 bytes for each article and 4 for each actor that it names.
    """

    days: Small
    places: Small
    spans: Mapping[str, tuple[int, int]]
    first: int
    read: Ints

    @classmethod
    def of(cls, articles: pa.Table) -> Named:
        """From the columns `published` and `actors` of dated articles (see SQL)."""
        rows = articles.combine_chunks()
        if not rows.num_rows:
            return cls(np.zeros(0, np.int32), np.zeros(0, np.int32), {}, 0, np.zeros(0, np.int64))
        days = np.asarray(rows["published"].cast(pa.int32()), np.int32)
        return cls(days, *postings(rows["actors"].combine_chunks()), *_read(days))

    def reading(self, sides: tuple[Collection[str], Collection[str]]) -> Reading:
        """Articles of each day: all, those that name one of the sides, those that name both. As the query of `reading_sql` counts them."""
        one, other = (self._naming(ids) for ids in sides)
        marks = np.zeros(len(self.days), bool)
        marks[one] = True
        both = other[marks[other]]
        of_one, of_other, together = (np.bincount(self.days[own] - self.first, minlength=len(self.read)) for own in (one, other, both))
        seen = np.flatnonzero(self.read)
        return Reading(_counts(seen + self.first, self.read[seen], (of_one + of_other - together)[seen], together[seen]))

    def _naming(self, ids: Collection[str]) -> Small:
        """Places of the articles that name any of some actors, each once."""
        parts = [self.places[slice(*self.spans.get(name, (0, 0)))] for name in ids] or [self.places[:0]]
        return np.unique(np.concatenate([np.zeros(0, np.int32), *parts])) if len(parts) > 1 else _once(parts[0])

    def save(self, folder: Path) -> None:
        """Writes it into a folder, for `load`."""
        np.save(folder / "named-days.npy", self.days)
        np.save(folder / "named-places.npy", self.places)
        save_spans(self.spans, folder / "named.arrow")

    @classmethod
    def load(cls, folder: Path) -> Named:
        """What `save` wrote; the arrays are mapped, so that several processes share them."""
        days, places = (np.load(folder / f"named-{name}.npy", mmap_mode="r") for name in ("days", "places"))
        return cls(days, places, load_spans(folder / "named.arrow"), *_read(days))


def _once(ordered: Small) -> Small:
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def postings(lists: pa.ListArray) -> tuple[Small, dict[str, tuple[int, int]]]:
    """For each word in lists the places of the lists that hold it, in order, all words one after the other; and where a word's begin and
    end."""
    words = pc.list_flatten(lists).dictionary_encode()
    codes = np.asarray(words.indices)
    small = np.uint16 if len(words.dictionary) < 1 << 16 else np.int64
    order = np.argsort(codes.astype(small), kind="stable")  # NumPy sorts short numbers by their digits: a tenth of the time
    ends = np.cumsum(np.bincount(codes, minlength=len(words.dictionary)))
    begins = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
    owners = np.asarray(pc.list_parent_indices(lists), np.int32)[order]
    spans = zip(words.dictionary.to_pylist(), zip(begins.tolist(), ends.tolist(), strict=True), strict=True)
    return owners, dict(spans)


def save_spans(spans: Mapping[str, tuple[int, int]], file: Path) -> None:
    """Writes where words begin and end."""
    table = pa.table({
        "id": pa.array(list(spans), pa.string()), "begin": pa.array([begin for begin, _ in spans.values()], pa.int64()),
        "end": pa.array([end for _, end in spans.values()], pa.int64()),
    })
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def load_spans(file: Path) -> dict[str, tuple[int, int]]:
    """What `save_spans` wrote."""
    columns = pa.ipc.open_file(pa.memory_map(str(file))).read_all().to_pydict()
    return dict(zip(columns["id"], zip(columns["begin"], columns["end"], strict=True), strict=True))


def _read(days: Small) -> tuple[int, Ints]:
    if not len(days):
        return 0, np.zeros(0, np.int64)
    first = int(days.min())
    return first, np.bincount(days - first)


def _counts(day: Ints, read: Ints, either: Ints, both: Ints) -> pa.Table:
    counts = {name: pa.array(own.astype(np.int64)) for name, own in (("read", read), ("either", either), ("both", both))}
    return pa.table({"day": pa.array(day.astype(np.int32)).cast(pa.date32()), **counts})
