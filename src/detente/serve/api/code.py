"""Text in, claims out; nothing is stored."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ...errors import BadArticle, RequestError
from ...flow.write import claim_to_dict
from ...flow.write_ledger import entry_to_dict
from ...pipeline import make_article
from ..asking import desk_of
from ..desk import SharedCoder
from ..filters import Text
from .writing import Body, Stamp, sent

router = APIRouter(prefix="/api/code", tags=["code"])


class NewText(Body):
    """A text to code. Without `published`, its day is sought in the text."""

    text: str = Field(min_length=1)
    title: Text | None = None
    published: Stamp | None = None


class Coded(BaseModel):
    """What was read in a text. Offsets count characters of `text`, the text as it was read."""

    model_config = ConfigDict(extra="forbid")

    text: str
    published: str | None
    published_rule: str
    claims: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    sentences: int
    parsed: int
    knowledge: str


def coded(coder: SharedCoder, new: NewText) -> dict[str, Any]:
    """What the coder reads in a text. Raises BadArticle."""
    article = make_article(new.text, new.published, new.title)
    outcome = coder.work([article])
    if outcome.rejects:
        first = outcome.rejects[0]
        raise BadArticle("text", 0, first.reason, first.hint)
    return {
        "text": article.text, "published": article.published, "published_rule": article.published_rule,
        "claims": [claim_to_dict(claim) for claim in outcome.claims], "entries": [entry_to_dict(entry) for entry in outcome.entries],
        "sentences": outcome.sentences, "parsed": outcome.parsed, "knowledge": coder.knowledge.version,
    }


@router.post("", responses={200: {"model": Coded}})
async def code_text(request: Request, new: NewText) -> Response:
    """Codes a text and gives its claims and entries, each with its reasons. Nothing is stored; no token is needed."""
    desk = desk_of(request)
    if len(new.text) > desk.settings.text_limit:
        raise RequestError(413, "too_large", f"the text has more than {desk.settings.text_limit:,} characters", "send it in parts")
    return sent(await desk.code(lambda coder: coded(coder, new)))
