"""The main task of every other page, with scripts and without."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from detente.world import open_world

from . import articles
from .conftest import Open
from .server import Site, serving


def test_a_ledger_is_filtered(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/stances", script=script)
    rows = page.locator("table.stack tbody tr")
    many = rows.count()
    assert many > 3
    page.get_by_label("Party", exact=True).fill("Turkey")
    page.get_by_role("main").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("actor=Turkey"))
    assert 0 < rows.count() < many
    for told in rows.all_inner_texts():
        assert "Turkey" in told
    page.get_by_role("list", name="Only").get_by_role("link").first.click()
    expect(page.get_by_role("list", name="Only").locator("[aria-current=true]")).to_have_count(1)
    page.locator("details summary", has_text="report").first.click()
    page.locator("details[open] li a").first.click(position={"x": 2, "y": 9})  # the quotation mark belongs to the link
    expect(page).to_have_url(re.compile("/article/a_"))
    expect(page.locator(".sent.lit")).to_be_in_viewport()


def test_two_days_are_compared(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/stances", script=script)
    page.get_by_role("list", name="Ledgers").get_by_role("link", name="Between two days").click()
    page.get_by_label("Told by this day").fill("2016-05-31")
    page.get_by_label("and by this day").fill("2016-07-10")
    page.get_by_role("main").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("from=2016-05-31.*to=2016-07-10"))
    expect(page.locator(".diff li").first).to_be_visible()
    assert page.locator(".diff .new li").count() > 0
    # The other way to ask: on one ledger's own page.
    page.goto("/stances")
    page.get_by_label("or what changed between").fill("2016-01-01..2016-07-05")
    page.get_by_role("main").get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name=re.compile("New"))).to_be_visible()


def test_a_stage_of_an_agreement_leads_to_its_sentence(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/agreements", script=script)
    page.locator(".stages a").first.click()
    expect(page).to_have_url(re.compile("/article/a_"))
    expect(page.locator(".sent.lit")).to_be_in_viewport()


def test_a_text_is_tried(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/try", script=script)
    page.get_by_label(re.compile("^Text, up to")).fill(f"Norway condemned Iceland on Monday. {articles.ODD} It rained.")
    page.get_by_label(re.compile("^Day of publication")).fill("2016-07-05")
    page.get_by_role("button", name="Code it").click()
    card = page.locator(".card").first
    expect(card).to_contain_text("Norway")
    expect(card).to_contain_text("4 Jul 2016")
    card.locator("summary").click()
    expect(card.locator("ol.why li").first).to_be_visible()
    expect(page.get_by_role("heading", name="Sentences that gave nothing")).to_be_visible()
    expect(page.locator(".text")).to_contain_text("<script>alert(1)</script>")


def test_a_day_that_is_none_is_told_beside_the_form(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/try", script=script, expected=(422,))
    page.get_by_label(re.compile("^Text, up to")).fill("Norway condemned Iceland.")
    page.get_by_label(re.compile("^Day of publication")).fill("yesterdayish")
    page.get_by_role("button", name="Code it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label(re.compile("^Text, up to"))).to_have_value(re.compile("Norway condemned"))


def test_quality_tells_versions_and_floors(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/", script=script)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Quality").click()
    expect(page.get_by_role("heading", name="Accuracy that a release must reach")).to_be_visible()
    told = site.json("/api/quality")
    expect(page.get_by_role("main")).to_contain_text(told["knowledge"])


def test_words_are_searched(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/search", script=script)
    page.get_by_label("Look for").fill('"package tours"')
    page.get_by_role("main").get_by_role("button", name="Find").click()
    hit = page.locator("section[aria-labelledby=se] li a", has=page.locator("mark")).first
    expect(hit).to_contain_text("package tours")
    hit.click()
    expect(page.locator(".sent.lit")).to_contain_text("package tours")
    page.goto("/search?q=zzzz")
    expect(page.get_by_text(re.compile("^No sentence"))).to_be_visible()


def test_colours_are_chosen_and_kept(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/quality", script=script)
    look = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(look)
    page.get_by_role("button", name="dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(look) != light
    page.goto("/stances")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="as the system").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
    assert page.evaluate(look) == light


def test_an_article_ties_words_to_cards(open_page: Open, site: Site, script: bool) -> None:
    article = site.json("/api/search?q=condolences&limit=1")["items"][0]["article"]
    page = open_page(site, f"/article/{article}", script=script)
    mark = page.locator(".text a.s").first
    mark.click()
    expect(page.locator(".card:target, .card.lit, .card.on").first).to_be_in_viewport()


def test_an_address_that_is_none_says_so_and_helps(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/relations/turkey", script=script, expected=(404,))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("404")
    page.get_by_label("Look for it by its words").fill("Turkey")
    page.get_by_role("main").get_by_role("button", name="Find").click()
    page.get_by_role("main").get_by_role("link", name="Turkey").first.click()
    expect(page).to_have_url(re.compile("/actor/TUR"))


def test_a_word_of_an_address_that_is_not_understood_is_told(open_page: Open, site: Site, script: bool) -> None:
    page = open_page(site, "/relation/TUR/RUS?fromm=2016", script=script)
    bar = page.get_by_role("status").filter(has_text="fromm")
    expect(bar).to_contain_text("from")
    bar.get_by_role("link").click()
    expect(page.get_by_role("status").filter(has_text="fromm")).to_have_count(0)


def test_an_empty_store_says_how_to_fill_it(open_page: Open, tmp_path: Path) -> None:
    open_world(tmp_path / "store")
    with serving(tmp_path / "store", tmp_path / "server.txt") as empty:
        page = open_page(empty)
        expect(page.get_by_text("detente add STORE")).to_be_visible()
        for path in ("/relation/TUR/RUS", "/actor/TUR", "/map", "/network", "/stances", "/quality"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("path", ["/relation/IRN/TUR", "/actor/IRN", "/search?q=alert", "/relation/IRN/TUR/brief", "/decisions"])
def test_script_in_an_article_stays_text(open_page: Open, site: Site, path: str) -> None:
    page = open_page(site, path)
    page.on("dialog", lambda dialog: pytest.fail(f"a script of an article ran: {dialog.message}"))
    assert page.locator("main img, main script, main svg script").count() == 0


def test_an_article_with_script_is_shown_as_it_is_written(open_page: Open, site: Site) -> None:
    ident = next(one["id"] for one in site.json("/api/articles?limit=100")["items"] if one["publisher"] == articles.FORMULA)
    page = open_page(site, f"/article/{ident}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>alert(1)</script>")
    expect(page.locator(".text")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("main img, main script").count() == 0


def test_no_cell_of_a_table_that_is_saved_is_a_formula(open_page: Open, site: Site) -> None:
    page = open_page(site, "/relation/IRN/TUR", script=False)
    links = page.get_by_role("list", name="This page as data").get_by_role("link", name=re.compile("CSV"))
    addresses = [str(one.get_attribute("href")) for one in links.all()]
    assert len(addresses) > 3
    ident = next(one["id"] for one in site.json("/api/articles?limit=100")["items"] if one["publisher"] == articles.FORMULA)
    seen = 0
    for address in [
        *addresses,
        f"/article/{ident}.csv",
        "/search.csv?q=condemned",
        "/api/articles.csv?limit=100",
        "/api/claims.csv?limit=500",
    ]:
        answer = page.request.get(address)
        assert answer.status == 200, address
        for row in csv.reader(io.StringIO(answer.text().removeprefix("\ufeff"))):
            for cell in row:
                seen += "HYPERLINK" in cell
                assert not re.match(r"[=+@\t\r]|-(?![\d.])", cell), (address, cell)
    assert seen


def test_every_twin_of_a_page_is_data(open_page: Open, site: Site) -> None:
    page = open_page(site, "/stances", script=False)
    address = page.get_by_role("list", name="This page as data").get_by_role("link", name="JSON").get_attribute("href")
    assert json.loads(page.request.get(str(address)).text())
