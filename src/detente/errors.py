"""All errors, drawn once.

DetenteError                    base; carries `.hint`, the remedy in words
├── SettingsError               bad or missing setting
├── KnowledgeError              `.path .line .found .expected`: a file of data/ (or the user's own) breaks its rules
├── ModelError                  the language model's files are missing or do not fit together
├── MissingExtra                names the `pip install "detente[…]"` that helps
├── InputError                  `.path .line`: a file, a row or an article that cannot be read
│   ├── UnreadableFile          no such file, no permission, not text, a broken archive
│   ├── BadRecord               one malformed line or row; the rows beside it are fine
│   └── BadArticle              one article that a step could not take; becomes a row in rejects
├── UnknownName                 a code or name of an event that no ontology holds
├── RunError                    a whole run must stop: too many rejects, output cannot be written
├── StoreError                  a store that is not there, too new, damaged, or asked for what it does not hold
├── RequestError                `.status .code`: a request to the server that is not answered as asked
└── ScoreError                  a measuring file that does not have the form it must have
"""

from __future__ import annotations

from pathlib import Path


class DetenteError(Exception):
    """Base of all errors that Détente raises on purpose. `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class SettingsError(DetenteError):
    """A setting is missing, unknown or out of range."""


class KnowledgeError(DetenteError):
    """A knowledge file breaks its rules."""

    def __init__(self, path: Path | str, line: int, found: str, expected: str, hint: str = "") -> None:
        super().__init__(f"{path}:{line}: found {found}, expected {expected}", hint)
        self.path, self.line, self.found, self.expected = Path(path), line, found, expected


class ModelError(DetenteError):
    """The language model's files are missing, damaged or of different versions."""


class MissingExtra(DetenteError):
    """An optional part is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} is not installed", f'pip install "detente[{extra}]"')


class InputError(DetenteError):
    """Something in the input cannot be read. `line` is 1-based, 0 where lines mean nothing."""

    def __init__(self, path: Path | str, line: int, message: str, hint: str = "") -> None:
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}", hint)
        self.path, self.line, self.reason = str(path), line, message


class UnreadableFile(InputError):
    """A file as a whole cannot be read."""


class BadRecord(InputError):
    """One line or row cannot be read; those beside it can."""


class BadArticle(InputError):
    """One article that a step could not take."""


class UnknownName(DetenteError):
    """A code or a name of an event, a mode or a context that no ontology holds."""


class RunError(DetenteError):
    """A whole run must stop."""


class StoreError(DetenteError):
    """A store that is not there, that a newer Détente has written, that is damaged, or that is asked for what it does not hold."""


class ScoreError(DetenteError):
    """A measuring file does not have the form it must have."""


class RequestError(DetenteError):
    """A request that the server does not answer as asked. `status`: of HTTP; `code`: one word that programs go by; `location`: path of
    what has to be asked for instead, if anything."""

    def __init__(self, status: int, code: str, message: str, hint: str = "", location: str = "") -> None:
        super().__init__(message, hint)
        self.status, self.code, self.location = status, code, location
