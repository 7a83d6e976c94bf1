"""Whatever changes, folding what is new gives what folding everything gives: long random walks through all kinds of changes at once."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import pyarrow as pa
import pytest

from detente.fold.core import Folded, fold
from detente.fold.memory import Held
from detente.fold.rules import FoldRules

from .making import Say, articles, claims, decision, decisions, families

TABLES = ("events", "links", "variants", "pairs", "blocks")
RARE = "bridge market harbour river airport square convoy mosque school tunnel orchard barracks customs lighthouse granary".split()
KINDS = ("same", "different", "reject_claim", "reject_event", "confirm", "value")
ACTS = ("more", "more", "fewer", "other", "out", "decide", "decide", "revoke", "copy")


def alike(one: Folded, other: Folded) -> None:
    """Asserts that all tables hold the same rows."""
    for name in TABLES:
        rows = [sorted(map(repr, getattr(made, name).to_pylist())) for made in (one, other)]
        assert rows[0] == rows[1], name
    assert one.crowded == other.crowded


class Desk:
    """Claims of some articles, what they copy, and decisions, all of which change; and what they fold to, from change to change."""

    def __init__(self, rules: FoldRules, chance: random.Random) -> None:
        self.rules, self.chance = rules, chance
        self.told: list[Say] = []
        self.copies: dict[str, str] = {}
        self.rows: list[dict[str, Any]] = []
        self.days = {f"a{n}": chance.randrange(10) for n in range(12)}
        self.held = Held(rules, *self.tables(), decisions())

    def tables(self) -> tuple[pa.Table, pa.Table, pa.Table]:
        """Claims, articles, families."""
        return claims(self.told), articles(self.told), families(self.told, self.copies)

    def claim(self, article: str, place: int) -> Say:
        """Some claim: undated or not, with or without parties, of an act that the article may tell elsewhere."""
        draw, out = self.chance.choice, self.days[article]
        return Say(
            article, draw(("ASSAULT", "ASSAULT", "CONSULT", "COERCE")), None, draw(((), ("FRA",), ("FRA",), ("SYR:REB",), ("?gunmen",))),
            draw(((), ("ITA",), ("ITA",), ("ESP:COP",))), draw((None, None, out, out - 1, out - 3)), out,
            draw((None, None, "Alva", "Berra", "AAA")), draw((None, None, 3, 12)), draw(("actual",) * 6 + ("future", "negated")),
            draw(("asserts",) * 7 + ("denies",)), at=100 * place + 10, act=draw(("", f"{article}-1", f"{article}-2")),
            sentence="The " + " and the ".join(self.chance.sample(RARE, 5)) + " were named again by those who had seen it.",
            precision=draw(("day",) * 5 + ("month",)),
        )

    def step(self, act: str) -> None:
        """One change, folded."""
        draw = self.chance.choice
        here = sorted({one.article for one in self.told})
        name = draw(sorted(self.days))
        own = [one for one in self.told if one.article == name]
        if act == "more" or len(self.told) < 6:
            free = sorted(set(range(6)) - {one.at // 100 for one in own})
            self.told += [self.claim(name, place) for place in self.chance.sample(free, min(len(free), 2))]
        elif act == "fewer" and own:
            self.told.remove(draw(own))
        elif act == "other" and own:
            self.told.remove(old := draw(own))
            self.told.append(dataclasses.replace(self.claim(name, 0), at=old.at + draw((0, 2))))
        elif act == "out":
            self.told = [one for one in self.told if one.article != name]
        elif act == "copy":
            self.copies[name] = draw(here)
        elif act == "revoke" and self.rows:
            self.rows.append(decision("revoke", number=len(self.rows) + 1, revokes=draw(self.rows)["id"]))
        elif act == "decide":
            kind = draw(KINDS)
            places = [f"{one.article}:{one.at}-{one.at + len(one.trigger)}" for one in self.chance.sample(self.told, 3)]
            groups = {"different": [[places[0]], places[1:]], "same": [places]}.get(kind, [places[:1]])
            self.rows.append(decision(kind, groups, len(self.rows) + 1, field="date", value="2015-06-11"))
        self.held.change(*self.tables(), decisions(*self.rows))


def walk(rules: FoldRules, seed: int, steps: int) -> None:
    """Asserts after each of some changes that the whole would be the same."""
    desk = Desk(rules, random.Random(seed))
    for _ in range(8):
        desk.step("more")
    for _ in range(steps):
        desk.step(desk.chance.choice(ACTS))
        alike(desk.held.folded, fold(*desk.tables(), decisions(*desk.rows), rules))


@pytest.mark.parametrize("seed", range(6))
def test_a_walk_through_changes(rules: FoldRules, seed: int) -> None:
    walk(rules, seed, 14)


@pytest.mark.parametrize("seed", range(6))
def test_a_walk_through_changes_where_blocks_crowd(rules: FoldRules, seed: int) -> None:
    low = rules.at.model_copy(update={"crowded": 4})
    walk(dataclasses.replace(rules, file=rules.file.model_copy(update={"thresholds": low})), seed, 14)
