"""The rules of the ledgers, read from data/relations/ledger.yml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import KnowledgeError
from ..knowledge import DATA
from ..knowledge.files import read_yaml

FILE = DATA / "relations" / "ledger.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stand(_Strict):
    """Where a kind of stance stands: on which dimension, with which value, for (+1) or against (-1)."""

    dimension: Literal["support", "recognition", "regard"]
    value: str
    sign: Literal[-1, 1]


class SameAgreement(_Strict):
    """When two reports tell one agreement: days between them, share and number of common stems, letters of a stem, words without matter.

    `mean`: how alike the reports of two groups must be on the whole to become one.
    """

    days: int
    least_shared: float
    least_stems: int
    mean: float
    stem: int
    empty: tuple[str, ...]


class LedgerRules(_Strict):
    """The whole file."""

    version: str
    stances: dict[str, Stand]
    acts: dict[str, Stand]
    memberships: dict[str, str]
    moves: tuple[str, ...]
    stages: tuple[str, ...]
    follows: dict[str, tuple[str, ...]]
    same_agreement: SameAgreement


def read_rules(path: Path) -> LedgerRules:
    """The rules of a file. Raises KnowledgeError."""
    try:
        rules = LedgerRules.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise KnowledgeError(path, 1, f"{where}: {first['msg']}", "the fields that its head describes") from error
    strange = {*rules.follows, *(n for later in rules.follows.values() for n in later)} - {*rules.stages, "rejected"}
    if strange:
        raise KnowledgeError(path, 1, f"the stage {min(strange)!r} in follows", f"one of {', '.join(rules.stages)}, rejected")
    return rules


@cache
def ledger_rules() -> LedgerRules:
    """The shipped rules. Raises KnowledgeError where somebody has broken the file."""
    return read_rules(FILE)
