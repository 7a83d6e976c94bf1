"""The command `detente cameo`: a code of CAMEO told in PLOVER, or an event of PLOVER told in CAMEO, with what is lost."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from .knowledge.cameo import CameoCode, ToCameo


class StatusName(StrEnum):
    """The statuses of a claim."""

    actual = "actual"
    future = "future"
    hypothetical = "hypothetical"
    negated = "negated"
    historical = "historical"


def cameo(
    name: Annotated[
        str, typer.Argument(metavar="CODE|EVENT", help="A code of CAMEO (190), or an event of PLOVER, also with a mode (ASSAULT/drone).")
    ],
    status: Annotated[StatusName, typer.Option("--status", help="Of an event: its status.")] = StatusName.actual,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each conversion.")] = False,
) -> None:
    """Tell a CAMEO code in PLOVER, or a PLOVER event in CAMEO, and what is lost on the way."""
    from .knowledge import DATA, Ontology
    from .knowledge.cameo import FILE, Cameo

    ontology = Ontology(DATA / "ontology" / "plover.yml")
    table = Cameo(FILE, ontology)
    if name.strip().isdecimal():
        if status is not StatusName.actual:
            raise typer.BadParameter("--status goes with an event; a code of CAMEO has its own")
        code = table.to_plover(name)
        _show(code.model_dump() if as_json else _of_code(code), as_json)
        return
    for event, mode in ontology.meant(name):
        found = table.to_cameo(event, mode, status.value)
        label = table.codes[found.code].label if found.code else None
        _show({**asdict(found), "label": label} if as_json else _of_event(found, label), as_json)
    if not as_json:
        _show({"always": f"no code of CAMEO tells {', '.join(table.always_lost)}"}, as_json)


def _show(values: dict[str, Any], as_json: bool) -> None:
    """One conversion on standard output: JSON, or a line for each value that is not empty."""
    if as_json:
        sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
        return
    for name, value in values.items():
        if value:
            sys.stdout.write(f"{name:<8}{value}\n")


def _of_code(code: CameoCode) -> dict[str, str]:
    record = _record(code.event, code.mode, code.status) if code.event else "no event"
    return {
        "CAMEO": f"{code.code}  {code.label}",
        "PLOVER": record + (f", context {', '.join(code.contexts)}" if code.contexts else ""),
        "swap": "CAMEO's source is the recipient, its target the actor" if code.swap else "",
        "lost": code.loss or "nothing",
    }


def _of_event(found: ToCameo, label: str | None) -> dict[str, str]:
    return {
        "PLOVER": _record(found.event, found.mode, found.status),
        "CAMEO": f"{found.code}  {label}" if found.code else "no code",
        "lost": "; ".join(found.loss) or "nothing",
        "note": found.note,
    }


def _record(event: str, mode: str | None, status: str) -> str:
    from .knowledge.ontology import told

    return told(event, mode) + ("" if status == "actual" else f", {status}")
