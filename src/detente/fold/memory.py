"""What was folded, held in memory: the plain answer to the questions of `incremental.State`, for tests and for small sets of claims."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .core import NOTHING, Folded, fold
from .decisions import retracted
from .incremental import Change, Keys, Refolded, mentions_by_article, refold
from .mentions import mentions
from .rules import FoldRules


class Held:
    """Claims with their articles and families, the decisions, and what they fold to. `change` brings all of it up to date."""

    def __init__(self, rules: FoldRules, claims: pa.Table, articles: pa.Table, families: pa.Table, decisions: pa.Table) -> None:
        self.rules, self.decisions = rules, decisions
        self._set(claims, articles, families)
        self.folded = fold(claims, articles, families, decisions, rules)
        self._index()

    def _set(self, claims: pa.Table, articles: pa.Table, families: pa.Table) -> None:
        self.claims, self.articles, self.families = claims, articles, families
        self._ids = {name: n for n, name in enumerate(claims["id"].to_pylist())}
        self._article = claims["article"].to_pylist()
        self._rows: dict[str, list[int]] = {}
        for n, name in enumerate(self._article):
            self._rows.setdefault(name, []).append(n)
        columns = [claims[name].to_pylist() for name in ("article", "trigger_start", "trigger_end", "event", "id")]
        self._mentions = mentions(*columns)
        self._claim_at = dict(zip(self._mentions, columns[4], strict=True))

    def _index(self) -> None:
        blocks = self.folded.blocks
        self._component = dict(zip(blocks["claim"].to_pylist(), blocks["component"].to_pylist(), strict=True))
        self._within: dict[str, set[str]] = {}
        for claim, component in self._component.items():
            self._within.setdefault(component, set()).add(claim)
        keys = blocks["keys"].combine_chunks()
        keys = pa.concat_arrays(keys.chunks) if isinstance(keys, pa.ChunkedArray) else keys
        flat, parent = pc.list_flatten(keys).to_numpy(zero_copy_only=False), pc.list_parent_indices(keys).to_numpy(zero_copy_only=False)
        order = np.argsort(flat, kind="stable")
        self._keys, self._holders = flat[order].astype(np.uint64), np.array(blocks["claim"].to_pylist(), object)[parent[order]]

    def change(self, claims: pa.Table, articles: pa.Table, families: pa.Table, decisions: pa.Table) -> Refolded:
        """Takes in tables as they are now, and folds what differs from before."""
        old = self.claims
        before, now = self.decisions, decisions
        off, old_off = retracted(now), retracted(before)
        was = {row["id"]: row for row in old.to_pylist() if row["article"] not in old_off}
        kin = [dict(zip(t["article"].to_pylist(), t.to_pylist(), strict=True)) for t in (self.families, families)]
        articled = [dict(zip(t["id"].to_pylist(), t.to_pylist(), strict=True)) for t in (self.articles, articles)]
        new, kept = set(), set()
        changed: set[str] = set()
        for row in claims.to_pylist():
            if row["article"] in off:
                continue
            kept.add(row["id"])
            name = row["article"]
            if was.get(row["id"]) != row or any(side[0].get(name) != side[1].get(name) for side in (kin, articled)):
                new.add(row["id"])
                changed.add(name)
        gone = was.keys() - kept
        changed |= {was[name]["article"] for name in gone}
        counted = old.filter(pa.array([name in was for name in old["id"].to_pylist()], pa.bool_()))
        past = Change(new, gone, mentions_by_article(counted, changed), decisions, before)
        self._set(claims.filter(pa.array([a not in off for a in claims["article"].to_pylist()], pa.bool_())), articles, families)
        made = refold(past, self, self.rules)
        self._take(made)
        self.decisions = decisions
        return made

    def _take(self, made: Refolded) -> None:
        old, new = self.folded, made.folded
        out = pc.is_in(old.links["component"], pa.array(sorted(made.components), pa.string()))
        events = pc.unique(old.links.filter(out)["event"])
        drop = pc.is_in(old.blocks["component"], pa.array(sorted(made.components), pa.string()))
        tables = {
            "links": pa.concat_tables([old.links.filter(pc.invert(out)), new.links]),
            "blocks": pa.concat_tables([old.blocks.filter(pc.invert(drop)), new.blocks]),
        }
        for name, key in (("events", "id"), ("variants", "event"), ("pairs", "event")):
            table = getattr(old, name)
            tables[name] = pa.concat_tables([table.filter(pc.invert(pc.is_in(table[key], events.cast(pa.string())))), getattr(new, name)])
        self.folded = Folded(**tables, review=NOTHING.review, crowded=new.crowded, lost=new.lost, orphaned=new.orphaned)
        self._index()

    # What `incremental.State` asks for.

    @property
    def crowded(self) -> frozenset[int]:
        """The crowded blocks of the last fold."""
        return self.folded.crowded

    def _places(self, keys: Keys) -> tuple[Keys, Keys]:
        return np.searchsorted(self._keys, keys, "left"), np.searchsorted(self._keys, keys, "right")  # type: ignore[return-value]

    def near(self, keys: Keys) -> Collection[str]:
        """Claims under any of some keys."""
        return {name for a, b in zip(*self._places(keys), strict=True) for name in self._holders[a:b]}

    def counts(self, keys: Keys) -> dict[int, int]:
        """How many claims stand under each of some keys."""
        return {key: int(b - a) for key, a, b in zip(keys.tolist(), *self._places(keys), strict=True)}

    def keys(self, claims: Collection[str]) -> Keys:
        """The keys of claims, each as often as claims have it."""
        chosen = set(claims)
        return np.array([key for key, name in zip(self._keys.tolist(), self._holders, strict=True) if name in chosen], np.uint64)

    def behind(self, claims: Collection[str]) -> Collection[str]:
        """The claims that have one of some claims for runner-up."""
        links = self.folded.links
        return set(links.filter(pc.is_in(links["runner_up"], pa.array(sorted(claims), pa.string())))["claim"].to_pylist())

    def components(self, claims: Collection[str]) -> Collection[str]:
        """The components of claims that were folded before."""
        return {self._component[name] for name in claims if name in self._component}

    def within(self, components: Collection[str]) -> Collection[str]:
        """The claims of components."""
        return {name for component in components for name in self._within.get(component, ())}

    def at(self, mentions: Collection[str]) -> Collection[str]:
        """The claims that stand at mentions now."""
        return {self._claim_at[mention] for mention in mentions if mention in self._claim_at}

    def mentions(self, articles: Collection[str]) -> Sequence[str]:
        """All mentions of claims of some articles now."""
        return [self._mentions[n] for name in articles for n in self._rows.get(name, ())]

    def rows(self, claims: Collection[str]) -> tuple[pa.Table, pa.Table, pa.Table]:
        """Rows of all claims of the articles that some claims stand in; rows of these articles and their families."""
        named = sorted({self._article[self._ids[name]] for name in claims if name in self._ids})
        rows = [n for name in named for n in self._rows[name]]
        some = pa.array(named, pa.string())
        return (self.claims.take(pa.array(rows, pa.int64())), self.articles.filter(pc.is_in(self.articles["id"], some)),
                self.families.filter(pc.is_in(self.families["article"], some)))
