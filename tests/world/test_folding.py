"""Folding what is new, in a store, gives what folding everything gives: batches, copies, decisions, recoding, retraction."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from detente.store import rows
from detente.store.writer import Writer
from detente.version import VERSION
from detente.world import World, open_world

from .made import newsroom, tables, texts

TABLES = ("events", "links", "variants", "pairs", "facts", "families", "blocks")
ACTS = ("batch", "decide", "recode", "retract", "decide", "batch", "revoke", "batch")


def folded(world: World) -> dict[str, list[str]]:
    """All rows of the worked-out tables, in an order of their own."""
    return {name: sorted(repr(dict(row, recorded=None)) for row in world.table(name).to_pylist()) for name in TABLES}


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
    links: list[dict[str, Any]] = sorted(world.table("links", ["mention"]).to_pylist(), key=lambda row: str(row["mention"]))
    kind = chance.choice(["same", "different", "reject_claim", "confirm"])
    one, other = (row["mention"] for row in chance.sample(links, 2))
    groups = {"reject_claim": [[one]], "different": [[one], [other]]}.get(kind, [[one, other]])
    return world.decide(kind, groups, reason="r", made_by="m")


@pytest.mark.parametrize("seed", [1, 2])
def test_batches_decisions_recoding_and_retraction_fold_as_everything_at_once(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detente.world.folding.MOST_ANEW", 10.0)
    chance = random.Random(seed)
    told = newsroom(chance, 24)
    names = sorted(told)
    text = texts(chance, names)
    chance.shuffle(names)
    world = open_world(tmp_path / "world")

    def stored(some: Sequence[str]) -> None:
        world.add_coded(*tables([one for name in some for one in told[name]], text))

    def recoded(name: str) -> None:
        left = [one for one in told[name] if chance.random() < 0.6] or told[name][:1]
        Writer(world._tables, ("k2", VERSION)).put(rows.ready(*tables(left, text, "k2"), "r"))

    made: list[str] = []
    stored(names[:10])
    world.fold()
    for number, act in enumerate(ACTS):
        if act == "batch":
            stored(names[10 + 2 * number : 14 + 2 * number])
        elif act == "recode":
            recoded(names[1])
        elif act == "retract":
            made.append(world.decide("retract", [[names[2]]], reason="r", made_by="m"))
        elif act == "decide":
            made.append(decided(world, chance))
        else:
            world.decide("revoke", revokes=made[0], made_by="m")
        world.fold()
        if act in {"recode", "retract", "revoke"} or number == len(ACTS) - 1:
            same_as_anew(world, tmp_path / "anew")
