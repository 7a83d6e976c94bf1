"""The numbers and lists by which an event's values are worked out (data/fold/values.yml)."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..knowledge import DATA
from ..knowledge.roles import SECTORS
from .copy_rules import Share, read_rules

VALUES_FILE = DATA / "fold" / "values.yml"
BASES = ("explicit", "relative", "period", "publication")
CLASSES = ("official", "document", "outlet", "own_losses", "other", "unnamed", "enemy_losses")
Weight = Annotated[float, Field(gt=0)]
Names = Annotated[list[str], Field(min_length=1)]


class ValueRules(BaseModel):
    """values.yml, named as there; `version` is the file's hash."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: dict[str, Weight]
    second_day: Share
    place_share: Share
    near: Weight
    party_share: Share
    context_share: Share
    half_life: Weight
    classes: dict[str, Share]
    official_sectors: Names
    impartial_sectors: Names
    fighting_sectors: Names
    state_sectors: Names
    blamed: Names
    kinds: Names
    groups: dict[str, Names]
    apart: list[str]
    version: str = ""

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name, known in (("date", BASES), ("classes", CLASSES)):
            if given := set(getattr(self, name)) ^ set(known):
                raise ValueError(f"{name} has, or lacks, {', '.join(sorted(given))}")
        for name in ("official_sectors", "impartial_sectors", "fighting_sectors", "state_sectors"):
            if unknown := set(getattr(self, name)) - SECTORS:
                raise ValueError(f"{name}: {', '.join(sorted(unknown))} is no sector")
        if unknown := set(self.apart) - set(self.groups):
            raise ValueError(f"apart: {', '.join(sorted(unknown))} is none of the groups")
        return self

    @cached_property
    def group_of(self) -> dict[str, str]:
        """Word or words of `of`, in lower case → group."""
        return {word: group for group, words in reversed(self.groups.items()) for word in words}

    @cached_property
    def all_kinds(self) -> frozenset[str]:
        """`kinds` as a set."""
        return frozenset(self.kinds)

    @cached_property
    def state(self) -> frozenset[str]:
        """`state_sectors` as a set."""
        return frozenset(self.state_sectors)

    @cached_property
    def official(self) -> frozenset[str]:
        """`official_sectors` as a set."""
        return frozenset(self.official_sectors)


@cache
def load_value_rules(path: Path = VALUES_FILE) -> ValueRules:
    """Reads values.yml; KnowledgeError for a missing, unknown or impossible key, with its line."""
    return read_rules(ValueRules, path)
