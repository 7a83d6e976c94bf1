"""Where the browser is that the tests drive: the system's Chromium, else one that is installed for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root may use the sandbox of Chromium on few machines; the pages that are opened here are our own.
# No name but this machine's is found, so that nothing leaves it even where a page would ask.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
LIMIT = 300  # seconds that an installation may take


def on_path() -> str | None:
    """The system's Chromium, None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _does(command: list[str]) -> bool:
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=LIMIT, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def find() -> tuple[bool, str | None]:
    """Whether there is a browser, and its path (None: the one that Playwright keeps). Installs one where there is none, if that can be."""
    if path := on_path():
        return True, path
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        if not _does(["apt-get", "install", "-y", "-qq", "chromium"]):
            _does(["apt-get", "update", "-qq"])
            _does(["apt-get", "install", "-y", "-qq", "chromium"])
        if path := on_path():
            return True, path
    return _does([sys.executable, "-m", "playwright", "install", "chromium"]), None
