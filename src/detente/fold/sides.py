"""Whether the parties of two tellings may be the same: equal, one within the other, alike by their words, or others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .rules import FoldRules
from .tellings import Side, Tellings
from .words import mixed

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
SAME, WITHIN, PART, COUNTRY, ALIKE, UNLIKE, OTHER = range(1, 8)  # as in rules.VALUES


def agreement(told: Tellings, i: Ints, j: Ints, rules: FoldRules) -> tuple[Codes, Codes, Codes]:
    """Values of `actor`, `recipient` and `roles`. Where either act is mutual, all who take part are compared, whoever is named first."""
    actor = _side(told.actor, told.actor, i, j, rules)
    recipient = _side(told.recipient, told.recipient, i, j, rules)
    mutual = np.flatnonzero(told.mutual[i] | told.mutual[j])
    every = _side(told.everybody, told.everybody, i[mutual], j[mutual], rules)
    actor[mutual] = every
    both = np.minimum(told.everybody.known[i[mutual]], told.everybody.known[j[mutual]]) >= 2
    recipient[mutual] = np.where(both & (every <= WITHIN), every, 0)
    swapped = np.zeros(len(i), np.int8)
    doubtful = np.flatnonzero(((actor >= UNLIKE) | (recipient >= UNLIKE)) & ~(told.mutual[i] | told.mutual[j]))
    a, b = i[doubtful], j[doubtful]
    across = _side(told.actor, told.recipient, a, b, rules), _side(told.recipient, told.actor, a, b, rules)
    turned = (across[0] >= SAME) & (across[0] <= PART) & (across[1] >= SAME) & (across[1] <= PART)
    foreign = _side(told.everybody, told.everybody, a, b, rules) == OTHER
    known = (told.everybody.known[a] > 0) & (told.everybody.known[b] > 0)
    swapped[doubtful] = np.where(turned, 1, np.where(foreign & known, 2, 0))
    return actor, recipient, swapped


def _side(one: Side, other: Side, i: Ints, j: Ints, rules: FoldRules) -> Codes:
    """How the parties of the shorter list stand to those of the longer one."""
    few, many = np.minimum(one.known[i], other.known[j]), np.maximum(one.known[i], other.known[j])
    equal = ((one.roots[i, 0] == other.roots[j, 0]) & (few > 0)).astype(np.int64)
    several = np.flatnonzero((many > 1) & (few > 0))
    if len(several):
        equal[several] = _common(one.roots[i[several]], other.roots[j[several]])
    result = np.select([(equal > 0) & (equal >= few) & (few == many), (equal > 0) & (equal >= few), equal > 0], [SAME, WITHIN, PART],
                       0).astype(np.int8)
    open_ = np.flatnonzero((few > 0) & (equal == 0))
    at_home = shares(one.homes[i[open_]], other.homes[j[open_]])
    result[open_] = np.where(_wider(one, other, i[open_], j[open_], rules), WITHIN, np.where(at_home, COUNTRY, OTHER))
    unknown = np.flatnonzero(few == 0)
    result[unknown] = _by_words(one, other, i[unknown], j[unknown])
    return result


def _common(one: Ints, other: Ints) -> Ints:
    """How many values other than 0 of the first are among the second."""
    found = np.zeros(len(one), np.int64)
    for slot in range(one.shape[1]):
        own = one[:, slot, None]
        found += ((own == other) & (own != 0)).any(axis=1)
    return found


def _wider(one: Side, other: Side, i: Ints, j: Ints, rules: FoldRules) -> Flags:
    """Whether a party of one side may be told as one of the other: rebels of a country, a member of an organisation."""
    result = np.zeros(len(i), np.bool_)
    kin = rules.kin_codes
    if not len(i):
        return result
    for slot in range(int(one.known[i].max())):
        for beside in range(int(other.known[j].max())):
            a, b = one.roots[i, slot], other.roots[j, beside]
            known = (a != 0) & (b != 0)
            wide = (one.wides[i, slot] == other.wides[j, beside]) & ((one.open[i, slot] | other.open[j, beside]) != 0)
            rows = np.flatnonzero(known)
            if len(rows):
                codes = mixed(a[rows], b[rows])
                place = np.minimum(np.searchsorted(kin, codes), len(kin) - 1)
                result[rows] |= (kin[place] == codes) if len(kin) else False
            result |= known & wide
    return result


def _by_words(one: Side, other: Side, i: Ints, j: Ints) -> Codes:
    """Parties one of whom nobody knows: "gunmen" may be anybody armed, but no state."""
    shared = shares(one.heads[i], other.heads[j])
    apart = (one.kinds[i] != 0) & (other.kinds[j] != 0) & ((one.kinds[i] & other.kinds[j]) == 0)
    return np.where(shared, ALIKE, np.where(apart, UNLIKE, 0)).astype(np.int8)


def shares(one: Ints, other: Ints) -> Flags:
    """Whether two rows have a value other than 0 in common."""
    return _common(one, other) > 0
