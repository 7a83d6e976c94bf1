"""From a request to a document: the state of the store that is read, ETags, kept documents, one page for what cannot be shown."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from ...errors import DetenteError, InputError, RequestError
from ...store.moments import time_of
from ...store.pins import Pin
from ...version import VERSION
from ..answers import Answer, packed, packs
from ..desk import Desk, SharedCoder
from ..faults import clean, fault_of
from ..reading import Reading
from .asking import Asked
from .forms import theme
from .render import render, templates_tag

T = TypeVar("T")
View = Callable[[Reading, Asked], Mapping[str, Any]]
_TYPE = "text/html; charset=utf-8"
_FRESH = {"Cache-Control": "no-cache"}
_WITHOUT_EVENTS = frozenset({"try", "quality", "sign-in", "decide", "decisions"})


class Worlds:
    """What pages ask of a server: worlds held still, and the coder."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.settings = desk, desk.settings

    async def pin(self, as_of: str | None) -> Pin:
        """Which state of the store is meant: the newest one, or that of a version, a day or a moment. Raises RequestError."""
        return await asyncio.to_thread(self.desk.pin_of, as_of) if as_of else await self.desk.now()

    async def read(self, pin: Pin, work: Callable[[Reading], T]) -> T:
        """What some work gives."""
        return await self.desk.read(pin, work)

    async def code(self, work: Callable[[SharedCoder], T]) -> T:
        """What some work with the coder gives; one at a time."""
        return await self.desk.code(work)


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page: its template, the keys of its query, which entry of the navigation it belongs to. `kept`: it is the same for all who
    ask; `instead`: what is shown in its place where it fails with a status."""

    template: str
    keys: Sequence[str] = ()
    here: str = ""
    kept: bool = True
    instead: Mapping[int, tuple[str, View]] = field(default_factory=dict)


def asked_of(request: Request, keys: Sequence[str]) -> Asked:
    """The address of a request."""
    return Asked.of(request.url.path, request.query_params.multi_items(), keys)


async def respond(request: Request, worlds: Worlds, page: Page, view: View, status: int = 200) -> Response:
    """The document of a page; errors of the library become a page that says what helps. Documents of other statuses are not kept."""
    asked, look = asked_of(request, page.keys), theme(request)
    keeps = status == 200 and request.method == "GET" and page.kept
    try:
        pin = await worlds.pin(asked.as_of)
        tag = _tag(worlds, pin, request)
        if keeps and tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=_headers(tag))

        def work(reading: Reading) -> Answer:
            return packed(document(reading, page, asked, view, look).encode("utf-8", "replace"), _TYPE)

        found = await (worlds.desk.kept.of(tag, lambda: worlds.read(pin, work)) if keeps else worlds.read(pin, work))
    except DetenteError as error:
        fault = fault_of(error)
        if fault.status in page.instead:
            template, other = page.instead[fault.status]
            return await respond(request, worlds, replace(page, template=template, instead={}, kept=False), other, fault.status)
        return failed(request, error, asked)
    return sent(request, found, status, _headers(tag) if keeps else {"Cache-Control": "no-store"})


def document(reading: Reading, page: Page, asked: Asked, view: View, look: str = "") -> str:
    """The markup of a page. `look`: "light", "dark", or nothing for the system's."""
    frame = {"asked": asked, "here": page.here, "store": stand(reading), "theme": look}
    if not reading.held.run and page.here not in _WITHOUT_EVENTS:
        articles = int(reading.rows("SELECT count(*) AS n FROM articles")[0]["n"])
        return render("empty.html", {**frame, "title": "Nothing is here yet", "articles": articles})
    return render(page.template, {**frame, **view(reading, asked)})


async def respond_data(request: Request, worlds: Worlds, asked: Asked, work: Callable[[Reading], Answer]) -> Response:
    """Data of a page, kept by its address and the state of the store as documents are. Raises what `work` raises."""
    pin = await worlds.pin(asked.as_of)
    tag = _tag(worlds, pin, request)
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=_headers(tag))
    return sent(request, await worlds.desk.kept.of(tag, lambda: worlds.read(pin, work)), 200, _headers(tag))


def sent(request: Request, found: Answer, status: int, headers: Mapping[str, str]) -> Response:
    """An answer as it goes out."""
    more = {"Vary": "Accept-Encoding", **headers, **found.headers, "Content-Type": found.type}
    if found.packed is not None and packs(request.headers.get("accept-encoding", "")):
        return Response(found.packed, status, {**more, "Content-Encoding": "gzip"})
    return Response(found.body, status, more)


def stand(reading: Reading) -> dict[str, Any]:
    """Which state of the store a page shows."""
    pin = reading.held
    return {"moment": time_of(pin.articles) if pin.articles else None, "version": pin.version, "fold": pin.run,
            "knowledge": reading.knowledge.version}


TITLES = {
    400: "Not understood", 401: "Sign in first", 403: "Not allowed", 404: "Not found", 405: "That cannot be done here",
    410: "No longer kept", 413: "Too long", 415: "Not understood", 421: "Not by this name", 422: "Not understood", 429: "Too fast",
    503: "Not just now", 504: "Too slow",
}
_AGAIN = frozenset({429, 500, 503, 504})  # where the same may work a little later


def failed(request: Request, error: DetenteError, asked: Asked | None = None) -> Response:
    """The page for what cannot be shown, or the way to where it is."""
    fault = fault_of(error)
    if fault.location:
        query = request.url.query
        return Response(status_code=fault.status, headers={"Location": f"{fault.location}{f'?{query}' if query else ''}", **_FRESH})
    told = error.reason if isinstance(error, InputError) else fault.message
    asked = asked or Asked(request.url.path, {})
    return HTMLResponse(_problem(asked, fault, told, theme(request), _number(request.scope)), fault.status, {"Cache-Control": "no-store"})


def problem(scope: dict[str, Any], fault: RequestError) -> bytes:
    """The same for errors from outside the pages: what is too long, too fast, too slow, or wrong with us."""
    request = Request(scope)
    return _problem(Asked(scope["path"], {}), fault, fault.message, theme(request), _number(scope)).encode("utf-8", "replace")


def _number(scope: Any) -> str:
    return str((scope.get("detente") or {}).get("request", ""))


def _problem(asked: Asked, fault: RequestError, told: str, look: str, number: str) -> str:
    asked = asked if asked.path.isprintable() else Asked("/", {})
    return render("error.html", {
        "asked": asked, "here": "", "store": None, "title": TITLES.get(fault.status, "This did not work"), "told": clean(told),
        "hint": clean(fault.hint), "number": number, "status": fault.status, "theme": look, "again": fault.status in _AGAIN,
        "words": _words_of(asked.path) if fault.status == 404 else "",
    })


def _words_of(path: str) -> str:
    """What somebody may have looked for, by the last part of an address."""
    last = path.rstrip("/").rpartition("/")[2]
    return "" if re.match(r"[aced]_[0-9a-z]", last) else last[:80]


def missing(what: str, hint: str) -> RequestError:
    """The error for a thing that is not in the store."""
    return RequestError(404, "not_found", what, hint)


def _tag(worlds: Worlds, pin: Pin, request: Request) -> str:
    parts = [str(pin), request.url.path, request.url.query, VERSION, templates_tag(), worlds.desk.knowledge.version,
             worlds.settings.keep_text, worlds.settings.token is not None, theme(request)]
    return f'W/"{hashlib.blake2b(json.dumps(parts).encode(), digest_size=12).hexdigest()}"'


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding, Cookie"}
