"""A store that is served as a user would serve it: by the command, in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

TOKEN = "a-token-for-browser-tests"
PROGRAM = [sys.executable, "-c", "import sys; from detente.cli import main; sys.exit(main())"]
SECONDS = 120  # that a server may take to answer for the first time, on a busy machine


@dataclass(frozen=True, slots=True)
class Site:
    """A served store: its address, and what the process has said."""

    base: str
    store: Path
    log: Path

    def to(self, path: str) -> str:
        """The address of a path."""
        return self.base + path

    def json(self, path: str) -> Any:
        """What the API answers, to choose what a test looks at."""
        answer = httpx.get(self.to(path), timeout=60)
        answer.raise_for_status()
        return answer.json()

    def add(self, *articles: dict[str, str]) -> list[str]:
        """Adds articles through the API; their ids."""
        body = {"articles": list(articles)}
        answer = httpx.post(self.to("/api/articles"), json=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=120)
        answer.raise_for_status()
        return [str(one) for one in answer.json()["ids"]]


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(store: Path, log: Path, program: list[str] | None = None, **more: Any) -> Iterator[Site]:
    """Serves a store while the context is open. What goes wrong in the server fails whoever uses it."""
    port = free_port()
    environment = {**os.environ, "DETENTE_TOKEN": TOKEN, **more.pop("env", {})}
    with log.open("w") as told:
        command = [*(program or PROGRAM), "serve", str(store), "--port", str(port)]
        server = subprocess.Popen(command, env=environment, stdout=told, stderr=told, **more)
    site = Site(f"http://127.0.0.1:{port}", store, log)
    try:
        _wait(site, server)
        yield site
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(timeout=30)
    assert "Traceback" not in log.read_text(), log.read_text()


def _wait(site: Site, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        assert server.poll() is None, f"the server ended:\n{site.log.read_text()}"
        try:
            if httpx.get(site.to("/api/health"), timeout=10).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not begin to answer:\n{site.log.read_text()}")
