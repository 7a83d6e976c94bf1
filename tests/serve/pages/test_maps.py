"""Maps: places as exactly as they are known and never more exactly; projections and shapes; the page with its filters."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from detente.knowledge import Knowledge
from detente.knowledge.sphere import EARTH
from detente.serve.pages import grounds
from detente.serve.pages.draw import map as drawing
from detente.serve.pages.draw.map import Content, Ground, Land, Spot, drawn, gathered, told
from detente.serve.pages.draw.projection import View, around, fitting, world
from detente.serve.pages.draw.shapes import Shapes, area, clipped, middle, path
from detente.serve.pages.spots import reach_of

from .conftest import Document

ROOT = Path(__file__).parents[3]
# Two square countries side by side, a small one on an island, and one that lies over the edge of the world.
ARCS = [
    [[10, 0], [0, 10]],  # the border between the two
    [[10, 10], [-10, 0], [0, -10], [10, 0]],
    [[10, 0], [10, 0], [0, 10], [-10, 0]],
    [[40, 40], [0, 0.1], [0.1, 0], [0, -0.1], [-0.1, 0]],
    [[175, -20], [-325, 0], [0, 5], [325, 0], [0, -5]],
]
TOPOLOGY = {
    "type": "Topology", "arcs": ARCS, "transform": {"scale": [1, 1], "translate": [0, 0]},
    "objects": {
        "countries": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "id": "AAA", "arcs": [[0, 1]]}, {"type": "Polygon", "id": "BBB", "arcs": [[-1, 2]]},
            {"type": "Polygon", "id": "TNY", "arcs": [[3]]}, {"type": "MultiPolygon", "id": "FAR", "arcs": [[[4]]]},
        ]},
        "land": {"type": "MultiPolygon", "arcs": [[[1, 2]], [[3]], [[4]]]},
    },
}


@pytest.fixture(scope="module")
def ground() -> Ground:
    """The countries above, of which two contest their border."""
    return Ground(Shapes.of(TOPOLOGY), frozenset({("AAA", "BBB")}))


def view_of(words: str) -> View:
    """A view as web/src/base/projection.ts reads it."""
    kind, *numbers = words.split()
    scale, x, y, *centre = map(float, numbers)
    return View(kind, (1000, 500), scale, x, y, (centre[0], centre[1]) if centre else (0.0, 0.0))


# -- projections --------------------------------------------------------------------------------------------------------


def test_points_lie_where_d3_puts_them() -> None:
    cases: list[dict[str, Any]] = json.loads((ROOT / "web" / "projection-cases.json").read_text("utf-8"))
    assert {case["view"].split()[0] for case in cases} == {"equal-earth", "azimuthal"}
    for case in cases:
        view = view_of(case["view"])
        for lon, lat, x, y in case["points"]:
            assert np.hypot(*np.subtract(view.point(lon, lat), (x, y))) < 0.01, (case["view"], lon, lat)


def test_a_view_is_told_as_the_script_reads_it() -> None:
    for view in (world(1000), around(35.1, 38.4, 600, (640, 400))):
        again = view_of(view.told)
        assert np.allclose(again.point(29, 41), view.point(29, 41), atol=0.01)


@pytest.mark.parametrize("lat", [0.0, 45.0, 70.0])
def test_areas_are_true(lat: float) -> None:
    """A square degree takes as many pixels as its share of the sphere says, wherever it lies."""
    for view in (world(1000), around(100, 30, 3000, (640, 400))):
        corners = np.array([(120, lat), (121, lat), (121, lat + 1), (120, lat + 1)], float)
        x, y = view.place(corners[:, 0], corners[:, 1])
        true = np.radians(1) * (np.sin(np.radians(lat + 1)) - np.sin(np.radians(lat))) * view.scale**2
        assert abs(area(np.column_stack([x, y]))) == pytest.approx(true, rel=0.002)


def test_a_region_holds_its_places_or_is_the_whole_world() -> None:
    size = (640, 400)
    lon, lat = np.array([28.9, 39.7, 37.2]), np.array([41.0, 43.6, 36.2])
    view = fitting(lon, lat, 400, size)
    assert view is not None
    assert all(view.holds(*view.point(*one), -10) for one in zip(lon.tolist(), lat.tolist(), strict=True))
    assert fitting(np.array([-100.0, 0, 100]), np.zeros(3), 400, size) is None
    assert fitting(np.zeros(0), np.zeros(0), 400, size) is None
    over = fitting(np.array([179.0, -179.0]), np.array([-17.0, -18.0]), 400, size)
    assert over is not None
    assert abs(abs(over.centre[0]) - 180) < 1
    assert over.pixels(EARTH) == pytest.approx(over.scale)


# -- shapes -------------------------------------------------------------------------------------------------------------


def test_a_ring_is_cut_at_a_box() -> None:
    square = np.array([(0, 0), (10, 0), (10, 10), (0, 10)], float)
    assert abs(area(clipped(square, (5, 5, 20, 20)))) == pytest.approx(25)
    assert abs(area(clipped(square, (-5, -5, 20, 20)))) == pytest.approx(100)
    assert len(clipped(square, (11, 11, 20, 20))) == 0
    assert middle(square) == pytest.approx((5, 5))


def test_paths_go_from_point_to_point_in_tenths() -> None:
    line = np.array([(1, 1), (1.52, 1), (1.52, 0.5)])
    assert path([line], closed=False) == "M10 10l5 0 0-5"
    assert path([np.array([(1, 1), (1.01, 1.01)])]) == ""


def test_a_border_is_drawn_once_and_a_contested_one_apart(ground: Ground) -> None:
    assert list(ground.shapes.borders) == [("AAA", "BBB")]
    picture = drawn(Content("t", "a", [], [], "p", str), [world(1000)], ground)[0]
    assert re.search(r'class="unsure"[^>]* d="M', picture)
    assert re.search(r'class="border"[^>]* d=""', picture)


def test_land_over_the_edge_of_the_world_is_cut_there(ground: Ground) -> None:
    seen = ground.shapes.seen_in(world(1000))
    parts = seen.country("FAR").count("M")
    assert parts == 2
    near = ground.shapes.seen_in(around(180, -17, 1500, (640, 400)))
    assert near.country("FAR").count("M") == 1


def test_land_on_the_other_side_of_the_earth_is_left_out(ground: Ground) -> None:
    assert ground.shapes.seen_in(around(-170, -5, 800, (640, 400))).country("AAA") == ""


# -- marks --------------------------------------------------------------------------------------------------------------

TOWN = Spot("5.00,5.00", "Town", 5, 5, (1, 2, 3, 4), "/town")
REGION = Spot("5.00,15.00", "Region", 15, 5, (0, 1, 0, 0), "/region", reach=150)


def picture(ground: Ground, spots: list[Spot], lands: list[Land], view: View | None = None) -> str:
    """A map of some places."""
    names = {"AAA": "Aland", "BBB": "Beland"}.__getitem__
    return drawn(Content("Title & more", "about", spots, lands, "m", names), [view or world(1000)], ground)[0]


def test_what_is_known_to_a_region_or_country_is_never_a_point(ground: Ground) -> None:
    made = picture(ground, [REGION], [Land("AAA", "Aland", (0, 0, 1, 2), "/a")])
    assert 'class="spot point"' not in made
    assert 'class="spot region"' in made
    assert 'class="land-conf2"' in made
    assert "half-" not in made


def test_a_region_is_drawn_as_wide_as_it_is(ground: Ground) -> None:
    view = around(15, 5, 500, (640, 400))
    made = picture(ground, [REGION], [], view)
    radius = re.search(r'class="reach"[^>]* r="([\d.]+)"', made)
    assert radius
    assert float(radius[1]) == pytest.approx(view.pixels(150), abs=0.1)


def test_a_country_too_small_to_draw_is_a_square(ground: Ground) -> None:
    made = picture(ground, [], [Land("TNY", "Tiny", (2, 0, 0, 0), "/t", 40, 40), Land("XXX", "Unknown", (0, 0, 0, 1), "/x", 20, 20)])
    assert made.count('class="spot small"') == 2
    assert "square-coop" in made
    assert "square-conf" in made


def test_an_event_of_no_quad_is_drawn_at_its_place(ground: Ground) -> None:
    assert "One" in picture(ground, [Spot("1.00,1.00", "One", 1, 1, (0, 0, 0, 0), "/e")], [])


def test_cooperation_stands_above_and_conflict_below(ground: Ground) -> None:
    made = picture(ground, [TOWN], [])
    halves = dict(re.findall(r'class="(half-mc|vc|half-mx|vx)"[^>]* d="M-[\d.]+ 0A[\d.]+ [\d.]+ 0 0 ([01])', made))
    assert halves == {"half-mc": "1", "vc": "1", "half-mx": "0", "vx": "0"}
    one = picture(ground, [Spot("1.00,1.00", "One", 1, 1, (0, 0, 0, 1), "/e")], [])
    assert re.search(r'class="half-mx"', one)
    assert 'class="vc"' not in one


def test_area_tells_the_count() -> None:
    unit = 4.0
    radii = [float(r) for counts in ((4, 0, 0, 0), (16, 0, 0, 0)) for r in re.findall(r"M-([\d.]+) ", drawing._halves(counts, unit))]
    assert radii == [8.0, 16.0]


def test_words_of_a_mark() -> None:
    assert told(TOWN) == "Town: 10 events, 3 of cooperation, 7 of conflict; 5 of them deeds"
    assert told(REGION) == "somewhere in the region of Region: 1 event, 1 of cooperation"
    assert told(Land("AAA", "Aland", (0, 0, 0, 2), "/")) == "somewhere in Aland: 2 events, 2 of conflict; all of them deeds"


def test_too_many_places_are_put_together_and_none_is_lost() -> None:
    random = np.random.default_rng(3)
    spots = [Spot(f"{n}", f"P{n}", float(lon), float(lat), (1, 0, 0, 0), f"/{n}") for n, (lon, lat) in
             enumerate(zip(random.uniform(-170, 170, 900), random.uniform(-50, 70, 900), strict=True))]
    found = gathered(spots, world(1000), 300)
    assert len(found) <= 300
    assert sum(spot.total for spot in found) == 900
    assert {(spot.lon, spot.lat) for spot in found} <= {(spot.lon, spot.lat) for spot in spots}  # a real place, never a middle
    assert sum(spot.others + 1 for spot in found) == 900
    assert gathered(spots[:300], world(1000), 300) == sorted(spots[:300], key=lambda spot: (-spot.total, spot.key))


def test_the_shapes_of_a_world_are_written_once(ground: Ground) -> None:
    wide, narrow = drawn(Content("t", "a", [TOWN], [], "m", str), [world(1000), world(360)], ground)
    assert 'id="m-ground"' in wide
    assert '<use href="#m-ground" transform="scale(0.3600)"/>' in narrow
    assert "class=\"land\"" not in narrow


# -- knowledge ----------------------------------------------------------------------------------------------------------


def test_how_far_places_reach() -> None:
    known = Knowledge()
    row = {"name": "California", "country": "USA", "lat": 37.0, "lon": -119.5}
    assert 300 < reach_of(known, row) < 700  # nine in ten of its towns
    assert reach_of(known, {"name": "Sinai", "country": "EGY", "lat": 29.5, "lon": 33.8}) == grounds.reaches()["peninsula"]
    assert reach_of(known, {"name": "Middle East", "country": None, "lat": 30.0, "lon": 45.0}) > grounds.reaches()["most"]


def test_contested_borders_are_borders_of_the_shapes() -> None:
    ground = grounds.ground("near")
    assert ground is not None
    assert len(grounds.contested()) >= 15
    assert ground.contested <= set(ground.shapes.borders)


# -- pages --------------------------------------------------------------------------------------------------------------


def test_the_map_shows_the_events_that_its_table_lists(client: TestClient) -> None:
    page = client.get("/map?actor=TUR&other=RUS&quad=vc").text
    document = Document.of(page)
    assert document.links("/event/")
    assert 'class="map-box' in page or "map-box" in page
    rows = list(csv.DictReader(io.StringIO(client.get("/map.csv?actor=TUR&other=RUS&quad=vc").text)))
    assert rows
    assert all(int(row["material_conflict"]) == 0 for row in rows)
    assert sum(int(row["verbal_cooperation"]) for row in rows) == _on_map(page)


def _on_map(page: str) -> int:
    parts = re.search(r'<p class="source">(.*?)\. (?:Not on the map|The area)', page, re.S)
    assert parts
    numbers = re.findall(r"([\d,]+) (?:events? at|known to a region|only to a country)", parts[1])
    return sum(int(number.replace(",", "")) for number in numbers)


def test_a_place_leads_to_its_events(client: TestClient) -> None:
    start = Document.of(client.get("/map").text)
    several = [own["href"] for own in start.all("a") if own.get("class", "").startswith("spot") and "spot=" in own.get("href", "")]
    assert several
    page = client.get(several[0])
    assert page.status_code == 200
    assert "<h1>Map: " in page.text
    assert Document.of(page.text).links("/event/")
    assert "data-view=\"azimuthal" in page.text


def test_wrong_values_of_the_map_are_told(client: TestClient) -> None:
    for query, words in (("view=1,2", "no region"), ("view=95,0,100", "no region"), ("view=nan,0,100", "no region"), ("spot=x", "no place"),
                         ("actor=Nobody", "nobody is called"), ("event=DANCE", "not one of"), ("from=soon", "no day")):
        answer = client.get(f"/map?{query}")
        assert answer.status_code == 200
        assert words in answer.text, query
    assert "No event matches" in client.get("/map?from=1900&to=1901").text


def test_a_view_is_an_address(client: TestClient) -> None:
    page = client.get("/map?view=41,35,800").text
    assert re.search(r'data-view="azimuthal [\d.]+ [\d.]+ [\d.]+ 35\.0000 41\.0000"', page)
    closer = re.search(r'href="(/map\?[^"]*)">Closer<', page)
    assert closer
    assert "view=41.00%2C35.00%2C400" in closer[1]


def test_a_picture_of_its_own_has_its_colours(client: TestClient) -> None:
    picture = client.get("/map.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith("<svg")
    assert 'fill="#ECEEF1"' in picture.text


def test_the_event_says_how_exactly_its_place_is_known(client: TestClient) -> None:
    events = Document.of(client.get("/map?n=500").text).links("/event/")
    pages = [client.get(link).text for link in dict.fromkeys(events)]
    told_ = [re.search(r"Known to the (place itself|region)|Known only to the country", page) for page in pages]
    assert len({match[0] for match in told_ if match}) >= 2


def test_pages_without_shapes_keep_their_tables(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.serve.pages import spots

    monkeypatch.setattr(spots, "ground", lambda level: None)
    page = client.get("/map?quad=vc&n=20")
    assert page.status_code == 200
    assert "are not built here" in page.text
    assert Document.of(page.text).links("/event/")
    assert client.get("/map.svg").text.startswith("<svg")
