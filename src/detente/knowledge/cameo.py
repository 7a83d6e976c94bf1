"""CAMEO's codes told in PLOVER and back, each with what is lost, read from ontology/cameo.yml.

CAMEO (roots 01 to 20, three- and four-digit codes) is what GDELT, ICEWS and older event data hold. Neither ontology holds the other: every
conversion says in words what it drops.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import KnowledgeError, UnknownName
from ..records import Claim, Status
from .files import line_of, read_yaml
from .ontology import Ontology, Pair, told

FOLDER = Path(__file__).parent.parent / "data" / "ontology"
FILE = FOLDER / "cameo.yml"
_Key = tuple[str, str | None, str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CameoCode(_Strict):
    """A code of CAMEO told in PLOVER.

    `event` is None where PLOVER has no event for it. `contexts` are those that the code itself says. `swap`: CAMEO's source is PLOVER's
    recipient. `loss`: what the code says and the PLOVER record no longer does; empty where nothing is lost.
    """

    code: str = Field(pattern=r"^[0-9]{2,4}$")
    label: str
    event: str | None = None
    mode: str | None = None
    status: Literal["actual", "future"] = "actual"
    contexts: tuple[str, ...] = ()
    swap: bool = False
    loss: str = ""


class _Back(_Strict):
    event: str
    mode: str | None = None
    status: Status = "actual"
    code: str
    loss: str = ""
    note: str = ""


class _Told(_Strict):
    status: Status
    told: bool
    loss: str = ""


class _File(_Strict):
    version: str
    codes: list[CameoCode]
    back: list[_Back]
    statuses: list[_Told]
    always_lost: list[str]


@dataclass(frozen=True, slots=True)
class ToCameo:
    """A PLOVER event told in CAMEO. `code` is None where no code says it without saying something false; `loss` lists what is lost."""

    event: str
    mode: str | None
    status: Status
    code: str | None
    loss: tuple[str, ...]
    note: str = ""


class Cameo:
    """Conversion both ways. `codes`: all by code, in order; `always_lost`: what no CAMEO record can hold, whatever its code."""

    def __init__(self, path: Path, ontology: Ontology) -> None:
        """Raises KnowledgeError where the file breaks its rules or does not fit the ontology."""
        try:
            content = _File.model_validate(read_yaml(path))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            line = _line(path, first["loc"])
            raise KnowledgeError(path, line, f"{where}: {first['msg']}", "the fields that its head describes") from error
        self._ontology = ontology
        self.version = content.version
        self.codes = {row.code: row for row in content.codes}
        self.always_lost = tuple(content.always_lost)
        self._back: dict[_Key, _Back] = {(row.event, row.mode, row.status): row for row in content.back}
        self._told = {row.status: row for row in content.statuses}
        _check_codes(path, content, ontology)
        _check_back(path, content, ontology)

    def to_plover(self, code: str) -> CameoCode:
        """What a code of two to four digits says in PLOVER. Raises UnknownName."""
        found = self.codes.get(code.strip())
        if found is None:
            lost_zero = f"0{code.strip()}"
            hint = f"leading zeros belong to a code: {lost_zero}" if lost_zero in self.codes else "codes have two to four digits, as 190"
            raise UnknownName(f"{code!r} is no code of CAMEO", hint)
        return found

    def to_cameo(self, event: str, mode: str | None = None, status: Status = "actual") -> ToCameo:
        """The code that says most of an event and nothing false. Event and mode may stand before or after PLOVER's folding.

        Without a code for what CAMEO cannot tell, such as deeds that did not happen. Raises UnknownName.
        """
        event, mode = self._ontology.pair(told(event, mode))
        found = self._row(event, mode, status) or self._row(*self._ontology.fold(event, mode, status), status)
        if found is not None:
            lost = [found.loss, f"the mode {mode}" if mode and found.mode != mode else ""]
            return ToCameo(event, mode, status, found.code, tuple(part for part in lost if part), found.note)
        rule, deed = self._told[status], self._back[event, mode, "actual"]
        if not rule.told:
            return ToCameo(event, mode, status, None, (rule.loss,))
        return ToCameo(event, mode, status, deed.code, tuple(part for part in (deed.loss, rule.loss) if part), deed.note)

    def of(self, claim: Claim) -> ToCameo:
        """The code of a claim, as `to_cameo` gives it."""
        return self.to_cameo(claim.event, claim.mode, claim.status)

    def _row(self, event: str, mode: str | None, status: Status) -> _Back | None:
        """The row of this status; a mode without one of its own has that of its event."""
        return self._back.get((event, mode, status)) or self._back.get((event, None, status))


def load_cameo() -> Cameo:
    """The shipped conversion. Raises KnowledgeError where somebody has broken its files."""
    return Cameo(FILE, Ontology(FOLDER / "plover.yml"))


def _line(path: Path, where: tuple[int | str, ...]) -> int:
    """The line of the row that the schema refused."""
    rows = read_yaml(path).get(where[0]) if where else None
    row = rows[where[1]] if isinstance(rows, list) and len(where) > 1 and isinstance(where[1], int) else None
    code = row.get("code") if isinstance(row, dict) else None
    return line_of(path, f'code: "{code}"') if code else 1


def _check_codes(path: Path, content: _File, ontology: Ontology) -> None:
    """Every code once, with an event, mode and contexts that are there, folded to the end."""
    seen: set[str] = set()
    for row in content.codes:
        if fault := _fault_of(row, seen, ontology):
            found, expected = fault
            raise KnowledgeError(path, line_of(path, f'code: "{row.code}"'), f"{found} (code {row.code})", expected)
        seen.add(row.code)


def _fault_of(row: CameoCode, seen: set[str], ontology: Ontology) -> tuple[str, str] | None:
    """What is wrong with a code, and what is right."""
    if row.code in seen:
        return "a code that stands twice", "each code once"
    if row.event is None:
        bare = row.loss and not (row.mode or row.contexts or row.swap)
        return None if bare else ("a code without an event", "nothing beside it but its label and its loss")
    if row.event not in ontology.events or (row.mode and (row.event, row.mode) not in ontology.pairs):
        return told(row.event, row.mode), "an event and a mode of the ontology"
    if unknown := set(row.contexts) - set(ontology.contexts):
        return f"context {sorted(unknown)[0]!r}", "contexts of the ontology"
    if ontology.fold(row.event, row.mode, row.status) != (row.event, row.mode):
        return f"{row.event} with status {row.status}", "the event after folding"
    return None


def _check_back(path: Path, content: _File, ontology: Ontology) -> None:
    """Every event and pair has one way back, to a code that is there; every status is told of."""
    codes = {row.code for row in content.codes}
    pairs: set[Pair] = {(event, None) for event in ontology.events} | set(ontology.pairs)
    seen: set[_Key] = set()
    for row in content.back:
        key = (row.event, row.mode, row.status)
        fault = "a way back that stands twice" if key in seen else "" if row.code in codes else f"code {row.code!r}, which is not listed"
        fault = fault or ("" if key[:2] in pairs else "no pair of the ontology")
        if fault:
            needle = f"event: {row.event}, mode: {row.mode}," if row.mode else f"event: {row.event}, code:"
            where = f"{told(row.event, row.mode)} {row.status}"
            raise KnowledgeError(path, line_of(path, needle), f"{fault} ({where})", "one way to a listed code")
        seen.add(key)
    if missing := sorted(told(*pair) for pair in pairs if (*pair, "actual") not in seen):
        raise KnowledgeError(path, 0, f"no way back from {missing[0]}", "one for each event and each pair")
    if silent := set(get_args(Status)) - {row.status for row in content.statuses}:
        raise KnowledgeError(path, 0, f"nothing about status {sorted(silent)[0]}", "a row for each status")
