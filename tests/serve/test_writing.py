"""Coding, adding, deciding; pages and moments while things change."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.knowledge import DATA
from detente.pipeline import Coder
from detente.serve import ServeSettings
from detente.serve.app import make_app
from detente.world import open_world

from .conftest import TOKEN, WRITES, Client

Served = Callable[..., Client]
TEXT = "Turkey's foreign minister met his Russian counterpart in Sochi on July 1."
OTHER = "Iran condemned Turkey on Monday over the raid. Russian forces shelled a village near Idlib on Tuesday."


def test_code_gives_what_the_coder_gives_and_stores_nothing(client: Client, coder: Coder) -> None:
    before = client.json("/api/quality")["counts"]
    found = client.post("/api/code", {"text": TEXT, "published": "2016-07-04"}).json()
    assert [claim["id"] for claim in found["claims"]] == [claim.id for claim in coder.code(TEXT, "2016-07-04")]
    assert found["claims"][0]["why"]
    assert client.json("/api/quality")["counts"] == before


def test_an_article_that_is_added_is_there_at_once(served: Served) -> None:
    client = served()
    old = client.json("/api/health")["store"]["pin"]
    answer = client.post("/api/articles", {"articles": [{"text": OTHER, "published": "2016-07-09", "publisher": "Daily"}]}, headers=WRITES)
    assert answer.status_code == 201, answer.text
    done = answer.json()
    assert (done["articles"], done["known"]) == (1, 0)
    assert done["claims"] >= 2
    assert done["folded"]["changed"] >= 1
    whole = client.json(f"/api/articles/{done['ids'][0]}")
    assert len(whole["claims"]) == done["claims"]
    assert whole["article"]["publisher"] == "Daily"
    assert client.json("/api/health")["store"]["pin"] != old
    assert client.json("/api/search?q=condemned+raid")["items"][0]["article"] == done["ids"][0]
    again = client.post("/api/articles", {"articles": [{"text": OTHER, "published": "2016-07-09"}]}, headers=WRITES).json()
    assert (again["articles"], again["known"]) == (0, 1)


def test_ids_are_those_that_reading_files_gives(served: Served, sample: Path) -> None:
    client = served()
    article = open_world(sample).table("articles", ["id", "text", "title", "url"]).to_pylist()[0]
    new = {key: value for key, value in article.items() if key != "id" and value}
    done = client.post("/api/articles", {"articles": [new], "fold": False}, headers=WRITES).json()
    assert done["ids"] == [article["id"]]
    assert done["known"] == 1


@pytest.mark.parametrize("shelf", [False, True], ids=["store", "shelf"])
def test_pages_hold_every_record_once_while_articles_come_in(served: Served, shelf: bool) -> None:
    client = served(shelf=shelf)
    paths = ("/api/events", "/api/claims", "/api/articles", "/api/facts", "/api/relations", "/api/actors")
    wholes = {path: client.json(f"{path}?limit=5000")["items"] for path in paths}
    first = {path: client.json(f"{path}?limit={max(2, len(wholes[path]) // 4)}") for path in paths}
    texts = [{"text": f"{OTHER} Report number {n} says so.", "published": f"201{n}-06-2{n}"} for n in range(4, 8)]
    assert client.post("/api/articles", {"articles": texts, "fold": False}, headers=WRITES).status_code == 201
    oldest = client.json("/api/articles?limit=1&sort=published")["items"][0]["id"]
    retract = {"kind": "retract", "ids": [oldest], "reason": "withdrawn", "made_by": "test"}
    assert client.post("/api/decisions", retract, headers=WRITES).status_code == 201
    for path in paths:
        size = max(2, len(wholes[path]) // 4)
        found, answer = [], first[path]
        while answer["next"]:
            found += answer["items"]
            answer = client.json(f"{path}?limit={size}&cursor={answer['next']}")
        assert found + answer["items"] == wholes[path], path
    after = [row["id"] for row in client.pages("/api/claims?limit=50")]
    assert set(after) != {row["id"] for row in wholes["/api/claims"]}
    assert len(after) == len(set(after))


def test_search_pages_stay_whole_while_articles_come_in(served: Served) -> None:
    client = served()
    whole = [(row["article"], row["start"]) for row in client.json("/api/search?q=turkey&limit=500")["items"]]
    texts = [{"text": f"{OTHER} Report number {n} says so.", "published": "2015-12-01"} for n in range(3)]

    def meanwhile() -> None:
        client.post("/api/articles", {"articles": texts}, headers=WRITES)

    assert [(row["article"], row["start"]) for row in client.pages("/api/search?q=turkey&limit=9", meanwhile)] == whole
    assert len(client.json("/api/search?q=turkey&limit=500")["items"]) > len(whole)


def test_as_of_shows_the_store_as_it_was(served: Served) -> None:
    client = served()
    before = client.json("/api/events?limit=5000")
    client.post("/api/articles", {"articles": [{"text": OTHER, "published": "2016-07-09"}]}, headers=WRITES)
    after = client.json("/api/events?limit=5000")
    assert len(after["items"]) > len(before["items"])
    moment = before["store"]["moment"]
    for as_of in (moment, before["store"]["pin"].split(".")[0]):
        then = client.json("/api/events", params={"limit": 5000, "as_of": as_of})
        assert then["items"] == before["items"]
        assert then["store"]["fold"] == before["store"]["fold"]
    assert client.json("/api/events?as_of=0")["items"] == []
    for wrong in ("99999", "yesterday", "2016-13-01", "²"):
        answer = client.get("/api/events", params={"as_of": wrong})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_as_of")


def test_a_decision_changes_events_and_can_be_taken_back(served: Served) -> None:
    client = served()
    one, two = [row["id"] for row in client.json("/api/events?event=CONSULT&lane=happened&limit=2")["items"]]
    number = len(client.json("/api/events?limit=5000")["items"])
    body = {"kind": "same", "ids": [one, two], "reason": "one visit", "made_by": "test"}
    done = client.post("/api/decisions", body, headers=WRITES)
    assert done.status_code == 201, done.text
    assert len(client.json("/api/events?limit=5000")["items"]) == number - 1
    decision = done.json()["id"]
    kept = next(ident for ident in (one, two) if client.get(f"/api/events/{ident}").status_code == 200)
    assert decision in {row["id"] for row in client.json(f"/api/events/{kept}")["decisions"]}
    assert client.json("/api/decisions")["items"][0]["id"] == decision
    assert client.json("/api/decisions.json?limit=1&kind=same")["next"] is None
    client.post("/api/decisions", {"kind": "revoke", "ids": [decision], "reason": "two", "made_by": "test"}, headers=WRITES)
    assert len(client.json("/api/events?limit=5000")["items"]) == number


@pytest.mark.parametrize(("body", "status"), [
    ({"kind": "same", "ids": ["e_0000000000000000", "e_1111111111111111"]}, 404), ({"kind": "retract", "ids": ["a_00"]}, 404),
    ({"kind": "same", "ids": ["e' OR 1=1"]}, 422), ({"kind": "burn", "ids": ["e_00"]}, 422), ({"kind": "same", "ids": []}, 422),
    ({"kind": "revoke", "ids": ["d_00"]}, 404), ({"kind": "revoke", "ids": ["d_00", "d_01"]}, 422),
])
def test_decisions_that_say_nothing_are_refused(served: Served, body: dict[str, object], status: int) -> None:
    answer = served().post("/api/decisions", {**body, "reason": "x", "made_by": "test"}, headers=WRITES)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["hint"]


def test_writing_needs_the_token(served: Served, client: Client) -> None:
    body = {"articles": [{"text": TEXT}]}
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": f"Bearer {TOKEN}x"}):
        answer = served().post("/api/articles", body, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert client.post("/api/articles", body, headers=WRITES).status_code == 403
    assert client.post("/api/decisions", {"kind": "retract", "ids": ["a_0"], "reason": "x", "made_by": "y"}).status_code == 403


def test_what_another_process_adds_is_seen(served: Served, tmp_path: Path, coder: Coder) -> None:
    client = served()
    before = client.json("/api/quality")["counts"]
    world = open_world(tmp_path / "store")
    world.add_coded(*_one(coder))
    world.fold()
    after = client.json("/api/quality")["counts"]
    assert after["articles"] == before["articles"] + 1
    assert after["events"] > before["events"]


def _one(coder: Coder) -> tuple[list[object]]:
    return (list(coder.code(OTHER, "2016-07-09")),)


def test_the_sorted_copy_tells_the_same_as_the_store(served: Served) -> None:
    slow, fast = served(), served(shelf=True)
    paths = ("/api/events?limit=40", "/api/relations/TUR/RUS/stances", "/api/relations/TUR/RUS", "/api/claims?limit=5&actor=RUS", "/api/facts",
             "/api/actors/RUS", "/api/relations/TUR/RUS/brief", "/api/search?q=turkey", "/api/relations?least=2", "/api/events?dataset=*")
    fast.json("/api/health")
    for _ in range(200):
        if fast.app.state.desk.is_shelved:
            break
        time.sleep(0.05)
    assert fast.app.state.desk.is_shelved
    for path in paths:
        assert fast.json(path) == slow.json(path)


def test_texts_can_be_kept_back(served: Served) -> None:
    client = served(keep_text=False)
    ident = client.json("/api/articles?limit=1")["items"][0]["id"]
    whole = client.json(f"/api/articles/{ident}")
    assert whole["article"]["text"] is None
    assert whole["claims"][0]["sentence"]
    assert client.get("/api/articles.csv").text.splitlines()[0].split(",")[0] == "id"


def test_the_index_of_the_search_may_be_kept(served: Served, tmp_path: Path) -> None:
    first = served(search_file=tmp_path / "search.sqlite").json("/api/search?q=turkey")
    assert served(search_file=tmp_path / "search.sqlite").json("/api/search?q=turkey") == first
    assert (tmp_path / "search.sqlite").stat().st_size > 10_000


def test_an_empty_store_is_served_too(tmp_path: Path, coder: Coder) -> None:
    open_world(tmp_path / "empty")
    client = Client(make_app(str(tmp_path / "empty"), ServeSettings(pulse=0, token=TOKEN), coder))
    try:
        for path in ("/api/events", "/api/claims", "/api/relations", "/api/facts", "/api/decisions"):
            assert client.json(path)["items"] == []
        assert client.json("/api/blocs")["day"] is None
        assert client.json("/api/relations/TUR/RUS")["counts"]["happened"] == 0
        assert client.json("/api/search?q=turkey")["actors"]
        assert client.get("/api/relations/TUR/RUS/brief").status_code == 404
        story = next((DATA / "samples" / "thaw").glob("*.txt")).read_text(encoding="utf-8")
        done = client.post("/api/articles", {"articles": [{"text": story}]}, headers=WRITES)
        assert done.status_code == 201
        assert len(client.json("/api/events")["items"]) == done.json()["folded"]["events"]
    finally:
        client.close()
