"""The PLOVER ontology: events, modes, contexts, scores and folding rules, read from ontology/plover.yml."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import KnowledgeError, UnknownName
from .files import line_of, read_yaml

Pair = tuple[str, str | None]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mode(_Strict):
    """How an event was done; only the pair (event, mode) has a meaning. `least_parties`: how many must take part."""

    name: str
    label: str
    definition: str
    score: float
    adds_context: str | None = None
    least_parties: int = 1
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
        self.context_aliases = content.context_aliases
        self.traps = {trap.context: trap for trap in content.traps}
        self._folds = {(fold.event, fold.status): fold for fold in content.folding}
        self.pairs = {(event.name, mode.name): mode for event in content.events for mode in event.modes}
        _Checker(path, self).run(content)
        self._meant = {alias.name.upper(): self._targets(alias) for alias in content.aliases}
        self._context_of = {name.lower(): name for name in self.contexts}
        self._context_of |= {alias.name.lower(): alias.becomes for alias in content.context_aliases if alias.name not in self.contexts}

    def _targets(self, alias: Alias) -> tuple[Pair, ...]:
        return tuple(split_name(name) for name in ([alias.becomes] if isinstance(alias.becomes, str) else alias.becomes))

    def meant(self, name: str) -> tuple[Pair, ...]:
        """The pairs (event, mode) that a name means: "ASSAULT", "ASSAULT/aerial" or "ASSAULT-aerial", in any case.

        Older and rival names are known ("FIGHT", "COERCE-ban"); some cover several pairs. Raises UnknownName.
        """
        event, mode = split_name(name.strip())
        pair = (event.upper(), mode.lower() if mode else None)
        if pair in self.pairs or (pair[1] is None and pair[0] in self.events):
            return (pair,)
        older = self._meant.get("-".join(part for part in (event, mode) if part).upper())
        if older:
            return older
        modes = [m for e, m in self.pairs if e == pair[0]]
        if pair[0] in self.events:
            known = f"modes of {pair[0]} are {', '.join(modes)}" if modes else f"{pair[0]} has no modes"
        else:
            known = f"events are {', '.join(self.events)}"
        raise UnknownName(f"{name!r} is no event or mode of PLOVER", known)

    def pair(self, name: str) -> Pair:
        """The one pair that a name means, as `meant` finds it. Raises UnknownName, also for an older name that covers several."""
        found = self.meant(name)
        if len(found) > 1:
            raise UnknownName(f"{name!r} covers several events", f"choose one: {', '.join(told(*one) for one in found)}")
        return found[0]

    def context(self, name: str) -> str:
        """The context that a name means, in any case; older names are known. Raises UnknownName."""
        found = self._context_of.get(name.strip().lower())
        if found is None:
            raise UnknownName(f"{name!r} is no context of PLOVER", f"contexts are {', '.join(self.contexts)}")
        return found

    def fold(self, event: str, mode: str | None, status: str) -> tuple[str, str | None]:
        """The event and mode that PLOVER codes for an event told with this status."""
        fold = self._folds.get((event, status))
        return (event, mode) if fold is None else (fold.becomes, fold.mode)

    def least_parties(self, event: str, mode: str | None) -> int:
        """How many parties must take part for the pair to hold."""
        pair = self.pairs.get((event, mode or ""))
        return pair.least_parties if pair else 1

    def score(self, event: str, mode: str | None) -> float:
        """PLOVER's score, of the pair where it has one."""
        pair = self.pairs.get((event, mode or ""))
        return pair.score if pair else self.events[event].score

    def quad(self, event: str) -> str:
        """The quad class in words."""
        return self.quads[self.events[event].quad]


def split_name(name: str) -> Pair:
    """"ASSAULT/aerial" or "ASSAULT-aerial" → event and mode; the mode is None where there is none."""
    event, _, mode = name.replace("/", "-", 1).partition("-")
    return event, mode or None


def told(event: str, mode: str | None) -> str:
    """A pair as it is written: "ASSAULT/aerial", or the event alone."""
    return f"{event}/{mode}" if mode else event


class _Checker:
    """What the schema cannot say: every name that the file refers to must stand in it, once."""

    def __init__(self, path: Path, ontology: Ontology) -> None:
        self._path, self._ontology = path, ontology

    def run(self, content: _File) -> None:
        """Raises KnowledgeError with the line of the first fault."""
        self._once([event.name for event in content.events], "event")
        self._once([context.name for context in content.contexts], "context")
        self._once([f"{fold.event}, status: {fold.status}" for fold in content.folding], "folding")
        self._once([alias.name for alias in content.aliases], "alias")
        for event in content.events:
            self._once([mode.name for mode in event.modes], f"mode of {event.name}")
            if event.quad not in self._ontology.quads:
                raise self._wrong(f"name: {event.name}", f"quad {event.quad} of {event.name}", "the code of a quad")
            for mode in event.modes:
                self._context(mode.adds_context, f"name: {mode.name}")
        for trap in content.traps:
            for name in (trap.context, *trap.unless):
                self._context(name, f"context: {trap.context}")
        self._folding(content.folding)
        for alias in content.aliases:
            self._alias(alias)
        for old in content.context_aliases:
            self._context(old.becomes, f"name: {old.name}")

    def _wrong(self, needle: str, found: str, expected: str) -> KnowledgeError:
        return KnowledgeError(self._path, line_of(self._path, needle), found, expected)

    def _once(self, names: list[str], kind: str) -> None:
        for name in names:
            if names.count(name) > 1:
                raise self._wrong(name, f"the {kind} {name} twice", "each once")

    def _context(self, name: str | None, needle: str) -> None:
        if name is not None and name not in self._ontology.contexts:
            raise self._wrong(needle, f"context {name!r}", "a context of the ontology")

    def _pair(self, event: str, mode: str | None, needle: str) -> None:
        if event not in self._ontology.events or (mode is not None and (event, mode) not in self._ontology.pairs):
            raise self._wrong(needle, f"the target {event}{f'-{mode}' if mode else ''}", "an event, or EVENT-mode, of the ontology")

    def _folding(self, folds: list[Fold]) -> None:
        """A rule names what is there, and what it gives is not folded again."""
        for fold in folds:
            needle = f"event: {fold.event}, status: {fold.status}"
            self._pair(fold.event, None, needle)
            self._pair(fold.becomes, fold.mode, needle)
            if self._ontology.fold(fold.becomes, fold.mode, fold.status) != (fold.becomes, fold.mode):
                raise self._wrong(needle, f"folding of {fold.event} to {fold.becomes}, which is folded again", "the last event at once")

    def _alias(self, alias: Alias) -> None:
        needle = f"name: {alias.name}" if line_of(self._path, f"name: {alias.name}") else f'name: "{alias.name}"'
        own = split_name(alias.name)
        if own in self._ontology.pairs or (own[1] is None and own[0] in self._ontology.events):
            raise self._wrong(needle, f"the alias {alias.name}, which is a name of the ontology itself", "an older or rival name")
        for name in [alias.becomes] if isinstance(alias.becomes, str) else alias.becomes:
            self._pair(*split_name(name), needle)
