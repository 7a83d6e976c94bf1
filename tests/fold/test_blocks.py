"""Keys: what must be compared shares one; whoever is compared is found by looking up, in either direction."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings

from detente.fold.blocks import apart, block_keys, blocks_of, candidates, keys_of, near_keys
from detente.fold.core import prepared
from detente.fold.rules import FoldRules
from detente.fold.tellings import Tellings

from .making import Say, articles, claims, decisions, families
from .strategies import newsrooms


def told_of(rules: FoldRules, told: list[Say]) -> Tellings:
    """The tellings of claims."""
    return prepared(claims(told), articles(told), families(told), decisions(), rules, None).told


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=newsrooms(40))
def test_whoever_is_compared_is_found_from_both_sides(rules: FoldRules, told: list[Say]) -> None:
    made = told_of(rules, told)
    fresh = rules.file.windows.fresh
    keys = keys_of(made, rules)
    i, j = apart(candidates(keys, made, fresh))
    assert (i < j).all()
    own = {n: keys.telling == n for n in range(len(made))}
    for one, other in zip(i.tolist(), j.tolist(), strict=True):
        for here, there in ((one, other), (other, one)):
            near = near_keys(keys.key[own[here]], keys.kind[own[here]], fresh)
            assert np.isin(keys.key[own[there]], near).any()


def compared(rules: FoldRules, one: Say, other: Say) -> bool:
    """Whether two claims are compared."""
    made = told_of(rules, [one, other])
    return bool(len(candidates(keys_of(made, rules), made, rules.file.windows.fresh)))


def test_what_is_compared(rules: FoldRules) -> None:
    strike = Say("a", by=("TUR",), to=("SYR:REB",), on=0, where="Alva")
    assert compared(rules, strike, Say("b", by=("TUR",), to=("SYR:REB",), on=1, out=1))
    assert compared(rules, strike, Say("b", by=("?gunmen",), on=0, where="Alva"))
    assert compared(rules, strike, Say("b", to=("SYR:REB",), on=0))
    assert compared(rules, strike, Say("b", by=("TUR",), to=("SYR:REB",), out=8))
    assert compared(rules, strike, Say("b", by=("TUR",), to=("SYR:REB",), on=-9, until=20, precision="month", out=30))
    assert not compared(rules, strike, Say("b", by=("TUR",), to=("SYR:REB",), on=3, out=3))
    assert not compared(rules, strike, Say("b", by=("ITA",), to=("FRA",), on=0))
    assert not compared(rules, strike, Say("b", "CONSULT", by=("TUR",), to=("SYR:REB",), on=0))


def test_keys_of_a_block_are_thirty_days(rules: FoldRules) -> None:
    keys = keys_of(told_of(rules, [Say("a", by=("TUR",), to=("SYR:REB",), on=n, out=n) for n in range(40)]), rules)
    for key, kind in zip(keys.key.tolist(), keys.kind.tolist(), strict=True):
        whole = block_keys(key, kind)
        assert key in whole.tolist()
        assert len(np.unique(blocks_of(whole, np.full(len(whole), kind, np.int8)))) == 1
