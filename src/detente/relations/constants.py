"""The numbers of data/relations/*.yml, read strictly: an unknown, missing or senseless one is a KnowledgeError."""

from __future__ import annotations

from functools import cache
from math import expm1
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import KnowledgeError
from ..knowledge import DATA
from ..knowledge.files import line_of, read_yaml

Share = Annotated[float, Field(ge=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]
Quantiles = tuple[Share, Share]
HINT = "see docs/guide/relations.md and the comments of the shipped file"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IndexRules(_Strict):
    """Constants of the index, as index.yml explains them."""

    half_lives: tuple[Count, ...] = Field(min_length=1)
    shrink: Positive
    unknown_confidence: Annotated[float, Field(gt=0, le=1)]
    widest: Positive
    least_weight: Positive
    thin_coverage: Share
    few: Positive
    replicates: Annotated[int, Field(ge=50)]
    band: Quantiles
    wide_band: Quantiles
    least_history: Count


class Shape(_Strict):
    """Noise of weekly counts: standard deviation and autocorrelation of the logarithm of their intensity."""

    sd: Annotated[float, Field(ge=0, le=3)]
    phi: Annotated[float, Field(ge=0, lt=1)]

    def inflation(self, mean: float) -> float:
        """How many times a Poisson count's variance a sum over many weeks has, at a mean count per week."""
        excess = expm1(self.sd**2)
        return 1 + mean * excess * (1 + self.phi) / (1 - self.phi)


class ChartRules(_Strict):
    """Constants of the online charts."""

    rate: Annotated[float, Field(gt=0, lt=1)]
    years: Count
    learn: Count
    least: Count
    relearn: Count
    least_mean: Positive
    factor: Annotated[float, Field(gt=1)]
    clip: Positive
    careful: Positive


class CountRules(_Strict):
    """Constants of change points of weekly counts."""

    segment: Count
    rate: Annotated[float, Field(gt=0, lt=1)]
    slack: Annotated[float, Field(ge=1)]
    longest: Count
    margin: Positive


class MarkRules(_Strict):
    """Constants of the scan of scores in their order."""

    rate: Annotated[float, Field(gt=0, lt=1)]
    nu: Share
    nu_week: Share
    rho: Annotated[float, Field(gt=0, lt=1)]
    clip: Positive
    before: tuple[Count, ...] = Field(min_length=1)
    after: tuple[Count, ...] = Field(min_length=1)
    longest: Count
    simulations: Annotated[int, Field(ge=100)]
    margin: Positive


class QuietRules(_Strict):
    """Constants of the rule for thin pairs."""

    quiet: Count
    quads: tuple[str, ...] = Field(min_length=1)
    least_score: Positive


class ShiftRules(_Strict):
    """Constants of shifts, as shifts.yml explains them."""

    shape: Shape
    pool_pairs: Count
    simulations: Annotated[int, Field(ge=100)]
    chart: ChartRules
    counts: CountRules
    marks: MarkRules
    rule: QuietRules
    replicates: Annotated[int, Field(ge=50)]


class BlocRules(_Strict):
    """Constants of the signed network, as blocs.yml explains them."""

    half_life: Count
    least_weight: Positive
    replicates: Annotated[int, Field(ge=50)]
    band: Quantiles
    restarts: Count
    shuffles: Count
    consensus: Annotated[float, Field(gt=0.5, le=1)]
    triads: Count
    seed: int


class Rules(_Strict):
    """All constants of this package."""

    index: IndexRules
    shifts: ShiftRules
    blocs: BlocRules


Model = TypeVar("Model", bound=BaseModel)


def _read(path: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        line = line_of(path, str(first["loc"][0])) if first["loc"] else 1
        raise KnowledgeError(path, line, f"{where}: {first['input']!r}"[:120], first["msg"], HINT) from error


@cache
def load_rules(folder: Path = DATA / "relations") -> Rules:
    """Reads index.yml, shifts.yml and blocs.yml of a folder; KnowledgeError with file and line if a number is wrong or missing."""
    return Rules(
        index=_read(folder / "index.yml", IndexRules),
        shifts=_read(folder / "shifts.yml", ShiftRules),
        blocs=_read(folder / "blocs.yml", BlocRules),
    )

