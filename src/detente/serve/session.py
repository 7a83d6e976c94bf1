"""Who is signed in to the pages: a cookie that says who and until when, sealed with the server's token; and the seal of each form.

The token itself is never kept in a browser: cookies are sent to every port of a host, and lie in files. What is kept ends by itself, and
ends at once for everybody when the server is started with another token. Programs do without: they send the token itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from dataclasses import dataclass

from pydantic import SecretStr

COOKIE = "detente-writer"
_LONGEST = 100  # letters of a name


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who may write. `name`: as decisions note it; `until`: seconds since 1970; `seal`: what makes the cookie ours."""

    name: str
    until: int
    seal: str


def same_token(token: SecretStr | None, given: str) -> bool:
    """Whether this is the server's token; takes as long whatever is given."""
    return token is not None and hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.get_secret_value().encode())


def cookie_for(token: SecretStr, name: str, hours: float, now: float | None = None) -> str:
    """The value of a cookie for somebody who gave the token."""
    until = int((time.time() if now is None else now) + 3600 * hours)
    body = base64.urlsafe_b64encode(json.dumps([name[:_LONGEST], until]).encode()).decode().rstrip("=")
    return f"{body}.{_seal(token, 'cookie', body)}"


def session_of(token: SecretStr | None, cookie: str | None, now: float | None = None) -> Session | None:
    """Who a cookie says is signed in; None for one that is missing, not ours, or over."""
    body, dot, seal = (cookie or "").partition(".")
    if token is None or not dot or not hmac.compare_digest(seal.encode("utf-8", "replace"), _seal(token, "cookie", body).encode()):
        return None
    try:
        name, until = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error):  # sealed by us and yet not of our form: from another version of this program
        return None
    if not isinstance(name, str) or not isinstance(until, int):
        return None
    return Session(name, until, seal) if until > (time.time() if now is None else now) else None


def stamp_of(token: SecretStr, session: Session) -> str:
    """What a form of this session must carry: no other site can know it."""
    return _seal(token, "form", session.seal)


def is_stamped(token: SecretStr, session: Session, stamp: str) -> bool:
    """Whether a form carries it."""
    return hmac.compare_digest(stamp.encode("utf-8", "replace"), stamp_of(token, session).encode())


def _seal(token: SecretStr, purpose: str, text: str) -> str:
    return hmac.new(token.get_secret_value().encode(), f"{purpose}:{text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
