"""What the tests in a browser share: a served store, a browser, and pages that fail a test when anything odd happens in them.

Reading tests share one server; tests that write get a copy of the store and a server of their own. The browser lives no longer than this
folder's tests: as long as it does, its loop counts as running in this thread, and others could start none.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import detente
from detente.knowledge import DATA
from detente.pipeline import Coder
from detente.world import open_world

from . import articles, chromium
from .server import Site, serving
from .watching import Watch

ROOT = Path(__file__).parents[2]
WAIT = 20_000  # milliseconds that a page may take on a busy machine
expect.set_options(timeout=WAIT)
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def told_store(tmp_path_factory: pytest.TempPathFactory, coder: Coder) -> Path:
    """A folded store of the sample story and of articles of our own; do not write to it."""
    folder = tmp_path_factory.mktemp("web")
    own = folder / "own.jsonl"
    own.write_text("".join(json.dumps(one) + "\n" for one in articles.ALL), "utf-8")
    world = open_world(folder / "store")
    world.add(detente.read([str(DATA / "samples" / "thaw"), str(own)]), coder)
    world.fold()
    return folder / "store"


@pytest.fixture(scope="package")
def site(told_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The store, served. Tests only read."""
    with serving(told_store, tmp_path_factory.mktemp("log") / "server.txt") as found:
        yield found


@pytest.fixture(scope="module")
def own_site(told_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the store, served for the tests of one file, which may write."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(told_store, folder / "store")
    with serving(folder / "store", folder / "server.txt") as found:
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser. Skips where there is none and none can be installed."""
    there, path = chromium.find()
    if not there:
        pytest.skip(chromium.NO_BROWSER)
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, as web/package-lock.json has it. Skips where the packages of web/ are not installed."""
    if not chromium.AXE.is_file():
        pytest.skip(chromium.NO_AXE)
    return chromium.AXE.read_text("utf-8")


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a page of a site: `open_page(site, path, script=True, width=1280, …)`; None: empty. Whatever goes wrong fails the test."""
    contexts, watches = [], []

    def opened(
        site: Site,
        path: str | None = "/",
        *,
        script: bool = True,
        width: int = 1280,
        height: int = 900,
        expected: tuple[int, ...] = (),
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": height}, base_url=site.base, accept_downloads=True, **more
        )
        context.set_default_timeout(WAIT)
        watch = Watch(site.base, set(expected))
        watch.over(context)
        contexts.append(context)
        watches.append(watch)
        page = context.new_page()
        if path is not None:
            page.goto(path)
        return page

    yield opened
    for one in contexts:
        one.close()
    assert [told for watch in watches for told in watch.found] == []


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Both ways to use a page: with scripts and without."""
    return bool(request.param)
