"""The records beside claims: how actors stand to one another (Stance), who belongs to what (Membership), what they agree (Agreement).

Frozen, slotted, ids hashed from content, offsets as in `records`. An entry carries the same evidence as a claim: the sentence, the words
that tell it, whose word it is, when, and why we think so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal, get_args

from .records import OUTLET, Mention, Reason, Status, Voice, When, content_id

Sort = Literal["stance", "member", "agreement"]
StanceKind = Literal["supports", "opposes", "recognises", "rejects", "terrorist", "ally", "enemy"]
MembershipKind = Literal["member", "observer", "candidate", "joined", "left", "suspended"]
AgreementStage = Literal[
    "proposed", "transmitted", "accepted", "rejected", "signed", "ratified", "in-force", "suspended", "breached", "ended"
]
UNDATED = When(None, None, None, None, "none")
KINDS: dict[Sort, tuple[str, ...]] = {
    "stance": get_args(StanceKind), "member": get_args(MembershipKind), "agreement": get_args(AgreementStage),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of the article; `text` is what stands there."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What all three have. `actor` stands so, belongs so or agrees; `recipient` is to whom, to what body, to whom it was sent.

    `about`: the matter in the text's words ("the listing of the group"); `conditions`: on what it hangs, each in the text's words.
    `status` and `voice` as in claims: `negated` tells that it is not so, or no longer.
    """

    sort: ClassVar[Sort]
    article: str
    sentence: str
    sentence_index: int
    start: int
    end: int
    kind: str
    trigger: str
    trigger_start: int
    trigger_end: int
    actor: tuple[Mention, ...]
    recipient: tuple[Mention, ...]
    rule: str
    about: Words | None = None
    conditions: tuple[Words, ...] = ()
    status: Status = "actual"
    when: When = UNDATED
    voice: Voice = OUTLET
    confidence: float = 0.0
    why: tuple[Reason, ...] = ()
    file: str | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    published_inferred: bool = False
    knowledge: str = ""
    id: str = field(default="")

    def content_id(self) -> str:
        """The id that its content gives: article, place, sort, kind and parties; the same in every run."""
        return content_id(
            self.sort[0], self.article, self.sentence_index, self.trigger_start, self.trigger_end, self.sort, self.kind,
            ";".join(m.id or m.text for m in self.actor), ";".join(m.id or m.text for m in self.recipient),
        )


@dataclass(frozen=True, slots=True)
class Stance(Entry):
    """`actor` supports, opposes, recognises, rejects `recipient` (or the matter `about`), or calls it terrorist, ally, enemy."""

    sort: ClassVar[Sort] = "stance"


@dataclass(frozen=True, slots=True)
class Membership(Entry):
    """`actor` is a member, observer or candidate of the body `recipient`, has joined or left it, or was suspended from it."""

    sort: ClassVar[Sort] = "member"


@dataclass(frozen=True, slots=True)
class Agreement(Entry):
    """A stage in the life of an agreement `about` something: who proposed it, to whom it was sent, who accepted, signed, broke it.

    The parties stand in `actor`; `recipient` is whom it was proposed or sent to. What it makes depend on what stands in `conditions`.
    """

    sort: ClassVar[Sort] = "agreement"


RECORDS: dict[Sort, type[Entry]] = {"stance": Stance, "member": Membership, "agreement": Agreement}
