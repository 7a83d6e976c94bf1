"""Records of the coder as rows of a store's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import StoreError
from ..flow.write import claims_table
from ..flow.write_ledger import entry_to_dict
from ..fold.credits import credits_of
from ..knowledge import Knowledge
from ..ledger import Entry
from ..records import Article, Claim, Mention, Reject
from ..tables import ARTICLES, CLAIMS, ENTRIES, REJECTS
from ..version import VERSION

_DATES = ("published", "date", "date_end")
_LONE = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
_STUB = ("title", "publisher", "url", "file", "published", "published_inferred", "knowledge", "detente")


@dataclass(frozen=True, slots=True)
class Coded:
    """Articles with what was coded from them, in the schemas of the tables; `batch` and `recorded` are filled when they are stored."""

    articles: pa.Table
    claims: pa.Table
    entries: pa.Table

    def of(self, keep: Sequence[bool]) -> Coded:
        """The same for some of the articles, given as one flag each."""
        if all(keep):
            return self
        articles = self.articles.filter(pa.array(keep, pa.bool_()))
        ids = articles["id"].combine_chunks()
        return Coded(articles, among(self.claims, "article", ids), among(self.entries, "article", ids))


def among(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    """The rows whose column holds one of the values."""
    return table.filter(pc.is_in(table[column], value_set=values))


def storable(article: Article) -> Article:
    """The article with each half of a surrogate pair, which has no UTF-8 form, replaced by one sign: all offsets stay true."""
    changed = {
        name: value.translate(_LONE)
        for name in ("text", "title", "publisher", "url", "file")
        if (value := getattr(article, name)) and not value.isascii()
    }
    return replace(article, **changed) if any(getattr(article, name) != value for name, value in changed.items()) else article


def coded(
    articles: Sequence[Article], claims: Sequence[Claim], entries: Sequence[Entry], sentences: Mapping[str, int], run: str,
    knowledge: Knowledge,
) -> Coded:
    """Rows of coded articles. `sentences`: how many each has, by id. `knowledge`: what they were coded with, outlets among it."""
    parties: dict[str, set[str]] = {article.id: set() for article in articles}
    counts = {article.id: [0, 0] for article in articles}
    records: tuple[Claim | Entry, ...] = (*claims, *entries)
    for record in records:
        parties[record.article].update(_ids(record))
        counts[record.article][isinstance(record, Entry)] += 1
    rows = [
        {
            **{name: getattr(article, name) for name in ARTICLES.names if hasattr(article, name)},
            "actors": sorted(parties[article.id]), "credits": list(credits_of(article.text, knowledge)),
            "sentences": sentences.get(article.id), "claims": counts[article.id][0], "entries": counts[article.id][1],
            "knowledge": knowledge.version, "detente": VERSION, "run": run,
        }
        for article in articles
    ]
    return Coded(
        pa.Table.from_pylist(rows, schema=ARTICLES), filled(claims_table(claims), CLAIMS, "claims"), entries_table(entries)
    )


def entries_table(entries: Iterable[Entry]) -> pa.Table:
    """Entries of the ledger as a table."""
    rows = [entry_to_dict(entry) for entry in entries]
    for row in rows:
        row.update({name: date.fromisoformat(row[name]) if row[name] else None for name in _DATES})
    return pa.Table.from_pylist(rows, schema=ENTRIES)


def rejects_table(rejects: Iterable[Reject], run: str) -> pa.Table:
    """Rejects as a table."""
    names = ("file", "line", "article", "step", "reason", "hint")
    rows = [{name: _clean(getattr(reject, name)) for name in names} | {"run": run} for reject in rejects]
    return pa.Table.from_pylist(rows, schema=REJECTS)


def _clean(value: Any) -> Any:
    return value.translate(_LONE) if isinstance(value, str) else value


def _ids(record: Claim | Entry) -> Iterable[str]:
    voice = record.voice
    heard: tuple[Mention, ...] = (*((voice.speaker,) if voice.speaker else ()), *voice.via)
    return (party.id for party in (*record.actor, *record.recipient, *heard) if party.id)


# -- ready-made tables ------------------------------------------------------------------------------------------------


def filled(table: pa.Table, schema: pa.Schema, what: str) -> pa.Table:
    """The table in a schema: missing columns become empty, others are cast. Raises StoreError for unknown columns and wrong types."""
    unknown = [name for name in table.schema.names if name not in schema.names]
    if unknown:
        raise StoreError(f"{what}: no column is called {unknown[0]}", f"known: {', '.join(schema.names)}")
    columns = [
        table[item.name] if item.name in table.schema.names else pa.nulls(table.num_rows, item.type) for item in schema
    ]
    try:
        return pa.table(columns, schema=pa.schema([(n.name, c.type) for n, c in zip(schema, columns, strict=True)])).cast(schema)
    except (pa.ArrowException, ValueError) as error:
        raise StoreError(f"{what}: a column has another type: {str(error).splitlines()[0]}", "see the schemas in detente.tables") from error


def ready(claims: pa.Table, articles: pa.Table | None, entries: pa.Table | None, run: str) -> Coded:
    """Ready-made tables as rows to store. Articles that the claims name and the table lacks get a row made from the claims' own fields.

    Raises StoreError for tables of another form, rows without an id, an id that occurs twice.
    """
    claims = filled(claims, CLAIMS, "claims")
    entries = ENTRIES.empty_table() if entries is None else filled(entries, ENTRIES, "entries")
    own = ARTICLES.empty_table() if articles is None else filled(articles, ARTICLES, "articles")
    for what, table, keys in (("articles", own, ("id",)), ("claims", claims, ("id", "article")), ("entries", entries, ("id", "article"))):
        for key in keys:
            if table[key].null_count:
                raise StoreError(f"{what}: a row has no {key}", "fill it; ids are hashes of content")
        _refuse_twice(table, what)
    whole = _with_stubs(own, claims, entries)
    for name, table in (("claims", claims), ("entries", entries)):
        whole = _set(whole, name, _counts(whole["id"], table["article"]))
    whole = _set(whole, "actors", _actors(whole["id"], claims, entries))
    whole = _set(whole, "run", pa.array([run] * whole.num_rows, pa.string()))
    return Coded(whole, claims, entries)


def _refuse_twice(table: pa.Table, what: str) -> None:
    if pc.count_distinct(table["id"]).as_py() < table.num_rows:
        counts = pc.value_counts(table["id"])
        first = counts.filter(pc.greater(counts.field("counts"), 1))[0]["values"].as_py()
        raise StoreError(f"{what}: the id {first} occurs twice", "give each row once; ids are hashes of content")


def _with_stubs(own: pa.Table, claims: pa.Table, entries: pa.Table) -> pa.Table:
    for table in (claims, entries):
        article = table["article"].combine_chunks()
        _, first = np.unique(article.to_numpy(zero_copy_only=False).astype(str), return_index=True)
        rows = table.select(["article", *_STUB]).take(pa.array(np.sort(first)))
        lacking = rows.filter(pc.invert(pc.is_in(rows["article"], value_set=own["id"].combine_chunks())))
        own = pa.concat_tables([own, filled(lacking.rename_columns(["id", *_STUB]), ARTICLES, "articles")])
    return own.combine_chunks()


def _set(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)


def _counts(ids: pa.ChunkedArray, articles: pa.ChunkedArray) -> pa.Array:
    place = pc.index_in(articles, value_set=ids.combine_chunks()).to_numpy(zero_copy_only=False).astype(np.int64)
    return pa.array(np.bincount(place, minlength=len(ids)), pa.int64())


def _actors(ids: pa.ChunkedArray, claims: pa.Table, entries: pa.Table) -> pa.Array:
    """For each article the ids of all parties in its claims and entries, in order."""
    pairs: list[pa.Table] = []
    for table in (claims.combine_chunks(), entries.combine_chunks()):
        place = pc.index_in(table["article"], value_set=ids.combine_chunks()).combine_chunks()
        voice = table["voice"].combine_chunks()
        for parties in (table["actor"].combine_chunks(), table["recipient"].combine_chunks(), pc.struct_field(voice, "via")):
            pairs.append(pa.table({"place": place.take(pc.list_parent_indices(parties)), "id": pc.struct_field(parties.flatten(), "id")}))
        pairs.append(pa.table({"place": place, "id": pc.struct_field(pc.struct_field(voice, "speaker"), "id")}))
    found = pa.concat_tables(pairs).drop_null().group_by(["place", "id"]).aggregate([])
    found = found.sort_by([("place", "ascending"), ("id", "ascending")])
    ends = np.cumsum(np.bincount(found["place"].to_numpy().astype(np.int64), minlength=len(ids)))
    return pa.ListArray.from_arrays(pa.array(np.concatenate([[0], ends]), pa.int32()), found["id"].combine_chunks())


def stamped(rows: pa.Table, moment: int, batch: str | None = None) -> pa.Table:
    """Rows with their moment of storing, and their batch."""
    rows = _set(rows, "recorded", pa.array(np.full(rows.num_rows, moment), pa.int64()).cast(rows.schema.field("recorded").type))
    if batch is not None:
        rows = _set(rows, "batch", pa.repeat(pa.scalar(batch, pa.string()), rows.num_rows))
    return rows
