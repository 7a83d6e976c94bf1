"""Pages for what cannot be shown; relations side by side; which days are shown where an address says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from starlette.testclient import TestClient

from ..conftest import Client
from .conftest import Document

Served = Callable[..., Client]
HTML = {"Accept": "text/html,application/xhtml+xml"}
FORM = {**HTML, "Content-Type": "application/x-www-form-urlencoded"}
PAIR = "/relation/TUR/RUS"


def test_errors_are_pages_for_those_who_ask_for_pages(served: Served) -> None:
    client = served(posts_at_once=2, posts_per_minute=1, body_limit=2000)
    lost = client.get("/relationes/sochi", headers=HTML)
    assert lost.status_code == 404
    assert Document.of(lost.text).all("input", id="q3")[0]["value"] == "sochi"
    long = client.ask("POST", "/try", content="text=" + "x" * 5000, headers=FORM)
    assert (long.status_code, long.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "<h1>Too long</h1>" in long.text
    assert "2,000 bytes" in long.text
    client.ask("POST", "/theme", content="theme=dark", headers=FORM)
    fast = client.ask("POST", "/theme", content="theme=dark", headers=FORM)
    assert fast.status_code == 429
    assert "<h1>Too fast</h1>" in fast.text
    assert re.search(r"Wait \d+ seconds", fast.text)
    assert fast.headers["retry-after"].isdigit()
    assert fast.headers["x-request-id"] in fast.text
    assert client.get("/api/events/e_none", headers=HTML).headers["content-type"].startswith("application/json")
    assert client.ask("DELETE", "/stances", headers=HTML).status_code == 405


@pytest.mark.parametrize("path", ["/relation/%00/RUS", "/%3Cscript%3E", "/event/" + "x" * 3000, "/a%0d%0aset-cookie:x=1"])
def test_hostile_addresses_make_plain_pages(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code in {400, 404}
    assert "set-cookie" not in answer.headers
    assert "<script>" not in answer.text


def test_pairs_stand_side_by_side_on_one_scale(client: TestClient) -> None:
    page = client.get(f"{PAIR}?with=SYR,TUR&with=united+states,RUS&from=2016")
    document = Document.of(page.text)
    assert "beside 2 other pairs" in page.text
    wide = re.search(r'<svg[^>]*class="wide"[^>]*data-x.*?</svg>', page.text, re.S)
    assert wide
    names = re.findall(r'class="strong"[^>]*>([^<]+)<', wide[0])
    assert names == ["Turkey and Russia", "Syria and Turkey", "United States and Russia"]
    assert len(set(re.findall(r">(\+\d+)</text>", wide[0]))) == 1
    out = document.links(f"{PAIR}\\?.*with=")
    assert any("with=USA%2CRUS" in link and "SYR" not in link for link in out)  # leaving one out keeps the other
    told = client.get(f"{PAIR}?with=Nowhereland,RUS;TUR").text
    assert "no actor is called" in told
    assert "is no pair" in told
    assert "Turkey and Russia, " in told
    picture = client.get(f"{PAIR}/timeline.svg?with=SYR,TUR").text
    assert "beside 1 other pair" in picture
    assert "knowledge k_" in picture


def test_a_relation_shows_first_the_days_of_its_events(client: TestClient) -> None:
    pairs = client.get("/api/relations?limit=500").json()["items"]
    old = next(row for row in pairs if row["last"] and row["last"] < "2016-04")  # silent for months before the newest article
    path = f"/relation/{old['a']}/{old['b']}"
    data = client.get(f"{path}.json").json()
    first, last = (date.fromisoformat(data["span"][end]) for end in ("first", "last"))
    days = [date.fromisoformat(event["date"]) for event in data["events"] if event["date"]]
    assert first <= min(days)
    assert max(days) <= last < date(2016, 6, 1)
    assert "all that was read" in client.get(path).text
    asked = client.get(f"{path}.json?from=2015-12-01&to=2016-07-08").json()["span"]
    assert (asked["first"], asked["last"]) == ("2015-12-01", "2016-07-08")


def test_a_picture_of_its_own_has_title_sources_and_key(client: TestClient) -> None:
    picture = client.get(f"{PAIR}/timeline.svg?from=2016-06&to=2016-07").text
    assert re.search(r">Turkey and Russia, [^<]*2016</text>", picture)
    assert "deed of cooperation" in picture
    assert re.search(r"From a store of public news, as of \d+ \w+ \d{4}", picture)
    assert picture.count("<svg") == picture.count("</svg>") == 2
