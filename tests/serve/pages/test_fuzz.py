"""Pages asked with whatever people and programs may send: no failure of the server, no header of theirs, no script of theirs."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from ..conftest import Client

ODD = (
    "",
    "-",
    "0",
    "-1",
    "1e9",
    "99999999999999999999",
    "2016-02-30",
    "0000-00-00",
    "9999-12-31",
    "-30d",
    "-999999999d",
    "TUR",
    "tur-rus",
    "TUR-RUS,",
    "a" * 400,
    "%00",
    "\x00",
    "../../etc/passwd",
    "'; DROP TABLE events; --",
    '"><script>alert(1)</script>',
    "=1+1",
    "x\r\nX-Evil: 1",
    "\u202e",
    "\ud7ff",
    "NaN",
    "[]",
    "{}",
    "null",
    "e_0000000000000000",
    "c_x",
    "a_",
    "2016..2017",
    "2016-07-05..2016-01-01",
    "*",
    '"',
    "()",
    "NEAR(",
    "-",
    "é",
    "𝕏",
)
KEYS = (
    "since",
    "to",
    "from",
    "place",
    "quad",
    "lane",
    "n",
    "way",
    "half_life",
    "with",
    "e",
    "at",
    "as_of",
    "actor",
    "other",
    "value",
    "diff",
    "q",
    "event",
    "spot",
    "kind",
    "ids",
    "by",
    "done",
    "focus",
    "moves",
    "claim",
    "field",
    "back",
    "reason",
    "stamp",
    "text",
    "date",
    "theme",
    "token",
    "name",
)
PAGES = (
    "/",
    "/relation",
    "/relation/TUR/RUS",
    "/relation/TUR/RUS/brief",
    "/relation/TUR/RUS/timeline.svg",
    "/relation/TUR/RUS/timeline.csv",
    "/relation/TUR/RUS/timeline.json",
    "/actor/TUR",
    "/map",
    "/map.svg",
    "/map.csv",
    "/network",
    "/stances",
    "/agreements",
    "/memberships",
    "/between",
    "/search",
    "/quality",
    "/decisions",
    "/sign-in",
    "/decide",
    "/index.json",
    "/stances.csv",
    "/search.json",
)
FORMS = ("/try", "/decide", "/sign-in", "/sign-out", "/theme")
values = st.one_of(st.sampled_from(ODD), st.text(max_size=30))
fields = st.lists(st.tuples(st.one_of(st.sampled_from(KEYS), st.text(max_size=8)), values), max_size=5)
SOME = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def harmless(status: int, headers: dict[str, str], text: str) -> None:
    """An answer that is no failure, and carries nothing over from what was sent."""
    assert status < 500, text
    assert not {"x-evil"} & {name.lower() for name in headers}
    assert "<script>alert" not in text or "html" not in headers.get("content-type", "")
    assert "Traceback" not in text


def sendable(pairs: list[tuple[str, str]]) -> str:
    """Fields as a query or a form; lone surrogates cannot be sent at all."""
    return urlencode([(key.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for key, value in pairs])


@SOME
@given(st.sampled_from(PAGES), fields)
def test_no_query_breaks_a_page(client: TestClient, path: str, pairs: list[tuple[str, str]]) -> None:
    answer = client.get(f"{path}?{sendable(pairs)}", headers={"Accept": "text/html"}, follow_redirects=False)
    harmless(answer.status_code, dict(answer.headers), answer.text)


@SOME
@given(
    st.sampled_from(
        [
            "/relation/{}/{}",
            "/actor/{}",
            "/event/{}",
            "/article/{}",
            "/relation/{}/{}/brief",
            "/relation/{}/{}/timeline.svg",
            "/{}",
            "/static/figures/{}",
            "/static/pages/{}",
        ]
    ),
    values,
    values,
)
def test_no_address_breaks_a_page(client: TestClient, template: str, one: str, other: str) -> None:
    inside = [quote(text.encode("utf-8", "replace"), safe="") for text in (one, other)]
    answer = client.get(template.format(*inside[: template.count("{}")]), headers={"Accept": "text/html"}, follow_redirects=False)
    harmless(answer.status_code, dict(answer.headers), answer.text)


@SOME
@given(
    st.sampled_from(FORMS),
    st.one_of(fields.map(lambda pairs: sendable(pairs).encode()), st.binary(max_size=80)),
    st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=utf-7",
            "multipart/form-data; boundary=x",
            "text/plain",
            "application/json",
            "",
        ]
    ),
)
def test_no_form_breaks_a_page(writer: Client, path: str, body: bytes, kind: str) -> None:
    headers = {"Accept": "text/html", **({"Content-Type": kind} if kind else {})}
    answer = writer.ask("POST", path, content=body, headers=headers)
    harmless(answer.status_code, dict(answer.headers), answer.text)
    assert answer.status_code != 201
    assert "detente_session" not in answer.headers.get("set-cookie", "")


@pytest.fixture
def writer(served: Callable[..., Client]) -> Client:
    """A client of a server that could write, were it given the token."""
    return served(text_limit=2000)
