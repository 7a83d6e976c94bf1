"""Every page: whole, addressable, safe; and from the first one to a sentence in three clicks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from detente.pipeline import Coder
from detente.serve.app import make_app
from detente.serve.pages.render import sheet
from detente.serve.settings import ServeSettings
from detente.world import open_world

from .conftest import Document

PAIR = "/relation/TUR/RUS"
PAGES = [
    "/",
    "/?since=-1y",
    "/?place=TUR",
    "/?quad=mx&lane=all&n=5",
    "/relation",
    "/relation?a=Turkey&b=RUS",
    PAIR,
    f"{PAIR}?from=2016-06&to=2016-07",
    f"{PAIR}?way=there&quad=vc",
    f"{PAIR}?half_life=365",
    f"{PAIR}?with=SYR,TUR;USA,RUS",
    "/between?from=2016-01-01",
    "/decisions",
    "/sign-in",
    "/decide?kind=confirm",
    "/relation/RUS/CHN",
    "/relation/*:REB/SYR",
    f"{PAIR}/brief",
    f"{PAIR}/brief?at=2016-07-02",
    "/actor/TUR",
    "/actor/al-nusra-front",
    "/actor/SYR:REB",
    "/stances",
    "/stances?actor=TUR&at=2016-07-02",
    "/stances?diff=2016-01-01..2016-07-08",
    "/memberships",
    "/memberships?actor=Turkey",
    "/agreements",
    "/agreements?actor=TUR&other=RUS",
    "/agreements?diff=2016-06-01..2016-07-01",
    "/search",
    "/search?q=Turkey+Russia",
    "/search?q=zzzz",
    "/search?q=Erdogan",
    "/search?q=Turkey&from=2016-07&to=2016",
    "/search?q=%22",
    "/quality",
    "/try",
    "/map",
    "/map?actor=Turkey&other=RUS&quad=vc",
    "/map?place=TUR&from=2016-06&to=2016-07",
    "/map?view=41,35,800&lane=all",
    "/network",
    "/network?at=2016-06&by=month",
    "/network?focus=TUR&moves=1",
]


@pytest.fixture(scope="module")
def addresses(client: TestClient) -> list[str]:
    """All kinds of pages, with an event and articles that are there."""
    event = Document.of(client.get(PAIR).text).links("/event/")[0]
    article = Document.of(client.get(event).text).links("/article/")[0]
    return [*PAGES, event, article, "/article/a_00000000000000ff"]


def test_every_page_is_a_whole_document(client: TestClient, addresses: list[str]) -> None:
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = Document.of(answer.text)
        assert len(page.all("h1")) == 1, address
        assert all(text.strip() for tag in ("h1", "h2", "h3", "title") for text in page.texts.get(tag, ["x"])), address
        assert [len(page.all(tag)) for tag in ("main", "header", "footer", "html")] == [1, 1, 1, 1], address
        assert page.all("html")[0]["lang"] == "en"
        assert page.all("a", **{"class": "skip"}), address
        assert not page.unclosed, (address, page.unclosed[:3])
        ids = [own["id"] for _, own in page.elements if "id" in own]
        assert len(ids) == len(set(ids)), (address, sorted({i for i in ids if ids.count(i) > 1}))


def test_nothing_inline_and_nothing_from_elsewhere(client: TestClient, addresses: list[str]) -> None:
    for address in addresses:
        page = Document.of(client.get(address).text)
        scripts = [own.get("src", "") for own in page.all("script")]
        assert all(src.startswith("/static/figures/") for src in scripts), address
        assert not any(words.strip() for words in page.texts.get("script", [])), address
        assert not page.all("style"), address
        for tag, own in page.elements:
            assert "style" not in own, (address, tag)
            assert not [name for name in own if name.startswith("on")], (address, tag)
            if tag in {"link", "img", "form"}:
                assert (own.get("href") or own.get("src") or own.get("action") or "/").startswith("/"), (address, own)
            if tag == "a":
                assert own.get("href", "/")[:1] in "/#" or own["href"].startswith(("https://", "http://")), (address, own)


def test_tables_have_captions_and_headers_and_fields_have_labels(client: TestClient, addresses: list[str]) -> None:
    for address in addresses:
        page = Document.of(client.get(address).text)
        tables = len(page.all("table"))
        assert len(page.all("caption")) == len(page.all("thead")) == tables, address
        assert all(own.get("scope") in {"col", "row"} for own in page.all("th")), address
        labelled = {own["for"] for own in page.all("label")}
        fields = [own for tag in ("input", "textarea", "select") for own in page.all(tag) if own.get("type") != "hidden"]
        assert all(own["id"] in labelled for own in fields), address


def test_internal_links_lead_somewhere(client: TestClient) -> None:
    seen: set[str] = set()
    for start in ("/", PAIR, "/actor/TUR", "/agreements", "/stances?actor=TUR", "/search?q=Sochi"):
        page = Document.of(client.get(start).text)
        for link in page.links("/(?!api|docs)"):
            address, _, fragment = link.partition("#")
            if address in seen or len(seen) > 150:
                continue
            seen.add(address)
            answer = client.get(address)
            assert answer.status_code == 200, link
            if fragment:
                assert f'id="{fragment}"' in answer.text, link


@pytest.mark.parametrize(("pair", "ledger", "marks"), [
    (PAIR, "agreements", {"class": "stages"}), ("/relation/TUR/al-nusra-front", "stances", {"class": "plain list small"}),
])
def test_a_relation_shows_the_newest_of_long_ledgers_and_leads_to_all(
    pair: str, ledger: str, marks: dict[str, str], client: TestClient, monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = Document.of(client.get(pair).text)
    monkeypatch.setattr("detente.serve.pages.views.relation.STANCES", 0)
    monkeypatch.setattr("detente.serve.pages.views.relation.DEALS", 1)
    short = Document.of(client.get(f"{pair}?n=41").text)  # another address, so that it is made anew
    assert len(short.all("ul", **marks)) < len(whole.all("ul", **marks))
    links = [link for link in short.links(f"/{ledger}") if "actor=" in link and "other=" in link]
    assert links
    assert all(client.get(link).status_code == 200 for link in links)
    assert not [link for link in whole.links(f"/{ledger}") if "actor=" in link and "other=" in link]


def test_from_the_start_to_the_sentence_in_three_clicks(client: TestClient) -> None:
    start = Document.of(client.get("/").text)
    relation = start.links(r"/relation/[^/]+/[^/?]+")[0]
    event = Document.of(client.get(relation).text).links("/event/")[0]
    evidence = Document.of(client.get(event).text).links(r"/article/\w+\?claim=")[0]
    address, _, fragment = evidence.partition("#")
    page = client.get(address).text
    assert fragment == "at"
    claim = re.search(r"claim=(\w+)", address)
    assert claim
    lit = re.search(r'<span class="sent lit" id="s\d+"[^>]*><span id="at"></span>(.*?)</span></div>|<span class="sent lit"', page, re.S)
    assert lit
    assert f'id="{claim[1]}"' in page
    assert f'href="#{claim[1]}"' in page


def test_hostile_text_stays_text(client: TestClient) -> None:
    page = client.get("/article/a_00000000000000ff")
    document = Document.of(page.text)
    assert all(own["src"].startswith("/static/figures/") for own in document.all("script"))
    assert not document.all("img")
    assert not [own for _, own in document.elements if any(name.startswith("on") for name in own)]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert not document.links("javascript:")
    text = re.search(r'<div class="text" lang="en">(.*?)</div>', page.text, re.S)
    assert text
    from html import unescape

    shown = unescape(re.sub(r"<[^>]*>", "", text[1]))
    from .conftest import HOSTILE

    assert shown == HOSTILE
    for address in ("/search?q=<script>alert(1)</script>", "/stances?actor=<b>", "/relation/<i>/RUS", "/?<u>=1", "/?since=<s>x"):
        answer = client.get(address)
        assert answer.status_code in {200, 404}, address
        assert not {tag for tag, _ in Document.of(answer.text).elements} & {"b", "i", "u", "s"}, address
        assert "<script>" not in answer.text, address


def test_every_sentence_can_be_found_and_is_lit_in_its_article(client: TestClient) -> None:
    assert Document.of(client.get("/search?q=onmouseover").text).links("/article/a_00000000000000ff")
    found = client.get("/api/search?q=the&limit=500").json()["items"]
    silent = next(item for item in found if item["kind"] == "sentence" and not item["claims"])
    page = client.get(f"/search?q=%22{' '.join(silent['sentence'].split()[:6])}%22")
    assert "<mark>" in page.text
    link = next(link for link in Document.of(page.text).links(f"/article/{silent['article']}") if f"at={silent['start']}" in link)
    assert link.endswith("#at")
    lit = re.findall(r'<span class="sent[^"]* lit" id="s\d+">(.*?)(?=<span class="sent|</div>)', client.get(link).text, re.S)
    assert len(lit) == 1
    assert re.sub(r"<[^>]*>|\W", "", lit[0]).startswith(re.sub(r"\W", "", silent["sentence"])[:20])


def test_what_an_address_says_wrongly_is_told(client: TestClient) -> None:
    page = client.get(f"{PAIR}?fromm=2016")
    assert page.status_code == 200
    assert "Did you mean from?" in page.text
    assert f'href="{PAIR}?from=2016"' in page.text
    assert "no day (write" in client.get(f"{PAIR}?from=yesterday").text
    assert "not one of" in client.get("/?lane=sideways").text
    assert "not a number" in client.get("/?n=-3").text


def test_what_is_not_there_has_a_page_of_its_own(client: TestClient) -> None:
    for address in ("/event/e_none", "/article/a_none", "/relation/TUR/Nowhereland", "/actor/Nobody", "/nothing", "/stances?actor=Nobody"):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert answer.headers["content-type"].startswith("text/html")
        assert "<h1>Not found</h1>" in answer.text
        assert "Request <span" in answer.text
    silent = client.get("/relation/RUS/CHN").text
    assert "articles were read" in silent or "article names" in silent or "Above: index" in silent


def test_the_same_address_is_sent_once(client: TestClient) -> None:
    first = client.get(PAIR)
    again = client.get(PAIR, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{PAIR}?from=2016-06").headers["etag"] != first.headers["etag"]
    style = client.get(sheet()[0])
    assert style.status_code == 200
    assert "immutable" in style.headers["cache-control"]


def test_figures_stand_alone(client: TestClient) -> None:
    picture = client.get(f"{PAIR}/timeline.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith("<svg")
    assert "#3D8FBF" in picture.text  # verbal cooperation: colours stand in the picture itself, since no style sheet goes with it
    rows = client.get(f"{PAIR}/timeline.csv?from=2016-06-27&to=2016-06-30").text.splitlines()
    assert rows[0].startswith("day,index")
    assert [row.split(",")[0] for row in rows[1:]] == [f"2016-06-{day}" for day in range(27, 31)]


def test_a_text_is_coded_and_explained(client: TestClient) -> None:
    text = "Turkey condemned Russia on Friday.\nThe weather was <i>good</i>."
    page = client.post("/try", data={"text": text, "date": "2016-07-04"})
    assert page.status_code == 200
    assert "ACCUSE" in page.text
    assert "&lt;i&gt;good&lt;/i&gt;" in page.text
    assert "Sentences that gave nothing" in page.text
    assert client.post("/try", data={"text": "", "date": ""}).status_code == 422
    assert client.post("/try", data={"text": "a b", "date": "soon"}).status_code == 422
    assert client.post("/try", data={"text": text}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/try", json={"text": text}).status_code == 415
    assert client.post("/try", data={"text": "x" * 2_500_000}).status_code == 413


def test_an_empty_store_says_how_to_fill_it(tmp_path: Path, coder: Coder) -> None:
    open_world(tmp_path / "store")
    with TestClient(make_app(str(tmp_path / "store"), ServeSettings(allowed_hosts=("testserver",), shelf=False), coder)) as client:
        for address in ("/", PAIR, "/stances", "/search?q=x"):
            answer = client.get(address)
            assert answer.status_code == 200
            assert "detente add" in answer.text
        assert client.get("/quality").status_code == 200
        assert client.get("/try").status_code == 200
