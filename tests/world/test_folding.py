"""Folding what is new, in a store, gives what folding everything gives: batches, copies, decisions, recoding, retraction."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fold.making import Say, articles, claims

from detente.store import rows
from detente.store.writer import Writer
from detente.version import VERSION
from detente.world import World, open_world

TABLES = {"events": ("id", "revision"), "links": None, "variants": None, "pairs": None, "facts": None, "families": None, "blocks": None}
WORDS = "bridge market port river airport square convoy harbour school mosque".split()
SENTENCES = [f"The {a} was named again on that long and cold day by those who had seen the {b}." for a in WORDS for b in WORDS]


def newsroom(chance: random.Random, count: int) -> dict[str, list[Say]]:
    """Claims by article, on few days, of few parties."""
    told: dict[str, list[Say]] = {}
    for number in range(count):
        name, out = f"a{number:02}", chance.randrange(8)
        told[name] = [
            Say(name, chance.choice(["ASSAULT", "ASSAULT", "CONSULT", "AID"]), None, tuple(chance.sample(["FRA", "DEU:GOV", "SYR:REB"], 1)),
                tuple(chance.sample(["ITA", "ESP:COP", "#hamas"], chance.randrange(2))), chance.choice([None, out, max(out - 1, 0)]), out,
                chance.choice([None, "Alva", "Berra", "AAA"]), chance.choice([None, 3, 12]), chance.choice(["actual"] * 5 + ["negated"]),
                at=100 * place + 10, sentence=chance.choice(SENTENCES), act=f"{name}-{place}")
            for place in range(chance.randrange(1, 5))
        ]
    return told


def texts(chance: random.Random, names: Sequence[str]) -> dict[str, str]:
    """A text for each article; a third have that of another one."""
    found: dict[str, str] = {}
    for name in names:
        copied = chance.choice(sorted(found)) if found and chance.random() < 0.33 else None
        found[name] = found[copied] if copied else " ".join(chance.sample(SENTENCES, 12))
    return found


def papers(told: Sequence[Say], text: dict[str, str], knowledge: str) -> pa.Table:
    """Rows of ARTICLES."""
    table = articles(told)
    table = table.set_column(table.schema.get_field_index("text"), "text", pa.array([text[name] for name in table["id"].to_pylist()]))
    return table.set_column(table.schema.get_field_index("knowledge"), "knowledge", pa.array([knowledge] * table.num_rows, pa.string()))


def folded(world: World) -> dict[str, list[str]]:
    """All rows of the worked-out tables, in an order of their own."""
    return {name: sorted(map(repr, world.table(name, columns).to_pylist())) for name, columns in TABLES.items()}


def same_as_anew(world: World, folder: Path) -> None:
    """Asserts that the store holds what folding everything gives."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(str(world), folder)
    other = open_world(folder)
    other.fold(anew=True)
    found, wanted = folded(world), folded(other)
    for name in TABLES:
        assert found[name] == wanted[name], name


def decided(world: World, chance: random.Random) -> str:
    """Some decision on what is folded, and its id."""
    links: list[dict[str, Any]] = sorted(world.table("links", ["event", "mention", "claim"]).to_pylist(), key=lambda row: row["mention"])
    kind = chance.choice(["same", "different", "reject_claim", "confirm"])
    one, other = chance.sample(links, 2)
    if kind == "reject_claim":
        return world.decide(kind, [[one["mention"]]], reason="r", made_by="m")
    groups = [[one["mention"]], [other["mention"]]] if kind == "different" else [[one["mention"], other["mention"]]]
    return world.decide(kind, groups, reason="r", made_by="m")


@pytest.mark.parametrize("seed", [1, 2])
def test_batches_decisions_recoding_and_retraction_fold_as_everything_at_once(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.world.folding.MOST_ANEW", 10.0)
    chance = random.Random(seed)
    told = newsroom(chance, 24)
    names = sorted(told)
    text = texts(chance, names)
    world = open_world(tmp_path / "world")
    chance.shuffle(names)

    def stored(some: Sequence[str]) -> None:
        say = [one for name in some for one in told[name]]
        world.add_coded(claims(say), papers(say, text, "k1"))

    def recoded(name: str) -> None:
        say = [one for one in told[name] if chance.random() < 0.6] or told[name][:1]
        coded = rows.ready(claims(say), papers(say, text, "k2"), None, "r")
        Writer(world._tables, ("k2", VERSION)).put(coded)

    made: list[str] = []
    stored(names[:10])
    world.fold()
    for number, act in enumerate(chance.sample(["batch", "batch", "decide", "recode", "retract", "decide", "revoke"], 7)):
        if act == "batch":
            stored(names[10 + 2 * number : 12 + 2 * number])
        elif act == "recode":
            recoded(names[1])
        elif act == "retract":
            made.append(world.decide("retract", [[names[2]]], reason="r", made_by="m"))
        elif act == "decide" or not made:
            made.append(decided(world, chance))
        else:
            world.decide("revoke", revokes=made[0], made_by="m")
        world.fold()
        if number % 3 == 0 or number == 6:
            same_as_anew(world, tmp_path / "anew")
