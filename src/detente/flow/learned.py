"""Lexicon and event network together: which claims stand, and what the network adds to them.

In: the claims that rows of the lexicon made, and the network's acts of the same sentence. Out: claims weighed by both, and triggers for
acts that no row knows. The scheme (docs/decisions/0011): a row's event weighs `ROW` beside the logarithm of the network's probability; a
row falls where the network's odds that its words tell nothing pass `DOUBT`; an act without a row stands from `STANDS` on. A user's own row
always stands. Weights were set on the development part of the corpus.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ..knowledge import Knowledge
from ..records import OUTLET, STATUSES, Act, Claim, Mention, Parse, Reason, Status, Voice
from .claims import ClaimFinder, Found
from .mentions import SentenceActors
from .parties import mentions_of

ROW, DOUBT, STANDS = 2.0, 3.0, 0.5
CUE, PLAIN = 1.5, 0.5
PARTY, FIRST_PARTY, SPOKEN, CONTEXT = 0.5, 0.3, 0.5, 0.4
_LEAST = 1e-4


def proposals(finder: ClaimFinder, found: Sequence[Found], knowledge: Knowledge) -> list[Found]:
    """Acts that no row found, as triggers with their parties; a light verb and its noun are one trigger."""
    parse = finder.parse
    taken = {index for item in found for index in item.words}
    taken |= {verb for item in found if item.rule.part == "noun" and (verb := finder.slots.light_verb(item.word))}
    result = []
    for act in parse.acts or ():
        if act.word in taken or 1 - act.nothing < STANDS:
            continue
        if parse.word(act.word).upos == "NOUN" and finder.slots.light_verb(act.word) in taken:
            continue
        event = act.best
        mode, _ = act.modes[event]
        actors, recipients = _heads(act, "actor"), _heads(act, "recipient")
        recipients = tuple(h for h in recipients if h not in actors)
        result.append(Found(act.word, knowledge.lexicon.learned[event, mode], actors, recipients, (act.word,)))
    return result


def _heads(act: Act, role: str) -> tuple[int, ...]:
    """Heads of a role; where none is likely, the best if it is not unlikely."""
    sure = act.heads(role, PARTY)
    if sure or not act.roles[role]:
        return sure
    word, p = max(act.roles[role], key=lambda item: item[1])
    return (word,) if p >= FIRST_PARTY else ()


def act_at(parse: Parse, words: Sequence[int]) -> Act | None:
    """The likeliest act among some words."""
    return min((a for a in parse.acts or () if a.word in words), key=lambda a: a.nothing, default=None)


def weigh(claim: Claim, item: Found, actors: SentenceActors, knowledge: Knowledge) -> Claim | None:
    """The claim as row and network together see it; None where it falls."""
    parse = actors.parse
    if parse.acts is None:
        return claim
    learned, own = item.rule.row is None, knowledge.is_own(item.rule.path)
    act = act_at(parse, [*item.words, item.word])
    if act is None:
        return claim if own else None
    odds = math.log(max(act.nothing, _LEAST)) - math.log(max(1 - act.nothing, _LEAST))
    if odds > DOUBT and not (learned or own):
        return None
    if claim.event not in {item.rule.event, knowledge.ontology.fold(item.rule.event, item.rule.mode, claim.status)[0]}:
        return claim  # a second event that the row adds
    if not own:
        claim = _event(claim, act, learned)
    claim = _status(claim, act, knowledge, learned)
    claim = _parties(claim, act, actors, knowledge, learned)
    claim = _voice(claim, act, actors)
    contexts = tuple(name for name, p in act.contexts.items() if p >= CONTEXT and name not in claim.context)
    why = tuple(Reason("contexts", "network", name) for name in contexts)
    return replace(claim, context=(*claim.context, *contexts), why=(*claim.why, *why))


def _event(claim: Claim, act: Act, learned: bool) -> Claim:
    """The likeliest event, with a bonus for the row's (as folded by its status)."""
    if learned:
        return replace(claim, why=(*claim.why, Reason("claims", "network", f"{claim.event} {1 - act.nothing:.2f}")))
    weights = {event: math.log(max(p, _LEAST)) + ROW * (event == claim.event) for event, p in act.events.items()}
    best = max(weights, key=lambda event: weights[event])
    if best == claim.event:
        mode, share = act.modes.get(best, (None, 0.0))
        if claim.mode is None and mode and share >= 0.5:
            claim = replace(claim, mode=mode, why=(*claim.why, Reason("claims", "network-mode", mode)))
        return claim
    mode, _ = act.modes.get(best, (None, 0.0))
    why = Reason("claims", "network-instead", f"{claim.event} → {best} {act.events[best]:.2f}")
    return replace(claim, event=best, mode=mode, why=(*claim.why, why))


def _status(claim: Claim, act: Act, knowledge: Knowledge, learned: bool) -> Claim:
    """The likeliest status, with a bonus for the one that the cue words speak for (less where there is no cue)."""
    bonus = CUE if claim.status != "actual" else PLAIN
    weights = {status: math.log(max(act.statuses[status], _LEAST)) + bonus * (status == claim.status) for status in STATUSES}
    best: Status = max(STATUSES, key=lambda status: weights[status])
    if best == claim.status:
        return claim
    event, mode = claim.event, claim.mode
    if not learned:
        event, mode = knowledge.ontology.fold(claim.event, claim.mode, best)
    why = Reason("status", "network", f"{claim.status} → {best} {act.statuses[best]:.2f}")
    return replace(claim, status=best, event=event, mode=mode, why=(*claim.why, why))


def _parties(claim: Claim, act: Act, actors: SentenceActors, knowledge: Knowledge, learned: bool) -> Claim:
    """Fills a side that the row left open."""
    if learned:
        return claim
    if not claim.actor:
        found = _beside(act, "actor", actors, claim.recipient)
        claim = replace(claim, actor=found, why=(*claim.why, *(Reason("actors", f"actor-network+{m.rule}", m.text) for m in found)))
    if not claim.recipient and not knowledge.lexicon.rule(claim.rule).mutual:
        found = _beside(act, "recipient", actors, claim.actor)
        claim = replace(claim, recipient=found, why=(*claim.why, *(Reason("actors", f"recipient-network+{m.rule}", m.text) for m in found)))
    return claim


def _beside(act: Act, role: str, actors: SentenceActors, taken: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Likely parties of a role that do not lie in those of the other side."""
    found = mentions_of(actors, act.heads(role, PARTY))
    return tuple(m for m in found if not any(m.start < t.end and t.start < m.end for t in taken))


def _voice(claim: Claim, act: Act, actors: SentenceActors) -> Claim:
    """A speaker whom the words of speech did not show."""
    if claim.voice != OUTLET or act.spoken < SPOKEN:
        return claim
    speakers = mentions_of(actors, act.heads("speaker", PARTY))
    if not speakers:
        return claim
    stance = max(act.stances, key=lambda name: act.stances[name])
    first = speakers[0]
    voice = Voice("outlet" if first.rule == "outlet" else "speaker", stance, first, None, first.text, first.start, first.end)
    return replace(claim, voice=voice, why=(*claim.why, Reason("voices", f"network-{stance}", first.text)))
