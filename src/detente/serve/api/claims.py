"""Claims: what one sentence of one article says; and entries of the ledger, which articles tell in the same way."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ...errors import RequestError
from ...tables import CLAIMS
from ..answers import TABLE, Rows
from ..asking import answer, asked_of
from ..filters import Asked, ClaimQuery, of_claims
from ..listing import Plan, page, page_of_parties
from ..reading import Reading
from ..schemas import listed, one

router = APIRouter(prefix="/api/claims", tags=["claims"])
_COLUMNS = [f'"{name}"' for name in CLAIMS.names if name != "batch"]


def rows_of(reading: Reading, query: ClaimQuery, asked: str) -> Rows:
    """A page of claims."""
    plan = Plan("claims", _COLUMNS, "published")
    quick = page_of_parties(reading, plan, query, asked)
    return quick or page(reading, plan, of_claims(query, reading.knowledge, reading.claim_parties), query, asked)


def claim_of(reading: Reading, ident: str) -> dict[str, Any]:
    """A claim or an entry of the ledger, and the events that a claim belongs to. Raises RequestError where there is none."""
    sort = "claim"
    found = reading.rows(f"SELECT {', '.join(_COLUMNS)} FROM claims WHERE id = ?", [ident])
    if not found:
        sort = "entry"
        found = reading.rows("SELECT * EXCLUDE (batch) FROM entries WHERE id = ?", [ident])
    if not found:
        raise RequestError(404, "not_found", "no claim has this id", "those of a retracted article are seen as_of a day before that")
    links = reading.rows("SELECT * FROM links WHERE claim = ? ORDER BY event", [ident]) if sort == "claim" else []
    return {"sort": sort, sort: found[0], "links": links}


@router.get("", responses=listed("Claim", TABLE))
async def list_claims(request: Request, query: Annotated[ClaimQuery, Query()]) -> Response:
    """Claims, those published last first, each with its sentence, offsets and reasons."""
    return await answer(request, query, lambda reading, _: rows_of(reading, query, asked_of(request, query)), TABLE)


@router.get("/{ident}", responses=one("ClaimWhole"))
async def get_claim(request: Request, ident: str, query: Annotated[Asked, Query()]) -> Response:
    """One claim (c_…), or one entry of the ledger, with the events it belongs to and why."""
    return await answer(request, query, lambda reading, _: claim_of(reading, ident))
