"""One shape for all errors: {"error": {"code", "message", "hint", "request"}}."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from ..errors import BadArticle, DetenteError, InputError, MissingExtra, RequestError, StoreError, UnknownName

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_LONGEST = 300
WORDS = {
    308: "moved", 400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict", 410: "gone", 413: "too_large", 415: "unsupported_media_type", 421: "wrong_host", 422: "bad_body",
    429: "too_many_requests", 500: "internal", 503: "unavailable", 504: "too_slow",
}


def shape(code: str, message: str, hint: str, request: str) -> bytes:
    """The body of an error. What it quotes of a request is cut and rid of control characters."""
    error = {"code": code, "message": clean(message), "hint": clean(hint), "request": request}
    return json.dumps({"error": error}, ensure_ascii=False).encode("utf-8")


def clean(text: str) -> str:
    """Text that may be shown: no control characters, no half characters, not longer than a few lines."""
    told = _CONTROL.sub("�", text)
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"


def fault_of(error: DetenteError) -> RequestError:
    """What an error of the library means to one who asks: whose fault it is, and what helps."""
    if isinstance(error, RequestError):
        return error
    if isinstance(error, UnknownName):
        return RequestError(404, "unknown_name", error.message, error.hint)
    if isinstance(error, BadArticle):
        return RequestError(422, "bad_article", error.reason, error.hint)
    if isinstance(error, InputError):
        return RequestError(400, "bad_request", error.reason, error.hint)
    if isinstance(error, MissingExtra):
        return RequestError(503, "missing_extra", error.message, error.hint)
    if isinstance(error, StoreError):
        return RequestError(503, "store", error.message, error.hint)
    return RequestError(500, "internal", error.message, error.hint)


def of_validation(errors: list[Mapping[str, Any]], known: list[str]) -> RequestError:
    """The first thing that is wrong with a query, a path or a body. `known`: keys that the address understands."""
    first = errors[0] if errors else {"loc": ("query",), "msg": "not understood", "type": ""}
    where, *path = first["loc"] or ("query",)
    name = ".".join(map(str, path))
    if first["type"] == "extra_forbidden":
        near = get_close_matches(str(path[-1]), known, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}" if known else "nothing can be asked here"
        return RequestError(400 if where == "query" else 422, "unknown_key", f"not understood: {name}", hint)
    status = 422 if where == "body" else 400
    code = "bad_body" if where == "body" else "bad_value"
    told = str(first["msg"]).removeprefix("Value error, ")
    return RequestError(status, code, f"{name or where}: {told}", "the description at /docs says what may stand there")
