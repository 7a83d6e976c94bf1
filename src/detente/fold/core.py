"""The fold: claims of many articles become events. A pure function of sets; no order, clock or statistic of the moment enters.

Columns (`features`, `tellings`) → keys and candidate pairs (`blocks`) → points (`points`, `sides`) → clusters (`clusters`, `stages`) →
names (`identity`) → rows (`events`, `links`). Decisions are filters, demands and bans beside the points. Method: decision 0016.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..tables import EVENTS, FAMILIES, LINKS, PAIRS, VARIANTS
from .blocks import apart, candidates, crowds, divided, keys_of
from .clusters import Orders, Pairs
from .decisions import Ruling, ruling
from .events import Sources, event_tables
from .features import Columns, columns
from .identity import identities
from .links import BLOCKS, best_partners, blocks_table, links_table
from .points import Scorer
from .review import REVIEW, review_table
from .rules import FoldRules
from .stages import outcome
from .tellings import Tellings, tellings
from .told import COLUMNS

Ints = npt.NDArray[np.int64]
CHUNK = 1_000_000
LOOKED_AT = [*COLUMNS, *"act sentence sentence_index start trigger trigger_start trigger_end".split()]


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """Tables of what was folded (events, links, variants, pairs as in tables.py; blocks as in links.py; review as in review.py), the blocks
    that are crowded, decisions that lost or have lost their mentions, and counts of the work done."""

    events: pa.Table
    links: pa.Table
    variants: pa.Table
    pairs: pa.Table
    blocks: pa.Table
    review: pa.Table
    crowded: frozenset[int] = frozenset()
    lost: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)


NOTHING = Folded(
    EVENTS.empty_table(), LINKS.empty_table(), VARIANTS.empty_table(), PAIRS.empty_table(), BLOCKS.empty_table(), REVIEW.empty_table(),
)


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """What a fold of a part must know of the rest: decisions bound to all mentions, crowded blocks, ids of tellings that take part."""

    ruling: Ruling
    crowded: frozenset[int]
    active: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Claims that count, their columns, and what they tell."""

    claims: pa.Table
    columns: Columns
    told: Tellings
    ruling: Ruling


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Claims made ready: those that count, their columns, tellings, and the pairs that are not refused."""

    claims: pa.Table
    columns: Columns
    told: Tellings
    scorer: Scorer
    pairs: Pairs
    orders: Orders
    ruling: Ruling
    crowded: frozenset[int]
    compared: int


def fold(claims: pa.Table, articles: pa.Table, families: pa.Table, decisions: pa.Table, rules: FoldRules) -> Folded:
    """All events of some claims.

    `claims`: rows of CLAIMS, each once, those that count (of the newest batch of each article). `articles`: rows of ARTICLES for them;
    what is missing stands by the claim's own day. `families`: rows of copies.FAMILIES. `decisions`: all rows of DECISIONS.
    """
    return folded_told(told_by(claims, articles, families, decisions, rules, None), families, rules, None)


def folded_told(ready: Told, families: pa.Table, rules: FoldRules, whole: Whole | None) -> Folded:
    """The events of what some claims tell. `whole`: what a part of the claims must know of the rest; then only events of its active
    tellings are made."""
    made = compared(ready, rules, whole)
    if not made.claims.num_rows:
        return replace(NOTHING, lost=tuple(made.ruling.lost), orphaned=tuple(made.ruling.orphaned), crowded=made.crowded)
    told, cols = made.told, made.columns
    active = np.ones(len(told), np.bool_)
    if whole is not None:
        active = np.array([cols.ids[n] in whole.active for n in told.lead.tolist()])
    result = outcome(made.scorer, made.pairs, made.orders, active, rules.at)
    named = identities(cols, told, result, active, made.ruling.named())
    best = best_partners(made.pairs, result.event)
    links = links_table(cols, told, result, named, best, made.scorer)
    blocks = blocks_table(cols, told, result, keys_of(told, rules), active)
    review = review_table(cols, told, made.pairs, result, made.ruling, rules.at)
    kin = families.select(FAMILIES.names) if families.num_rows else FAMILIES.empty_table()
    events, variants, pairs = event_tables(Sources(made.claims, kin, cols, told.of, result, named, rules, made.ruling))
    counts = {"claims": made.claims.num_rows, "tellings": len(told), "compared": made.compared, "kept": len(made.pairs),
              "events": events.num_rows, "largest": int(np.bincount(result.component).max())}
    return Folded(events, links, variants, pairs, blocks, review, made.crowded, tuple(made.ruling.lost), tuple(made.ruling.orphaned),
                  counts)


def told_by(
    claims: pa.Table, articles: pa.Table, families: pa.Table, decisions: pa.Table, rules: FoldRules, whole: Whole | None,
) -> Told:
    """What the claims that count tell."""
    claims = sorted_by_id(claims)
    cols = columns(claims, articles, families, rules)
    ruled = whole.ruling if whole else ruling(decisions, cols.mentions)
    gone = np.isin(np.array(cols.mentions, object), sorted(ruled.rejected)) if ruled.rejected else np.zeros(claims.num_rows, np.bool_)
    if ruled.retracted:
        gone |= np.isin(np.array(cols.articles, object), sorted(ruled.retracted))[cols.article]
    if gone.any():
        claims = claims.filter(pa.array(~gone))
        cols = columns(claims, articles, families, rules)
    return Told(claims, cols, tellings(cols, _lanes(cols, ruled)), ruled)


def prepared(
    claims: pa.Table, articles: pa.Table, families: pa.Table, decisions: pa.Table, rules: FoldRules, whole: Whole | None,
) -> Prepared:
    """Claims that count with all that their clusters rest on."""
    return compared(told_by(claims, articles, families, decisions, rules, whole), rules, whole)


def compared(ready: Told, rules: FoldRules, whole: Whole | None, own: npt.NDArray[np.bool_] | None = None) -> Prepared:
    """What is told, with the pairs that are not refused. `own`: only pairs that one of these tellings is in."""
    told = ready.told
    keys = keys_of(told, rules)
    crowded = whole.crowded if whole else frozenset(crowds(keys, rules.at.crowded).tolist())
    pairs = candidates(divided(keys, told, np.array(sorted(crowded), np.uint64)), told, rules.file.windows.fresh, own)
    scorer = Scorer(told, rules)
    kept, orders = scored(scorer, pairs, rules.at.refuse), _orders(ready.columns, told, ready.ruling)
    return Prepared(ready.claims, ready.columns, told, scorer, kept, orders, ready.ruling, crowded, len(pairs))


def sorted_by_id(claims: pa.Table) -> pa.Table:
    """Claims in the order of their ids, each once, with the columns that the fold looks at."""
    claims = claims.select(LOOKED_AT)
    ids = claims["id"].combine_chunks()
    if len(ids) < 2 or pc.all(pc.greater(ids[1:], ids[:-1])).as_py():
        return claims
    claims = claims.take(pc.sort_indices(claims, [("id", "ascending")]))
    ids = claims["id"].combine_chunks()
    fresh = pa.concat_arrays([pa.array([True]), pc.not_equal(ids[1:], ids[:-1])])
    return claims if pc.all(fresh).as_py() else claims.filter(fresh)


def scored(scorer: Scorer, compared: npt.NDArray[np.uint64], refuse: float) -> Pairs:
    """The pairs that are not refused, with their points; so many at a time that memory stays small."""
    kept: list[Pairs] = []
    for begin in range(0, len(compared), CHUNK):
        i, j = apart(compared[begin : begin + CHUNK])
        total = scorer.totals(i, j)
        kept.append(Pairs(i, j, total).where(total > refuse))
    if not kept:
        return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    return Pairs(*(np.concatenate([getattr(part, name) for part in kept]) for name in ("i", "j", "total")))


def _lanes(cols: Columns, ruled: Ruling) -> Ints:
    """The lane of each claim; those of a `same` decision share the first of theirs."""
    if not ruled.same:
        return cols.lane
    lane = cols.lane.copy()
    place = {mention: n for n, mention in enumerate(cols.mentions)}
    for group in ruled.tied():
        rows = [place[m] for m in group if m in place]
        if rows:
            lane[rows] = lane[rows].min()
    return lane


def _orders(cols: Columns, told: Tellings, ruled: Ruling) -> Orders:
    """Pairs of tellings that must, and that must not, be of one event."""
    if not (ruled.same or ruled.different):
        nobody = np.zeros(0, np.int64)
        return Orders((nobody, nobody), (nobody, nobody))
    place = {mention: int(told.of[n]) for n, mention in enumerate(cols.mentions)}
    must, never = set(), set()
    for group in ruled.tied():
        tied = sorted({place[m] for m in group if m in place})
        must |= {(tied[0], other) for other in tied[1:]}
    for groups in ruled.different.values():
        sides = [sorted({place[m] for m in group if m in place}) for group in groups]
        never |= {(min(a, b), max(a, b)) for n, one in enumerate(sides) for other in sides[n + 1 :] for a in one for b in other if a != b}
    return Orders(_both(must), _both(never))


def _both(pairs: set[tuple[int, int]]) -> tuple[Ints, Ints]:
    listed = sorted(pairs)
    return np.array([p for p, _ in listed], np.int64), np.array([q for _, q in listed], np.int64)
