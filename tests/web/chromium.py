"""Where the browser is that the tests drive: the system's Chromium, else one that is installed for them.

`python tests/web/chromium.py` tells what the tests in a browser lack, and what helps; nothing where they lack nothing. It installs nothing.
"""

# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root may use the sandbox of Chromium on few machines; the pages that are opened here are our own.
# No name but this machine's is found, so that nothing leaves it even where a page would ask.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
LIMIT = 200  # seconds that all attempts to install one may take together
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
NO_BROWSER = (
    "there is no Chromium: install the system's package chromium, or run `.venv/bin/python -m playwright install --with-deps chromium`"
)
NO_AXE = "axe-core is not installed: run `npm ci` in web/, or ./check where there is Node, which does"


def on_path() -> str | None:
    """The system's Chromium, None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def kept() -> bool:
    """Whether Playwright keeps one of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        return Path(driver.chromium.executable_path).is_file()


def _does(command: list[str], ends: float) -> bool:
    try:
        left = max(1, ends - time.monotonic())
        done = subprocess.run(
            command, capture_output=True, timeout=left, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def find() -> tuple[bool, str | None]:
    """Whether there is a browser, and its path (None: the one that Playwright keeps). Installs one where there is none, if that can be."""
    if path := on_path():
        return True, path
    if kept():
        return True, None
    ends = time.monotonic() + LIMIT
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        if not _does(["apt-get", "install", "-y", "-qq", "chromium"], ends):
            _does(["apt-get", "update", "-qq"], ends)
            _does(["apt-get", "install", "-y", "-qq", "chromium"], ends)
        if path := on_path():
            return True, path
    return _does([sys.executable, "-m", "playwright", "install", "chromium"], ends), None


def lacking() -> list[str]:
    """What the tests in a browser lack, each with what helps."""
    return [*([] if on_path() or kept() else [NO_BROWSER]), *([] if AXE.is_file() else [NO_AXE])]


if __name__ == "__main__":
    print("\n".join(lacking()), end="")
