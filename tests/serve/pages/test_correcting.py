"""Correcting through the pages: signing in, seeing what would change, deciding, taking back; and what must not be possible."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.testclient import TestClient

from detente.serve.pages.forms import local
from detente.serve.session import COOKIE, cookie_for, is_stamped, session_of, stamp_of

from ..conftest import TOKEN, WRITES, Client
from .conftest import Document

Served = Callable[..., Client]
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
KEY = SecretStr(TOKEN)


def send(client: Client, path: str, fields: dict[str, object], **headers: str) -> httpx.Response:
    """A form as a browser sends it."""
    return client.ask("POST", path, content=urlencode(fields, doseq=True), headers={**FORM, **headers})


def signed_in(client: Client, name: str = "Ada") -> None:
    """Signs in."""
    answer = send(client, "/sign-in", {"token": TOKEN, "name": name, "back": "/decisions"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/decisions"), answer.text
    assert re.search(r"HttpOnly", answer.headers["set-cookie"])
    assert re.search(r"SameSite=strict", answer.headers["set-cookie"])
    assert TOKEN not in answer.headers["set-cookie"]


def fields_of(page: str) -> dict[str, list[str]]:
    """The hidden fields of the form that writes."""
    form = re.search(r'<form method="post" action="/decide".*?</form>', page, re.S)
    assert form, page
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]):
        found.setdefault(name, []).append(unescape(value))
    return found


def decide(client: Client, address: str, reason: str = "because of the test") -> str:
    """Goes to a decision's page, gives a reason, writes; the address of where one comes out."""
    page = client.get(address, headers={"Accept": "text/html"})
    assert page.status_code == 200, page.text
    answer = send(client, "/decide", {**fields_of(page.text), "reason": reason})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def events(client: Client, query: str) -> list[str]:
    """Ids of events."""
    return [row["id"] for row in client.json(f"/api/events?limit=5000&{query}")["items"]]


def test_two_events_are_put_together_and_taken_apart_again(served: Served) -> None:
    client = served()
    one, other = events(client, "event=CONSULT&lane=happened&actor=TUR&other=RUS&since=2016-06-29&until=2016-07-01")[:2]
    many = len(events(client, ""))
    page = client.get(f"/event/{one}").text
    link = Document.of(page).links("/decide.kind=same")[0]
    choose = client.get(link).text
    assert f'name="ids" value="{other}"' in choose or 'name="ids" size="40"' in choose
    address = f"/decide?kind=same&ids={one}&ids=https://some.example/event/{other}"
    assert 'action="/sign-in"' in client.get(address).text
    signed_in(client)
    place = decide(client, address, "one <b>visit</b>")
    now = urlsplit(place).path
    shown = client.get(place).text
    assert "Noted, and worked out anew" in shown
    assert "one &lt;b&gt;visit&lt;/b&gt;" in shown
    assert "Ada" in shown
    assert len(events(client, "")) < many
    for old in {one, other} - {now.rpartition("/")[2]}:
        moved = client.get(f"/event/{old}?done=x")
        assert (moved.status_code, moved.headers["location"]) == (308, f"{now}?done=x")
        api = client.get(f"/api/events/{old}.json")
        assert (api.status_code, api.headers["location"]) == (308, f"/api{now.replace('/event/', '/events/')}.json")
        assert now.rpartition("/")[2] in api.json()["error"]["message"]
    undo = Document.of(shown).links("/decide.kind=revoke")[0]
    decide(client, undo, "it was two")
    assert len(events(client, "")) == many
    assert client.get(f"/event/{one}").status_code == client.get(f"/event/{other}").status_code == 200
    listed = client.get("/decisions").text
    assert "taken back by Ada" in listed
    assert len(Document.of(listed).links("/decide.kind=revoke")) == 1  # the taking back may itself be taken back, the first not twice


def test_ticked_reports_are_taken_out_together_and_stay_out(served: Served) -> None:
    client = served()
    ident = max(client.json("/api/events?limit=500&lane=happened")["items"], key=lambda row: row["claims"])["id"]
    claims = [row["claim"] for row in client.json(f"/api/events/{ident}")["claims"]]
    out = claims[-2:]
    signed_in(client)
    place = decide(client, f"/decide?kind=different&ids={ident}&apart={out[0]}&apart={out[1]}")
    now = urlsplit(place).path.rpartition("/")[2]
    kept = {row["claim"] for row in client.json(f"/api/events/{now}")["claims"]}
    assert kept.isdisjoint(out)
    assert set(claims) - set(out) <= kept
    client.post("/api/articles", {"articles": [{"text": "Turkey condemned Russia on Friday.", "published": "2016-07-09"}]}, headers=WRITES)
    assert {row["claim"] for row in client.json(f"/api/events/{now}")["claims"]}.isdisjoint(out)


