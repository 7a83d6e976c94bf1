"""The signed network: places that stay, friends near and foes apart, ties as the relations have them, and its page."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from starlette.testclient import TestClient
from tests.relations.made import acts

from detente.pipeline import Coder
from detente.relations.constants import load_rules
from detente.relations.signed import network, weighed
from detente.serve.app import make_app
from detente.serve.pages import signs
from detente.serve.pages.draw.layout import apart, hull, positions, wished
from detente.serve.pages.draw.network import Node, Tie, drawn
from detente.serve.pages.signs import Cast, periods, usual
from detente.serve.settings import ServeSettings
from detente.world import open_world

from .conftest import Document


def camps(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Cooperation and conflict of two camps of so many actors each."""
    same = np.zeros((2 * size, 2 * size), bool)
    same[:size, :size] = same[size:, size:] = True
    np.fill_diagonal(same, False)
    across = ~same
    np.fill_diagonal(across, False)
    return same * 8.0, across * 8.0


# -- layout -------------------------------------------------------------------------------------------------------------


def test_friends_are_near_and_foes_apart() -> None:
    found = positions(*wished(*camps(4)))
    far = np.sqrt(((found[:, None] - found[None, :]) ** 2).sum(axis=2))
    inside = max(far[:4, :4].max(), far[4:, 4:].max())
    assert inside < far[:4, 4:].min()
    assert found.min() >= 0
    assert found.max() <= 1


def test_the_same_input_gives_the_same_places() -> None:
    random = np.random.default_rng(4)
    cooperation = random.poisson(1.0, (12, 12)).astype(float)
    cooperation = np.triu(cooperation, 1) + np.triu(cooperation, 1).T
    conflict = cooperation[::-1, ::-1].copy()
    np.fill_diagonal(conflict, 0)
    once, again = (positions(*wished(cooperation, conflict)) for _ in range(2))
    assert np.array_equal(once, again)
    assert once[0, 0] <= 0.5
    assert once[0, 1] <= 0.5  # of mirror images always the same one


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_actors_have_places_too(count: int) -> None:
    found = positions(*wished(np.ones((count, count)), np.zeros((count, count))))
    assert found.shape == (count, 2)
    assert np.isfinite(found).all()


def test_circles_are_pushed_apart_and_stay_inside() -> None:
    random = np.random.default_rng(1)
    places, radii = random.uniform(0, 400, (30, 2)), random.uniform(12, 26, 30)
    found = apart(places, radii, (0, 0, 900, 560), 10)
    far = np.sqrt(((found[:, None] - found[None, :]) ** 2).sum(axis=2)) + 1000 * np.eye(30)
    assert (far - radii[:, None] - radii[None, :]).min() > 8
    assert (found - radii[:, None] >= -1e-9).all()
    assert (found + radii[:, None] <= [900, 560]).all()


def test_a_hull_goes_round_all_points() -> None:
    square = np.array([(0, 0), (4, 0), (4, 4), (0, 4), (2, 2), (1, 3)], float)
    assert sorted(map(tuple, hull(square))) == [(0, 0), (0, 4), (4, 0), (4, 4)]
    assert len(hull(square[:1])) == 1


# -- drawing ------------------------------------------------------------------------------------------------------------

NODES = [Node("AAA", "AAA", "Aland", "Aland: <3> events", "/actor/AAA", 0, 0, 9, "A"),
         Node("BBB", "BBB", "Bland", "Bland", "/actor/BBB", 1, 0, 4, "A"),
         Node("some-group", "Some group", "Some group", "Some group", "/actor/some-group", 1, 1, 1, here=False, square=True)]


def test_signs_need_no_colour() -> None:
    ties = [Tie(0, 1, -1, 2, "at odds", "/r"), Tie(1, 2, 1, 0, "close", "/s"), Tie(0, 2, 0, 1, "who knows", "/t")]
    made = drawn(NODES, ties, "T", "about")
    assert len(re.findall(r'class="tie-bar"', made)) == 1
    assert 'class="tie-down" fill="none" stroke="#A33A06" stroke-dasharray="6 4"' in made
    assert re.search(r'class="tie-up" fill="none" stroke="#0A4F78"(?! stroke-dasharray)', made)
    assert 'class="tie-unsure"' in made
    assert "Aland: &lt;3&gt; events" in made
    assert made.count('class="node-of') == 3
    assert "node-away" in made
    assert "<rect" in made


def test_nodes_stand_where_they_stand_whatever_the_ties() -> None:
    spots = [re.findall(r'data-actor="([^"]+)" data-bloc="\w*" transform="(translate\([^)]*\))', drawn(NODES, ties, "T", "about"))
             for ties in ([], [Tie(0, 1, 1, 1, "x", "/")], [Tie(1, 2, -1, 2, "y", "/")])]
    assert spots[0] == spots[1] == spots[2]
    assert len(spots[0]) == 3


# -- what it shows ------------------------------------------------------------------------------------------------------


