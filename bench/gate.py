"""Measures and compares with the pinned floors of floors.json; what was not measured is never called passed.

    python bench/gate.py ud-ewt-dev=DIR/en_ewt-dev.conllu.gz plv-dev=DIR/plv_dev.tsv …
    python bench/gate.py ud-ewt-dev=… --raise                   lift floors to what was measured, less a margin
    python bench/gate.py --lower plv-dev.macro_f1=0.60 --reason "…"      the only way down; the reason is kept in floors.json

Ends with 0 if every floor held, 1 if one broke or a file was malformed, 2 if a measure had no file, or another file than the
floors were pinned on (0 with --allow-missing).
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from detente.errors import DetenteError
from detente.score import SCORES
from detente.settings import Settings, load_settings

FLOORS = Path(__file__).with_name("floors.json")
# Figures differ a little between processors (integer arithmetic of the network), so floors stand this far below what was measured.
MARGINS = {"ud": 0.3}
MARGIN = 0.01
HELD, BROKEN, MISSING = 0, 1, 2
Floors = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. `verdict` is "held", "BROKEN" or "not measured"; `why` says more of the last."""

    measure: str
    figure: str
    floor: float | None
    found: float | None
    verdict: str
    why: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module's first lines. Gives the exit status."""
    options = _options(arguments)
    floors: Floors = json.loads(options.floors.read_text(encoding="utf-8"))
    if options.lower:
        lower(floors, options.lower, options.reason)
        save(floors, options.floors)
        return HELD
    paths = dict(part.split("=", 1) for part in options.files)
    unknown = sorted(set(paths) - set(floors["measures"]))
    if unknown:
        raise SystemExit(f"no measure named {unknown[0]}; known: {', '.join(floors['measures'])}")
    rows: list[Row] = []
    for name, pinned in floors["measures"].items():
        rows += check(name, pinned, Path(paths[name]) if name in paths else None, load_settings(), lift=options.lift)
    if options.lift:
        save(floors, options.floors)
    print("\n".join(map(told, rows)))
    return status(rows, allow_missing=options.allow_missing)


def check(name: str, pinned: Floors, path: Path | None, settings: Settings, *, lift: bool = False) -> list[Row]:
    """The rows of one measure. With `lift`, floors of `pinned` rise to what was measured, less the margin; they never fall."""
    floors: dict[str, float] = pinned["floors"]
    if path is None or not path.is_file():
        why = "no file given" if path is None else f"no file {path}"
        return [Row(name, figure, floor, None, "not measured", why) for figure, floor in floors.items()]
    digest = digest_of(path)
    if pinned["sha256"] and pinned["sha256"] != digest:
        why = f"{path} is another file than the floors were pinned on"
        return [Row(name, figure, floor, None, "not measured", why) for figure, floor in floors.items()]
    try:
        found = SCORES[pinned["score"]](path, settings)
    except DetenteError as error:
        return [Row(name, figure, floor, None, "BROKEN", str(error)) for figure, floor in floors.items()]
    rows = [_row(name, figure, floor, found.get(figure)) for figure, floor in floors.items()]
    if lift:
        margin = MARGINS.get(pinned["score"], MARGIN)
        pinned["sha256"] = digest
        pinned["floors"] = {f: max(floor, round(found.get(f, floor) - margin, 4)) for f, floor in floors.items()}
    return rows


def _row(name: str, figure: str, floor: float, found: float | None) -> Row:
    if found is None:
        return Row(name, figure, floor, None, "BROKEN", "the measure no longer gives this figure")
    return Row(name, figure, floor, found, "held" if found >= floor else "BROKEN")


def status(rows: Sequence[Row], *, allow_missing: bool) -> int:
    """The exit status of a report. A broken floor outweighs a missing one."""
    verdicts = {row.verdict for row in rows}
    if "BROKEN" in verdicts:
        return BROKEN
    return MISSING if "not measured" in verdicts and not allow_missing else HELD


def lower(floors: Floors, what: str, reason: str) -> None:
    """Lowers one floor, "measure.figure=value", and keeps the reason beside the day and the floor before."""
    where, _, value = what.partition("=")
    measure, _, figure = where.partition(".")
    if not reason.strip():
        raise SystemExit("--lower needs --reason: why is the lower figure right?")
    if figure not in floors["measures"].get(measure, {"floors": {}})["floors"]:
        raise SystemExit(f"no floor {where}; write it as plv-dev.macro_f1=0.60")
    try:
        new = float(value)
    except ValueError:
        raise SystemExit(f"{value!r} is no number; write it as plv-dev.macro_f1=0.60") from None
    before = floors["measures"][measure]["floors"][figure]
    if new >= before:
        raise SystemExit(f"the floor of {where} is {before}, which {value} does not lower; --raise lifts floors")
    floors["measures"][measure]["floors"][figure] = new
    day = datetime.now(UTC).date().isoformat()
    floors["lowered"].append({"measure": measure, "figure": figure, "from": before, "to": new, "day": day, "reason": reason.strip()})


def told(row: Row) -> str:
    """A row as a line of text."""
    found = "–" if row.found is None else f"{row.found:g}"
    return f"{row.measure:<18} {row.figure:<18} floor {row.floor:<8g} found {found:<8} {row.verdict}{': ' + row.why if row.why else ''}"


def digest_of(path: Path) -> str:
    """SHA-256 of a file's content, unpacked if it is a .gz: the same for both forms. A broken .gz counts as it lies there."""
    raw = path.read_bytes()
    try:
        content = gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError):
        content = raw
    return hashlib.sha256(content).hexdigest()


def save(floors: Floors, path: Path) -> None:
    """Writes the floors back, in the order they have."""
    path.write_text(json.dumps(floors, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", metavar="NAME=PATH", help="the file of a measure")
    parser.add_argument("--floors", type=Path, default=FLOORS, help="another file of floors")
    parser.add_argument("--raise", dest="lift", action="store_true", help="lift floors to what was measured, less a margin")
    parser.add_argument("--lower", metavar="NAME.FIGURE=VALUE", help="lower one floor; needs --reason")
    parser.add_argument("--reason", default="", help="why a floor is lowered; kept in the file of floors")
    parser.add_argument("--allow-missing", action="store_true", help="end with 0 although something was not measured")
    options = parser.parse_args(arguments)
    wrong = [part for part in options.files if "=" not in part]
    if wrong:
        parser.error(f"{wrong[0]!r} is not NAME=PATH")
    if options.lower and (options.files or options.lift):
        parser.error("--lower stands alone")
    return options


if __name__ == "__main__":
    sys.exit(main())
