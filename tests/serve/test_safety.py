"""What must not happen: outside hosts, floods, injections, odd bodies; errors have one shape whatever was wrong."""

from __future__ import annotations

import asyncio
import base64
import csv
import io
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from urllib.parse import quote

import httpx
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from detente.errors import RequestError
from detente.pipeline import Coder
from detente.serve import ServeSettings
from detente.serve.answers import Rows, chosen, packs, render, to_csv
from detente.serve.app import make_app
from detente.serve.filters import span_of
from detente.serve.limits import Buckets
from detente.serve.listing import Cursor
from detente.store.pins import Pin
from detente.world import open_world

from .conftest import TOKEN, WRITES, Client

Served = Callable[..., Client]
ODD = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def shaped(answer: httpx.Response, status: int) -> dict[str, str]:
    """The error in an answer of this status, which must have the one shape."""
    assert answer.status_code == status, answer.text
    error: dict[str, str] = answer.json()["error"]
    assert set(error) == {"code", "message", "hint", "request"}
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-request-id"] == error["request"]
    return error


@pytest.mark.parametrize(("path", "status", "words"), [
    ("/api/events?actr=TUR", 400, "did you mean actor?"), ("/api/events?limit=0", 400, "/docs"), ("/api/events?limit=99999", 400, ""),
    ("/api/events?event=CONSULTS", 400, "did you mean CONSULT?"), ("/api/events?actor=Ruritania", 400, ""),
    ("/api/events?since=2016-07&until=2016-06", 400, ""), ("/api/events?since=2016-02-30", 400, ""), ("/api/events?bbox=1,2,3", 400, ""),
    ("/api/events?bbox=0,50,10,40", 400, ""), ("/api/events?cursor=zzz", 400, "`next`"), ("/api/events?lane=happend", 400, "happened"),
    ("/api/events?actor=%00", 400, ""), ("/api/events/e_nope", 404, "as_of"), ("/api/claims/c_nope", 404, ""), ("/api/articles/a_nope", 404, ""),
    ("/api/actors/Nobody", 404, ""), ("/api/relations/TUR/Nobody", 404, ""), ("/api/nothing", 404, "/docs"), ("/api/search", 400, ""),
    ("/api/search?q=%2A", 400, "words"), ("/api/relations/TUR/RUS/timeline?level=year", 400, ""), ("/api/events?min_conf=nan", 400, ""),
    ("/api/relations/TUR/RUS?directed=maybe", 400, ""), ("/api/events?limit=5&limt=5", 400, "limit"), ("/api/relations/:x/RUS", 404, ""),
])
def test_errors_have_one_shape_and_say_what_helps(client: Client, path: str, status: int, words: str) -> None:
    error = shaped(client.get(path), status)
    assert words in error["hint"]
    assert error["message"]


def test_methods_that_are_not_there(client: Client) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        shaped(client.ask(method, "/api/events"), 405)


@pytest.mark.parametrize("path", [
    "/api/articles/../../etc/passwd", "/api/articles/..%2f..%2fetc%2fpasswd", "/api/articles/%2e%2e/%2e%2e/etc/passwd", "/..%5c..%5cwindows",
    "/docs/../../pyproject.toml", "/docs.css/../settings.py", "/api/events/..;/..;/etc/passwd", "//etc/passwd", "/api//events",
    "/api/articles/a_1%00.json", "/api/relations/..%2f..%2f/x/brief.html",
])
def test_no_path_leads_out(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {400, 404}
    assert "root:" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "evil.example:8000", "[::2]", "localhost@evil"])
def test_other_hosts_are_refused(client: Client, host: str) -> None:
    assert shaped(client.get("/api/events", headers={"Host": host}), 421)["code"] == "wrong_host"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:99", "[::1]:8000", "[::1]"])
def test_loopback_names_are_answered(client: Client, host: str) -> None:
    assert client.get("/api/health", headers={"Host": host}).status_code == 200


