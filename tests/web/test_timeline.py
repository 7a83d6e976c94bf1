"""The time line of a relation: nearer and further by mouse, keys and address, compared with other pairs, saved as real files."""

from __future__ import annotations

import csv
import json
import re
import struct
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Download, Page, expect

from .conftest import Open
from .server import Site

PAIR = "/relation/TUR/RUS"
PLOT = "#figure .plot"


def span(page: Page) -> tuple[str, str]:
    """The days that an address asks for."""
    asked = parse_qs(urlsplit(page.url).query)
    return asked.get("from", [""])[0], asked.get("to", [""])[0]


def shown_picture(page: Page) -> tuple[float, float, float, float]:
    """Where the picture is that is shown: left, top, width, height."""
    box = page.locator(f"{PLOT} > svg:visible").first.bounding_box()
    assert box
    return box["x"], box["y"], box["width"], box["height"]


def place_of(page: Page, day: str) -> float:
    """Where a day stands in the picture, in pixels of the page, as the axis tells it."""
    found: float = page.locator(f"{PLOT} > svg:visible").first.evaluate(
        """(picture, day) => {
          const [from, to] = picture.dataset.x.split(" ").map(Number), [first, last] = picture.dataset.days.split(" ");
          const edge = picture.getBoundingClientRect(), scale = edge.width / picture.viewBox.baseVal.width;
          const share = (Date.parse(day) - Date.parse(first)) / (Date.parse(last) - Date.parse(first) + 864e5);
          return edge.left + scale * (from + share * (to - from));
        }""",
        day,
    )
    return found


def test_june_is_drawn_out_with_the_mouse(open_page: Open, site: Site) -> None:
    page = open_page(site, f"{PAIR}?from=2016-01-01&to=2016-07-10")
    expect(page.locator(PLOT)).to_have_attribute("role", "group")  # the figure has begun to move
    page.locator(PLOT).scroll_into_view_if_needed()
    _, top, _, height = shown_picture(page)
    left, right = place_of(page, "2016-06-01"), place_of(page, "2016-07-01")
    page.mouse.move(left + 1, top + height / 2)
    page.mouse.down()
    page.mouse.move((left + right) / 2, top + height / 2, steps=4)
    expect(page.locator("#figure .readout")).to_contain_text("Let go to see only these")
    page.mouse.move(right - 1, top + height / 2, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("from=2016-0[56]"))
    first, last = span(page)
    assert "2016-05-30" <= first <= "2016-06-02"
    assert "2016-06-29" <= last <= "2016-07-01"
    expect(page.get_by_label("From", exact=True)).to_have_value(first)
    days = page.locator("#events table.stack td.day time").evaluate_all("all => all.map(one => one.dateTime)")
    assert days
    assert all(first <= day[:10] <= last for day in days if len(day) == 10)
    page.reload()  # the address alone shows the same
    expect(page.get_by_label("From", exact=True)).to_have_value(first)


def test_keys_come_nearer_move_and_open(open_page: Open, site: Site) -> None:
    page = open_page(site, PAIR)
    plot = page.locator(PLOT)
    expect(plot).to_have_attribute("tabindex", "0")
    plot.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#figure .readout")).to_contain_text(re.compile(r"\d{4} · .+ · "))
    expect(page.locator("#picked")).to_be_visible()
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile("from="))
    near = span(page)
    expect(page.locator(PLOT)).to_be_focused()  # the focus stays in the figure though the server drew it anew
    page.keyboard.press("]")
    expect(page).not_to_have_url(re.compile(f"from={near[0]}&"))
    assert span(page)[0] > near[0]
    expect(page.get_by_label("From", exact=True)).to_have_value(span(page)[0])  # what was fetched is in its place
    expect(page.locator(PLOT)).to_be_focused()
    later = span(page)
    page.keyboard.press("[")
    expect(page).not_to_have_url(re.compile(f"from={later[0]}&"))
    assert span(page)[0] < later[0]
    expect(page.locator(PLOT)).to_be_focused()  # a key that comes before the new figure has the focus would be lost
    page.keyboard.press("0")
    expect(page).not_to_have_url(re.compile("from="))
    expect(page.locator(PLOT)).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/event/e_"))


def test_a_mark_opens_its_event(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, f"{PAIR}?from=2016-06&to=2016-06", script=script)
    mark = page.locator(f'{PLOT} > svg:visible a[href^="/event/"]').first
    address = mark.get_attribute("href")
    mark.scroll_into_view_if_needed()
    mark.click()
    expect(page).to_have_url(re.compile(re.escape(str(address))))


def test_a_link_for_a_span_needs_no_script(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, PAIR, script=script)
    page.get_by_role("list", name="Time").get_by_role("link").last.click()
    expect(page.get_by_role("list", name="Time").locator("[aria-current=true]")).to_have_count(1)


def test_a_pair_is_put_beside_another(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, PAIR, script=script)
    page.get_by_label("Two parties, names or codes").fill("Turkey, United States")
    page.get_by_role("button", name="Put it beside").click()
    expect(page).to_have_url(re.compile("with="))
    table = page.locator("#figure table").first
    expect(table).to_contain_text("United States")
    table.get_by_role("link", name=re.compile("leave out", re.IGNORECASE)).first.click()
    expect(page).not_to_have_url(re.compile("with=[^&]"))


def saved(page: Page, words: str) -> Path:
    """Opens the menu at the figure and saves in one of its forms."""
    menu = page.locator("#figure details.save")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    with page.expect_download() as held:
        menu.get_by_text(words, exact=False).first.click()
    done: Download = held.value
    path = Path(done.path())
    assert re.fullmatch(r"detente-[\w-]+\.\w+", done.suggested_filename), done.suggested_filename
    return path


def test_the_figure_is_saved_as_picture_and_as_data(open_page: Open, site: Site) -> None:
    page = open_page(site, f"{PAIR}?from=2016-06&to=2016-06")
    expect(page.locator(PLOT)).to_have_attribute("role", "group")
    page.locator("#figure details.save summary").click()
    expect(page.locator("#figure details.save").get_by_text("PNG")).to_be_visible()

    drawn = ElementTree.parse(saved(page, "SVG")).getroot()
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    words = " ".join(drawn.itertext())
    assert "Turkey" in words
    assert "Russia" in words
    text = ElementTree.tostring(drawn, "unicode")
    assert not re.search(r"<script|\son\w+=|javascript:", text)

    raw = saved(page, "PNG").read_bytes()
    assert raw.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", raw[16:24])
    assert width >= 600
    assert height >= 200
    assert len(raw) > 5000  # not an empty sheet

    with saved(page, "CSV").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    assert len(rows) > 20
    assert any("2016-06" in cell for row in rows[1:] for cell in row)
    assert {len(row) for row in rows[1:]} == {len(rows[0])}


@pytest.mark.parametrize("ending", ["svg", "csv", "json"])
def test_files_of_the_figure_need_no_script(open_page: Open, site: Site, ending: str) -> None:
    page = open_page(site, f"{PAIR}?from=2016-06&to=2016-06", script=False)
    link = page.locator(f'#figure details.save a[href*="timeline.{ending}"]').get_attribute("href")
    assert link
    answer = page.request.get(link)
    assert answer.status == 200
    body = answer.text()
    if ending == "svg":
        assert ElementTree.fromstring(body).tag.endswith("svg")
    elif ending == "json":
        assert json.loads(body)["pairs"]
    else:
        assert body.count("\n") > 20
