"""Addresses by which people sign in and decide: nothing here is kept, and everything works without script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from ...errors import DetenteError, RequestError
from ..api.decisions import NewDecision, decide
from ..desk import Desk
from ..faults import fault_of, of_validation
from ..moved import moved_to
from ..reading import Reading
from ..session import COOKIE, cookie_for, same_token
from .answering import Page, Worlds, failed, respond
from .forms import THEME, THEMES, Form, form_of, local, session, writer
from .names import path
from .views import deciding
from .views.deciding import Asker, Given

_PAGE = Page("decide.html", deciding.KEYS, "decide", kept=False)
_SIGN = Page("sign_in.html", ("back",), "sign-in", kept=False)
_YEAR = 365 * 24 * 3600


def add_routes(found: APIRouter, desk: Desk, worlds: Worlds) -> None:
    """Adds them to a router."""
    _signing(found, desk, worlds)
    _deciding(found, desk, worlds)
    _theme(found)


def _to(place: str) -> Response:
    """Sends the browser on with a GET."""
    return Response(status_code=303, headers={"Location": place, "Cache-Control": "no-store"})


def _signing(found: APIRouter, desk: Desk, worlds: Worlds) -> None:
    token = desk.settings.token

    def shown(request: Request, back: str, fault: str = "") -> Mapping[str, Any]:
        return {"title": "Sign in", "back": back, "fault": fault, "writes": token is not None, "session": session(request, desk),
                "hours": desk.settings.sign_in_hours}

    async def page(request: Request) -> Response:
        return await respond(request, worlds, _SIGN, lambda _, asked: shown(request, local(asked.get("back"))))

    async def sign_in(request: Request) -> Response:
        try:
            form = await form_of(request)
            if token is None:
                raise RequestError(403, "writes_off", "this server only reads", "start it with a token to let it write")
        except DetenteError as error:
            return failed(request, error)
        back, name = local(form.get("back")), " ".join(form.get("name").split())
        right = same_token(token, form.get("token"))
        if not right or not name:
            fault = "This is not the token that the server was started with." if not right else "Your name or initials are missing."
            return await respond(request, worlds, _SIGN, lambda _, asked: shown(request, back, fault), 422 if right else 401)
        answer = _to(back)
        hours = desk.settings.sign_in_hours
        answer.set_cookie(COOKIE, cookie_for(token, name, hours), max_age=int(3600 * hours), path="/", secure=request.url.scheme == "https",
                          httponly=True, samesite="strict")
        return answer

    async def sign_out(request: Request) -> Response:
        try:
            form = await form_of(request)
        except DetenteError as error:
            return failed(request, error)
        answer = _to(local(form.get("back")))
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return answer

    found.add_api_route("/sign-in", page, methods=["GET"])
    found.add_api_route("/sign-in", sign_in, methods=["POST"])
    found.add_api_route("/sign-out", sign_out, methods=["POST"])


def _deciding(found: APIRouter, desk: Desk, worlds: Worlds) -> None:
    async def shown(request: Request, given: Given, fault: str = "", reason: str = "", status: int = 200) -> Response:
        asker = Asker(desk.settings, session(request, desk), fault, reason)
        return await respond(request, worlds, _PAGE, lambda reading, asked: deciding.view(reading, asked, given, asker), status)

    async def page(request: Request) -> Response:
        return await shown(request, Given.of(request.query_params.multi_items()))

    async def write(request: Request) -> Response:
        try:
            form = await form_of(request)
            given = Given.of(form.pairs)
            who = writer(request, desk, form)
        except DetenteError as error:
            return failed(request, error)
        reason = form.get("reason").strip()
        try:
            new = _new(given, reason, who.name)
            left = await worlds.read(await worlds.pin(None), lambda reading: _others(reading, given))
            done = await desk.write(lambda world, _: decide(world, new))
        except DetenteError as error:
            fault = fault_of(error)
            told = f"{fault.message}. {fault.hint}".strip()
            return await shown(request, given, told, reason, fault.status)
        place = await worlds.read(await worlds.pin(None), lambda reading: _place(reading, given, left))
        address, hash_, fragment = place.partition("#")
        return _to(f"{address}{'&' if '?' in address else '?'}{urlencode({'done': done['id']})}{hash_}{fragment}")

    found.add_api_route("/decide", page, methods=["GET"])
    found.add_api_route("/decide", write, methods=["POST"])


def _new(given: Given, reason: str, by: str) -> NewDecision:
    """The decision of a form. Raises RequestError for one that says nothing."""
    if not reason:
        raise RequestError(422, "bad_decision", "Say why", "one sentence is enough; it stands beside the decision for everybody")
    value = {"field": given.field or None, "value": given.value} if given.kind == "value" else {}
    try:
        return NewDecision.model_validate({"kind": given.kind, "ids": list(given.ids), "reason": reason, "made_by": by, **value})
    except ValidationError as error:
        raise of_validation([dict(one, loc=("body", *one["loc"])) for one in error.errors()], []) from error


def _others(reading: Reading, given: Given) -> list[str]:
    """Claims of the events that a decision is about, those aside that it is about: by them the event is found again afterwards."""
    ids = given.single
    rows = reading.rows("SELECT claim FROM links WHERE event IN (SELECT event FROM links WHERE event IN (SELECT unnest(?)) OR claim IN "
                        "(SELECT unnest(?))) AND claim NOT IN (SELECT unnest(?)) ORDER BY founder DESC, claim", [ids, ids, ids])
    return [row["claim"] for row in rows]


def _place(reading: Reading, given: Given, left: list[str]) -> str:
    """Where what was decided can be seen: where one came from, if that is no event, else the event as it is now."""
    first = given.single[0] if given.single else ""
    if given.kind == "revoke" or (given.back and not given.back.startswith("/event/")):
        return given.back or "/decisions"
    if first.startswith("e_") and (reading.by("events", first) or moved_to(reading, first)):
        return path("event", moved_to(reading, first) or first)
    rows = reading.rows("SELECT l.event FROM links l JOIN events e ON e.id = l.event WHERE l.claim IN (SELECT unnest(?)) ORDER BY 1",
                        [left]) if left else []
    if rows:
        return path("event", rows[0]["event"])
    own = {"e": "event", "a": "article"}.get(first[:1])
    return given.back or (path(own, first) if own else "/decisions")


def _theme(found: APIRouter) -> None:
    async def choose(request: Request) -> Response:
        try:
            form: Form = await form_of(request)
        except DetenteError as error:
            return failed(request, error)
        answer, wanted = _to(local(form.get("back"))), form.get("theme")
        if wanted in THEMES[1:]:
            answer.set_cookie(THEME, wanted, max_age=_YEAR, path="/", secure=request.url.scheme == "https", samesite="strict")
        else:
            answer.delete_cookie(THEME, path="/", samesite="strict")
        return answer

    found.add_api_route("/theme", choose, methods=["POST"])
