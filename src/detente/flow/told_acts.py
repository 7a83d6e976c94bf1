"""One article's claims folded to acts: each act once, with the best told value of each field and all claims that tell it. Not a step.

In: claims with `act`, of one article or of many. Out: `ToldAct`s in the order of their first claims. No claim is changed; acts of different
articles are never joined here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ..records import Claim, Mention, Place, Quantity, ToldAct, Voice, When

_PLACES = ("unknown", "country", "region", "city", "site")  # the finest last
_DAYS = ("century", "decade", "year", "season", "quarter", "month", "week", "range", "day")
_COPIED = "told-before"


def acts(claims: Iterable[Claim]) -> list[ToldAct]:
    """The acts that claims tell, each with the claims that tell it. A claim without `act` is an act by itself."""
    groups: dict[tuple[str, str], list[Claim]] = {}
    for number, claim in enumerate(claims):
        groups.setdefault((claim.article, claim.act or claim.id or f"#{number}"), []).append(claim)
    return [_folded(told) for told in groups.values()]


def _folded(told: Sequence[Claim]) -> ToldAct:
    """One act: values are chosen field by field; the more sure claim wins, then the earlier."""
    sure = sorted(told, key=lambda claim: -claim.confidence)  # a stable sort: the article's order decides between equals
    counts = Counter(claim.event for claim in told)
    event = max(sure, key=lambda claim: counts[claim.event]).event
    modes = Counter(claim.mode for claim in sure if claim.event == event and claim.mode)
    actor = _parties([claim.actor for claim in sure])
    taken = {party.id for party in actor if party.id}
    recipient = tuple(party for party in _parties([claim.recipient for claim in sure]) if party.id is None or party.id not in taken)
    own = _parties([claim.recipient for claim in sure if claim.actor == actor])
    return ToldAct(
        id=told[0].act or told[0].id,
        article=told[0].article,
        event=event,
        mode=modes.most_common(1)[0][0] if modes else None,
        context=tuple(sorted({name for claim in told for name in claim.context})),
        status=next((claim.status for claim in sure if claim.status == "actual"), sure[0].status),
        actor=actor,
        recipient=own or recipient,
        when=max((claim.when for claim in sure), key=_dated),
        place=_place(sure),
        quantities=_quantities(sure),
        voices=_voices(told),
        confidence=sure[0].confidence,
        claims=tuple(told),
    )


def _parties(sides: Sequence[tuple[Mention, ...]]) -> tuple[Mention, ...]:
    """The side that tells most: known parties, persons, roles."""
    return max((side for side in sides if side), key=lambda side: (sum(bool(m.id) for m in side), max(map(_known, side))), default=())


def _known(mention: Mention) -> int:
    return 2 * bool(mention.person) + bool(mention.role) + bool(mention.sector)


def _dated(when: When) -> tuple[bool, bool, int]:
    """A time of the sentence's own before one taken from another, before the day of publication; the narrower first."""
    told = when.precision not in {None, "publication"}
    return told, _COPIED not in when.rule, _DAYS.index(when.precision) if told and when.precision in _DAYS else -1


def _place(sure: Sequence[Claim]) -> Place | None:
    return max((c.place for c in sure if c.place), key=lambda place: _PLACES.index(place.precision), default=None)


def _quantities(sure: Sequence[Claim]) -> tuple[Quantity, ...]:
    """Of each kind the numbers that most claims give; between equals those of the more sure claim."""
    result: list[Quantity] = []
    for kind in dict.fromkeys(q.kind for claim in sure for q in claim.quantities):
        given = [tuple(q for q in claim.quantities if q.kind == kind) for claim in sure]
        told = [own for own in given if own]
        often = Counter(map(_bounds, told))
        best: tuple[Quantity, ...] = max(told, key=lambda own: often[_bounds(own)])
        result.extend(best)
    return tuple(result)


def _bounds(quantities: tuple[Quantity, ...]) -> tuple[tuple[int | None, int | None], ...]:
    return tuple((quantity.low, quantity.high) for quantity in quantities)


def _voices(told: Sequence[Claim]) -> tuple[Voice, ...]:
    """On whose word, each voice once."""
    seen: dict[tuple[str, str, str | None], Voice] = {}
    for claim in told:
        speaker = claim.voice.speaker
        who = (speaker.person or speaker.id or speaker.text) if speaker else None
        seen.setdefault((claim.voice.kind, claim.voice.stance, who), claim.voice)
    return tuple(seen.values())
