"""What tests of the server share: a store of the sample articles, and a client that talks to the application without a network."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

import detente
from detente.knowledge import DATA
from detente.pipeline import Coder
from detente.serve import ServeSettings
from detente.serve.app import make_app
from detente.world import open_world

TOKEN = "a-token-for-tests-only"
WRITES = {"Authorization": f"Bearer {TOKEN}"}


class Client:
    """Asks an application as a browser would; each call waits for its answer."""

    def __init__(self, app: FastAPI, base: str = "http://localhost:8000") -> None:
        self.app, self._runner = app, asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url=base)

    def get(self, path: str, **more: Any) -> httpx.Response:
        """A GET."""
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any, **more: Any) -> httpx.Response:
        """A POST of JSON."""
        return self.ask("POST", path, json=body, **more)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any request."""
        return self._runner.run(self._client.request(method, path, **more))

    def together(self, paths: list[str]) -> list[httpx.Response]:
        """Several GETs at once."""
        async def all_of() -> list[httpx.Response]:
            return list(await asyncio.gather(*(self._client.get(path) for path in paths)))

        return self._runner.run(all_of())

    def json(self, path: str, **more: Any) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.get(path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pages(self, path: str, meanwhile: Callable[[], None] | None = None) -> list[dict[str, Any]]:
        """All items of a list, page by page; `meanwhile` is done after the first page."""
        found, answer = [], self.json(path)
        while True:
            found += answer["items"]
            if meanwhile:
                meanwhile()
                meanwhile = None
            if answer["next"] is None:
                return found
            answer = self.json(f"{path}{'&' if '?' in path else '?'}cursor={answer['next']}")

    def close(self) -> None:
        """Ends the client and the application."""
        self._runner.run(self._client.aclose())
        self._runner.close()
        self.app.state.desk.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, coder: Coder) -> Path:
    """A folded store of the articles on one story; do not write to it."""
    place = tmp_path_factory.mktemp("serve") / "store"
    world = open_world(place)
    world.add(detente.read([str(DATA / "samples" / "thaw")]), coder)
    world.fold()
    return place


@pytest.fixture(scope="session")
def client(sample: Path, coder: Coder) -> Iterator[Client]:
    """A client of the sample store, which cannot write."""
    found = Client(make_app(str(sample), ServeSettings(pulse=0, posts_at_once=1000, workers=2), coder))
    yield found
    found.close()


@pytest.fixture
def served(sample: Path, coder: Coder, tmp_path: Path) -> Iterator[Callable[..., Client]]:
    """Makes clients of a copy of the sample store: `served(settings…)`. They may write."""
    place, made = tmp_path / "store", []
    shutil.copytree(sample, place)

    def make(**settings: Any) -> Client:
        given = {"pulse": 0, "token": TOKEN, "posts_at_once": 1000, "workers": 2, "shelf": False, **settings}
        made.append(Client(make_app(str(place), ServeSettings.model_validate(given), coder)))
        return made[-1]

    yield make
    for one in made:
        one.close()
