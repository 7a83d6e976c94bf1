"""From a request to its answer: the pin, the ETag, the format; kept answers; writes only with the token."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from ..errors import RequestError, StoreError
from ..store.pins import Pin
from ..version import VERSION
from .answers import Answer, Rows, Words, chosen, packs, render
from .desk import Desk
from .filters import Asked, Listed
from .listing import Cursor, fingerprint
from .reading import Reading
from .session import same_token

Made = Rows | Words | Mapping[str, Any]


def desk_of(request: Request) -> Desk:
    """Who does the work."""
    desk: Desk = request.app.state.desk
    return desk


def asked_of(request: Request, query: Asked) -> str:
    """The hash of a question that its cursors carry."""
    return fingerprint(request.url.path, query.model_dump())


async def answer(
    request: Request, query: Asked, make: Callable[[Reading, str], Made], formats: Sequence[str] = ("json",),
) -> Response:
    """The answer to a GET: 304 where the asker has it, else kept, else made by `make` (from a reading and the name
    of a format) in a thread, at the pin that is asked for."""
    desk = desk_of(request)
    kind = chosen(request.headers.get("accept", ""), request.scope["detente"].get("format"), formats)
    pin = await _pin(request, desk, query)
    tag = _tag(desk, pin, request, query, kind)
    if is_known(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=_headers(tag))

    def work(reading: Reading) -> Answer:
        return render(make(reading, kind), kind, desk.told(pin), request.url.path)

    try:
        found = await desk.kept.of(tag, lambda: desk.read(pin, work))
    except StoreError as error:
        if getattr(query, "cursor", None) or query.as_of:
            hint = "begin anew without a cursor, or take a later as_of"
            raise RequestError(410, "gone", "that state of the store is no longer kept", hint) from error
        raise
    return _response(request, found, tag)


async def _pin(request: Request, desk: Desk, query: Asked) -> Pin:
    if isinstance(query, Listed) and query.cursor is not None:
        return Cursor.parse(query.cursor, asked_of(request, query)).pin
    if query.as_of is not None:
        return await asyncio.to_thread(desk.pin_of, query.as_of)
    return await desk.now()


def _tag(desk: Desk, pin: Pin, request: Request, query: BaseModel, kind: str) -> str:
    asked = [str(pin), request.url.path, query.model_dump(exclude_none=True), kind]
    parts = [*asked, VERSION, desk.knowledge.version, desk.settings.keep_text]
    return f'W/"{hashlib.blake2b(json.dumps(parts, sort_keys=True, default=str).encode(), digest_size=12).hexdigest()}"'


def is_known(header: str, tag: str) -> bool:
    """Whether an If-None-Match header names a tag."""
    return any(part.strip() in {tag, tag[2:], "*"} for part in header.split(",")[:50])


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}


def _response(request: Request, found: Answer, tag: str) -> Response:
    headers = {**_headers(tag), **found.headers}
    after = headers.get("Detente-Next")
    if after:
        headers["Link"] = f'<{request.url.path}?{_with_cursor(request, after)}>; rel="next"'
    body = found.body
    if found.packed is not None and packs(request.headers.get("accept-encoding", "")):
        body = found.packed
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers={**headers, "Content-Type": found.type})


def _with_cursor(request: Request, cursor: str) -> str:
    pairs = [(key, value) for key, value in request.query_params.multi_items() if key != "cursor"]
    return urlencode([*pairs, ("cursor", cursor)])


def may_write(request: Request) -> None:
    """Raises RequestError unless the request carries the token."""
    token = desk_of(request).settings.token
    if token is None:
        raise RequestError(403, "writes_off", "this server only reads", "start it with --token to let it write")
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not same_token(token, given):
        raise RequestError(401, "unauthorized", "writing needs the token", "send Authorization: Bearer TOKEN")
