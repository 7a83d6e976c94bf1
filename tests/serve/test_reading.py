"""What the addresses give: every one of them, filters, formats, moments."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from detente.tables import CLAIMS, EVENTS
from detente.world import open_world

from .conftest import Client

ADDRESSES = (
    "/api/health", "/api/articles", "/api/claims", "/api/events", "/api/actors", "/api/actors/TUR", "/api/actors/Turkey", "/api/relations",
    "/api/relations/TUR/RUS", "/api/relations/TUR/RUS/timeline?level=week&since=2016-06", "/api/relations/TUR/al-nusra-front/stances",
    "/api/relations/TUR/RUS/memberships", "/api/relations/USA/RUS/agreements?at=2016-07-08", "/api/relations/TUR/RUS/shifts",
    "/api/relations/TUR/RUS/brief?at=2016-07-08", "/api/blocs?at=2016-07-08", "/api/facts?ledger=stance", "/api/search?q=apolog*",
    "/api/decisions", "/api/quality", "/openapi.json", "/docs", "/docs.css", "/api/relations/*:REB/TUR",
)


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_address_answers(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_an_event_leads_to_the_sentences_it_rests_on(client: Client, sample: Path) -> None:
    first = client.json("/api/events?actor=TUR&other=RUS&event=CONSULT&lane=happened&limit=1")["items"][0]
    whole = client.json(f"/api/events/{first['id']}")
    assert whole["event"] == first
    assert len(whole["claims"]) == first["claims"]
    assert {a["id"] for a in whole["articles"]} == {c["article"] for c in whole["claims"]}
    claim = client.json(f"/api/claims/{whole['claims'][0]['claim']}")["claim"]
    article = client.json(f"/api/articles/{claim['article']}")["article"]
    assert article["text"][claim["start"] : claim["end"]] == claim["sentence"]
    assert whole["variants"]
    assert whole["names"]["TUR"] == "Turkey"


def test_an_article_shows_its_claims_and_copies(client: Client) -> None:
    found = {a["title"] or a["id"]: a["id"] for a in client.json("/api/articles")["items"]}
    wholes = [client.json(f"/api/articles/{ident}") for ident in found.values()]
    assert sum(len(whole["copies"]) for whole in wholes) == 2  # the reprint and its original name each other
    assert sum(len(whole["claims"]) for whole in wholes) == len(client.json("/api/claims?limit=5000")["items"])


@pytest.mark.parametrize(("query", "condition"), [
    ("actor=TUR&other=RUS", "list_contains(parties, 'TUR') AND list_contains(parties, 'RUS')"),
    ("actor=TUR&other=RUS&directed=true",
     "list_contains([p.root for p in actor], 'TUR') AND list_contains([p.root for p in recipient], 'RUS')"),
    ("event=CONSULT,AID", "event IN ('CONSULT', 'AID')"), ("mode=phone", "mode = 'phone'"), ("quad=mx", "quad = 'material conflict'"),
    ("lane=planned", "lane = 'planned'"), ("context=military", "list_contains(context, 'military')"),
    ("since=2016-06-27&until=2016-06", "coalesce(date_end, date) >= '2016-06-27' AND date <= '2016-06-30'"),
    ("min_conf=0.9", "confidence >= 0.9"), ("bbox=25,34,45,43", "place.lon BETWEEN 25 AND 45 AND place.lat BETWEEN 34 AND 43"),
    ("bbox=170,-80,45,80", "(place.lon >= 170 OR place.lon <= 45) AND place.lat BETWEEN -80 AND 80"),
    ("sector=MIL", "list_contains(flatten([p.sector for p in list_concat(actor, recipient)]), 'MIL')"),
    ("actor=*:REB", "list_contains(flatten([p.sector for p in list_concat(actor, recipient)]), 'REB')"),
    ("voice=document", "id IN (SELECT event FROM variants WHERE voice_kind = 'document')"), ("standing=denied", "standing = 'denied'"),
    ("vague=false", "NOT coalesce(vague, false)"), ("dataset=nobody", "false"), ("dataset=*", "true"),
])
def test_filters_of_events(client: Client, sample: Path, query: str, condition: str) -> None:
    found = {row["id"] for row in client.json(f"/api/events?limit=5000&{query}")["items"]}
    assert found == set(open_world(sample).sql(f"SELECT id FROM events WHERE {condition}")["id"].to_pylist())


@pytest.mark.parametrize(("query", "condition"), [
    ("actor=RUS", "list_contains([coalesce(p.id, p.country) for p in list_concat(actor, recipient)], 'RUS')"),
    ("status=actual,future", "status IN ('actual', 'future')"), ("voice=outlet", "voice.kind = 'outlet'"),
    ("event=ASSAULT&min_conf=0.5", "event = 'ASSAULT' AND confidence >= 0.5"), ("voice=TUR", "voice.speaker.country = 'TUR'"),
])
def test_filters_of_claims(client: Client, sample: Path, query: str, condition: str) -> None:
    found = {row["id"] for row in client.json(f"/api/claims?limit=5000&{query}")["items"]}
    assert found
    assert found == set(open_world(sample).sql(f"SELECT id FROM claims WHERE {condition}")["id"].to_pylist())


def test_lists_come_newest_first_or_oldest(client: Client) -> None:
    days = [row["date"] for row in client.json("/api/events?limit=5000")["items"]]
    assert days == sorted((day for day in days if day), reverse=True) + [None] * days.count(None)
    other = [row["date"] for row in client.json("/api/events?limit=5000&sort=date")["items"]]
    assert other == sorted(day for day in days if day) + [None] * days.count(None)


def test_formats_by_ending_and_by_accept(client: Client) -> None:
    rows = client.json("/api/events?limit=50")["items"]
    for ending, kind in (("csv", "text/csv"), ("parquet", "application/vnd.apache.parquet"), ("geojson", "application/geo+json")):
        one, two = client.get(f"/api/events.{ending}?limit=50"), client.get("/api/events?limit=50", headers={"Accept": f"{kind}, */*;q=0.1"})
        assert one.status_code == two.status_code == 200
        assert one.headers["content-type"].startswith(kind)
        assert one.content == two.content
        assert "Accept" in one.headers["vary"]
    table = pq.read_table(io.BytesIO(client.get("/api/events.parquet?limit=50").content))
    assert table.column_names == EVENTS.names
    assert table["id"].to_pylist() == [row["id"] for row in rows]
    found = list(csv.DictReader(io.StringIO(client.get("/api/events.csv?limit=50").text)))
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    assert found[0]["place_lat"] == str(rows[0]["place"]["lat"] if rows[0]["place"] else "")


def test_geojson_holds_events_with_a_place_and_says_how_exact_it_is(client: Client, sample: Path) -> None:
    features = client.json("/api/events.geojson?limit=5000")["features"]
    assert len(features) == open_world(sample).sql("SELECT id FROM events WHERE place.lat IS NOT NULL").num_rows > 0
    for feature in features:
        lon, lat = feature["geometry"]["coordinates"]
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90
        assert feature["properties"]["place"]["precision"]


@pytest.mark.parametrize("path", ["/api/claims.geojson", "/api/events/e_1.csv", "/api/relations/TUR/RUS/shifts.md"])
def test_formats_that_do_not_fit_are_refused_by_name(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 406
    assert ".json" in answer.json()["error"]["hint"]
    assert client.get("/api/events", headers={"Accept": "image/png"}).status_code == 406


def test_brief_in_three_formats_with_the_same_evidence(client: Client) -> None:
    path = "/api/relations/TUR/RUS/brief"
    sources = client.json(f"{path}?at=2016-07-08")["sources"]
    text = client.get(f"{path}.md?at=2016-07-08").text
    page = client.get(f"{path}.html?at=2016-07-08")
    assert {int(n) for n in re.findall(r"\[(\d+)\]", text)} == {source["number"] for source in sources}
    assert page.text.count('<li id="n') == len(sources)
    assert "style-src 'sha256-" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert re.findall(r' style="', page.text) == []


def test_time_line_holds_counts_index_and_marks(client: Client) -> None:
    line = client.json("/api/relations/TUR/RUS/timeline?level=month&since=2016-01-01&until=2016-07-08")
    assert len(line["counts"]) == 7
    assert {one["half_life"] for one in line["lines"]} == {30, 365}
    quads = ("material_cooperation", "verbal_cooperation", "verbal_conflict", "material_conflict")
    assert sum(row["events"] or 0 for row in line["counts"]) >= sum(row[quad] or 0 for row in line["counts"] for quad in quads) > 0
    marks = {row["event"] for row in line["events"]}
    known = {row["id"] for row in client.json("/api/events?actor=TUR&other=RUS&limit=5000")["items"]}
    assert marks <= known
    table = list(csv.DictReader(io.StringIO(client.get("/api/relations/TUR/RUS/timeline.csv?part=index&since=2016-06-01").text)))
    assert {row["half_life"] for row in table} == {"30", "365"}


def test_a_relation_says_what_its_parts_say(client: Client) -> None:
    found = client.json("/api/relations/Turkey/Russia")
    assert (found["a"]["id"], found["b"]["name"]) == ("TUR", "Russia")
    assert sum(found["counts"]["quads"].values()) == found["counts"]["happened"]
    assert [row["half_life"] for row in found["standing"]] == [30, 365]
    shifts = client.json("/api/relations/TUR/RUS/shifts")["shifts"]
    assert any(shift["towards"] > 0 and "2016-06-24" <= shift["first"] <= shift["last"] <= "2016-07-01" for shift in shifts)
    pairs = {(row["a"], row["b"]): row for row in client.json("/api/relations?actor=TUR")["items"]}
    assert pairs["RUS", "TUR"]["events"] >= found["counts"]["happened"]


def test_an_actor_is_told_by_knowledge_and_store(client: Client) -> None:
    found = client.json("/api/actors/TUR")
    assert "Ankara" in found["known"]["names"]
    assert any(office["role"] == "president" for office in found["offices"])
    assert any(held["organisation"] == "nato" for held in found["memberships"])
    assert "RUS" in {row["id"] for row in found["relations"]}
    assert client.json("/api/actors?q=turk&kind=state")["items"][0]["id"] == "TUR"
    assert "TUR" in client.json("/api/actors/nato")["members"]


def test_search_finds_sentences_and_marks_the_words(client: Client) -> None:
    found = client.json("/api/search?q=apolog*+letter")
    assert found["items"]
    for item in found["items"]:
        told = [item["sentence"][start:end].lower() for start, end in item["marks"]]
        assert any(word.startswith("apolog") for word in told)
        assert "letter" in told
        assert item["claims"] or item["entries"] or item["kind"] == "title"
    names = client.json("/api/search?q=turkey")
    assert names["actors"][0]["id"] == "TUR"
    assert client.json('/api/search?q="foreign minister"&limit=3')["items"]
    assert client.json("/api/search?q=zzzzzz")["items"] == []


@pytest.mark.parametrize("text", ['"', "*", "AND OR NOT", 'a"b', "NEAR(x", "text:turkey", "^turkey", "-turkey", "a' OR 1=1 --", "((((", "ко́т"])
def test_no_search_text_breaks_the_index(client: Client, text: str) -> None:
    assert client.get("/api/search", params={"q": text}).status_code in {200, 400}


def test_search_pages_hold_each_sentence_once(client: Client) -> None:
    whole = client.json("/api/search?q=turkey&limit=500")["items"]
    parts = client.pages("/api/search?q=turkey&limit=7")
    assert [(i["article"], i["start"], i["kind"]) for i in parts] == [(i["article"], i["start"], i["kind"]) for i in whole]


def test_quality_says_what_everything_was_made_with(client: Client, sample: Path) -> None:
    found = client.json("/api/quality")
    assert found["counts"]["claims"] == open_world(sample).table("claims").num_rows
    assert found["knowledge"].startswith("k_")
    assert found["model"] != "unknown"
    assert sum(row["claims"] for row in found["confidence"]) <= found["counts"]["claims"]


def test_etags_spare_the_body_and_change_with_the_question(client: Client) -> None:
    first = client.get("/api/relations/TUR/RUS")
    tag = first.headers["etag"]
    again = client.get("/api/relations/TUR/RUS", headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert client.get("/api/relations/TUR/RUS?directed=true").headers["etag"] != tag
    assert client.get("/api/relations/TUR/RUS", headers={"If-None-Match": '"other"'}).status_code == 200


def test_answers_are_packed_for_those_who_take_it(client: Client) -> None:
    packed = client.get("/api/events?limit=200", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/api/events?limit=200", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert "content-encoding" not in client.get("/api/events?limit=200", headers={"Accept-Encoding": "gzip;q=0, br"}).headers


def test_head_is_a_get_without_a_body(client: Client) -> None:
    answer = client.ask("HEAD", "/api/events")
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["content-length"]) > 100


def test_the_description_names_every_address(client: Client) -> None:
    page, document = client.get("/docs").text, client.json("/openapi.json")
    for path in document["paths"]:
        assert f" {path}</code>" in page
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    assert {"$ref": "#/components/schemas/Claim"} in [document["components"]["schemas"]["ClaimPage"]["properties"]["items"]["items"]]
    assert set(document["components"]["schemas"]["Claim"]["properties"]) == set(CLAIMS.names) - {"batch"}


def test_many_at_once_get_the_same_as_one_after_the_other(client: Client) -> None:
    paths = ["/api/relations/TUR/RUS/timeline", "/api/events?limit=20", "/api/relations/TUR/RUS/shifts", "/api/claims?limit=3"] * 5
    answers = client.together(paths)
    assert {answer.status_code for answer in answers} == {200}
    for path, answer in zip(paths, answers, strict=True):
        assert answer.content == client.get(path).content
