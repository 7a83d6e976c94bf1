"""The signed network of a day, its blocs, and how far its triads are in balance."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ...relations.blocs import balance, blocs
from ...relations.constants import load_rules
from ...relations.of_pair import name_of
from ...relations.signed import network
from ..asking import answer
from ..filters import Asked, Day, span_of
from ..models import BlocsOut
from ..reading import Reading

router = APIRouter(prefix="/api/blocs", tags=["relations"])
_PAIRS = ["event", "source", "target", "date", "date_end", "score", "confidence", "quad", "lane", "vague", "origins"]


class BlocQuery(Asked):
    """What blocs understand."""

    at: Day | None = Field(default=None, description="the day; else that of the newest event")


def blocs_of(reading: Reading, query: BlocQuery) -> dict[str, Any]:
    """Network, blocs and balance on a day."""
    pairs = reading.common("pairs", lambda: reading.table("pairs", _PAIRS))
    last = reading.rows("SELECT max(date) AS day FROM pairs WHERE lane = 'happened'")[0]["day"]
    day = span_of(query.at)[1] if query.at else last
    if day is None:
        return {"day": None, "modularity": None, "actors": [], "edges": [], "balance": None}
    rules = load_rules()
    found = network(pairs, day, rules)
    parts, tension = blocs(found, rules.blocs), balance(found, rules.blocs)
    return {
        "day": day, "modularity": parts.modularity,
        "actors": [{"id": name, "name": name_of(name, reading.knowledge), "bloc": parts.bloc[name], "margin": parts.margin[name],
                    "sure": parts.sure[name]} for name in found.actors],
        "edges": [{"a": found.actors[e.one], "b": found.actors[e.other], "index": e.index, "low": e.low, "high": e.high, "weight": e.weight,
                   "events": list(e.events[:10])} for e in found.edges],
        "balance": tension,
    }


@router.get("", responses={200: {"model": BlocsOut}})
async def get_blocs(request: Request, query: Annotated[BlocQuery, Query()]) -> Response:
    """Who is close to whom and at odds with whom on a day, in which blocs. No edge means not known, not neutral."""
    return await answer(request, query, lambda reading, _: blocs_of(reading, query))
