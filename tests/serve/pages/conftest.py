"""A server over a store made from the sample articles and one hostile article; and a reader of its documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import detente
from detente.knowledge import DATA
from detente.pipeline import Coder
from detente.records import Article
from detente.serve.app import make_app
from detente.serve.settings import ServeSettings
from detente.world import open_world

HOSTILE = (
    "<script>alert(1)</script> Peru's \"president\" & <img src=x onerror=alert(2)> met Chile's president in Lima on July 1.\n\n"
    "Peru condemned Chile's \U0001f600 decision ' onmouseover='alert(3) on Friday."
)
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass
class Document(HTMLParser):
    """What tests look at in a page: elements with their attributes in order, and the text inside of some."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    unclosed: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, markup: str) -> Document:
        """The document of some markup."""
        found = cls()
        HTMLParser.__init__(found, convert_charrefs=True)
        found.feed(markup)
        found.close()
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """As HTMLParser calls it."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """As HTMLParser calls it."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """As HTMLParser calls it; elements that are closed out of order are noted."""
        if not self.open or self.open[-1] != tag:
            self.unclosed.append(f"{tag} closes {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                continue

    def handle_data(self, data: str) -> None:
        """As HTMLParser calls it."""
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """Attributes of all elements of a kind that have some."""
        return [own for name, own in self.elements if name == tag and all(own.get(key) == value for key, value in attributes.items())]

    def links(self, pattern: str) -> list[str]:
        """Addresses that links lead to, those that match from their beginning."""
        return [own["href"] for own in self.all("a") if re.match(pattern, own.get("href", ""))]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, coder: Coder) -> Path:
    """The sample articles and one that tries to break out of its page."""
    path = tmp_path_factory.mktemp("pages") / "store"
    world = open_world(path)
    world.add(detente.read([str(DATA / "samples" / "thaw")]), coder)
    bad = Article(
        "a_00000000000000ff", HOSTILE, '"><script>alert(4)</script>', "Evil & <b>Daily</b>", "javascript:alert(5)", date(2016, 7, 2)
    )
    world.add([bad], coder)
    world.fold()
    return path


@pytest.fixture(scope="session")
def client(store: Path, coder: Coder) -> Iterator[TestClient]:
    """A client of the server."""
    settings = ServeSettings(allowed_hosts=("testserver",), posts_at_once=1000, shelf=False)
    with TestClient(make_app(str(store), settings, coder)) as found:
        yield found
