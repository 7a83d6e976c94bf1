"""`detente cameo`: both ways, older names, JSON, and what is said of a wrong name."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from detente.cli import app


def told(*arguments: str) -> tuple[int, list[str], str]:
    """Exit code, lines of standard output, standard error."""
    result = CliRunner().invoke(app, ["cameo", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout.splitlines(), result.stderr


def test_a_code_is_told_in_plover() -> None:
    code, lines, error = told("057")
    assert (code, error) == (0, "")
    assert lines == [
        "CAMEO   057  Signs a formal agreement",
        "PLOVER  SUPPORT, context diplomatic",
        "lost    that an agreement was signed; what it is about",
    ]
    assert told("033")[1][1] == "PLOVER  AGREE, future"
    assert told("011")[1][1] == "PLOVER  no event"
    assert told("043")[1][2:] == ["swap    CAMEO's source is the recipient, its target the actor", "lost    nothing"]


def test_an_event_is_told_in_cameo() -> None:
    code, lines, _ = told("assault/DRONE")
    assert (code, lines[:3]) == (0, ["PLOVER  ASSAULT/drone", "CAMEO   1952  Attacks with drones", "lost    nothing"])
    assert told("AID", "--status", "future")[1][1] == "CAMEO   033  Intends aid"
    assert told("COERCE-arrest", "--status", "negated")[1][1] == "CAMEO   no code"


def test_an_older_name_that_covers_several_events() -> None:
    lines = told("YIELD")[1]
    assert [line for line in lines if line.startswith("PLOVER")] == ["PLOVER  CONCEDE", "PLOVER  RETREAT"]
    assert [line[:6] for line in lines].count("always") == 1


def test_json() -> None:
    [line] = told("0353", "--json")[1]
    assert json.loads(line)["event"] == "CONCEDE"
    [line] = told("ASSAULT/aerial", "--json")[1]
    assert json.loads(line) == {
        "event": "ASSAULT", "mode": "aerial", "status": "actual", "code": "195", "loss": [], "note": "", "label": "Attacks from the air",
    }
    assert len(told("YIELD", "--json")[1]) == 2


@pytest.mark.parametrize(("name", "remedy"), [("57", "057"), ("HUG", "events are AGREE"), ("AGREE/hug", "AGREE has no modes")])
def test_wrong_names(name: str, remedy: str) -> None:
    code, lines, error = told(name)
    assert (code, lines) == (1, [])
    assert remedy in error


def test_a_code_has_a_status_of_its_own() -> None:
    code, _, error = told("190", "--status", "future")
    assert code == 2
    assert "--status goes with an event" in error
