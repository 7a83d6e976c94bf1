"""Correcting, as a person would: see what is wrong, say why, see that it sticks, take it back. All of it works without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from detente.world import open_world

from .conftest import Open
from .server import TOKEN, Site

SLOW = 90_000  # milliseconds that working out anew may take on a busy machine
WRONG = "Iceland expelled the ambassador of Portugal"  # in a film


def sign_in(page: Page, name: str = "Ada") -> None:
    """Fills in the form that asks for the token; comes back to where one was."""
    page.get_by_label("Your name or initials").fill(name)
    page.get_by_label("Token of this server").fill(TOKEN)
    page.get_by_role("button", name="Sign in").click()


def write_down(page: Page, reason: str) -> None:
    """Says why, and writes; signs in first where that is asked for."""
    expect(page.locator("#reason, #token")).to_be_visible()
    if page.get_by_label("Token of this server").count():
        sign_in(page)
    page.get_by_label(re.compile("^Why")).fill(reason)
    page.get_by_role("button", name=re.compile("^Write it down")).click(timeout=SLOW)
    expect(page.get_by_text("Noted, and worked out anew")).to_be_visible(timeout=SLOW)


def take_back(page: Page, told: str, reason: str) -> None:
    """Takes the decision back that was told so."""
    decision = page.locator(".decisions > li").filter(has=page.locator("p.quote", has_text=told)).filter(has_text="take it back")
    decision.get_by_role("link", name="take it back").first.click()
    write_down(page, reason)


def day_of(site: Site, event: str) -> str:
    """The day that the API gives for an event."""
    return str(site.json(f"/api/events/{event}")["event"]["date"])


def events(site: Site, query: str) -> list[str]:
    """Ids of events."""
    return [row["id"] for row in site.json(f"/api/events?limit=500&{query}")["items"]]


def test_a_claim_that_was_read_wrongly_is_rejected_and_stays_so(open_page: Open, own_site: Site, script: bool) -> None:
    page = open_page(own_site, "/relation/ISL/PRT", script=script, expected=(401,))
    wrong = page.locator("#events td.title a", has_text="expel")
    expect(wrong).to_have_count(1)
    wrong.click()
    page.get_by_role("link", name=re.compile(WRONG)).first.click()
    card = page.locator(".card", has_text="expel").first
    card.get_by_role("link", name=re.compile("read wrongly")).click()
    expect(page.get_by_text(WRONG).first).to_be_visible()  # what would change is shown before it is written
    write_down(page, "this is told of a film")
    page.goto("/relation/ISL/PRT")
    expect(wrong).to_have_count(0)
    assert not events(own_site, "event=SANCTION&actor=ISL&other=PRT")
    # Working everything out anew does not bring it back, nor does news about others.
    open_world(own_site.store).fold(anew=True)
    own_site.add({"text": "Norway praised Finland.", "published": f"2016-07-1{int(script)}", "title": f"More from the north {script}"})
    page.reload()
    expect(wrong).to_have_count(0)
    page.goto("/decisions")
    expect(page.locator(".decisions li").first).to_contain_text("this is told of a film")
    expect(page.locator(".decisions li").first).to_contain_text("Ada")
    take_back(page, "this is told of a film", "so that the next one finds it")
    assert events(own_site, "event=SANCTION&actor=ISL&other=PRT")


def test_a_value_is_corrected(open_page: Open, own_site: Site) -> None:
    ident = events(own_site, "event=ACCUSE&actor=SWE&other=FIN")[0]
    before = day_of(own_site, ident)
    page = open_page(own_site, f"/event/{ident}")
    row = page.locator("section[aria-labelledby=values] tr", has=page.locator("#v-date"))
    row.locator("summary", has_text="Correct").click()
    page.get_by_label("The day").fill("2016-07-05")
    row.get_by_role("button", name="Go on").click()
    write_down(page, "it was on Tuesday")
    expect(page.locator(".head .lead")).to_contain_text("5 Jul 2016")
    page.reload()
    expect(page.locator(".head .lead")).to_contain_text("5 Jul 2016")
    now = page.url.split("/event/")[1].split("?")[0].split("#")[0]
    assert day_of(own_site, now) == "2016-07-05"
    take_back(page, "it was on Tuesday", "it was on Wednesday after all")
    assert day_of(own_site, events(own_site, "event=ACCUSE&actor=SWE&other=FIN")[0]) == before


def test_two_events_are_put_together_and_taken_apart(open_page: Open, own_site: Site) -> None:
    query = "event=CONSULT&actor=CHL&other=PER"
    one, other = events(own_site, query)[:2]
    page = open_page(own_site, f"/event/{one}", script=False)
    page.get_by_role("link", name="Put it together with another event").click()
    page.locator(f'input[type=checkbox][name=ids][value="{other}"]').check()
    page.get_by_role("button", name="Go on").click()
    write_down(page, "one visit, told twice")
    assert len(events(own_site, query)) == 1
    expect(page.locator(".claims .card")).to_have_count(2)
    page.goto(f"/event/{other}")  # both old addresses lead on
    page.goto(f"/event/{one}")
    expect(page).to_have_url(re.compile("/event/" + events(own_site, query)[0]))
    # Taken apart again by ticking what belongs elsewhere.
    page.get_by_label("not this event").last.check()
    page.get_by_role("button", name="Take the ticked reports out").click()
    write_down(page, "two meetings")
    assert len(events(own_site, query)) == 2
    for told in ("two meetings", "one visit, told twice"):
        page.goto("/decisions")
        take_back(page, told, f"not so: {told[:3]}")
    assert sorted(events(own_site, query)) == sorted([one, other])


def test_nothing_is_written_without_the_token(open_page: Open, own_site: Site, script: bool) -> None:
    ident = events(own_site, "actor=NOR&other=FIN")[0]
    page = open_page(own_site, f"/event/{ident}", script=script, expected=(401,))
    page.get_by_role("link", name="Reject it: it is no event").click()
    page.get_by_label("Your name or initials").fill("Eve")
    page.get_by_label("Token of this server").fill("a-guess-that-is-wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not the token")
    assert ident in events(own_site, "actor=NOR&other=FIN")


def test_one_signs_in_and_out(open_page: Open, own_site: Site, script: bool) -> None:
    page = open_page(own_site, "/sign-in?back=/stances", script=script)
    sign_in(page)
    expect(page).to_have_url(own_site.to("/stances"))
    page.goto("/sign-in")
    expect(page.get_by_text("signed in as Ada")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in")
    expect(page.get_by_label("Token of this server")).to_be_visible()


def test_a_correction_by_keyboard_alone(open_page: Open, own_site: Site) -> None:
    ident = events(own_site, "event=ACCUSE&actor=SWE&other=FIN")[0]
    page = open_page(own_site, f"/event/{ident}", expected=(410,))  # what is rejected is gone, and its page says so

    def to(test: str, most: int = 200) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate(f"() => (one => {test})(document.activeElement)"):
                return
        pytest.fail(f"Tab never came to {test}")

    to('one.textContent.trim() === "Reject it: it is no event"')
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/decide"))
    to('one.id === "name"')
    page.keyboard.type("Ada")
    to('one.id === "token"')
    page.keyboard.type(TOKEN)
    page.keyboard.press("Enter")
    expect(page.locator("#reason")).to_be_visible()
    to('one.id === "reason"')
    page.keyboard.type("by keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Noted, and worked out anew")).to_be_visible(timeout=SLOW)
    assert not events(own_site, "event=ACCUSE&actor=SWE&other=FIN")
