"""Every page as data: the same filters give the same rows, in JSON and CSV; nothing is a formula; what is asked wrongly is an error."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

from .conftest import Document

PAIR = "/relation/TUR/RUS"
PAGES = [
    "/", "/relation", PAIR, f"{PAIR}?from=2016-06&to=2016-07", f"{PAIR}?quad=vc&lane=planned", f"{PAIR}/brief", "/actor/TUR", "/stances",
    "/stances?actor=TUR&at=2016-07-02", "/stances?diff=2016-01-01..2016-07-08", "/memberships", "/agreements?actor=TUR&other=RUS",
    "/between?from=2016-01-01", "/decisions", "/search?q=Sochi", "/quality",
]


def rows(client: TestClient, path: str) -> list[dict[str, str]]:
    """Rows of a CSV."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_leads_to_its_data(client: TestClient, address: str) -> None:
    page = Document.of(client.get(address).text)
    links = [link for link in page.links("/") if link.partition("?")[0].endswith((".json", ".csv")) and "/timeline." not in link]
    assert any(".json" in link for link in links)
    assert any(".csv" in link for link in links)
    query = address.partition("?")[2]
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        assert all(part in link for part in query.split("&")), (link, query)
        again = client.get(link, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


def test_events_of_a_page_and_its_data_are_the_same(client: TestClient) -> None:
    for query in ("?from=2016-06&to=2016-07", "?quad=mx", "?lane=planned", "?way=there"):
        page = Document.of(client.get(f"{PAIR}{query}&n=2000").text.partition('id="events"')[2])
        shown = {link.partition("?")[0].rpartition("/")[2] for link in page.links("/event/")}
        data = client.get(f"{PAIR}.json{query}").json()
        assert shown == {event["id"] for event in data["events"]}
        assert [row["id"] for row in rows(client, f"{PAIR}.csv{query}")] == [event["id"] for event in data["events"]]


def test_days_of_a_figure_are_those_of_its_files(client: TestClient) -> None:
    query = "?from=2016-06-20&to=2016-07-05"
    table = rows(client, f"{PAIR}/timeline.csv{query}")
    columns = client.get(f"{PAIR}/timeline.json{query}").json()["pairs"][0]
    assert columns["first"] == table[0]["day"] == "2016-06-20"
    assert len(table) == len(columns["index"]) == 16
    for place, row in enumerate(table):
        assert (float(row["index"]) if row["index"] else None) == columns["index"][place]
        assert row["index"] == "" or float(row["low"] or -99) <= float(row["index"]) <= float(row["high"] or 99)
    both = rows(client, f"{PAIR}/timeline.csv{query}&with=TUR,SYR")
    assert len(both) == 2 * len(table)
    assert both[: len(table)] == table


def test_ledgers_as_data_have_ids_and_days(client: TestClient) -> None:
    deals = client.get("/agreements.json").json()["agreements"]
    assert deals
    assert all(set(deal["parties"]) and deal["stage"] and deal["facts"] for deal in deals)
    changed = rows(client, "/between.csv?from=2016-01-01&to=2016-07-08&part=agreements")
    assert {row["change"] for row in changed} <= {"new", "changed", "ended"}
    assert {row["id"] for row in changed} <= {deal["id"] for deal in deals}
    assert rows(client, "/between.csv?from=2016-07-08&to=2016-07-08&part=agreements") == []


@pytest.mark.parametrize("path", ["/stances.json?actr=TUR", "/overview.csv?part=everything", f"{PAIR}.json?from=soon", "/stances.csv?at=x"])
def test_what_is_asked_wrongly_is_an_error_in_data(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(("path", "status"), [("/event/e_nope.json", 404), ("/article/a_nope.csv", 404), ("/actor/Nobody.json", 404)])
def test_what_is_not_there_is_not_there_as_data(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_no_cell_is_a_formula(client: TestClient) -> None:
    table = rows(client, "/article/a_00000000000000ff.csv")
    assert table
    assert not any(cell.startswith(("=", "+", "@", "\t")) for row in table for cell in row.values() if cell)