def test_a_host_that_is_allowed_is_answered(served: Served) -> None:
    client = served(allowed_hosts=("Detente.example",))
    assert client.get("/api/health", headers={"Host": "detente.example:443"}).status_code == 200
    assert client.get("/api/health", headers={"Host": "other.example"}).status_code == 421


def test_other_machines_are_refused_until_a_host_is_allowed(served: Served) -> None:
    for settings, status in (({}, 403), ({"allowed_hosts": ("localhost",)}, 200)):
        client = served(**settings)
        transport = httpx.ASGITransport(client.app, raise_app_exceptions=False, client=("192.0.2.7", 1234))

        async def ask(transport: httpx.ASGITransport = transport) -> httpx.Response:
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as far:
                return await far.get("/api/health")

        assert asyncio.run(ask()).status_code == status


def test_no_other_origin_may_read_or_write(client: Client) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (client.get("/api/events", headers=asked), client.ask("OPTIONS", "/api/code", headers=asked)):
        assert not [name for name in answer.headers if name.startswith("access-control")]
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = client.ask("POST", "/api/code", content=b'{"text": "x"}', headers={"Content-Type": kind})
        assert shaped(answer, 415)["hint"]


def test_bodies_that_are_too_long_are_refused_while_they_come(served: Served) -> None:
    client = served(body_limit=5000)
    shaped(client.post("/api/code", {"text": "x" * 6000}), 413)
    sent = []

    async def endless() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        for number in range(1000):
            sent.append(number)
            yield b"x" * 1000

    answer = client.ask("POST", "/api/code", content=endless(), headers={"Content-Type": "application/json"})
    shaped(answer, 413)
    assert len(sent) < 20
    shaped(served(text_limit=100).post("/api/code", {"text": "word " * 100}), 413)


