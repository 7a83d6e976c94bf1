"""What agreements an article has told of: so that "the plan" and "the proposed agreement" keep their parties.

`ledger` fills and asks it. It looks back only, and not further than some sentences: another agreement may have been spoken of since.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..ledger import Agreement, AgreementStage, Entry
from ..records import Mention

REACH = 6  # sentences
BINDING = frozenset({"proposed", "transmitted", "accepted", "signed", "in-force"})


@dataclass(frozen=True, slots=True)
class Deal:
    """The agreement told of last: its stage, who proposed or made it, to whom it went, in which sentence."""

    stage: AgreementStage
    by: tuple[Mention, ...]
    to: tuple[Mention, ...]
    sentence: int

    @property
    def parties(self) -> tuple[Mention, ...]:
        """All of them, each once."""
        return tuple({m.id: m for m in (*self.by, *self.to)}.values())


class Deals:
    """The agreements of one article, the last one at hand."""

    def __init__(self) -> None:
        self._last: Deal | None = None

    def note(self, entries: tuple[Entry, ...], sentence: int) -> None:
        """Remembers the last agreement of a sentence that names a known party; one that only leads back keeps the old parties."""
        for entry in entries:
            if not isinstance(entry, Agreement) or entry.kind not in BINDING:
                continue
            by, to = _known(entry.actor), _known(entry.recipient)
            last = self.before(sentence)
            if last and {m.id for m in (*by, *to)} < {m.id for m in last.parties}:
                by, to = last.by, last.to
            elif last and {m.id for m in (*by, *to)} & {m.id for m in last.parties}:
                by, to = by or last.by, to or tuple(m for m in last.to if m.id not in {b.id for b in by})
            if by or to:
                self._last = Deal(entry.kind, by, to, sentence)  # type: ignore[arg-type]  # a stage: BINDING

    def before(self, sentence: int, reach: int = REACH) -> Deal | None:
        """The agreement told of last, if that was not too long ago."""
        return self._last if self._last and 0 < sentence - self._last.sentence <= reach else None


def _known(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    return tuple({m.id: m for m in mentions if m.id}.values())
