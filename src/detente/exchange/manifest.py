"""A release: which files, made with what, with hashes by which any reader can check them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import BadRecord, RunError, UnreadableFile
from ..version import VERSION
from .codes import load_forms
from .export import Report
from .files import replacing, sha256

FORM = 1


def manifest(
    files: Sequence[Report], *, store_version: int | str | None = None, knowledge: str = "", model: str = "", licence: str = "",
    datasets: Sequence[str] = (), made: str | None = None,
) -> str:
    """The manifest of exported files as JSON.

    `store_version`, `knowledge`, `model`: version of the store, hash of the knowledge, id of the model that the events come from.
    `datasets`: foreign data sets among the events, whose terms are named. `made`: when, as ISO text; the library reads no clock. Raises
    RunError where two files have one name or a file is no longer what its report says.
    """
    names = [Path(report.path).name for report in files]
    if double := sorted({name for name in names if names.count(name) > 1}):
        raise RunError(f"two files are called {double[0]}", "give files of one release different names")
    listed = []
    for report, name in zip(files, names, strict=True):
        if sha256(report.path) != report.sha256:
            raise RunError(f"{report.path} is no longer what was exported", "export it again")
        rows = report.to_dict()
        listed.append({"name": name, **{key: rows[key] for key in (
            "form", "size", "sha256", "rows_in", "events", "rows_out", "explosion", "left_out", "lost", "harmed")}})
    terms = load_forms().licences
    notes = [terms.get(name, f"{name}: see the terms of its makers") for name in dict.fromkeys(datasets)]
    content: dict[str, Any] = {
        "manifest": FORM, "detente": VERSION, "made": made, "store_version": store_version, "knowledge": knowledge or None,
        "model": model or None, "licence": licence or None, "terms": notes, "files": listed,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_manifest(text: str, path: str | Path) -> None:
    """Writes a manifest, whole or not at all. Raises RunError."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")


def verify(path: str | Path) -> list[str]:
    """What is wrong with the files beside a manifest, in words; empty where all are there unchanged. Raises UnreadableFile, BadRecord."""
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        files = [(str(file["name"]), int(file["size"]), str(file["sha256"])) for file in content["files"]]
    except OSError as error:
        raise UnreadableFile(path, 0, error.strerror or str(error), "check the path and its permissions") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadRecord(path, 0, f"not a manifest: {error!r}", "give the file that a release came with") from error
    faults = []
    for name, size, digest in files:
        file = path.parent / Path(name).name
        if not file.is_file():
            faults.append(f"{name}: missing")
        elif file.stat().st_size != size:
            faults.append(f"{name}: {file.stat().st_size} bytes, not {size}")
        elif sha256(file) != digest:
            faults.append(f"{name}: its content has changed")
    return faults
