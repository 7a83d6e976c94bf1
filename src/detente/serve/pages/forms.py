"""What forms of the pages send: read strictly, and only from our own pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from ...errors import RequestError
from ..desk import Desk
from ..session import COOKIE, Session, is_stamped, session_of

THEME = "detente-theme"
THEMES = ("system", "light", "dark")
_FIELDS = 250
_LONGEST = 20_000  # bytes of a form that is no text to be coded


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in the order they were sent; a name may stand several times."""

    pairs: Sequence[tuple[str, str]]

    def get(self, name: str) -> str:
        """The first value, or nothing."""
        return next((value for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        """All values."""
        return [value for key, value in self.pairs if key == name]


async def form_of(request: Request, limit: int = _LONGEST, too_long: str = "the form is too long") -> Form:
    """The fields of a form. Raises RequestError for one from another site, too long a one (bytes), and another kind of body."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise RequestError(415, "unsupported_media_type", "this page takes what its form sends", "programs use the addresses under /api")
    if not _is_ours(request):
        raise RequestError(403, "forbidden", "this form was sent from another site", "open the page here and send it again")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise RequestError(413, "too_large", too_long, "send less")
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS, errors="replace")
    except ValueError as error:
        raise RequestError(400, "bad_body", "this is not what the form sends", "open the page and send it again") from error
    return Form([(key, value.replace("\r\n", "\n")) for key, value in pairs])


def _is_ours(request: Request) -> bool:
    """Whether a form comes from a page of this server, as far as the browser tells. Pages that write look for their stamp beside."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "null")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    return origin == "null" or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def local(address: str, otherwise: str = "/") -> str:
    """An address of ours to go back to; what leads elsewhere, or could be taken so, becomes `otherwise`."""
    plain = address.isprintable() and "\\" not in address
    return address if plain and address.startswith("/") and not address.startswith("//") and len(address) <= 2000 else otherwise


def session(request: Request, desk: Desk) -> Session | None:
    """Who is signed in."""
    return session_of(desk.settings.token, request.cookies.get(COOKIE))


def writer(request: Request, desk: Desk, form: Form) -> Session:
    """Who sends a form that writes. Raises RequestError where nobody is signed in, or the form is not of this sign-in."""
    token, found = desk.settings.token, session(request, desk)
    if token is None:
        raise RequestError(403, "writes_off", "this server only reads", "start it with a token to let it write (see docs: serving a store)")
    if found is None:
        raise RequestError(401, "unauthorized", "you are not signed in any more", "sign in and send it again")
    if not is_stamped(token, found, form.get("stamp")):
        raise RequestError(403, "forbidden", "this form was not made for this sign-in", "open the page again and send it from there")
    return found


def theme(request: Request) -> str:
    """Light, dark, or as the system has it (nothing)."""
    found = request.cookies.get(THEME, "")
    return found if found in THEMES[1:] else ""