def test_a_value_is_corrected(served: Served) -> None:
    client = served()
    ident = events(client, "event=CONSULT&lane=happened")[0]
    signed_in(client)
    page = client.get(f"/event/{ident}").text
    assert '<input type="hidden" name="field" value="date">' in page
    place = decide(client, f"/decide?kind=value&ids={ident}&field=date&value=2016-05-05", "the letter bears this day")
    assert client.json(f"/api/events/{ident}")["event"]["date"] == "2016-05-05"
    assert "the letter bears this day" in client.get(place).text
    wrong = client.get(f"/decide?kind=value&ids={ident}&field=date&value=soon").text
    answer = send(client, "/decide", {**fields_of(wrong), "reason": "x"})
    assert answer.status_code == 422
    assert "write the day as 2016-07-05" in answer.text
    assert ">x</textarea>" in answer.text  # what was typed is not lost


def test_a_rejected_claim_is_marked_in_its_article_and_its_event_says_so(served: Served) -> None:
    client = served()
    row = next(row for row in client.json("/api/events?limit=500")["items"] if row["claims"] == 1)
    claim = client.json(f"/api/events/{row['id']}")["claims"][0]
    signed_in(client)
    back = f"/article/{claim['article']}"
    card = Document.of(client.get(back).text).links(f"/decide.kind=reject_claim&ids={claim['claim']}")
    assert parse_qs(urlsplit(card[0]).query)["back"] == [back]
    assert "rests on this claim alone" in client.get(card[0]).text
    place = decide(client, card[0], "the verb means something else")
    assert urlsplit(place).path == back
    page = client.get(place).text
    assert "the verb means something else" in page
    assert re.search(rf'class="card [^"]*rejected" id="{claim["claim"]}"', page)
    gone = client.get(f"/event/{row['id']}", headers={"Accept": "text/html"})
    assert gone.status_code == 410
    assert "does not count any more" in gone.text
    assert client.get(f"/api/events/{row['id']}").json()["error"]["code"] == "rejected"
    decide(client, Document.of(gone.text).links("/decide.kind=revoke")[0])
    assert client.get(f"/event/{row['id']}").status_code == 200


def test_an_event_goes_on_without_a_rejected_claim(served: Served) -> None:
    client = served()
    ident = max(client.json("/api/events?limit=500&lane=happened")["items"], key=lambda row: row["claims"])["id"]
    claims = client.json(f"/api/events/{ident}")["claims"]
    founder = next(row["claim"] for row in claims if row["founder"])
    signed_in(client)
    place = decide(client, f"/decide?kind=reject_claim&ids={founder}")
    now = urlsplit(place).path.rpartition("/")[2]
    kept = {row["claim"] for row in client.json(f"/api/events/{now}")["claims"]}
    assert founder not in kept
    assert len(kept & {row["claim"] for row in claims}) > 1


def test_an_article_is_taken_back_and_comes_again(served: Served) -> None:
    client = served()
    ident = client.json("/api/articles?limit=1")["items"][0]["id"]
    signed_in(client)
    place = decide(client, Document.of(client.get(f"/article/{ident}").text).links("/decide.kind=retract")[0], "withdrawn by its paper")
    gone = client.get(place, headers={"Accept": "text/html"})
    assert gone.status_code == 410
    assert "withdrawn by its paper" in gone.text
    decide(client, Document.of(gone.text).links("/decide.kind=revoke")[0])
    assert client.get(f"/article/{ident}").status_code == 200


def test_confirming_and_rejecting_an_event(served: Served) -> None:
    client = served()
    one, other = events(client, "lane=happened")[:2]
    signed_in(client)
    assert urlsplit(decide(client, f"/decide?kind=confirm&ids={one}")).path == f"/event/{one}"
    place = decide(client, f"/decide?kind=reject_event&ids={other}", "no event")
    assert client.get(place, headers={"Accept": "text/html"}).status_code == 410
    assert other not in events(client, "")


