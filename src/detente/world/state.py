"""What was folded before, asked from the tables of a store: the answers to `fold.incremental.State`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..fold.mentions import mentions, spot
from ..store import Store
from ..tables import ARTICLES, CLAIMS, FAMILIES

Keys = npt.NDArray[np.uint64]
CROWDED = "crowded"  # the row of BLOCKS that holds no claim but the crowded blocks
_PLACES = ["article", "trigger_start", "trigger_end", "event", "id"]


class Stored:
    """A store held still, with families of copies that are newer than its own. Rows of an article are read once, many articles at a time.

    `articles`: those that have changed, whose claims no fold has seen yet.
    """

    def __init__(self, store: Store, families: pa.Table, crowded: frozenset[int], articles: Sequence[str]) -> None:
        self._store, self._families, self._crowded = store, families, crowded
        blocks = store.table("blocks", ["claim", "article", "component", "keys"], where=f"component <> '{CROWDED}'")
        self._claims, self._articles, self._components = (blocks[name].combine_chunks() for name in ("claim", "article", "component"))
        keys = blocks["keys"].combine_chunks()
        flat = pc.list_flatten(keys).to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64)
        owner = pc.list_parent_indices(keys).to_numpy(zero_copy_only=False)
        order = np.argsort(flat, kind="stable")
        self._keys, self._owner = flat[order], owner[order]
        self._read: dict[str, list[int]] = {}  # article → its rows in what was read
        self._article: dict[str, str] = {}  # of claims that were read
        self._tables: tuple[pa.Table, ...] = (CLAIMS.empty_table(), ARTICLES.empty_table(), FAMILIES.empty_table())
        self._load(articles)

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

    def keys(self, claims: Collection[str]) -> Keys:
        """The keys of claims, each as often as claims have it."""
        chosen = pc.is_in(self._claims, pa.array(sorted(claims), pa.string())).to_numpy(zero_copy_only=False)
        return np.asarray(self._keys[chosen[self._owner]], np.uint64)

    def behind(self, claims: Collection[str]) -> Collection[str]:
        """The claims that have one of some claims for runner-up."""
        return set(self._store.table("links", ["claim"], where={"runner_up": sorted(claims)})["claim"].to_pylist()) if claims else set()

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
        unknown = pa.array(sorted(set(claims) - self._article.keys()), pa.string())
        places = pc.drop_null(pc.index_in(unknown, value_set=self._claims))
        articles = {*self._articles.take(places).to_pylist(), *(self._article[c] for c in claims if c in self._article)}
        self._load(sorted(articles))
        rows = [row for article in sorted(articles) for row in self._read[article]]
        chosen = pa.array(sorted(articles), pa.string())
        told, papers, kin = self._tables
        return (told.take(pa.array(rows, pa.int64())), papers.filter(pc.is_in(papers["id"], chosen)),
                kin.filter(pc.is_in(kin["article"], chosen)))

    def _load(self, articles: Sequence[str]) -> None:
        """Reads the rows of some articles that were not read yet."""
        missing = sorted(set(articles) - self._read.keys())
        if not missing:
            return
        rows = self._store.table("claims", where={"article": missing})
        kept = self._store.table("families", where={"article": missing})
        newer = self._families.filter(pc.is_in(self._families["article"], pa.array(missing, pa.string())))
        older = kept.filter(pc.invert(pc.is_in(kept["article"], newer["article"].combine_chunks())))
        begin = self._tables[0].num_rows
        self._read.update({article: [] for article in missing})
        for number, (claim, article) in enumerate(zip(rows["id"].to_pylist(), rows["article"].to_pylist(), strict=True), begin):
            self._read[article].append(number)
            self._article[claim] = article
        papers = self._store.table("articles", where={"id": missing})
        fresh = (rows, papers, pa.concat_tables([older, newer]))
        self._tables = tuple(pa.concat_tables(pair) for pair in zip(self._tables, fresh, strict=True))

    def _holders(self, keys: Keys) -> npt.NDArray[np.int64]:
        low, high = (np.searchsorted(self._keys, keys, side) for side in ("left", "right"))
        parts = [self._owner[a:b] for a, b in zip(low, high, strict=True) if a < b]
        return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)

    def _other(self, column: pa.Array, values: Collection[str], answer: pa.Array) -> set[str]:
        chosen = pc.is_in(column, pa.array(sorted(values), pa.string()))
        return set(answer.filter(chosen).to_pylist())

    def _mentions(self, articles: Collection[str]) -> list[tuple[str, str]]:
        self._load(sorted(articles))
        rows = self._tables[0].take(pa.array([row for article in sorted(articles) for row in self._read[article]], pa.int64()))
        columns = [rows[name].to_pylist() for name in _PLACES]
        return list(zip(mentions(*columns), columns[4], strict=True))
