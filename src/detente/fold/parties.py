"""Who acts and who is acted upon, as numbers: up to four parties of each side of a claim, each once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..flow.tellings import head
from .rules import FoldRules, Party
from .words import stable

Ints = npt.NDArray[np.int64]
SLOTS = 4
ACTOR, RECIPIENT = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """Parties of claims, one row each. `kind`: number of the row in `parties` and `described`; `text`: number in `texts`; `office`: bits of
    offices."""

    claim: Ints
    side: Ints
    kind: Ints
    text: Ints
    parties: list[Party]
    described: list[tuple[str | None, str | None, tuple[str, ...]]]
    names: list[str | None]  # of each kind
    texts: list[str]
    office: Ints

    def hashed(self, what: Literal["root", "wide", "home"]) -> Ints:
        """A hash of each row's root party, of whom it may be told as, or of its country; 0 where nobody knows it."""
        values = np.array([stable(name) if (name := getattr(p, what)) else 0 for p in self.parties] or [0], np.int64)
        return values[self.kind] if len(self.kind) else self.kind


def mentions_of(claims: pa.Table, rules: FoldRules) -> Mentions:
    """All parties of all claims, in order."""
    parts = [_flat(claims.column(name)) for name in ("actor", "recipient")]
    claim = np.concatenate([parent for parent, _ in parts])
    side = np.concatenate([np.full(len(parent), number, np.int64) for number, (parent, _) in enumerate(parts)])
    rows = pa.chunked_array([chunk for _, values in parts for chunk in values.chunks], type=parts[0][1].type).combine_chunks()
    if isinstance(rows, pa.ChunkedArray):
        rows = pa.concat_arrays(rows.chunks)
    idents, ident = _coded(rows.field("id") if not rows.null_count else pc.struct_field(rows, "id"))
    countries, country = _coded(pc.struct_field(rows, "country"))
    listed, sectors = _coded(pc.binary_join(pc.fill_null(pc.struct_field(rows, "sector"), []), "|"))
    texts, text = _coded(pc.fill_null(pc.struct_field(rows, "text"), ""))
    names, name = _coded(pc.struct_field(rows, "name"))
    roles, role = _coded(pc.struct_field(rows, "role"))
    whole = (ident * (len(countries) + 1) + country) * (len(listed) + 1) + sectors
    unique, first, kind = np.unique(whole, return_index=True, return_inverse=True)
    described = [
        (idents[ident[n]], countries[country[n]], tuple(part for part in (listed[sectors[n]] or "").split("|") if part)) for n in first
    ]
    offices, spot, office = np.unique((text * (len(roles) + 1) + role) * (len(countries) + 1) + country, return_index=True,
                                      return_inverse=True)
    read = [rules.offices.of(texts[text[n]] or "", roles[role[n]], countries[country[n]]) for n in spot]
    del unique, offices
    return Mentions(claim, side, kind.astype(np.int64), text, [rules.party(*d) for d in described], described,
                    [names[name[n]] for n in first], [t or "" for t in texts], np.array(read or [0], np.int64)[office])


def _flat(column: pa.ChunkedArray) -> tuple[Ints, pa.ChunkedArray]:
    """The values of a column of lists, and for each the row that it comes from."""
    column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    column = pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column
    return pc.list_parent_indices(column).to_numpy(zero_copy_only=False).astype(np.int64), pa.chunked_array([pc.list_flatten(column)])


def _coded(values: pa.Array) -> tuple[list[str | None], Ints]:
    """Different values, in order of their text with None first, and the number of each row's."""
    encoded = values.dictionary_encode("encode")
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def heads(mentions: Mentions) -> Ints:
    """A hash of the last word of each row's party ("gunmen"), 0 for a pronoun."""
    found = np.array([stable(word) if (word := head(text)) else 0 for text in mentions.texts] or [0], np.int64)
    return found[mentions.text] if len(mentions.text) else mentions.text


def slots(owner: Ints, count: int, values: tuple[Ints, ...]) -> tuple[Ints, ...]:
    """The first SLOTS rows of each owner as a row of an array each; rows of an owner must be different already, 0 fills up."""
    order = np.argsort(owner, kind="stable")
    own = owner[order]
    begins = np.flatnonzero(np.r_[True, own[1:] != own[:-1]]) if len(own) else np.zeros(0, np.int64)
    rank = np.arange(len(own)) - np.repeat(begins, np.diff(np.r_[begins, len(own)]))
    keep = rank < SLOTS
    result = []
    for value in values:
        array = np.zeros((count, SLOTS), np.int64)
        array[own[keep], rank[keep]] = value[order][keep]
        result.append(array)
    return tuple(result)
