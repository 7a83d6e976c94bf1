"""Whether two claims of one article tell the same act: points for and against, and conflicts that no points can outweigh. Not a step.

In: two `Telling`s in the order of the article. Out: `Weighed`: the points by name, their sum, the conflict if there is one. The points'
values stand in data/acts/same.yml; who may be whom is told by `same_parties`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..knowledge import Knowledge
from ..knowledge.sphere import kilometres
from ..records import Claim, Place, Quantity, When
from .number_words import word_value
from .same_parties import sides
from .tellings import VIOLENT, Telling, head

LANES = {"actual": "happened", "historical": "happened", "future": "planned", "hypothetical": "supposed", "negated": "negated"}
TALK = "CONSULT"
COUNTED = frozenset({"killed", "wounded", "abducted", "arrested"})  # whom the same act cannot have hit in two different numbers
NEAR_KM, APART_KM = 25.0, 50.0
LONG_AGO = timedelta(days=10)
TOLL_REACH, LEAD = 2, 3  # sentences after the act, and after the headline
LIKE, ALIKE, APART = 0.5, 0.25, 0.1
POINTS_OF = frozenset({"site", "city"})
CONFLICT = "!"


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for and against two tellings being of the same act."""

    points: tuple[tuple[str, float], ...]
    conflict: str = ""

    @property
    def total(self) -> float:
        """The sum of the points."""
        return sum(value for _, value in self.points)


def weigh(earlier: Telling, later: Telling, knowledge: Knowledge) -> Weighed:
    """All points of two tellings, or the first conflict between them."""
    found: list[tuple[str, float]] = []
    for name in _names(earlier, later, knowledge):
        if name.startswith(CONFLICT):
            return Weighed(tuple(found), name.removeprefix(CONFLICT))
        found.append((name, knowledge.same_acts.points[name]))
    return Weighed(tuple(found))


def _names(earlier: Telling, later: Telling, knowledge: Knowledge) -> Iterator[str]:
    one, other = earlier.claim, later.claim
    yield from _act(one, other, knowledge)
    yield from sides(one, other, knowledge)
    yield from _date(one, other)
    yield from _place(one, other, knowledge)
    yield from _numbers(earlier, later)
    yield from _words(earlier, later, knowledge)
    yield from _content(earlier, later, knowledge)


def _act(one: Claim, other: Claim, knowledge: Knowledge) -> Iterator[str]:
    """Event, mode and status."""
    acts = knowledge.same_acts
    if not acts.related(one.event, other.event):
        yield "!event"
    if LANES[one.status] != LANES[other.status]:
        yield "!status"
    if one.event != other.event:
        yield "same-family"
    elif not (one.mode or other.mode) and one.event not in acts.spoken:
        yield "same-mode"  # an event without modes
    elif not (one.mode and other.mode):
        yield "one-mode"
    elif one.mode == other.mode:
        yield "same-mode"
    else:
        yield "kin-modes" if acts.kin(one.mode, other.mode) else "other-mode"
    if one.status != other.status:
        yield "background"


def _told(when: When) -> bool:
    """Whether the sentence itself names the time."""
    return when.precision not in {None, "publication"} and not when.rule.endswith("+told-before")


def _date(one: Claim, other: Claim) -> Iterator[str]:
    told = [_told(one.when), _told(other.when)]
    if all(told):
        (first, last), (start, end) = _days(one.when), _days(other.when)
        if last < start or end < first:
            yield "!day"
        elif one.when.precision == other.when.precision == "day":
            yield "same-date"
        else:
            yield "date-within"
    elif any(told):
        dated = one if told[0] else other
        if dated.published and _days(dated.when)[1] < dated.published - LONG_AGO:
            yield "far-date"


def _days(when: When) -> tuple[date, date]:
    return when.start or date.min, when.end or date.max


def _own_place(claim: Claim) -> Place | None:
    """The claim's place if its own sentence names it."""
    copied = any(reason.step == "places" and reason.rule.startswith("told-before") for reason in claim.why)
    return None if copied else claim.place


def _place(one: Claim, other: Claim, knowledge: Knowledge) -> Iterator[str]:
    here, there = _own_place(one), _own_place(other)
    if here is None or there is None:
        return
    spoken = one.event in knowledge.same_acts.spoken
    name = _places(here, there)
    if spoken and name in {"same-place", "place-within"}:
        yield "near-place"  # what is said is rarely told by where
    elif name == "other-place" and not spoken and TALK not in {one.event, other.event}:
        yield "!place"
    elif name:
        yield name


