"""From what is stored to what is worked out: copies, events, facts. All anew, or only what a change touches, with the same outcome."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from ..fold.copies import families, regroup
from ..fold.core import Folded, fold
from ..fold.decisions import retracted
from ..fold.incremental import Change, mentions_by_article, refold
from ..fold.rules import FoldRules
from ..relations.facts import facts, showing
from ..relations.rules import ledger_rules
from ..store import Derivation, Store
from ..tables import BLOCKS, EVENTS
from .state import CROWDED, Stored

# What folding looks at: a store of a million claims needs not read the reasons of each to fold them.
COLUMNS = (
    "id article act event mode context status quad score confidence actor recipient date date_end date_precision date_text place "
    "quantities voice published recorded sentence sentence_index start trigger trigger_start trigger_end".split()
)
ARTICLE_COLUMNS = "id published published_at publisher credits".split()
# Entries as facts need them.
ENTRY_COLUMNS = (
    "id sort kind article publisher published status confidence actor recipient about conditions date date_end date_precision voice "
    "sentence recorded".split()
)
ORDER = {
    "events": ("date", "id"), "links": ("event", "claim"), "variants": ("event", "field"), "pairs": ("source", "target", "date", "event"),
    "facts": ("holder", "object", "id"), "sketches": ("published", "article"),
}
MOST_ANEW = 0.2  # share of new articles from which on everything is folded anew: that is quicker then
_AT_ONCE = 20_000  # articles whose texts are compared together


@dataclass(frozen=True, slots=True)
class Folding:
    """What a fold did. `changed`: events that are new, other than before, or gone; `orphaned`: decisions that no claim fits any more."""

    claims: int
    events: int
    changed: int
    facts: int
    orphaned: tuple[str, ...]
    seconds: float


def fold_store(store: Store, rules: FoldRules, anew: bool) -> Folding:
    """Brings the derived tables of a store up to date."""
    begun = time.monotonic()
    state = store.state()
    behind = store.behind() if state else None
    if state and behind is not None and not behind and not anew:
        return _held(store, 0, (), begun)
    new = behind.articles.to_pylist() if behind else []
    whole = anew or state is None or len(new) > MOST_ANEW * max(1, store.sql("select count(*) as n from articles").to_pylist()[0]["n"])
    revisions = _revisions(store) if state else {}
    with store.derive("fold") as (still, work):
        if whole or state is None or not _same_rules(still, rules):
            made = _whole(still, work, rules)
            changed = _differing(revisions, made.events)
        else:
            made, changed = _part(store.as_derived(state), still, work, (rules, new))
    return _held(store, changed, made.orphaned, begun)


def _whole(still: Store, work: Derivation, rules: FoldRules) -> Folded:
    """All anew. Each table is written and let go as soon as it can be: sketches alone are half as large as what is folded."""
    kin = _all_copies(still, work)
    pa.default_memory_pool().release_unused()
    made = fold(still.table("claims", COLUMNS), still.table("articles", ARTICLE_COLUMNS), kin, still.decisions(), rules)
    for name in ("events", "links", "variants", "pairs"):
        work.replace(name, _ordered(name, getattr(made, name)))
    work.replace("blocks", _signed(made.blocks))
    _note_crowded(work, made)
    acts = showing(made.events, ledger_rules())
    work.replace("facts", _ordered("facts", facts(still.table("entries", ENTRY_COLUMNS), acts, ledger_rules())))
    return made


def _all_copies(still: Store, work: Derivation) -> pa.Table:
    """Writes families and sketches of all articles, and gives the families."""
    kin, sketches = _copies(still)
    work.replace("families", kin)
    work.replace("sketches", _ordered("sketches", sketches))
    return kin


def _ordered(name: str, table: pa.Table) -> pa.Table:
    """Rows by what they are asked for: a query then skips the parts of a file that hold none of it."""
    order = pc.sort_indices(table, [(column, "ascending") for column in ORDER[name]])
    return table.take(order)


def _copies(still: Store) -> tuple[pa.Table, pa.Table]:
    """Families and sketches of all articles; texts are read some at a time."""
    ids = still.table("articles", ["id"])["id"].to_pylist()
    if len(ids) <= _AT_ONCE:
        found = families(still.table("articles"))
        return found.families, found.sketches
    from ..fold.copy_rules import load_copy_rules
    from ..fold.sketches import sketch

    parts = [sketch(still.table("articles", where={"id": ids[start : start + _AT_ONCE]}), load_copy_rules())
             for start in range(0, len(ids), _AT_ONCE)]
    found = regroup(pa.concat_tables(parts))
    return found.families, found.sketches


def _part(then: Store, still: Store, work: Derivation, how: tuple[FoldRules, list[str]]) -> tuple[Folded, int]:
    """The same for what has changed since the state `then`. `how`: rules, and ids of articles stored or coded anew since."""
    rules, new = how
    decisions, before = still.decisions(), then.decisions()
    off = set(retracted(decisions)) ^ set(retracted(before))
    touched = sorted({*new, *off})
    fresh = still.table("articles", where={"id": touched}) if touched else still.table("articles", where="false")
    lost = sorted(set(touched) - set(fresh["id"].to_pylist()))
    copies = families(fresh, _sketches_of(still), _rows(still, "sketches", "article", lost))
    kin = copies.families
    moved = sorted({*touched, *kin["article"].to_pylist()} - set(lost))
    claims = still.table("claims", ["id"], where={"article": moved}) if moved else still.table("claims", ["id"], where="false")
    old = _rows(then, "claims", "article", touched)
    gone = set(old["id"].to_pylist()) - set(claims["id"].to_pylist())
    change = Change(set(claims["id"].to_pylist()), gone, mentions_by_article(old, touched), decisions, before)
    made = refold(change, Stored(still, kin, _crowded(still), moved), rules)
    events = _rows(still, "links", "component", sorted(made.components))["event"].unique().to_pylist()
    revisions = _revisions(still, events)
    for name, table in (("events", made.folded.events), ("links", made.folded.links), ("variants", made.folded.variants),
                        ("pairs", made.folded.pairs)):
        work.replace(name, table, events)
    work.replace("blocks", _signed(made.folded.blocks), sorted(made.components))
    work.replace("families", kin, lost)
    work.replace("sketches", copies.sketches, lost)
    _facts(still, work, (touched, events), made.folded.events)
    _note_crowded(work, made.folded)
    return made.folded, _differing(revisions, made.folded.events)


def _facts(still: Store, work: Derivation, drop: tuple[list[str], list[str]], events: pa.Table) -> None:
    """Facts of articles that are new or gone, and of events that were folded anew."""
    articles, gone = drop
    told = facts(_rows(still, "entries", "article", articles), events, ledger_rules())
    old = [_rows(still, "facts", name, keys)["id"].to_pylist() for name, keys in (("article", articles), ("event", gone))]
    work.replace("facts", told, sorted({ident for own in old for ident in own}))


def _rows(store: Store, name: str, column: str, keys: list[str]) -> pa.Table:
    return store.table(name, where={column: keys} if keys else "false")


def _sketches_of(still: Store) -> Callable[[list[date | None]], pa.Table]:
    """Sketches of the days asked for, None among them for undated articles."""
    def read(days: list[date | None]) -> pa.Table:
        named = ", ".join(f"DATE '{day.isoformat()}'" for day in days if day)
        conditions = [f"published IN ({named})"] if named else []
        conditions += ["published IS NULL"] if None in days else []
        return still.table("sketches", where=" OR ".join(conditions) or "false")

    return read


def _same_rules(still: Store, rules: FoldRules) -> bool:
    """Whether the events that are there were folded by these rules."""
    used = still.sql("select distinct fold from events").to_pylist()
    made = EVENTS.empty_table() if not used else None
    return made is not None or {row["fold"] for row in used} == {rules.version}


def _signed(blocks: pa.Table) -> pa.Table:
    """Keys as whole numbers with a sign, bit by bit: Delta knows no others."""
    keys = blocks["keys"].combine_chunks()
    keys = pa.concat_arrays(keys.chunks) if isinstance(keys, pa.ChunkedArray) else keys
    flat = pc.list_flatten(keys).to_numpy(zero_copy_only=False).view("int64")
    counts = pc.list_value_length(keys).to_numpy(zero_copy_only=False)
    offsets = pa.array([0, *counts.cumsum().tolist()], pa.int32())
    place = blocks.schema.get_field_index("keys")
    return blocks.set_column(place, "keys", pa.ListArray.from_arrays(offsets, pa.array(flat, pa.int64()))).select(BLOCKS.names)


def _note_crowded(work: Derivation, made: Folded) -> None:
    """Crowded blocks are remembered as a row of BLOCKS without a claim."""
    row = {"claim": CROWDED, "mention": "", "founds": "", "article": "", "component": CROWDED,
           "keys": [int.from_bytes(int(key).to_bytes(8, "little"), "little", signed=True) for key in sorted(made.crowded)]}
    work.replace("blocks", pa.Table.from_pylist([row], schema=BLOCKS), [CROWDED])


def _crowded(still: Store) -> frozenset[int]:
    rows = still.table("blocks", ["keys"], where={"component": CROWDED}).to_pylist()
    return frozenset(key % 2**64 for row in rows for key in row["keys"] or ())


def _revisions(store: Store, events: list[str] | None = None) -> dict[str, str]:
    rows = store.table("events", ["id", "revision"]) if events is None else _rows(store, "events", "id", events)
    return dict(zip(rows["id"].to_pylist(), rows["revision"].to_pylist(), strict=True))


def _differing(before: dict[str, str], now: pa.Table) -> int:
    after = dict(zip(now["id"].to_pylist(), now["revision"].to_pylist(), strict=True))
    other: list[str] = [ident for ident, revision in after.items() if before.get(ident) != revision]
    return len(other) + len(before.keys() - after.keys())


def _held(store: Store, changed: int, orphaned: tuple[str, ...], begun: float) -> Folding:
    held = store.sql("select (select count(*) from links) as claims, (select count(*) from events) as events,"
                     " (select count(*) from facts) as facts").to_pylist()[0]
    return Folding(held["claims"], held["events"], changed, held["facts"], orphaned, time.monotonic() - begun)


