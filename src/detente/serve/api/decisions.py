"""Decisions: what people say about events and articles. Append-only; a later one may take an earlier one back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ...errors import RequestError, StoreError
from ...tables import DECISIONS
from ...world import World
from ..answers import TABLE, Rows
from ..asking import answer, asked_of, desk_of, may_write
from ..filters import Conditions, Listed, Text
from ..listing import Plan, page
from ..reading import Reading
from ..schemas import listed
from .writing import Body, Folded, folded, sent

router = APIRouter(prefix="/api/decisions", tags=["decisions"])
Ident = Annotated[str, Field(pattern=r"^[a-z]_[0-9a-z]{1,32}([+]c_[0-9a-z]{1,32}){0,199}$")]


class NewDecision(Body):
    """A decision. `same`: events or claims that are one; `different`: that are not (claims joined with "+" stay together; an event stands
    for its other claims); `value`: field and value of one event; `retract`: articles; `revoke`: one decision that is taken back."""

    kind: Literal["same", "different", "value", "reject_claim", "reject_event", "confirm", "retract", "revoke"]
    ids: list[Ident] = Field(min_length=1, max_length=200)
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    made_by: Text
    field: Text | None = None
    value: Annotated[str, Field(max_length=2000)] | None = None


class Decided(BaseModel):
    """The decision's id, and what the fold made of it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    folded: Folded


class DecisionQuery(Listed):
    """Filters of decisions."""

    kind: Literal["same", "different", "value", "reject_claim", "reject_event", "confirm", "retract", "revoke"] | None = None
    sort: Literal["-made", "made"] = "-made"


def rows_of(reading: Reading, query: DecisionQuery, asked: str) -> Rows:
    """A page of decisions."""
    found = Conditions()
    found.one_of("kind", query.kind)
    return page(reading, Plan("decisions", DECISIONS.names, "made_at", "TIMESTAMPTZ"), found, query, asked)


def decide(world: World, new: NewDecision) -> dict[str, Any]:
    """Notes a decision and folds. Raises RequestError for ids that are not there and decisions that say nothing."""
    try:
        ident = world.decide_on(new.kind, new.ids, reason=new.reason, made_by=new.made_by, field=new.field, value=new.value)
    except StoreError as error:
        missing = "has the id" in error.message
        raise RequestError(404 if missing else 422, "not_found" if missing else "bad_decision", error.message, error.hint) from error
    return {"id": ident, "folded": folded(world)}


@router.get("", responses=listed("Decision", TABLE))
async def list_decisions(request: Request, query: Annotated[DecisionQuery, Query()]) -> Response:
    """All decisions, the newest first, revoked ones included."""
    return await answer(request, query, lambda reading, _: rows_of(reading, query, asked_of(request, query)), TABLE)


@router.post("", status_code=201, responses={201: {"model": Decided}})
async def add_decision(request: Request, new: NewDecision) -> Response:
    """Notes a decision and works out events anew. Needs the token."""
    may_write(request)
    return sent(await desk_of(request).write(lambda world, _: decide(world, new)), 201)
