"""What no request gets past: the Host header, limits of size, time and rate, headers that keep a page from doing harm, one error shape.

A plain ASGI layer around the application, so that it holds for every address, those that do not exist included.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable
from functools import partial
from ipaddress import ip_address
from math import ceil
from typing import Any

from ..errors import DetenteError, RequestError
from .answers import FORMATS
from .faults import WORDS, fault_of, shape
from .limits import Buckets
from .policy import POLICY
from .settings import ServeSettings

Scope = dict[str, Any]
Headers = Iterable[tuple[bytes, bytes]]
LOG = logging.getLogger("detente.serve")
FORMS = frozenset({"/try", "/decide", "/sign-in", "/sign-out", "/theme"})  # sent as forms; these pages look themselves where one comes from
SAFE: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"), (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"), (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class Guard:
    """Wraps an ASGI application. `show`: makes a page of an error, for those who ask for pages."""

    def __init__(self, app: Any, settings: ServeSettings, show: Callable[[Scope, RequestError], bytes] | None = None) -> None:
        self._app, self._settings, self._show = app, settings, show
        self._posts = Buckets(settings.posts_at_once, settings.posts_per_minute / 60)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = secrets.token_hex(6)
        out = _Out(send, request, scope["method"] == "HEAD")
        inner: Scope = {**scope, "detente": {"request": request}}
        if scope["method"] == "HEAD":
            inner["method"] = "GET"
        if self._show is not None and _wants_page(inner):
            out.page = partial(self._show, inner)
        body = _Body(receive, self._settings.body_limit)
        limit = self._settings.write_limit if scope["method"] == "POST" else self._settings.time_limit
        try:
            self._check(inner)
            async with asyncio.timeout(limit):
                await self._app(inner, body, out)
        except TimeoutError:
            await out.fail(RequestError(504, "too_slow", f"no answer within {limit:g} seconds",
                                        "ask for less: fewer days, a smaller page; what is written goes on and will be there"))
        except DetenteError as error:
            fault = body.fault or fault_of(error)
            await out.fail(fault, _address(fault.location, inner) if fault.location else "")
        except Exception as error:  # whatever is wrong with us must come back in the one shape, and its traceback must not
            LOG.error("request %s failed", request, exc_info=error)
            await out.fail(RequestError(500, "internal", "something went wrong here", f"the server's log has it under {request}"))

    def _check(self, scope: Scope) -> None:
        """Raises RequestError for what is refused before anything is done; takes a format's ending off the path."""
        headers = dict(scope["headers"])
        given = [value for name, value in scope["headers"] if name == b"host"]
        host = _name_of(given[0].decode("latin-1")) if len(given) == 1 else ""
        if host not in self._settings.hosts and "*" not in self._settings.hosts:
            raise RequestError(421, "wrong_host", "this server does not go by that name",
                               "call it by its loopback address, or start it with --allow-host NAME")
        if not self._settings.allowed_hosts and not _is_here(scope.get("client")):
            raise RequestError(403, "not_here", "this server answers only its own machine", "start it with --allow-host NAME")
        if scope["method"] == "POST":
            wait = self._posts.wait(scope["client"][0] if scope.get("client") else "")
            if wait:
                raise RequestError(429, "too_many_requests", "too many POST requests", f"wait {ceil(wait)} seconds")
            kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
            if kind != b"application/json" and scope["path"] not in FORMS:
                raise RequestError(415, "unsupported_media_type", "a body is JSON", "send Content-Type: application/json")
            length = headers.get(b"content-length", b"0")
            if length.isdigit() and int(length) > self._settings.body_limit:
                raise _too_large(self._settings.body_limit)
        stem, dot, ending = scope["path"].rpartition(".")
        if dot and ending in FORMATS and stem.startswith("/api/") and not stem.endswith("/"):
            scope["detente"]["format"] = ending
            scope["path"] = stem
            scope["raw_path"] = stem.encode()


class _Body:
    """`receive` that counts, so that a body without a length is held to the limit too."""

    def __init__(self, receive: Any, limit: int) -> None:
        self._receive, self._limit, self._seen = receive, limit, 0
        self.fault: RequestError | None = None  # kept, as whoever reads the body calls any error of it a broken body

    async def __call__(self) -> Any:
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen > self._limit:
                self.fault = _too_large(self._limit)
                raise self.fault
        return message


class _Out:
    """`send` that adds headers, and that can say what went wrong as long as nothing was said."""

    def __init__(self, send: Any, request: str, head: bool) -> None:
        self._send, self._request, self._head, self._begun = send, request, head, False
        self.page: Callable[[RequestError], bytes] | None = None

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            message = {**message, "headers": _with(message["headers"], self._request)}
        elif self._head:
            message = {**message, "body": b""}
        await self._send(message)

    async def fail(self, error: RequestError, location: str = "") -> None:
        """Sends an error, if nothing was sent. `location`: where to look instead."""
        if self._begun:
            return
        code = error.code or WORDS.get(error.status, "error")
        body = self.page(error) if self.page else shape(code, error.message, error.hint, self._request)
        kind = b"text/html; charset=utf-8" if self.page else b"application/json; charset=utf-8"
        headers = [(b"content-type", kind), (b"cache-control", b"no-store"), (b"content-length", str(len(body)).encode())]
        if location:
            headers.append((b"location", location.encode("ascii", "replace")))
        if error.status == 401:
            headers.append((b"www-authenticate", b'Bearer realm="detente"'))
        if error.status in {429, 503}:
            seconds = next((word for word in error.hint.split() if word.isdigit()), "5")
            headers.append((b"retry-after", seconds.encode()))
        await self({"type": "http.response.start", "status": error.status, "headers": headers})
        await self({"type": "http.response.body", "body": body, "more_body": False})


def _wants_page(scope: Scope) -> bool:
    """Whether a browser asks for something that is no address of the API."""
    accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
    return b"text/html" in accept and not scope["path"].startswith(("/api/", "/openapi"))


def _address(place: str, scope: Scope) -> str:
    """The address of something in the format and with the query of a request."""
    ending, query = scope["detente"].get("format"), scope.get("query_string", b"").decode("latin-1")
    return f"{place}{f'.{ending}' if ending else ''}{f'?{query}' if query else ''}"


def _with(headers: Headers, request: str) -> list[tuple[bytes, bytes]]:
    found = list(headers)
    there = {name.lower() for name, _ in found}
    more = (*SAFE, (b"content-security-policy", POLICY.encode()), (b"x-request-id", request.encode()))
    return [*found, *((name, value) for name, value in more if name not in there)]


def _too_large(limit: int) -> RequestError:
    return RequestError(413, "too_large", f"the body has more than {limit:,} bytes", "send several smaller ones")


def _is_here(client: tuple[str, int] | None) -> bool:
    """Whether a request comes from this machine; a socket that is a file has no address."""
    try:
        return client is None or ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _name_of(host: str) -> str:
    """A Host header without its port, in lower case."""
    name, colon, port = host.strip().lower().rpartition(":")
    return name if colon and (not port or port.isdigit()) and (name.startswith("[") or ":" not in name) else host.strip().lower()
