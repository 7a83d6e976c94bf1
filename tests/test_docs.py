"""Documents say what is true: the README's commands are those that run, its code works, its links lead somewhere."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer

from detente.cli import app

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src" / "detente" / "data"
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "training" / "README.md", *DATA.rglob("*.md")])
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group has commands


def page_id(path: Path) -> str:
    """A page's name in test ids."""
    return path.relative_to(ROOT).as_posix()


def blocks(text: str, language: str) -> list[str]:
    """Code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def section(text: str, title: str) -> str:
    """What stands under a heading of the second level."""
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def setup_commands() -> list[str]:
    """The README's set-up commands, one from each code block."""
    return [block.strip() for block in blocks(section(README, "Set-up"), "sh")]


def test_there_are_two_setup_commands_of_one_line() -> None:
    found = setup_commands()
    assert len(found) == 2
    assert all(command and "\n" not in command for command in found)


def test_setup_commands_run_scripts_that_are_there() -> None:
    for command in setup_commands():
        shell, script = command.split()
        assert shell == "sh"
        assert (ROOT / script).is_file()
        assert os.access(ROOT / script, os.X_OK), f"{script} should also run without `sh`"


@pytest.mark.parametrize("script", ["demo", "check", "scripts/environment.sh"])
def test_scripts_are_valid_posix_shell(script: str) -> None:
    assert subprocess.run(["sh", "-n", ROOT / script], check=False).returncode == 0


def test_integration_runs_exactly_the_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.splitlines()[-1] == setup_commands()[1]
    lines = [line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert lines == [setup_commands()[1]]


def test_the_first_command_runs_the_main_job_and_the_second_the_tests() -> None:
    demo, check = (ROOT / "demo").read_text("utf-8"), (ROOT / "check").read_text("utf-8")
    assert "detente demo" in demo
    for tool in ("ruff check", "-m mypy", "detente check", "-m pytest"):
        assert tool in check


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"`detente {command}\b", section(README, "Commands")), f"`detente {command}` is missing from the README"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_no_page_names_a_command_that_is_not_there(page: Path) -> None:
    text = "\n".join([*blocks(page.read_text("utf-8"), "sh"), *re.findall(r"`([^`\n]+)`", page.read_text("utf-8"))])
    named = {match.group(1) for match in re.finditer(r"(?:^|/)detente ([a-z]+)", text, re.MULTILINE)}
    assert named <= {*COMMANDS}


def python_blocks() -> list[object]:
    """All Python blocks of the README and the guide."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
    return [
        pytest.param(block, id=f"{page_id(page)}-{number}")
        for page in pages
        for number, block in enumerate(blocks(page.read_text("utf-8"), "python"), 1)
    ]


@pytest.mark.parametrize("block", python_blocks())
def test_python_blocks_compile_and_use_public_names(block: str) -> None:
    import detente

    tree = ast.parse(block)
    used = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "detente"}
    assert used <= set(detente.__all__)


def test_the_readmes_python_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # a detente.toml of the developer's must not matter
    [block] = blocks(README, "python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, "README.md", "exec"), {})
    assert printed.getvalue() == "CONSULT ['TUR', 'RUS'] 2016-07-01 Sochi\n"


def test_figures_have_their_place() -> None:
    assert README.count("<!-- figures -->") == README.count("<!-- /figures -->") == 1


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if not link.startswith(("http://", "https://")) and not (page.parent / link).exists()]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_no_machine_or_registry_is_named(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(?:https?://\S*(?:/simple/|\.whl|\.tgz)|--index-url|--find-links|(?:^|[\s`(\"'])/(?:home|root|work|tmp)/)", text)


def test_every_data_file_has_a_source() -> None:
    text = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    named = [name for row in text.splitlines() if row.startswith("| `") for name in re.findall(r"`([^`]+)`", row.split("|")[1])]
    files = [path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file() and path.suffix != ".md"]
    patterns = [re.compile(re.escape(name).replace(r"\*", "[^/]+")) for name in named]
    missing = [
        file for file in files if not any(pattern.fullmatch(file) or pattern.fullmatch(file.rsplit("/", 1)[-1]) for pattern in patterns)
    ]
    assert not missing, "name them in SOURCES.md"


def test_missing_extras_that_errors_name_exist() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    named = {
        node.args[1].value
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "MissingExtra"
        if isinstance(node.args[1], ast.Constant)
    }
    assert named <= set(extras)


def test_counts_are_up_to_date() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "counts.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
