"""What scripts add, in a real browser: zooming by mouse, keys and address, cards, saving figures, colours; and the same without script.

Needs Playwright and a Chromium of the system, and the figures built; where one is missing these tests are skipped.
"""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from detente.pipeline import Coder
from detente.serve.app import make_app
from detente.serve.pages.bundle import bundle
from detente.serve.settings import ServeSettings

from ..conftest import TOKEN

api = pytest.importorskip("playwright.sync_api")
uvicorn = pytest.importorskip("uvicorn")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None or not bundle().script, reason="no Chromium here, or the figures are not built")
PAIR = "/relation/TUR/RUS"


@contextmanager
def running(store: Path, coder: Coder) -> Iterator[str]:
    """The address of a server of a store."""
    settings = ServeSettings.model_validate({"token": TOKEN, "posts_at_once": 1000, "shelf": False, "workers": 2, "pulse": 0})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(make_app(str(store), settings, coder), port=port, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="module")
def served(sample: Path, coder: Coder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a copy of the sample store, which may be written to."""
    place = tmp_path_factory.mktemp("moving") / "store"
    shutil.copytree(sample, place)
    with running(place, coder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser."""
    with api.sync_playwright() as tool:
        found = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Any, served: str) -> Iterator[Any]:
    """A page in which nothing may go wrong: no error, no line of the console, no request elsewhere."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, base_url=served, accept_downloads=True)
    context.set_default_timeout(60_000)
    found, wrong = context.new_page(), []
    found.on("console", lambda line: wrong.append(line.text))
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("request", lambda request: None if request.url.startswith((served, "blob:", "data:")) else wrong.append(request.url))
    yield found
    context.close()
    assert not wrong


def ready(page: Any, address: str = PAIR) -> None:
    """Goes to a relation and waits until its figure moves."""
    page.goto(address)
    page.wait_for_selector("figure[data-live*=timeline]")


def until(page: Any, told: str, *given: Any) -> None:
    """Waits until an expression is true. Playwright's own way of waiting evaluates text in the page, which the policy forbids."""
    for _ in range(400):
        if page.evaluate(told, *given):
            return
        page.wait_for_timeout(100)
    raise AssertionError(told)


def place_of(page: Any, day: str) -> float:
    """Where a day begins in the figure, in pixels of the window."""
    found: float = page.evaluate(
        """day => { const s = [...document.querySelectorAll('.plot svg')].find(s => s.getClientRects().length);
        const b = s.getBoundingClientRect();
        const [l, r] = s.dataset.x.split(' ').map(Number), [f, t] = s.dataset.days.split(' ').map(d => Date.parse(d) / 864e5);
        return b.left + b.width / s.viewBox.baseVal.width * (l + (r - l) * (Date.parse(day) / 864e5 - f) / (t - f + 1)); }""", day)
    return found


def test_june_2016_is_reached_by_the_mouse(page: Any) -> None:
    ready(page)
    box = page.locator(".plot svg.wide").bounding_box()
    height = box["y"] + box["height"] * 0.8
    page.mouse.move(place_of(page, "2016-06-01") + 1, height)
    page.mouse.down()
    page.mouse.move(place_of(page, "2016-06-15"), height, steps=4)
    page.mouse.move(place_of(page, "2016-07-01") - 1, height, steps=4)
    until(page, "document.querySelector('.readout').textContent.startsWith('June 2016: 30 days')")
    page.mouse.up()
    until(page, "document.getElementById('fig-t').textContent.includes('June 2016')")
    until(page, "location.search === '?from=2016-06-01&to=2016-06-30'")
    until(page, "document.querySelector('#events tbody time')?.getAttribute('datetime').startsWith('2016-06')")
    shown = page.locator("#events tbody time").evaluate_all("all => all.map(one => one.getAttribute('datetime'))")
    assert shown
    assert all(day.startswith("2016-06") for day in shown)
    page.reload()
    assert "June 2016" in page.inner_text("#fig-t")


def test_what_is_fetched_late_does_not_speak_over_a_drag(page: Any) -> None:
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/timeline.json*", hold)
    ready(page)
    box = page.locator(".plot svg.wide").bounding_box()
    height = box["y"] + box["height"] * 0.8
    page.mouse.move(place_of(page, "2016-06-01") + 1, height)  # asks for the index of a day
    page.mouse.down()
    page.mouse.move(place_of(page, "2016-06-15"), height, steps=4)
    until(page, "document.querySelector('.readout').textContent.includes('Let go')")
    assert held
    with page.expect_response("**/timeline.json*") as answer:
        for one in held:
            one.continue_()
    answer.value.finished()
    page.wait_for_timeout(300)  # long enough for the answer to be read
    assert "Let go" in page.inner_text(".readout")


def test_the_strip_and_the_days_lead_there_too(page: Any) -> None:
    ready(page)
    page.fill("#from", "2016-06-01")
    page.fill("#to", "2016-06-30")
    page.keyboard.press("Enter")
    until(page, "document.getElementById('fig-t').textContent.includes('June 2016')")
    end = page.get_by_label("Last day shown")
    end.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    until(page, "location.search.includes('to=2016-07-0')")
    page.locator(".past a").first.evaluate("one => one.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))")
    until(page, "!location.search.includes('to=2016-07')")


