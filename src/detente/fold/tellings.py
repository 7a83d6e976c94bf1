"""Tellings: what one claim tells of one act, ready to be compared; in the order of publication and mention, whatever order claims came in.

Claims of one article that tell the same act (`act`) stay apart: measured on the stories, taking them for one telling carries the errors
of that step into every event that it touches; points for it (`article: retold`) do not. See decision 0016.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .features import PLACED, TOLLS, Columns
from .parties import ACTOR, RECIPIENT, heads, slots
from .words import Bits, counts, mixed

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of each telling: hashes of root parties, of whom they may be told as, of heads of unknown parties; sectors' sides as
    bits."""

    roots: Ints
    wides: Ints
    heads: Ints
    kinds: Ints
    open: Ints  # 1 where a party is told by country and sector alone
    known: Ints  # number of roots
    homes: Ints
    offices: Ints  # bits


@dataclass(frozen=True, slots=True, eq=False)
class Tellings:
    """One row a claim; all numbers as in `Columns`. `of`: the row of each claim; `lead`: the claim of each row.

    `themes`: how many bits of `theme`. `lands`: parties and countries by which a telling is looked up. `topics`, `worded`: bits of each
    article's words, by number of the article, and how many.
    """

    of: Ints
    lead: Ints
    lane: Ints
    negated: Flags
    minute: Ints
    day: Ints
    article: Ints
    act: Ints
    family: Ints
    event: Ints
    mode: Ints
    when: Ints
    first: Ints
    last: Ints
    carried_first: Ints
    carried_last: Ints
    place: Ints
    fine: Ints
    point: npt.NDArray[np.float32]
    tolls: Ints
    tolled: Ints  # bits of the kinds of tolls
    actor: Side
    recipient: Side
    everybody: Side
    mutual: Flags
    words: Bits
    theme: Bits
    themes: npt.NDArray[np.int16]
    letters: Ints
    sentences: Ints
    trigger: Ints
    sentence: Ints
    anew: Flags
    topics: Bits
    worded: npt.NDArray[np.int16]
    lands: Ints

    def __len__(self) -> int:
        return len(self.lead)


def tellings(columns: Columns, lane: Ints) -> Tellings:
    """The tellings of claims. `lane`: of each claim."""
    rank = np.empty(len(columns.ids), np.int64)
    rank[np.argsort(np.array(columns.mentions, object), kind="stable")] = np.arange(len(rank))
    at = np.lexsort((rank, columns.minute))
    of = np.empty(len(at), np.int64)
    of[at] = np.arange(len(at))
    actor, recipient, everybody = (_side(columns, of, sides) for sides in ((ACTOR,), (RECIPIENT,), (ACTOR, RECIPIENT)))
    theme = columns.theme[at]
    several = (actor.known + (actor.heads != 0).sum(axis=1)) > 1
    return Tellings(
        of, at, lane[at], columns.negated[at], columns.minute[at], columns.day[at], columns.article[at], columns.act[at],
        columns.family[at], columns.event[at], columns.mode[at], columns.when[at], columns.first[at], columns.last[at],
        columns.carried_first[at], columns.carried_last[at], columns.place[at], columns.fine[at], columns.point[at],
        columns.tolls[at], ((columns.tolls[at, :, 1] >= 0) << np.arange(len(TOLLS))).sum(axis=1), actor, recipient, everybody,
        several & (recipient.known == 0) & (recipient.heads[:, 0] == 0),
        columns.words[at], theme, counts(theme), columns.letters[at], columns.sentences[at], columns.trigger[at],
        columns.sentence[at],
        columns.anew[at], columns.topics, counts(columns.topics), _lands(everybody, columns.place[at], columns.article[at]),
    )


def _side(columns: Columns, of: Ints, sides: tuple[int, ...]) -> Side:
    mentions, count = columns.parties, len(of)
    chosen = np.flatnonzero(np.isin(mentions.side, sides))
    chosen = chosen[np.lexsort((chosen, mentions.side[chosen], of[mentions.claim[chosen]]))]
    owner = of[mentions.claim[chosen]]
    root, wide, home = (mentions.hashed(what)[chosen] for what in ("root", "wide", "home"))
    open_head = heads(mentions)[chosen]
    kinds = np.zeros(count, np.int64)
    side = np.array([p.side for p in mentions.parties] or [0], np.int64)
    np.bitwise_or.at(kinds, owner, side[mentions.kind[chosen]])
    offices = np.zeros(count, np.int64)
    np.bitwise_or.at(offices, owner, mentions.office[chosen])
    known = _once(owner, root)
    unknown = _once(owner, np.where(root == 0, open_head, 0))
    loose = np.array([int(p.open) for p in mentions.parties] or [0], np.int64)[mentions.kind[chosen]]
    roots, wides, open_, homes = slots(owner[known], count, (root[known], wide[known], loose[known], home[known]))
    (found,) = slots(owner[unknown], count, (open_head[unknown],))
    return Side(roots, wides, found, kinds, open_, (roots != 0).sum(axis=1), homes, offices)


def _once(owner: Ints, value: Ints) -> Ints:
    """Rows with a value that is not 0, the first of each value of an owner, in order."""
    rows = np.flatnonzero(value)
    _, first = np.unique(mixed(owner[rows], value[rows]), return_index=True)
    return rows[np.sort(first)]


def is_anchor(told: Tellings) -> Flags:
    """Which tellings stand on a day, or a few, and have a known party or a place finer than a country: only they found events."""
    return np.asarray((told.when == PLACED) & ((told.everybody.known > 0) | (told.fine >= 2)), np.bool_)


def _lands(everybody: Side, place: Ints, article: Ints) -> Ints:
    """Hashes of each telling's parties, their countries and the country of its place; where it names no party, those of its article too."""
    own = np.concatenate([everybody.roots, np.where(everybody.homes == everybody.roots, 0, everybody.homes), place[:, 2:3]], axis=1)
    bare = ~everybody.roots.any(axis=1)
    if not bare.any():
        return own
    row, slot = np.nonzero(own)
    code = own[row, slot]
    _, first, often = np.unique(mixed(article[row], code), return_index=True, return_counts=True)
    order = first[np.lexsort((code[first], -often, article[row[first]]))]
    (usual,) = slots(article[row[order]], int(article.max()) + 1, (code[order],))
    own[np.flatnonzero(bare), : usual.shape[1]] = usual[article[bare]]
    return own
