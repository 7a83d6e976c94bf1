"""From the start to the evidence, as a person would go: find the pair, look at June 2016, open the event, reach the sentence."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Open
from .server import Site
from .watching import focused

PAIR = "/relation/TUR/RUS"
CALL = re.compile("spoke|telephone|talk", re.IGNORECASE)


def rows(page: Page) -> list[str]:
    """Days of the events that a page lists."""
    return [one for one in page.locator("table.stack td.day time").evaluate_all("all => all.map(one => one.dateTime)") if one]


def at_evidence(page: Page) -> None:
    """The page is an article, opened at a sentence that is lit and in view."""
    expect(page).to_have_url(re.compile(r"/article/a_[0-9a-f]+\?.*claim=c_"))
    lit = page.locator(".sent.lit")
    expect(lit).to_have_count(1)
    expect(lit).to_be_in_viewport()
    assert lit.inner_text().strip()
    expect(page.locator(".card.lit")).to_have_count(1)


def test_three_clicks_from_the_start_to_the_evidence(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/?since=2016-06-01&to=2016-07-10", script=script)
    clicks = 0
    page.locator("#events ~ div table.stack td.title a, section[aria-labelledby=events] td.title a").first.click()
    clicks += 1
    expect(page).to_have_url(re.compile(r"/event/e_"))
    page.locator("blockquote.quote a").first.click()
    clicks += 1
    at_evidence(page)
    assert clicks < 3  # the third leads to the publisher's own page, where the article has an address


def test_from_a_start_without_any_address_a_pair_is_three_clicks_from_its_evidence(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/", script=script)
    page.get_by_role("link", name=re.compile("^(Turkey, Russia|Russia, Turkey|Turkey.*Russia|Russia.*Turkey) ?\\d+$")).first.click()
    expect(page).to_have_url(re.compile("/relation/(TUR/RUS|RUS/TUR)"))
    page.locator("#events td.title a").first.click()
    page.locator("blockquote.quote a").first.click()
    at_evidence(page)


def test_a_pair_is_found_by_its_names_and_june_by_its_days(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/", script=script)
    page.get_by_role("searchbox", name="Find an actor, a pair or words").fill("Turkey Russia")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("Turkey.*Russia|Russia.*Turkey")).first.click()
    expect(page).to_have_url(re.compile("/relation/(TUR/RUS|RUS/TUR)"))
    page.get_by_label("From", exact=True).fill("2016-06-01")
    page.get_by_label("to", exact=True).fill("2016-06-30")
    page.locator(".times").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("from=2016-06-01.*to=2016-06-30"))
    expect(page.locator("#fig-t")).to_contain_text("2016")
    days = rows(page)
    assert days
    assert all(day.startswith("2016-06") for day in days)
    page.locator("#events td.title a", has_text=CALL).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("Russia|Turkey"))
    page.locator("blockquote.quote a").first.click()
    at_evidence(page)


def test_an_address_that_was_sent_shows_the_same_view(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, f"{PAIR}?from=2016-06&to=2016-06", script=script)
    days = rows(page)
    assert days
    assert all(day.startswith("2016-06") for day in days)
    expect(page.get_by_label("From", exact=True)).to_have_value("2016-06-01")
    expect(page.get_by_label("to", exact=True)).to_have_value("2016-06-30")


def tab_to(page: Page, selector: str, most: int = 150) -> int:
    """Presses Tab until what fits the selector has the focus; how often. Each stop must be in view and have a visible outline."""
    for n in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", selector):
            found = focused(page)
            assert found["seen"], found
            assert found["outline"] >= 2, found
            return n
    pytest.fail(f"Tab never came to {selector}")


def test_the_whole_way_by_keyboard_alone(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/", script=script)
    page.keyboard.press("Tab")
    assert focused(page)["href"] == "#main"  # the first stop jumps over the navigation
    tab_to(page, "#q")
    page.keyboard.type("Turkey Russia")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, "main section[aria-labelledby=pa] a")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/relation/"))
    tab_to(page, "#from")
    page.keyboard.type("06012016")
    tab_to(page, "#to")
    page.keyboard.type("06302016")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("from=2016-06-01.*to=2016-06-30"))
    tab_to(page, "#events td.title a", 300)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/event/"))
    tab_to(page, "blockquote.quote a")
    page.keyboard.press("Enter")
    at_evidence(page)