def test_answers_that_take_too_long_are_given_up(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    client = served(time_limit=0.3)
    desk = client.app.state.desk

    async def slow(*_: object) -> object:
        await asyncio.sleep(5)
        return None

    monkeypatch.setattr(desk, "read", slow)
    assert shaped(client.get("/api/events"), 504)["code"] == "too_slow"
    monkeypatch.undo()
    assert client.get("/api/health").status_code == 200


def test_a_question_that_takes_too_long_is_broken_off_in_the_store(served: Served) -> None:
    client = served(time_limit=1.0, workers=1)
    desk = client.app.state.desk
    endless = "SELECT count(*) FROM range(1000000000) a, range(1000000000) b"

    async def ask() -> None:
        async with asyncio.timeout(1):
            await desk.read(await desk.now(), lambda reading: reading.ask(endless))

    with pytest.raises(TimeoutError):
        asyncio.run(ask())
    assert client.get("/api/events?limit=1").status_code == 200  # the only thread is free again


def test_posts_are_limited_by_address(served: Served) -> None:
    client = served(posts_at_once=3, posts_per_minute=1)
    answers = [client.post("/api/code", {"text": ""}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429, 429]
    shaped(answers[-1], 429)
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert client.get("/api/health").status_code == 200


def test_a_bucket_fills_again() -> None:
    clock = iter([0.0, 0.0, 0.0, 1.0, 1.0, 100.0, 100.0, 100.0])
    bucket = Buckets(2, 1.0, lambda: next(clock))
    assert [bucket.wait("a") for _ in range(3)] == [0.0, 0.0, 1.0]
    assert [bucket.wait("a"), bucket.wait("b")] == [0.0, 0.0]
    assert [bucket.wait("a") for _ in range(3)] == [0.0, 0.0, 1.0]


def test_script_in_an_article_stays_text(served: Served) -> None:
    client = served()
    article = {"text": f"Iran condemned Turkey on Monday. {ODD} Russia criticised Turkey {ODD} on Tuesday.", "title": f"{ODD} =1+1",
               "publisher": "=HYPERLINK(\"http://evil.example\")", "published": "2016-07-09", "url": "https://news.example/1"}
    done = client.post("/api/articles", {"articles": [article]}, headers=WRITES).json()
    ident = done["ids"][0]
    whole = client.get(f"/api/articles/{ident}")
    assert whole.headers["content-type"] == "application/json"
    assert ODD in whole.json()["article"]["text"]
    assert whole.json()["claims"]
    for path in ("/api/relations/IRN/TUR/brief.html?at=2016-07-10", "/docs"):
        page = client.get(path)
        assert "<script" not in page.text
        assert "<img" not in page.text
    found = client.json("/api/search?q=alert")["items"]
    assert all(item["sentence"] for item in found)
    rows = list(csv.DictReader(io.StringIO(client.get("/api/claims.csv?limit=5000").text)))
    own = [row for row in rows if row["article"] == ident]
    assert own
    assert {row["publisher"] for row in own} == {"'=HYPERLINK(\"http://evil.example\")"}
    assert all(not cell.startswith(("=", "+", "@", "\t")) for row in rows for cell in row.values())


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://news.example/\r\nX-Evil: 1", "ftp://x"])
def test_addresses_of_articles_are_of_the_web(served: Served, url: str) -> None:
    shaped(served().post("/api/articles", {"articles": [{"text": "x", "url": url}]}, headers=WRITES), 422)


@pytest.mark.parametrize("text", ["x\r\nSet-Cookie: evil=1", "x\nX-Evil: 1", "%0d%0aX-Evil:%201"])
def test_no_header_can_be_smuggled_in(client: Client, text: str) -> None:
    inside = quote(text, safe="%")
    for path in (f"/api/actors/{inside}.csv", "/api/actors.csv", f"/api/relations/{inside}/RUS/brief.html"):
        answer = client.get(path, params={"q": text} if path.endswith("actors.csv") else None)
        assert not {"x-evil", "set-cookie"} & set(answer.headers)
    page = client.get("/api/events?limit=1", headers={"X-Request-Id": "mine"})
    assert re.fullmatch(r"[0-9a-f]{12}", page.headers["x-request-id"])
    assert "\n" not in client.get("/api/events.csv?limit=1").headers["link"]


def test_the_token_and_paths_of_this_machine_are_never_told(served: Served) -> None:
    client = served()
    told = "".join(client.get(path).text for path in ("/api/health", "/api/quality", "/openapi.json", "/docs", "/api/events?actr=1"))
    assert "a-token-for-tests-only" not in told
    assert "a-token-for-tests-only" not in repr(client.app.state.desk.settings)
    assert "/tmp/" not in told


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "title", "articles", "kind", "ids", "x"]), inner),
    max_leaves=6,
)


@given(st.one_of(JSON.map(lambda value: json.dumps(value).encode()), st.binary(max_size=60)),
       st.sampled_from(["/api/articles", "/api/decisions"]))
def test_odd_bodies_are_refused_in_shape(client_that_writes: Client, body: bytes, path: str) -> None:
    answer = client_that_writes.ask("POST", path, content=body, headers={**WRITES, "Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    shaped(answer, 422)


@pytest.fixture(scope="module")
def client_that_writes(tmp_path_factory: pytest.TempPathFactory, coder: Coder) -> Iterator[Client]:
    """A client of an empty store with the token."""
    place = tmp_path_factory.mktemp("odd") / "store"
    open_world(place)
    found = Client(make_app(str(place), ServeSettings(token=TOKEN, posts_at_once=100_000, shelf=False), coder))
    yield found
    found.close()


@pytest.mark.parametrize("body", [
    b'{"text": "\\ud800"}', b'{"text": "a\\u0000b", "title": "\\u0000"}', b'{"text": 1}', b"[" * 5000, b'{"text": "x", "more": 1}', b"", b"nul",
    b'{"text": "\xff\xfe"}', b'{"text": "x", "published": "soon"}', b'{"text": "x", "published": "9999-99-99"}',
])
def test_odd_texts_are_refused_in_shape(client: Client, body: bytes) -> None:
    shaped(client.ask("POST", "/api/code", content=body, headers={"Content-Type": "application/json"}), 422)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_query_breaks_anything(client: Client, key: str, value: str) -> None:
    for path in ("/api/events", "/api/actors"):
        answer = client.get(path, params={key: value, "limit": "1"} if key else {"actor": value, "limit": "1"})
        assert answer.status_code in {200, 400}, answer.text


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12), min_size=1))
def test_no_cell_of_csv_is_a_formula(texts: list[str]) -> None:
    table = pa.table({"a": texts, "b": [[text] for text in texts], "c": [{"d": text} for text in texts]})
    rows = list(csv.reader(io.StringIO(to_csv(table).decode("utf-8"), newline="")))
    assert len(rows) == len(texts) + 1
    for row, text in zip(rows[1:], texts, strict=True):
        assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
        assert all(cell.removeprefix("'") == text.removeprefix("'") for cell in row)


