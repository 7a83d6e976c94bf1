"""The public face: the names of the package, the commands, and that one goes with the other."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

import detente
from detente import cli, exchange
from detente.relations.blocs import blocs
from detente.relations.of_pair import Relation
from detente.score import SCORES
from detente.score.rows import check_rows
from detente.serve.app import make_app
from detente.suggest import suggest
from detente.version import VERSION
from detente.world import World

NAMES = (
    "Agreement Article Claim Coder DetenteError Membership Mention Place Quantity ReadOptions Reason Reject Settings Stance ToldAct Voice "
    "When __version__ acts load_cameo load_settings open read to_frame"
)
COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]  # a group has commands
# What a Python user calls for each command.
VERBS = {
    "code": detente.Coder.code,
    "explain": detente.Coder.explain,
    "read": detente.read,
    "check": check_rows,
    "demo": detente.Coder.run,
    "score": SCORES["ud"],
    "actors": suggest,
    "cameo": detente.load_cameo,
    "add": World.add,
    "fold": World.fold,
    "events": World.table,
    "event": World.table,
    "relation": World.relation,
    "shifts": Relation.shifts,
    "stances": Relation.stances,
    "memberships": Relation.memberships,
    "agreements": Relation.agreements,
    "brief": Relation.brief,
    "query": World.sql,
    "decide": World.decide_on,
    "audit": World.audit,
    "compact": World.compact,
    "vacuum": World.vacuum,
    "export": exchange.export,
    "import": World.add_foreign,
    "verify": exchange.verify,
    "blocs": blocs,
    "ledger": Relation.stances,
    "serve": make_app,
}
HEAVY = "numpy onnxruntime tokenizers pyarrow pydantic yaml trafilatura deltalake duckdb sklearn"


def test_all_public_names_are_there() -> None:
    assert sorted(detente.__all__) == sorted(NAMES.split())
    assert set(detente.__all__) <= set(dir(detente))
    for name in detente.__all__:
        assert getattr(detente, name) is not None
    assert detente.__version__ == VERSION


def test_public_names_are_the_things_themselves() -> None:
    from detente.pipeline import Coder
    from detente.records import Claim

    assert detente.Coder is Coder
    assert detente.Claim is Claim


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Codder'"):
        _ = detente.Codder


def test_all_commands_exist_in_python() -> None:
    assert set(COMMANDS) == set(VERBS)
    for verb in VERBS.values():
        assert callable(verb)
        assert verb.__doc__ or verb in SCORES.values()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_commands_and_all_their_options_have_help(name: str) -> None:
    command = COMMANDS[name]
    for one in (command, *getattr(command, "commands", {}).values()):
        assert len(one.help or "") > 20
        without = [option.name for option in one.params if not getattr(option, "help", None)]
        assert not without


def child(program: str) -> str:
    """Output of a fresh interpreter."""
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=30).stdout


@pytest.mark.parametrize(("module", "limit"), [("detente", 0.15), ("detente.cli", 0.4)])
def test_imports_are_quick(module: str, limit: float) -> None:
    program = f"import sys, time\nbegan = time.process_time()\nimport {module}\nprint(time.process_time() - began, *sys.modules)"
    seconds, *loaded = child(program).split()
    assert float(seconds) < limit
    assert not set(loaded) & set(HEAVY.split())
