"""Maps come nearer and open their events; the network goes through its periods. Both have the same in tables, for those without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .conftest import Open
from .server import Site

MAP = ".map-box"


def spots(page: Page) -> dict[str, float]:
    """Where marks stand on the map that is shown, from its left edge."""
    found: dict[str, float] = page.locator(f"{MAP} svg:visible a.spot").evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.getAttribute('href'), one.getBoundingClientRect().left]))"
    )
    return found


def test_a_map_comes_nearer_and_back(open_page: Open, site: Site) -> None:
    page = open_page(site, "/map")
    expect(page.locator(MAP)).to_have_attribute("role", "group")
    before = spots(page)
    assert len(before) > 3
    page.get_by_role("button", name="Nearer").click()
    expect(page.get_by_role("button", name="Further away")).to_be_enabled()
    page.get_by_role("button", name="Nearer").click()
    now = spots(page)
    assert any(abs(now[key] - left) > 5 for key, left in before.items() if key in now)
    page.get_by_role("button", name="All of the map").click()
    expect(page.get_by_role("button", name="Further away")).to_be_disabled()
    assert all(abs(left - before[key]) < 1 for key, left in spots(page).items() if key in before)


def test_a_map_is_used_by_keys(open_page: Open, site: Site) -> None:
    page = open_page(site, "/map")
    expect(page.locator(MAP)).to_have_attribute("tabindex", "0")
    page.locator(MAP).focus()
    page.keyboard.press("+")
    expect(page.get_by_role("button", name="Further away")).to_be_enabled()
    page.keyboard.press("0")
    page.keyboard.press("n")
    expect(page.locator("figure .readout")).to_contain_text(re.compile(r"1 of \d+"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/event/e_|/map\?.*(place|spot)="))


def test_a_place_leads_to_its_event(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/map", script=script)
    page.locator("details", has_text="Places as a table").locator("summary").click()
    page.locator("details table").get_by_role("link", name="Sochi").click()
    if "/event/" not in page.url:
        expect(page.locator("#events")).to_contain_text("Sochi")
        page.locator("section[aria-labelledby=events] td.title a").first.click()
    expect(page).to_have_url(re.compile(r"/event/e_"))
    expect(page.locator(".head .lead")).to_contain_text("Sochi")


def test_a_mark_on_the_map_opens_what_it_shows(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/map?actor=FIN&other=NOR", script=script)
    mark = page.locator(f"{MAP} svg:visible a.spot").first
    address = str(mark.get_attribute("href"))
    mark.click()
    expect(page).to_have_url(re.compile(re.escape(address.split("#", maxsplit=1)[0])))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_map_is_filtered(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/map", script=script)
    page.get_by_label("Party", exact=True).fill("Turkey")
    page.get_by_label("From", exact=True).fill("2016-06")
    page.get_by_label("to", exact=True).fill("2016-06")
    page.get_by_role("main").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("actor=Turkey.*from=2016-06"))
    days = page.locator("table.stack td.day").all_inner_texts()
    assert days
    assert all("Jun 2016" in day or "–" in day for day in days)  # an event that may have been in June is shown, too
    assert page.request.get(page.url.replace("/map?", "/map.svg?")).text().lstrip().startswith("<svg")


def test_the_network_goes_through_its_periods(open_page: Open, site: Site) -> None:
    page = open_page(site, "/network")
    slider = page.get_by_role("slider", name="Period")
    expect(slider).to_be_visible()
    lead = page.locator(".head .lead").inner_text()
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".head .lead")).not_to_have_text(lead)
    expect(page).to_have_url(re.compile(r"/network\?.*="))
    earlier = page.locator(".head .lead").inner_text()
    page.reload()
    expect(page.locator(".head .lead")).to_have_text(earlier)
    page.get_by_role("button", name="The period after").click()
    expect(page.locator(".head .lead")).to_have_text(lead)


def test_the_network_has_steps_without_script(open_page: Open, site: Site) -> None:
    page = open_page(site, "/network", script=False)
    lead = page.locator(".head .lead").inner_text()
    page.locator("#steps a[rel=prev]").click()
    expect(page.locator(".head .lead")).not_to_have_text(lead)
    page.locator("#steps a[rel=next]").click()
    expect(page.locator(".head .lead")).to_have_text(lead)


def test_an_actor_of_the_network_is_reached_by_keys(open_page: Open, site: Site) -> None:
    page = open_page(site, "/network")
    figure = page.locator("figure[data-figure~=network]")
    expect(figure).to_have_attribute("tabindex", "0")
    figure.focus()
    page.keyboard.press("ArrowRight")
    expect(figure.locator(".readout")).to_contain_text(re.compile("ties? here"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("focus=|/actor/"))


def test_a_cell_of_the_matrix_leads_to_the_relation(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/network?at=2016-06", script=script)
    page.locator("table.matrix td a").first.click()
    expect(page).to_have_url(re.compile("/relation/"))
    expect(page.locator("#events td.title a").first).to_be_visible()
