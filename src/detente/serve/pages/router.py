"""The addresses of the pages, and from a request to a document: strict queries, one error page, ETags."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from ...errors import DetenteError, InputError, MissingExtra, StoreError, UnknownName
from ...world import World
from .asking import Asked
from .render import render, sheet
from .tryit import code_text
from .views import actor, article, brief, event, ledgers, overview, quality, relation, search
from .worlds import Worlds

View = Callable[[World, Asked], Mapping[str, Any]]
_KEEP = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page: its template, the keys of its query, which entry of the navigation it belongs to."""

    template: str
    keys: Sequence[str] = ()
    here: str = ""


def router(worlds: Worlds) -> APIRouter:
    """All pages over some worlds."""
    found = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    def add(path: str, page: Page, view: Callable[..., Mapping[str, Any]]) -> None:
        async def answer(request: Request) -> Response:
            parts = request.path_params
            return await respond(request, worlds, page, lambda world, asked: view(world, asked, **parts))

        found.add_api_route(path, answer, methods=["GET"])

    span = ("from", "to")
    add("/", Page("overview.html", ("since", "to", "place", "quad", "lane", "n"), "overview"), overview.view)
    add("/relation/{a}/{b}", Page("relation.html", (*span, "way", "e", "half_life", "n", "quad", "lane"), "relation"), relation.view)
    add("/relation/{a}/{b}/brief", Page("brief.html", ("at", "since"), "relation"), brief.view)
    add("/actor/{ident}", Page("actor.html", ("at", "n"), "actor"), actor.view)
    add("/event/{ident}", Page("event.html"), event.view)
    add("/article/{ident}", Page("article.html", ("claim",)), lambda world, asked, ident: article.view(world, asked, ident, worlds.keep_text))
    for ledger in ("stances", "memberships", "agreements"):
        keys = ("actor", "other", "value", "at", "diff", "n")
        add(f"/{ledger}", Page(f"{ledger}.html", keys, ledger), lambda world, asked, ledger=ledger: ledgers.view(world, asked, ledger))
    add("/search", Page("search.html", ("q", "n"), "search"), search.view)
    add("/quality", Page("quality.html", (), "quality"), quality.view)
    _figures(found, worlds)
    _try(found, worlds)
    _sheet(found)
    return found


def _figures(found: APIRouter, worlds: Worlds) -> None:
    """The time line of a pair as a picture and as a table of its own."""

    async def figure(request: Request, a: str, b: str, kind: str) -> Response:
        asked = Asked.of(request.url.path, request.query_params.multi_items(), ("from", "to", "way", "half_life"))
        make = relation.as_svg if kind == "svg" else relation.as_csv
        try:
            body = await worlds.read(asked.as_of, lambda world: make(world, asked, a, b))
        except DetenteError as error:
            return failed(request, asked, error)
        name = "".join(c if c.isascii() and c.isalnum() else "-" for c in f"{a}-{b}")[:80]
        headers = {"Content-Disposition": f'inline; filename="detente-{name}.{kind}"', "Cache-Control": "no-cache"}
        return Response(body, media_type="image/svg+xml" if kind == "svg" else "text/csv; charset=utf-8", headers=headers)

    async def picture(request: Request, a: str, b: str) -> Response:
        return await figure(request, a, b, "svg")

    async def rows(request: Request, a: str, b: str) -> Response:
        return await figure(request, a, b, "csv")

    found.add_api_route("/relation/{a}/{b}/timeline.svg", picture, methods=["GET"])
    found.add_api_route("/relation/{a}/{b}/timeline.csv", rows, methods=["GET"])


def _try(found: APIRouter, worlds: Worlds) -> None:
    """The page that codes a text: given by POST, never stored."""
    page = Page("try.html", (), "try")

    async def form(request: Request) -> Response:
        return await respond(request, worlds, page, lambda world, asked: {"title": "Try it", "limit": worlds.text_limit, "given": None})

    async def coded(request: Request) -> Response:
        asked = Asked.of("/try", (), ())
        try:
            given = await _form(request, worlds.text_limit)
            told = await worlds.code(lambda coder: code_text(coder, given.get("text", ""), given.get("date", ""), worlds.text_limit))
        except DetenteError as error:
            return failed(request, asked, error)
        status = 422 if told["fault"] else 200
        return await respond(request, worlds, page, lambda world, _: {"title": "Try it", "limit": worlds.text_limit, **told}, status)

    found.add_api_route("/try", form, methods=["GET"])
    found.add_api_route("/try", coded, methods=["POST"])


async def _form(request: Request, limit: int) -> dict[str, str]:
    """The fields of a form sent as such. Raises InputError for too much, or another kind of body."""
    from urllib.parse import parse_qsl

    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise InputError("form", 0, "this page takes what its form sends", "paste the text into the box")
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise InputError("form", 0, "this form was sent from another site", "open the page here")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > 12 * limit + 1000:  # a character takes up to twelve in a form
            raise InputError("form", 0, f"more than {limit:,} characters", "send a shorter text")
    fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10, errors="replace")
    return {key: value.replace("\r\n", "\n") for key, value in fields}


def _sheet(found: APIRouter) -> None:
    async def styles() -> Response:
        return Response(sheet()[1], media_type="text/css; charset=utf-8", headers={"Cache-Control": _KEEP})

    found.add_api_route(sheet()[0], styles, methods=["GET"])


# -- from a request to a document -------------------------------------------------------------------------------------


async def respond(request: Request, worlds: Worlds, page: Page, view: View, status: int = 200) -> Response:
    """The document of a page; errors of the library become a page that says what helps."""
    asked = Asked.of(request.url.path, request.query_params.multi_items(), page.keys)

    def work(world: World) -> str:
        frame = {"asked": asked, "here": page.here, "store": stand(world)}
        if world.state() is None and page.here not in {"try", "quality"}:
            return render("empty.html", {**frame, "title": "Nothing is here yet", "articles": _articles(world), "store_path": str(world)})
        return render(page.template, {**frame, **view(world, asked)})

    try:
        body = (await worlds.read(asked.as_of, work)).encode("utf-8", "replace")
    except DetenteError as error:
        return failed(request, asked, error)
    tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if status == 200 and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(body, status, headers)


def stand(world: World) -> dict[str, Any]:
    """Which state of the store a page shows."""
    state = world.state()
    return {"moment": world.moment, "version": world.version, "fold": state.run if state else "", "knowledge": world.knowledge.version}


def _articles(world: World) -> int:
    return int(world.sql("SELECT count(*) AS n FROM articles")["n"][0].as_py())


def failed(request: Request, asked: Asked, error: DetenteError) -> Response:
    """The page for what cannot be shown."""
    status = getattr(error, "status", None) or _status(error)
    told = error.reason if isinstance(error, InputError) else error.message
    number = (request.scope.get("detente") or {}).get("request", "")
    values = {"asked": asked, "here": "", "store": None, "title": "Not found" if status == 404 else "This did not work", "told": told,
              "hint": error.hint, "status": status, "number": number, "names": getattr(error, "near", ())}
    return HTMLResponse(render("error.html", values), status)


def _status(error: DetenteError) -> int:
    if isinstance(error, UnknownName):
        return 404
    if isinstance(error, InputError):
        return 400
    return 503 if isinstance(error, StoreError | MissingExtra) else 500