def _places(here: Place, there: Place) -> str:
    """How two places lie to each other; empty where nothing can be said."""
    if here.name == there.name and here.country == there.country:
        kind = {"country": "country-within", "region": "place-within", "unknown": "near-place"}
        return kind.get(here.precision, "same-place")
    if here.country is None or there.country is None or "unknown" in {here.precision, there.precision}:
        return ""
    if here.country != there.country:
        return "other-place"
    if "country" in {here.precision, there.precision}:
        return "country-within"
    if here.precision in POINTS_OF and there.precision in POINTS_OF:
        apart = _kilometres(here, there)
        return "" if apart is None or NEAR_KM < apart <= APART_KM else "near-place" if apart <= NEAR_KM else "other-place"
    inside = here.name == there.admin1 or there.name == here.admin1
    return "place-within" if inside else "other-region"


def _kilometres(here: Place, there: Place) -> float | None:
    if here.lat is None or here.lon is None or there.lat is None or there.lon is None:
        return None
    return kilometres(here.lat, here.lon, there.lat, there.lon)


def _numbers(earlier: Telling, later: Telling) -> Iterator[str]:
    one, other = earlier.claim, later.claim
    for kind in sorted({q.kind for q in one.quantities} & {q.kind for q in other.quantities}):
        pairs = [(a, b) for a in one.quantities for b in other.quantities if a.kind == b.kind == kind]
        names = [_counts(a, b) for a, b in pairs]
        best = next((name for name in ("same-exact-number", "same-number", "number-in-range") if name in names), None)
        if best:
            yield best
        elif kind in COUNTED and "!number" in names and one.voice.speaker == other.voice.speaker:
            yield "!number"
        else:
            yield "other-number"
    if earlier.word == later.word:
        counts = [{(head(m.text), n) for m in c.recipient if (n := _leading(m.text)) is not None} for c in (one, other)]
        known = [dict(found) for found in counts]
        if any(known[1].get(what, number) != number for what, number in known[0].items()):
            yield "!number"


def _leading(text: str) -> int | None:
    """The number that a party's words begin with: "two hostages", "the 200 girls"."""
    for word in text.lower().split()[:2]:
        if word.isdigit():
            return int(word)
        if (value := word_value(word)) is not None:
            return value
    return None


def _counts(one: Quantity, other: Quantity) -> str:
    if one.low is not None and one.low == one.high == other.low == other.high:
        return "same-exact-number" if one.low >= 20 and one.low % 10 else "same-number"
    low, high = max(one.low or 0, other.low or 0), min(one.high or 10**12, other.high or 10**12)
    if low <= high:
        return "number-in-range"
    alike = one.of is None or other.of is None or head(one.of) == head(other.of)
    return "!number" if alike and one.low == one.high and other.low == other.high else "other-number"


def _words(earlier: Telling, later: Telling, knowledge: Knowledge) -> Iterator[str]:
    """What the words say of the later telling: as known, as new, as what the act did."""
    one, other = earlier.claim, later.claim
    gap = other.sentence_index - one.sentence_index
    violent = one.event == other.event == VIOLENT
    if gap == 0:
        beside = violent and (earlier.toll or later.toll)
        yield "toll-beside" if beside else "same-sentence"
    elif violent and later.toll and gap <= TOLL_REACH:
        yield "toll-after"
    if _leads(earlier, later):
        yield "headline"
    if earlier.word == later.word:
        yield "same-word"
    not_meant = {"again"} if gap == 0 else set()
    if one.event != other.event and other.trigger.lower() not in knowledge.same_acts.nouns.get(one.event, ()):
        not_meant |= {"definite", "possessive"}  # "his refusal" leads back to no accusation
    yield from sorted(later.marks - not_meant)
    if "often" in earlier.marks - later.marks:
        yield "often"
    known = {head(m.text) for m in (*one.actor, *one.recipient)} - {""}
    if any(m.text.lower().startswith(("the ", "these ", "those ")) and head(m.text) in known for m in (*other.actor, *other.recipient)):
        yield "party-again"


def _leads(earlier: Telling, later: Telling) -> bool:
    """Whether the one is a headline and the other among the first sentences under it."""
    return earlier.headline and 0 < later.claim.sentence_index - earlier.claim.sentence_index <= LEAD


def _content(earlier: Telling, later: Telling, knowledge: Knowledge) -> Iterator[str]:
    """How much of the rest of the two sentences is alike; what is said must be."""
    smaller = min(len(earlier.content), len(later.content))
    common = len(earlier.content & later.content)
    shared = common / smaller if smaller else 0.0
    spoken = {earlier.claim.event, later.claim.event} <= knowledge.same_acts.spoken
    if shared >= LIKE and common > 1:
        yield "same-content" if spoken else "like-content"
    elif spoken and shared >= ALIKE:
        yield "like-content"
    elif spoken and smaller and shared < APART and not later.marks & {"definite", "act-noun"} and not _leads(earlier, later):
        yield "other-content"  # a headline's few words tell nothing by what they leave out
