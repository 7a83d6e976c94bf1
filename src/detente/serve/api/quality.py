"""How far to trust what is here: versions, the accuracy that a release must reach, what was rejected; and whether the server is up."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse

from ...knowledge import DATA
from ...version import VERSION
from ..asking import answer, desk_of
from ..desk import Desk
from ..filters import Asked
from ..reading import Reading
from ..schemas import one

router = APIRouter(tags=["quality"])
_FLOORS = (DATA / "quality" / "floors.json", Path(__file__).parents[4] / "bench" / "floors.json")
_COUNTS = """SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM claims) AS claims,
(SELECT count(*) FROM entries) AS entries, (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM facts) AS facts,
(SELECT count(*) FROM decisions) AS decisions, (SELECT count(*) FROM rejects) AS rejects"""
_REJECTS = """SELECT step, reason, count(*) AS rejects, arg_max(article, recorded) AS article, max(recorded) AS last FROM rejects
GROUP BY step, reason ORDER BY rejects DESC, step, reason LIMIT 200"""
_CODED = """SELECT knowledge, detente, count(*) AS articles, min(recorded) AS first, max(recorded) AS last FROM articles
GROUP BY knowledge, detente ORDER BY last DESC"""
_BINS = """SELECT least(9, floor(confidence * 10)) / 10 AS low, count(*) AS claims, avg(confidence) AS stated FROM claims
WHERE confidence IS NOT NULL GROUP BY low ORDER BY low"""


@cache
def floors() -> dict[str, Any] | None:
    """The accuracy that a release must reach, by measure; None where this installation does not carry it."""
    for path in _FLOORS:
        if path.is_file():
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["measures"]
            return found
    return None


def quality_of(reading: Reading, desk: Desk) -> dict[str, Any]:
    """Versions, floors, counts, rejects by step, how sure the claims are said to be."""
    coder = desk.coder.own
    return {
        "detente": VERSION, "knowledge": reading.knowledge.version, "coder": coder.settings.coder, "model": desk.model,
        "floors": floors(), "counts": reading.rows(_COUNTS)[0], "coded_with": reading.rows(_CODED), "rejects": reading.rows(_REJECTS),
        "confidence": reading.rows(_BINS),
    }


@router.get("/api/quality", responses=one("Quality"))
async def get_quality(request: Request, query: Annotated[Asked, Query()]) -> Response:
    """Versions of model and knowledge, accuracy floors, counts, rejects by step."""
    desk = desk_of(request)
    return await answer(request, query, lambda reading, _: quality_of(reading, desk))


@router.get("/api/health", responses=one("Health"))
async def get_health(request: Request, query: Annotated[Asked, Query()]) -> Response:
    """Whether the server answers, and at which state of the store; `ready`: whether the sorted copy of it is made. Never kept."""
    desk = desk_of(request)
    pin = await desk.now()
    told = desk.told(pin)
    moment = told["moment"]
    store = {**told, "moment": moment.isoformat() if moment else None}
    body = {"status": "ok", "detente": VERSION, "writes": desk.settings.token is not None, "texts": desk.settings.keep_text,
            "ready": desk.is_shelved, "store": store}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})
