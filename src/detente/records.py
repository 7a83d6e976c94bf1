"""The records that flow through Détente. Frozen, slotted, ids hashed from content: a re-run gives the same ids.

Offsets always count characters of the article's text as read; `text[start:end]` is the thing itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Status = Literal["actual", "future", "hypothetical", "negated", "historical"]
VoiceKind = Literal["speaker", "outlet", "document"]
VoiceStance = Literal["asserts", "denies", "doubts", "demands", "promises"]
STATUSES: tuple[Status, ...] = ("actual", "future", "hypothetical", "negated", "historical")
STANCES: tuple[VoiceStance, ...] = ("asserts", "denies", "doubts", "demands", "promises")
WORDS = "words"  # the kind of a place that a common noun alone tells
ROLES = ("actor", "recipient", "place", "date", "speaker")


def content_id(prefix: str, *parts: object) -> str:
    """A short stable id: prefix, underscore, 16 hexadecimal digits of a BLAKE2 hash of the parts."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=8)
    return f"{prefix}_{digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step decided as it did: which step, which rule, and the words of the text (or numbers) it rests on."""

    step: str
    rule: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read. `published_rule` says where its date comes from: option, metadata, dateline, inferred, none."""

    id: str
    text: str
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    published_inferred: bool = False
    published_rule: str = "none"
    file: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of one article. `words`: (start, end, spaced, glued) of each syntactic word, offsets in the article."""

    article: str
    index: int
    start: int
    end: int
    text: str
    words: tuple[tuple[int, int, bool, bool], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One syntactic word. `index` and `head` are 1-based within the sentence, head 0 is the root; `name` is a BIO tag."""

    index: int
    start: int
    end: int
    text: str
    lemma: str
    upos: str
    xpos: str
    head: int
    deprel: str
    name: str


@dataclass(frozen=True, slots=True)
class Act:
    """What the event network thinks that one word tells, as probabilities.

    `word`: 1-based. `nothing`: that it tells no act; `events`: each event; `modes`: the likeliest mode of an event (None: no mode) with its
    share. `spoken`: that a speaker is named. `roles`: head words that may be actor, recipient, place, date, speaker, with probabilities.
    """

    word: int
    nothing: float
    events: dict[str, float]
    modes: dict[str, tuple[str | None, float]]
    statuses: dict[Status, float]
    spoken: float
    stances: dict[VoiceStance, float]
    contexts: dict[str, float]
    roles: dict[str, tuple[tuple[int, float], ...]]

    @property
    def best(self) -> str:
        """The likeliest event, whatever the probability of none."""
        return max(self.events, key=lambda name: self.events[name])

    @property
    def seen(self) -> bool:
        """Whether the network rather sees an act than none: only then its silence about a role says something."""
        return self.nothing < 0.5

    def heads(self, role: str, least: float = 0.5) -> tuple[int, ...]:
        """Head words of a role that are at least so likely, in text order."""
        return tuple(word for word, p in self.roles[role] if p >= least)

    def likely(self, role: str, words: Collection[int]) -> float:
        """How likely the likeliest of some words has a role; 0.0 where the network names none of them."""
        return max((p for word, p in self.roles[role] if word in words), default=0.0)


@dataclass(frozen=True, slots=True)
class Parse:
    """A sentence with its UD tree. `children[i]` lists the dependents of word i (0 = root) in order; `acts` is what the event network
    read in it, None where none was asked."""

    sentence: Sentence
    words: tuple[Word, ...]
    children: tuple[tuple[int, ...], ...]
    acts: tuple[Act, ...] | None = None

    def word(self, index: int) -> Word:
        """Word by its 1-based index."""
        return self.words[index - 1]

    def act_among(self, words: Collection[int]) -> Act | None:
        """The likeliest act among some words, by index; None where the network read none there or was not asked."""
        return min((a for a in self.acts or () if a.word in words), key=lambda a: a.nothing, default=None)

    def at(self, offset: int) -> Word | None:
        """The word that covers an offset of the article, or None in a gap."""
        return next((w for w in self.words if w.start <= offset < w.end), None)

    def ancestors(self, index: int) -> list[int]:
        """Heads above a word, nearest first, without the root 0."""
        result: list[int] = []
        head = self.words[index - 1].head
        while head and head not in result:
            result.append(head)
            head = self.words[head - 1].head
        return result

    def subtree(self, index: int) -> list[int]:
        """A word and everything under it, in text order."""
        result, stack = [], [index]
        while stack:
            top = stack.pop()
            result.append(top)
            stack.extend(self.children[top])
        return sorted(result)


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor as one sentence names it. `id` is None where the text leaves it open ("gunmen"). Where the claim's own sentence leaves open
    who acts, it stands in another sentence of the article that tells the same act (reason `actor-told-of-the-act`)."""

    id: str | None
    name: str | None
    country: str | None
    sector: tuple[str, ...]
    role: str | None
    person: str | None
    text: str
    start: int
    end: int
    rule: str = ""

    @property
    def who(self) -> tuple[object, ...]:
        """What tells a known party from another: a state's police are not its protesters."""
        return self.id, self.sector, self.person, self.role


@dataclass(frozen=True, slots=True)
class Place:
    """Where. `admin1` is the name of the region that holds it. `precision`: site (a point: a base, a camp), city, region, country or
    unknown; unknown means only the words are known. `kind`: what sort of place, as the gazetteer says (town, river, base, …); `WORDS` where
    a common noun tells it and leads to none ("the border"), so that its words are no name."""

    name: str
    country: str | None
    admin1: str | None
    lat: float | None
    lon: float | None
    geonames: int | None
    precision: Literal["site", "city", "region", "country", "unknown"]
    text: str
    start: int
    end: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """An interval of days with its precision, the words it came from and the rule that read them."""

    start: date | None
    end: date | None
    precision: str | None
    text: str | None
    rule: str
    text_start: int | None = None
    text_end: int | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of persons or things: killed, wounded, arrested, displaced, missing, abducted, participants, troops, weapons, money.

    `low`, `best`, `high`: None where the words give none ("at least 40" has no high, "up to 40" only a high, "dozens" no best).
    `of`: whom or what is counted, in the text's words; the currency's ISO 4217 code for money. `of_id`: the actor whom they belong to.
    `by`: whose count it is, in the text's words.
    """

    kind: str
    low: int | None
    best: int | None
    high: int | None
    of: str | None
    text: str
    start: int
    end: int
    of_id: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """On whose word. `via` lists outer speakers of nested speech, nearest first."""

    kind: VoiceKind
    stance: VoiceStance
    speaker: Mention | None = None
    cue: str | None = None
    text: str | None = None
    start: int | None = None
    end: int | None = None
    via: tuple[Mention, ...] = ()


OUTLET = Voice("outlet", "asserts")


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence of one article says: who did what to whom, when, where, on whose word, and why we think so."""

    article: str
    sentence: str
    sentence_index: int
    start: int
    end: int
    event: str
    mode: str | None
    trigger: str
    trigger_start: int
    trigger_end: int
    actor: tuple[Mention, ...]
    recipient: tuple[Mention, ...]
    rule: str
    context: tuple[str, ...] = ()
    status: Status = "actual"
    quad: str = ""
    score: float = 0.0
    confidence: float = 0.0
    when: When = When(None, None, None, None, "none")
    place: Place | None = None
    quantities: tuple[Quantity, ...] = ()
    voice: Voice = OUTLET
    why: tuple[Reason, ...] = ()
    file: str | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    published_inferred: bool = False
    knowledge: str = ""
    id: str = field(default="")
    act: str = ""  # id of the first claim of the article that tells the same act; its own where the act is told once


@dataclass(frozen=True, slots=True)
class ToldAct:
    """One act of one article, however often it is told: the best told value of each field, and the claims that tell it, in order.

    `id`: that of the first claim. `voices`: on whose words, each once, also those who deny or doubt it. `confidence`: of the surest claim.
    """

    id: str
    article: str
    event: str
    mode: str | None
    context: tuple[str, ...]
    status: Status
    actor: tuple[Mention, ...]
    recipient: tuple[Mention, ...]
    when: When
    place: Place | None
    quantities: tuple[Quantity, ...]
    voices: tuple[Voice, ...]
    confidence: float
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Reject:
    """An article, row or file that did not make it, with the step and the reason."""

    file: str | None
    line: int
    article: str | None
    step: str
    reason: str
    hint: str = ""
