"""The numbers and lists by which copies of articles are told (data/fold/copies.yml)."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ..errors import KnowledgeError
from ..knowledge import DATA
from ..knowledge.files import line_of, read_yaml

COPIES_FILE = DATA / "fold" / "copies.yml"
Share = Annotated[float, Field(gt=0, le=1)]
Count = Annotated[int, Field(gt=0)]
R = TypeVar("R", bound=BaseModel)


def _pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    return pattern


Patterns = Annotated[list[Annotated[str, AfterValidator(_pattern)]], Field(min_length=1)]


class CopyRules(BaseModel):
    """copies.yml, named as there. `version`: hash of the file; sketches made by another file do not fit."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    shingle: Count
    sentence: Count
    bands: Count
    rows: Count
    seed: int
    shared_sentences: Annotated[int, Field(ge=2)]
    crowded: Count
    per_band: Count
    days: Annotated[int, Field(ge=0)]
    jaccard: Share
    containment: Share
    least_contained: Count
    least: Count
    chained: Share
    represented: Share
    boilerplate: Patterns
    ignored_sentences: Annotated[list[str], Field(min_length=1)]
    version: str = ""


@cache
def load_copy_rules(path: Path = COPIES_FILE) -> CopyRules:
    """Reads copies.yml; KnowledgeError for a missing, unknown or impossible key, with its line."""
    return read_rules(CopyRules, path)


def read_rules(kind: type[R], path: Path) -> R:
    """A YAML file as a record of `kind`, which has a field `version` for the file's hash; KnowledgeError with the line at fault."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or "version" in raw:
        raise KnowledgeError(path, 1, f"{raw!r}"[:60], f"keys {', '.join(sorted(set(kind.model_fields) - {'version'}))}")
    version = hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()
    try:
        return kind.model_validate({**raw, "version": version})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        line = line_of(path, f"{first['loc'][0]}:") if first["loc"] else 0
        found = f"{where}: {first.get('input')!r}"[:100]
        raise KnowledgeError(path, line, found, first["msg"], "docs/decisions/0017 explains the keys") from error