def test_pairs_of_no_sure_sign_are_kept_beside_the_network() -> None:
    both = [(f"2016-{month:02}-0{day}", 5.0 if (month + day) % 2 else -5.0) for month in range(1, 7) for day in range(1, 9)]
    good = [(f"2016-0{month}-12", 6.0) for month in range(1, 7)] * 2
    table = pa.concat_tables([acts(good, "AAA", "BBB", prefix="a"), acts(both, "CCC", "DDD", prefix="b")])
    day, rules = date(2016, 7, 1), load_rules()
    found = weighed(table, day, rules)
    assert [(found.actors[e.one], found.actors[e.other], e.low > 0 or e.high < 0) for e in found.edges] == [("AAA", "BBB", True),
                                                                                                            ("CCC", "DDD", False)]
    sure = network(table, day, rules)
    assert sure.actors == ("AAA", "BBB")
    assert sure.matrix[0, 1] == sure.edges[0].index
    assert sure.replicates.shape[0] == 1


def cast(first: date | None, last: date | None) -> Cast:
    """A cast of nobody between two days."""
    return Cast((), (), np.zeros((0, 2)), 0, first, last)


def test_periods_reach_from_the_first_to_the_last_day() -> None:
    found = periods(cast(date(2015, 11, 24), date(2016, 7, 8)), "quarter")
    assert [one.key for one in found] == ["2015-Q4", "2016-Q1", "2016-Q2", "2016-Q3"]
    assert (found[0].begin, found[0].end, found[-1].end) == (date(2015, 10, 1), date(2015, 12, 31), date(2016, 7, 8))
    assert [one.told for one in periods(cast(date(2015, 12, 31), date(2016, 1, 1)), "month")] == ["December 2015", "January 2016"]
    assert [one.key for one in periods(cast(date(2015, 12, 31), date(2016, 1, 1)), "year")] == ["2015", "2016"]
    assert len(periods(cast(date(1900, 1, 1), date(2016, 1, 1)), "month")) == signs.MOST_PERIODS["month"]
    assert periods(cast(None, None), "year") == []


def test_the_step_of_time_suits_the_store() -> None:
    assert usual(cast(date(2016, 1, 1), date(2017, 1, 1))) == "month"
    assert usual(cast(date(2012, 1, 1), date(2017, 1, 1))) == "quarter"
    assert usual(cast(date(1990, 1, 1), date(2017, 1, 1))) == "year"
    assert usual(cast(None, None)) == "month"


# -- pages --------------------------------------------------------------------------------------------------------------


def spots_of(page: str) -> dict[str, str]:
    """Where each actor stands in the widest drawing."""
    wide = page[page.index('class="w960 network"'):].partition("</svg>")[0]
    return dict(re.findall(r'data-actor="([^"]+)"[^>]* transform="(translate\([^)]*\))', wide))


def test_places_are_the_same_in_all_periods(client: TestClient) -> None:
    page = client.get("/network?by=quarter").text
    steps = Document.of(page).links(r"/network\?")
    other = next(link for link in steps if "at=" in link)
    before = client.get(other).text
    assert spots_of(page)
    assert spots_of(page) == spots_of(before)
    assert {"RUS", "TUR"} <= set(spots_of(page))


def test_a_tie_leads_to_its_relation_and_an_actor_to_its_page(client: TestClient) -> None:
    document = Document.of(client.get("/network").text)
    ties = [own for own in document.all("a") if own.get("class") == "tie"]
    assert ties
    assert all(own["href"].startswith(f"/relation/{'/'.join(sorted((own['data-one'], own['data-other'])))}?") for own in ties)
    assert client.get(ties[0]["href"]).status_code == 200
    assert document.links("/actor/TUR")


def test_an_actor_can_be_looked_at_alone(client: TestClient) -> None:
    page = client.get("/network?focus=Turkey").text
    assert "<h1>Network: Turkey</h1>" in page
    assert set(spots_of(page)) < set(spots_of(client.get("/network").text))
    own = client.get("/actor/TUR").text
    assert "Friends and foes" in own
    assert 'class="w640 network"' in own


def test_wrong_values_of_the_network_are_told(client: TestClient) -> None:
    for query, words in (("at=1850", "nothing is known of that time"), ("at=soon", "no day"), ("by=week", "not one of"),
                         ("focus=Nobody", "nobody is called"), ("focus=JPN", "not among the actors")):
        answer = client.get(f"/network?{query}")
        assert answer.status_code == 200
        assert words in answer.text, query
    assert client.get("/network?at=2016-06-15").text.count('aria-current="true"') >= 2  # any day names its period
    assert client.get("/network?moves=1").status_code == 200


def test_an_empty_network_is_told(tmp_path: Path, coder: Coder) -> None:
    from detente.records import Article

    world = open_world(tmp_path / "store")
    world.add([Article("a_00000000000000aa", "Peru praised its army on Monday.", "One", "Paper", None, date(2016, 7, 2))], coder)
    world.fold()
    with TestClient(make_app(str(tmp_path / "store"), ServeSettings(allowed_hosts=("testserver",), shelf=False), coder)) as client:
        answer = client.get("/network")
        assert answer.status_code == 200
        assert "there is no network" in answer.text
        assert client.get("/network?focus=PER&at=2016&by=year&moves=1").status_code == 200
