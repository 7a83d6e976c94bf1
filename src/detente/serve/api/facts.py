"""Facts of the ledgers: what lasts between actors, one row for each report that says so."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...tables import FACTS
from ..answers import TABLE
from ..asking import answer, asked_of
from ..filters import FactQuery, of_facts
from ..listing import Plan, page
from ..schemas import listed

router = APIRouter(prefix="/api/facts", tags=["facts"])


@router.get("", responses=listed("Fact", TABLE))
async def list_facts(request: Request, query: Annotated[FactQuery, Query()]) -> Response:
    """Stances, memberships and agreements as they are told, the newest first. States worked out of them stand with the relations."""
    plan = Plan("facts", FACTS.names, "said")
    return await answer(
        request, query, lambda reading, _: page(reading, plan, of_facts(query, reading.knowledge), query, asked_of(request, query)), TABLE
    )
