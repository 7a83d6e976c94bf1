"""Moments of a store: what an `as_of` means, as microseconds since 1970 in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ..errors import StoreError

_START = datetime(1970, 1, 1, tzinfo=UTC)
_FORMS = "a version (a whole number), a day (2016-06-29), or a moment (2016-06-29T14:30:00+03:00)"
FOR_EVER = 2**62


@dataclass(frozen=True, slots=True)
class Marks:
    """Up to where articles and decisions are seen. Each table has its own order of commits, so each has its own mark."""

    articles: int = FOR_EVER
    decisions: int = FOR_EVER

    @property
    def all(self) -> int:
        """The mark for tables that nothing is derived from."""
        return max(self.articles, self.decisions)


NOW = Marks()


def moment_of(when: datetime | date | str) -> int:
    """Microseconds since 1970. A day means its end, a time without a zone is UTC. Raises StoreError for text of another form."""
    if isinstance(when, str):
        when = _read(when)
    if not isinstance(when, datetime):
        when = datetime.combine(when, time.max, UTC)
    elif when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return (when - _START) // timedelta(microseconds=1)


def time_of(moment: int) -> datetime:
    """The moment as a date and time in UTC."""
    return _START + timedelta(microseconds=moment)


def _read(text: str) -> datetime | date:
    try:
        if len(text.strip()) == len("2016-06-29"):
            return date.fromisoformat(text.strip())
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise StoreError(f"no moment: {text!r}", f"give {_FORMS}") from error