def test_nothing_is_written_without_signing_in_from_elsewhere_or_by_a_form_of_others(served: Served) -> None:
    client = served()
    ident = events(client, "lane=happened")[0]
    address = f"/decide?kind=reject_event&ids={ident}"
    given_ = {"kind": "reject_event", "ids": ident, "reason": "x", "stamp": "0" * 64}
    assert send(client, "/decide", given_).status_code == 401
    signed_in(client)
    assert send(client, "/decide", given_).status_code == 403  # no stamp of ours
    fields = fields_of(client.get(address).text)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://localhost:9999"}):
        assert send(client, "/decide", {**fields, "reason": "x"}, **headers).status_code == 403, headers
    assert send(client, "/decide", {**fields, "reason": " "}).status_code == 422
    mine = client.ask("POST", "/decide", json={**given_, "stamp": fields["stamp"][0]}, headers={"Accept": "text/html"})
    assert mine.status_code == 415
    assert client.get(f"/event/{ident}").status_code == 200
    answer = send(client, "/decide", {**fields, "reason": "x"}, Origin="http://localhost:8000", **{"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    assert send(client, "/sign-out", {"back": "/"}).status_code == 303
    assert send(client, "/decide", {**fields, "reason": "x"}).status_code == 401


def test_signing_in_needs_the_token_and_a_name(served: Served) -> None:
    own, client = served(), served(token=None)
    assert send(own, "/sign-in", {"token": "wrong", "name": "Ada"}).status_code == 401
    assert send(own, "/sign-in", {"token": TOKEN, "name": " "}).status_code == 422
    assert COOKIE not in send(own, "/sign-in", {"token": "wrong", "name": "Ada"}).headers.get("set-cookie", "")
    assert send(client, "/sign-in", {"token": TOKEN, "name": "Ada"}).status_code == 403
    assert "only reads" in client.get("/sign-in").text
    assert not Document.of(client.get("/").text).links("/decide")


def test_a_page_for_reading_is_the_same_for_all(served: Served) -> None:
    client = served()
    ident = events(client, "lane=happened")[0]
    before = client.get(f"/event/{ident}")
    signed_in(client)
    after = client.get(f"/event/{ident}")
    assert (before.text, before.headers["etag"]) == (after.text, after.headers["etag"])
    assert client.get("/sign-in").headers["cache-control"] == "no-store"
    assert client.get(f"/decide?kind=confirm&ids={ident}").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("kind=burn&ids=e_1", 400, "No such decision"),
        ("kind=same&ids=e_0000000000000000", 200, "Nothing that counts now has the id"),
        ("kind=different&ids=e_0000000000000000", 200, "Nothing that counts now"),
        ("kind=confirm", 200, "It is not said what this is about"),
        ("kind=value&ids=<script>", 200, "It is not said"),
    ],
)
def test_decisions_that_say_nothing_are_told_so(client: TestClient, query: str, status: int, words: str) -> None:
    answer = client.get(f"/decide?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert words in answer.text
    assert "<script>" not in answer.text


def test_colours_are_remembered(served: Served) -> None:
    client = served()
    answer = send(client, "/theme", {"theme": "dark", "back": "/stances?n=5"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/stances?n=5")
    dark = client.get("/stances")
    assert '<html lang="en" data-theme="dark">' in dark.text
    send(client, "/theme", {"theme": "system"})
    system = client.get("/stances")
    assert '<html lang="en">' in system.text
    assert system.headers["etag"] != dark.headers["etag"]
    assert send(client, "/theme", {"theme": "dark", "back": "//evil.example"}).headers["location"] == "/"


@given(st.text(max_size=60))
def test_going_back_never_leads_elsewhere(text: str) -> None:
    found = local(text)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert urlsplit(found).netloc == ""


@given(st.text(max_size=200))
def test_only_our_own_cookies_are_taken(text: str) -> None:
    assert session_of(KEY, text) is None


def test_a_cookie_ends_and_belongs_to_its_token() -> None:
    cookie = cookie_for(KEY, "Ada", 1, now=1000.0)
    found = session_of(KEY, cookie, now=1001.0)
    assert found
    assert (found.name, found.until) == ("Ada", 4600)
    assert session_of(KEY, cookie, now=4601.0) is None
    assert session_of(SecretStr("another-token-of-length"), cookie, now=1001.0) is None
    assert session_of(None, cookie, now=1001.0) is None
    other = session_of(KEY, cookie_for(KEY, "Bob", 1, now=1000.0), now=1001.0)
    assert other
    assert is_stamped(KEY, found, stamp_of(KEY, found))
    assert not is_stamped(KEY, found, stamp_of(KEY, other))
