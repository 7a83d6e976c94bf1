"""What requests that bring something share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import to_json
from starlette.responses import Response

from ...flow.published import parse_stamp
from ...world import World


def _stamp(text: str) -> str:
    parse_stamp(text)
    return text


Stamp = Annotated[str, Field(max_length=40, examples=["2016-07-05"]), AfterValidator(_stamp)]


class Body(BaseModel):
    """A body of a request, strictly."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Folded(BaseModel):
    """What a fold did: events in all, and how many are new or other than before."""

    model_config = ConfigDict(extra="forbid")

    events: int
    changed: int
    facts: int
    orphaned: list[str]


def folded(world: World) -> dict[str, Any]:
    """Folds, and says what came of it."""
    done = world.fold()
    return {"events": done.events, "changed": done.changed, "facts": done.facts, "orphaned": list(done.orphaned)}


def sent(made: dict[str, Any], status: int = 200) -> Response:
    """An answer to what was brought. Never kept anywhere."""
    return Response(to_json(made, inf_nan_mode="null"), status, {"Content-Type": "application/json", "Cache-Control": "no-store"})