def test_keys_alone_lead_from_the_figure_to_the_sentence(page: Any) -> None:
    ready(page, f"{PAIR}?from=2016-06-01&to=2016-07-10")
    page.locator(".plot").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#picked:not([hidden]) .quote a")
    told = page.inner_text("#picked h2")
    assert told
    page.keyboard.press("+")
    until(page, "!location.search.includes('from=2016-06-01')")
    page.wait_for_selector("figure[data-live*=timeline]")
    until(page, "document.activeElement.classList.contains('plot')")
    page.keyboard.press("0")
    until(page, "location.search === ''")
    page.wait_for_selector("figure[data-live*=timeline]")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.wait_for_url("**/event/**")
    page.locator("p.best a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")
    assert page.locator(".sent.lit").count() == 1


def test_a_mark_tells_and_opens_its_event(page: Any) -> None:
    ready(page)
    mark = page.locator('.plot svg.wide a[href^="/event/"]').last
    box = mark.bounding_box()
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    page.wait_for_selector("#picked:not([hidden]) .quote")
    sentence = page.inner_text("#picked .quote")
    assert len(sentence) > 20
    until(page, r"/\d+ \w+ 2016 · index [+−]?\d/.test(document.querySelector('.readout').textContent)")
    page.mouse.click(box["x"] + 3, box["y"] + 3)
    page.wait_for_url("**/event/**")
    assert sentence in " ".join(page.inner_text("main").split())


def test_a_figure_is_saved_with_its_title_sources_and_day(page: Any, tmp_path: Path) -> None:
    ready(page, f"{PAIR}?from=2016-06&to=2016-07")
    page.wait_for_selector("figure[data-live*=export]")
    page.emulate_media(color_scheme="dark")
    page.click(".save > summary")
    with page.expect_download() as waiting:
        page.click("text=Picture (PNG)")
    waiting.value.save_as(tmp_path / "figure.png")
    head = (tmp_path / "figure.png").read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert int.from_bytes(head[16:20]) >= 1900
    page.goto("/actor/TUR")
    figure = page.locator("figure[data-export]").first
    figure.scroll_into_view_if_needed()
    until(page, "document.querySelector('figure[data-export]').dataset.live?.includes('export')")
    figure.locator(".save > summary").click()
    with page.expect_download() as waiting:
        figure.locator("text=Picture (SVG)").click()
    waiting.value.save_as(tmp_path / "figure.svg")
    text = (tmp_path / "figure.svg").read_text("utf-8")
    assert "Turkey: Relations" in text
    assert "Saved on" in text
    assert "knowledge k_" in text
    assert "var(--" not in text
    assert "#FFFFFF" in text  # light, though the page was dark


def test_words_and_cards_find_each_other(page: Any) -> None:
    page.goto("/search?q=Sochi")
    page.locator('a[href^="/article/"]').first.click()
    page.wait_for_selector(".read[data-live]")
    word = page.locator("a.s[data-n]").last
    number = word.get_attribute("data-n")
    word.hover()
    until(page, "n => document.querySelector(`.card[data-n='${n}']`).classList.contains('on')", number)
    until(page, "n => { const c = document.querySelector(`.card[data-n='${n}']`).getBoundingClientRect(); "
                "return c.top >= 0 && c.top < innerHeight }", number)
    page.mouse.move(2, 2)
    until(page, "!document.querySelector('.on')")
    first = page.locator(".card[data-n]").first
    first.hover()
    until(page, "document.querySelector('.s.on') !== null")


def test_colours_change_at_once_and_stay(page: Any) -> None:
    page.goto("/quality")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click(".theme button[value=dark]")
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark
    page.click(".theme button[value=system]")
    assert page.evaluate(ground) == light


def test_without_script_a_claim_is_corrected_and_it_sticks(browser: Any, served: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=served)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{PAIR}?from=2016-06&to=2016-06")
    for link in page.locator("#events tbody a").evaluate_all("links => links.map(link => link.href)"):
        page.goto(link)
        if "1 article, 1 independent" in page.inner_text("main"):  # of several reports, the others would go on without this one
            break
    before = page.url
    page.click("text=read wrongly?")
    page.fill("#name", "Ada")
    page.fill("#token", TOKEN)
    page.click("button:has-text('Sign in')")
    page.fill("#reason", "the verb means something else")
    page.click("button:has-text('Write it down')")
    page.wait_for_selector("text=the verb means something else")
    page.goto(before)
    assert "the verb means something else" in page.inner_text("main")
    page.click("text=take it back")
    page.fill("#reason", "it was right")
    page.click("button:has-text('Write it down')")
    page.goto("/decisions")
    assert "taken back" in page.inner_text("main")
    context.close()


@pytest.mark.parametrize("wide", [320, 768, 1440, 2560])
def test_no_page_scrolls_sideways(browser: Any, served: str, wide: int) -> None:
    context = browser.new_context(viewport={"width": wide, "height": 900}, base_url=served)
    page = context.new_page()
    for address in (PAIR, f"{PAIR}?with=SYR,TUR", "/between?from=2016-01-01", "/search?q=Sochi", "/decisions", "/sign-in", "/nothing",
                    "/actor/TUR"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= wide, address
    context.close()
