"""What maps stand on: shapes that were built, how far places reach, which borders are contested (data/map)."""

from __future__ import annotations

from functools import cache
from math import isfinite

from ...errors import KnowledgeError
from ...knowledge import DATA
from ...knowledge.files import line_of, read_table, read_yaml
from .bundle import bundle
from .draw.map import Ground
from .draw.shapes import Shapes

FOLDER = DATA / "map"
NOT_DRAWN = ("ATA",)  # the ice cap, which no map of the world here has room for
COLUMNS = ("one", "other", "kind", "claims", "note")


@cache
def ground(level: str) -> Ground | None:
    """The shapes of a level ("world" or "near"); None where they are not built. Raises KnowledgeError for a broken table."""
    topology = bundle().shape(level)
    return None if topology is None else Ground(Shapes.of(topology, NOT_DRAWN), frozenset(contested()))


@cache
def contested() -> dict[tuple[str, str], tuple[str, str]]:
    """Kind and claims of each contested border, by its two countries in order."""
    found = {}
    for row in read_table(FOLDER / "contested.tsv", COLUMNS):
        one, other = sorted((row["one"], row["other"]))
        if not one or one == other or (one, other) in found:
            raise row.error(f"{row['one']} and {row['other']}", "two countries, each pair once")
        found[one, other] = (row["kind"], row["claims"])
    return found


@cache
def reaches() -> dict[str, float]:
    """Kilometres by kind of place, with "most" and "without_country". Raises KnowledgeError."""
    path = FOLDER / "reach.yml"
    told = read_yaml(path)
    kinds = told.get("kinds") if isinstance(told, dict) else None
    if not isinstance(kinds, dict) or set(told) != {"most", "without_country", "kinds"}:
        raise KnowledgeError(path, 1, "other keys", "most, without_country and kinds")
    found = {**kinds, "most": told["most"], "without_country": told["without_country"]}
    for kind, km in found.items():
        if not isinstance(km, int | float) or not isfinite(km) or km <= 0:
            raise KnowledgeError(path, line_of(path, kind), f"{kind}: {km}", "kilometres, more than 0")
    return {kind: float(km) for kind, km in found.items()}