def test_numbers_below_nothing_stay_numbers_in_csv() -> None:
    assert to_csv(pa.table({"score": [-5.0]})).decode() == "score\r\n-5.0\r\n"


@given(st.text(max_size=30))
def test_no_text_is_taken_for_a_cursor(text: str) -> None:
    with pytest.raises(RequestError):
        Cursor.parse(text, "0123")


def test_a_cursor_belongs_to_its_question(client: Client) -> None:
    after = client.json("/api/events?limit=2&event=CONSULT")["next"]
    assert client.get(f"/api/events?limit=7&event=CONSULT&cursor={after}").status_code == 200  # another size is no other question
    for path in ("/api/events?limit=2", "/api/claims?limit=2&event=CONSULT", "/api/events?event=CONSULT&sort=date"):
        shaped(client.get(f"{path}&cursor={after}"), 400)
    forged = str(Cursor(Pin(1, 1, 0, "r_00"), ("2016-01-01", "e_1"), Cursor.parse(after, _asked(after)).asked))
    assert shaped(client.get(f"/api/events?limit=2&event=CONSULT&cursor={forged}"), 410)["code"] == "gone"


def _asked(cursor: str) -> str:
    found: str = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[-1]
    return found


def test_formats_go_by_quality_and_by_order() -> None:
    offered = ("json", "csv")
    assert chosen("", None, offered) == "json"
    assert chosen("*/*", None, offered) == "json"
    assert chosen("text/csv", None, offered) == "csv"
    assert chosen("text/*;q=0.9, application/json;q=0.3", None, offered) == "csv"
    assert chosen("text/csv;q=0, */*", None, offered) == "json"
    assert chosen("text/html", "csv", offered) == "csv"
    for accept in ("text/html", "application/json;q=0", "application/json;q=x"):
        with pytest.raises(RequestError):
            chosen(accept, None, ("json",))
    assert packs("gzip, br")
    assert packs("*")
    assert not packs("gzip;q=0")
    assert not packs("")


def test_names_of_downloads_hold_nothing_odd() -> None:
    made = render(Rows(pa.table({"a": [1]})), "csv", {}, '/api/actors/x";\r\nSet-Cookie: a=b/ü')
    assert re.fullmatch(r'attachment; filename="detente-[A-Za-z0-9_-]+\.csv"', made.headers["Content-Disposition"])


def test_days_months_and_years_are_spans() -> None:
    assert span_of("2016-02") == (date(2016, 2, 1), date(2016, 2, 29))
    assert span_of("2016") == (date(2016, 1, 1), date(2016, 12, 31))
    assert span_of("9999-12") == (date(9999, 12, 1), date(9999, 12, 31))
    for wrong in ("0000", "16-01-01", "2016-13", "2016-1-1", "20160101", "²016"):
        with pytest.raises(ValueError, match="day|month"):
            span_of(wrong)


@pytest.mark.parametrize("settings", [{"token": "short"}, {"token": "ünsafe-token-of-16-characters"}, {"port": 99999}, {"nonsense": 1}])
def test_settings_are_strict(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ServeSettings.model_validate(settings)
    assert ServeSettings(host="::1").is_local
    assert not ServeSettings(host="0.0.0.0").is_local
