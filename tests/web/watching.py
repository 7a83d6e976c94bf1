"""What is seen while a page is used: console lines, errors of scripts, broken policies, and whatever was asked of another host."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# A page that is not there is told so in the console by the browser itself; the tests that open one say so.
STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


@dataclass
class Watch:
    """All that happened in a context which should not have. `expected`: statuses of pages that a test opens on purpose."""

    base: str
    expected: set[int] = field(default_factory=set)
    found: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Begins to watch all pages of a context. (The browser itself finds no other host: chromium.ARGUMENTS.)"""
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.found.append(f"a script broke: {error.error}"))
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.base}/", f"blob:{self.base}/")):
            self.found.append(f"asked of another host: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        status = STATUS.match(message.text)
        if status and int(status[1]) in self.expected:
            return
        if message.type in {"error", "warning", "assert"}:
            self.found.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 500 or (answer.status >= 400 and answer.status not in self.expected):
            self.found.append(f"{answer.status} of {answer.url}")

    def _failed(self, request: Request) -> None:
        # A page that one leaves while it still loads breaks its requests off; that is no failure.
        if request.failure not in {None, "net::ERR_ABORTED"}:
            self.found.append(f"{request.failure}: {request.url}")


# Runs in the page: what the accessibility rules find, the serious ones.
_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact)).map((one) =>
    `${one.id} (${one.impact}): ` + one.nodes.slice(0, 4).map((node) => node.target.join(" ")
      + " " + node.html.slice(0, 160)).join("\\n    "));
}"""
# A figure says in data-live which of its parts have come to life (web/src/base/look.ts); one far below is not fetched yet.
_ALIVE = """() => [...document.querySelectorAll("[data-figure]")].every((one) => {
  const alive = (one.dataset.live ?? "").split(" "), box = one.getBoundingClientRect();
  return box.top > innerHeight || box.width === 0 || one.dataset.figure.trim().split(/\\s+/).every((name) => alive.includes(name));
})"""
_WIDER = """() => {
  const root = document.documentElement, most = root.clientWidth;
  if (root.scrollWidth <= most) return [];
  return [`${root.scrollWidth} > ${most}`, ...[...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.right > most + 1;
  }).slice(0, 6).map((one) => one.outerHTML.slice(0, 120))];
}"""


def barriers(page: Page, axe: str) -> list[str]:
    """Serious and critical findings of axe-core on a page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found: list[str] = page.evaluate(_AXE)
    return found


def settle(page: Page) -> None:
    """Waits until the figures in or near the view have come to life, and what was changed is drawn."""
    page.wait_for_function(_ALIVE)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def too_wide(page: Page) -> list[str]:
    """What makes a page scroll sideways; empty where nothing does."""
    found: list[str] = page.evaluate(_WIDER)
    return found


def focused(page: Page) -> dict[str, Any]:
    """The element that has the focus: its name, whether it can be seen, and the width of its outline in pixels."""
    found: dict[str, Any] = page.evaluate(
        """() => {
          const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
          return {tag: one.localName, href: one.getAttribute("href"), id: one.id, text: one.textContent.trim().slice(0, 60),
            seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
            outline: look.outlineStyle === "none" ? 0 : parseFloat(look.outlineWidth), shadow: look.boxShadow};
        }"""
    )
    return found
