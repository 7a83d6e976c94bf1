"""The addresses of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from ...errors import DetenteError, RequestError
from ..answers import Answer, packed
from ..desk import Desk
from . import deciding, twins
from .answering import Page, Worlds, asked_of, failed, respond, sent
from .bundle import ADDRESS, Bundle, File, bundle
from .forms import form_of
from .render import icon, sheet
from .views import (
    actor,
    article,
    between,
    brief,
    decisions,
    event,
    ledgers,
    network,
    overview,
    places,
    quality,
    relation,
    relation_files,
    search,
    tried,
)

Shown = Callable[..., Mapping[str, Any]]
_KEEP = "public, max-age=31536000, immutable"
_SPAN = ("from", "to")
_FIGURE = (*_SPAN, "way", "half_life", "with")
_PICTURES = {"svg": "image/svg+xml", "csv": "text/csv; charset=utf-8", "json": "application/json"}


def router(desk: Desk) -> APIRouter:
    """All pages of a server."""
    worlds = Worlds(desk)
    found = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    _figures(found, worlds)
    twins.add_routes(found, desk, worlds)
    writes = desk.settings.token is not None

    def add(path: str, page: Page, view: Shown, gone: Shown | None = None) -> None:
        async def answer(request: Request) -> Response:
            parts = request.path_params
            here = page
            if gone is not None:
                here = replace(page, instead={410: ("gone.html", lambda reading, asked: gone(reading, asked, **parts))})
            return await respond(request, worlds, here, lambda reading, asked: view(reading, asked, **parts))

        found.add_api_route(path, answer, methods=["GET"])

    add("/", Page("overview.html", ("since", "to", "place", "quad", "lane", "who", "n"), "overview"), overview.view)
    add("/relation", Page("pairs.html", ("a", "b"), "relation"), relation.choose)
    add("/relation/{a}/{b}", Page("relation.html", (*_FIGURE, "e", "n", "quad", "lane"), "relation"), relation.view)
    add("/relation/{a}/{b}/brief", Page("brief.html", ("at", "since"), "relation"), brief.view)
    add("/actor/{ident}", Page("actor.html", ("n",), "actor"), actor.view)
    add("/event/{ident}", Page("event.html", ("done",)), event.view_with(writes), decisions.gone_of("event"))
    add("/article/{ident}", Page("article.html", ("claim", "at", "done")), article.view_with(desk.settings), decisions.gone_of("article"))
    add("/decisions", Page("decisions.html", ("kind", "by", "n", "done"), "decisions"), decisions.view)
    for ledger in ledgers.KINDS:
        add(f"/{ledger}", Page(f"{ledger}.html", ("actor", "other", "value", "at", "diff", "n"), ledger), ledgers.view_of(ledger))
    add("/map", Page("map.html", places.KEYS, "map"), places.view)
    add("/network", Page("network.html", network.KEYS, "network"), network.view)
    add("/search", Page("search.html", ("q", "from", "to", "n"), "search"), search.view_with(desk.index))
    add("/quality", Page("quality.html", (), "quality"), quality.view_with(desk))
    add("/between", Page("between.html", (*_SPAN, "actor", "other"), "between"), between.view)
    _try(found, worlds)
    deciding.add_routes(found, desk, worlds)
    _files(found)
    return found


def _figures(found: APIRouter, worlds: Worlds) -> None:
    """Figures as pictures and as tables of their own."""

    def add(path: str, keys: Sequence[str], make: Callable[..., bytes]) -> None:
        ending = path.rpartition(".")[2]

        async def answer(request: Request) -> Response:
            asked, parts = asked_of(request, keys), request.path_params
            try:
                body = await worlds.read(await worlds.pin(asked.as_of), lambda reading: make(reading, asked, **parts))
            except DetenteError as error:
                return failed(request, error, asked)
            words = "-".join(parts.values()) or path.strip("/").partition(".")[0]
            name = "".join(c if c.isascii() and c.isalnum() else "-" for c in words)[:80]
            headers = {"Content-Disposition": f'inline; filename="detente-{name}.{ending}"', "Cache-Control": "no-cache"}
            return Response(body, media_type=_PICTURES[ending], headers=headers)

        found.add_api_route(path, answer, methods=["GET"])

    add("/relation/{a}/{b}/timeline.svg", _FIGURE, relation_files.as_svg)
    add("/relation/{a}/{b}/timeline.csv", _FIGURE, relation_files.as_csv)
    add("/relation/{a}/{b}/timeline.json", _FIGURE, relation_files.as_json)
    add("/map.svg", places.KEYS, places.as_svg)
    add("/map.csv", places.KEYS, places.as_csv)


def _try(found: APIRouter, worlds: Worlds) -> None:
    """The page that codes a text: given by POST, never stored."""
    page, limit = Page("try.html", (), "try"), worlds.settings.text_limit

    async def form(request: Request) -> Response:
        return await respond(request, worlds, page, lambda reading, asked: tried.empty(limit))

    async def coded(request: Request) -> Response:
        try:
            most = 12 * limit + 1000  # a character takes up to twelve bytes in a form
            given = await form_of(request, most, f"the text has more than {limit:,} characters")
            told = await worlds.code(lambda coder: tried.coded(coder, given.get("text"), given.get("date"), limit))
        except DetenteError as error:
            return failed(request, error)
        return await respond(request, worlds, page, lambda reading, asked: tried.view(told, reading, limit), 422 if told.fault else 200)

    found.add_api_route("/try", form, methods=["GET"])
    found.add_api_route("/try", coded, methods=["POST"])


def _files(found: APIRouter) -> None:
    def add(file: tuple[str, bytes], kind: str) -> None:
        own = packed(file[1], kind)

        async def answer(request: Request) -> Response:
            return sent(request, own, 200, {"Cache-Control": _KEEP})

        found.add_api_route(file[0], answer, methods=["GET"])

    add(sheet(), "text/css; charset=utf-8")
    add(icon(), "image/svg+xml")
    _figures_of(found, bundle())


def _figures_of(found: APIRouter, built: Bundle) -> None:
    """The built figures; each file is read once. Their names change with their content, so browsers may keep them for ever."""
    kept: dict[str, File] = {}

    async def answer(request: Request, name: str) -> Response:
        if name not in kept:
            file = built.file(name)
            if file is None:
                told = RequestError(404, "not_found", "there is no such file", "files of figures get other names when they change")
                return failed(request, told)
            kept[name] = file
        own = kept[name]
        return sent(request, Answer(own.body, own.packed, own.type, {}), 200, {"Cache-Control": _KEEP})

    found.add_api_route(f"{ADDRESS}/{{name}}", answer, methods=["GET"])
