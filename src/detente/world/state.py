"""What was folded before, asked from the tables of a store: the answers to `fold.incremental.State`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..fold.mentions import mentions, spot
from ..store import Store

Keys = npt.NDArray[np.uint64]
CROWDED = "crowded"  # the row of BLOCKS that holds no claim but the crowded blocks
_PLACES = ["article", "trigger_start", "trigger_end", "event", "id"]


class Stored:
    """A store held still, with families of copies that are newer than its own. Rows are read once for each set that is asked for."""

    def __init__(self, store: Store, families: pa.Table, crowded: frozenset[int]) -> None:
        self._store, self._families, self._crowded = store, families, crowded
        self._article: dict[str, str] = {}  # of claims that were met
        blocks = store.table("blocks", ["claim", "component", "keys"], where=f"component <> '{CROWDED}'")
        self._claims, self._components = (blocks[name].combine_chunks() for name in ("claim", "component"))
        keys = blocks["keys"].combine_chunks()
        flat = pc.list_flatten(keys).to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64)
        owner = pc.list_parent_indices(keys).to_numpy(zero_copy_only=False)
        order = np.argsort(flat, kind="stable")
        self._keys, self._owner = flat[order], owner[order]

    @property
    def crowded(self) -> frozenset[int]:
        """The crowded blocks of the last fold."""
        return self._crowded

    def near(self, keys: Keys) -> Collection[str]:
        """Claims under any of some keys."""
        rows = self._holders(keys)
        return set(self._claims.take(pa.array(np.unique(rows))).to_pylist())

    def counts(self, keys: Keys) -> dict[int, int]:
        """How many claims stand under each of some keys."""
        low, high = (np.searchsorted(self._keys, keys, side) for side in ("left", "right"))
        return {int(key): int(b - a) for key, a, b in zip(keys.tolist(), low, high, strict=True)}

    def components(self, claims: Collection[str]) -> Collection[str]:
        """The components of claims that were folded before."""
        return self._other(self._claims, claims, self._components)

    def within(self, components: Collection[str]) -> Collection[str]:
        """The claims of components."""
        return self._other(self._components, components, self._claims)

    def at(self, mentions: Collection[str]) -> Collection[str]:
        """The claims that stand at mentions now."""
        articles = {parts.article for mention in mentions if (parts := spot(mention))}
        wanted = set(mentions)
        return {claim for mention, claim in self._mentions(articles) if mention in wanted}

    def mentions(self, articles: Collection[str]) -> Sequence[str]:
        """All mentions of claims of some articles now."""
        return [mention for mention, _ in self._mentions(articles)]

    def rows(self, claims: Collection[str]) -> tuple[pa.Table, pa.Table, pa.Table]:
        """Rows of all claims of the articles that some claims stand in; rows of these articles and of their families."""
        unknown = sorted(set(claims) - self._article.keys())
        if unknown:
            found = self._store.table("claims", ["id", "article"], where={"id": unknown})
            self._article.update(zip(found["id"].to_pylist(), found["article"].to_pylist(), strict=True))
        articles = sorted({self._article[claim] for claim in claims if claim in self._article})
        none = "false"
        rows = self._store.table("claims", where={"article": articles} if articles else none)
        self._article.update(zip(rows["id"].to_pylist(), rows["article"].to_pylist(), strict=True))
        kept = self._store.table("families", where={"article": articles} if articles else none)
        newer = self._families.filter(pc.is_in(self._families["article"], pa.array(articles, pa.string())))
        older = kept.filter(pc.invert(pc.is_in(kept["article"], newer["article"].combine_chunks())))
        return rows, self._store.table("articles", where={"id": articles} if articles else none), pa.concat_tables([older, newer])

    def _holders(self, keys: Keys) -> npt.NDArray[np.int64]:
        low, high = (np.searchsorted(self._keys, keys, side) for side in ("left", "right"))
        parts = [self._owner[a:b] for a, b in zip(low, high, strict=True) if a < b]
        return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)

    def _other(self, column: pa.Array, values: Collection[str], answer: pa.Array) -> set[str]:
        chosen = pc.is_in(column, pa.array(sorted(values), pa.string()))
        return set(answer.filter(chosen).to_pylist())

    def _mentions(self, articles: Collection[str]) -> list[tuple[str, str]]:
        if not articles:
            return []
        found = self._store.table("claims", _PLACES, where={"article": sorted(articles)})
        columns = [found[name].to_pylist() for name in _PLACES]
        self._article.update(zip(columns[4], columns[0], strict=True))
        return list(zip(mentions(*columns), columns[4], strict=True))
