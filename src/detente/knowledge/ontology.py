"""The PLOVER ontology: events, modes, contexts, scores and folding rules, read from ontology/plover.yml."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import KnowledgeError
from .files import read_yaml


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mode(_Strict):
    """How an event was done; only the pair (event, mode) has a meaning."""

    name: str
    label: str
    definition: str
    score: float
    adds_context: str | None = None
    score_note: str = ""


class EventKind(_Strict):
    """One of the 16 PLOVER events."""

    name: str
    quad: int
    score: float
    label: str
    definition: str
    recipient_required: bool
    modes: list[Mode]
    quad_note: str = ""
    score_note: str = ""
    recipient_note: str = ""


class Context(_Strict):
    """Why an event was done, with words that signal it."""

    name: str
    label: str
    definition: str
    keywords: list[str]
    note: str = ""


class Fold(_Strict):
    """An event told with this status is another event (SUPPORT + future → AGREE)."""

    event: str
    status: str
    becomes: str
    mode: str | None = None


class Alias(_Strict):
    """An older or rival name of an event or a pair."""

    name: str
    becomes: str | list[str]
    note: str = ""


class Trap(_Strict):
    """A context that is easily given wrongly; `unless`: more exact contexts that replace it."""

    context: str
    unless: list[str] = []
    note: str = ""


class ContextAlias(_Strict):
    """An older name of a context."""

    name: str
    becomes: str
    note: str = ""


class Quad(_Strict):
    """One of the four classes."""

    name: str
    code: int


class _File(_Strict):
    version: str
    quads: list[Quad]
    events: list[EventKind]
    contexts: list[Context]
    traps: list[Trap]
    folding: list[Fold]
    aliases: list[Alias]
    context_aliases: list[ContextAlias]


class Ontology:
    """Look-ups over the ontology file."""

    def __init__(self, path: Path) -> None:
        try:
            content = _File.model_validate(read_yaml(path))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise KnowledgeError(path, 0, f"{where}: {first['msg']}", "the fields of the ontology's schema") from error
        self.version = content.version
        self.events = {event.name: event for event in content.events}
        self.contexts = {context.name: context for context in content.contexts}
        self.quads = {quad.code: quad.name for quad in content.quads}
        self.aliases = content.aliases
        self.traps = {trap.context: trap for trap in content.traps}
        self._folds = {(fold.event, fold.status): fold for fold in content.folding}
        self.pairs = {(event.name, mode.name): mode for event in content.events for mode in event.modes}
        for fold in content.folding:
            if fold.event not in self.events or fold.becomes not in self.events:
                raise KnowledgeError(path, 0, f"folding of {fold.event} to {fold.becomes}", "names of events")

    def fold(self, event: str, mode: str | None, status: str) -> tuple[str, str | None]:
        """The event and mode that PLOVER codes for an event told with this status."""
        fold = self._folds.get((event, status))
        return (event, mode) if fold is None else (fold.becomes, fold.mode)

    def score(self, event: str, mode: str | None) -> float:
        """PLOVER's score, of the pair where it has one."""
        pair = self.pairs.get((event, mode or ""))
        return pair.score if pair else self.events[event].score

    def quad(self, event: str) -> str:
        """The quad class in words."""
        return self.quads[self.events[event].quad]
