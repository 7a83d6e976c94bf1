"""The application: routers, errors, and the guard around them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from ..errors import RequestError
from . import pages
from .api import actors, articles, blocs, claims, code, decisions, events, facts, quality, relations, search
from .desk import CanCode, Desk
from .docs_page import STYLE, page
from .faults import WORDS, of_validation
from .guard import Guard
from .openapi import document
from .settings import ServeSettings

ROUTERS = tuple(
    part.router for part in (events, relations, blocs, actors, claims, articles, facts, search, code, decisions, quality)
)


def make_app(store: str, settings: ServeSettings | None = None, coder: CanCode | None = None) -> FastAPI:
    """The server of a store as an ASGI application. `coder`: the one that codes and whose knowledge names parties; made here if not given.

    Raises StoreError where no store is there, MissingExtra without the store's libraries.
    """
    settings = settings or ServeSettings()
    desk = Desk(store, settings, coder)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await desk.begin()
        yield
        desk.close()

    app = FastAPI(title="Détente", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan, redirect_slashes=False)
    app.state.desk = desk
    for router in (*ROUTERS, pages.router(desk)):
        app.include_router(router)
    app.add_middleware(Guard, settings=settings, show=pages.problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    _own_pages(app)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's own way of replacing its document
    return app


def _own_pages(app: FastAPI) -> None:
    """The description of the API, and the way to it."""
    @app.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        """The OpenAPI document."""
        return JSONResponse(app.openapi(), headers={"Cache-Control": "no-cache"})

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        """The same as a page."""
        base = f"{request.url.scheme}://{request.url.netloc}"
        return HTMLResponse(page(app.openapi(), base, pages.icon()[0]), headers={"Cache-Control": "no-cache"})

    @app.get("/docs.css", include_in_schema=False)
    async def style() -> Response:
        """How that page looks."""
        return Response(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


async def _invalid(request: Request, error: Exception) -> Response:
    """Errors of validation go the way of all errors, out to the guard."""
    assert isinstance(error, RequestValidationError)
    raise of_validation(list(error.errors()), _known(request)) from None


async def _refused(request: Request, error: Exception) -> Response:
    """Addresses and methods that are not there."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and not request.url.path.startswith(("/api", "/openapi")):
        told = RequestError(404, WORDS[404], "there is no page at this address", "it may be cut short or mistyped")
        return pages.failed(request, told)
    if error.status_code == 405:
        raise RequestError(405, WORDS[405], "this address does not take that method", "/docs says which it takes") from None
    if error.status_code == 404:
        raise RequestError(404, WORDS[404], "there is no such address", "/docs lists them") from None
    if error.status_code == 400 and request.method == "POST":
        raise RequestError(422, WORDS[422], "the body is no JSON that can be read", "send one object, in UTF-8") from None
    raise RequestError(error.status_code, WORDS.get(error.status_code, "bad_request"), str(error.detail), "") from None


def _known(request: Request) -> list[str]:
    """Keys of the query that an address understands."""
    route = request.scope.get("route")
    dependant = getattr(route, "dependant", None)
    fields: Sequence[Any] = dependant.query_params if dependant else ()
    found: list[str] = []
    for one in fields:
        model = getattr(one.field_info, "annotation", None)
        inner: Mapping[str, Any] = getattr(model, "model_fields", {})
        found += list(inner) or [one.alias]
    return found

