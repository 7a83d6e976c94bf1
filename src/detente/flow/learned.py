"""Lexicon and event network together: which claims stand, what the network adds to them, how sure we are.

In: the claims that rows of the lexicon made, and the network's acts of the same sentence. Out: claims weighed by both, and triggers for
acts that no row knows. The scheme is stated in docs/decisions/0014; its numbers are `Weights`. A user's own row always stands.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from ..knowledge import Knowledge, Rule
from ..language.syntax import by_relation, cases
from ..records import OUTLET, STATUSES, Act, Claim, Mention, Parse, Reason, Status, Voice
from .blame import blamed, demanded
from .claims import ClaimFinder, Found
from .dating import UNDATED, said_today
from .habits import told_in_general
from .mentions import SentenceActors
from .modality import PROPOSED
from .parties import AIMED, FRIENDLY, fought, mentions_of, party_below, spoken_about, with_office
from .paths import paths_of
from .quotations import QUOTATION, quoted
from .vetoes import no_act, no_news
from .weights import GUESSES, Weights

# An act less likely than the first is never looked at; a head of a role counts from the second on, the best of them from its own number.
LEAST, PARTY = 0.2, 0.45
BEST_PARTY = {"actor": 0.4, "recipient": 0.2, "speaker": 0.4}
ADDED = 0.8  # how sure the network must be of a recipient that stands beside a row's own
# What the network's silence about a word counts as, and the log-odds of a way from which on such a word is considered at all.
UNREAD, UNLIKELY = 0.02, -2.0
# Cues that leave no doubt: "will attack" is a plan, a day of long ago is past, whatever else the sentence holds; what the sentences before
# tell the network does not see.
PLAIN_WORDS = frozenset({"future-auxiliary", "historical-dated-before", "historical-background-goes-on", "actual-performed"})
INSTEAD = 0.7  # how likely an event must be to take the place of a row's: less was right in 5 of 18 claims of the development part
OF_ROW = frozenset({"row", "row_odds"})
_TINY, _MOST = 1e-4, 5.0
SIGNED = frozenset({"AGREE", "SUPPORT"})  # an agreement, told as made (AGREE) or as signed (SUPPORT)
# What stands between an answer and the act that it answers: "condolences for the attack", "spoke after the attack".
ANSWERED = frozenset("for after over about despite since before following amid".split())


def proposals(
    finder: ClaimFinder, found: Sequence[Found], knowledge: Knowledge, weights: Weights, done: Set[int] = frozenset()
) -> list[Found]:
    """Acts that no row found, as triggers with their parties; a light verb and its noun are one trigger. `done`: weighed before."""
    parse = finder.parse
    taken = {index for item in found for index in item.words}
    taken |= {verb for item in found if item.rule.part == "noun" and (verb := finder.slots.light_verb(item.word))}
    taken |= {act.word for item in found if (act := act_of(parse, item)) is not None}
    result: list[Found] = []
    for act in parse.acts or ():
        if act.word in taken or act.word in done or 1 - act.nothing < LEAST:
            continue
        if parse.word(act.word).upos == "NOUN" and finder.slots.light_verb(act.word) in taken:
            continue
        event = act.best
        mode, _ = act.modes[event]
        ways = _ways(parse, act.word, knowledge)
        actors, recipients = (party_heads(finder.actors, act, role, ways, weights) for role in ("actor", "recipient"))
        actors, recipients = _undergone(parse, act.word, actors, recipients)
        recipients = tuple(h for h in recipients if h not in actors and not (event in FRIENDLY and fought(parse, h, act.word)))
        if not recipients and event in AIMED:
            recipients = tuple(h for h in party_below(finder.actors, act.word, actors) if h not in actors)
        result.append(Found(act.word, knowledge.lexicon.learned[event, mode], actors, recipients, _words(parse, act.word)))
    return result


def _undergone(parse: Parse, word: int, actors: tuple[int, ...], recipients: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both sides, without an actor to whom a participle says it was done: "the killed militants"."""
    own = parse.word(word)
    if own.deprel != "amod" or not own.text.lower().endswith("ed") or own.head not in actors:
        return actors, recipients
    return tuple(h for h in actors if h != own.head), (own.head, *(h for h in recipients if h != own.head))


def _ways(parse: Parse, word: int, knowledge: Knowledge) -> dict[int, str]:
    """How every word stands to a trigger, without what is only talked about; for a noun without those who only speak of it or answer it."""
    ways = dict(paths_of(parse, word))
    if parse.word(word).upos == "VERB":
        topics = spoken_about(parse, word)
        return {other: way for other, way in ways.items() if other not in topics}
    others = _bystanders(parse, word, knowledge)
    others |= {w.index for w in parse.words if w.deprel == "conj" and w.index > word and _behind_gap(parse, w.index)}
    return {other: way for other, way in ways.items() if other not in others}


def _behind_gap(parse: Parse, index: int) -> bool:
    """"… for the attack in A and Y for …": what Y is blamed for comes behind it, not before."""
    after = next((w for w in parse.words[index:] if w.deprel not in {"flat", "punct"}), None)
    return parse.word(index).upos == "PROPN" and after is not None and after.text.lower() == "for" and after.deprel == "case"


def _bystanders(parse: Parse, word: int, knowledge: Knowledge) -> frozenset[int]:
    """Who only tells of an act that a noun names ("Peskov said that the attack showed …") or answers it ("condolences for the attack")."""
    above: list[int] = []
    for step in (word, *parse.ancestors(word)):
        head, relation = parse.word(step).head, parse.word(step).deprel
        reported = relation == "ccomp" and parse.word(head).lemma.lower() in knowledge.speech.verbs if head else False
        answered = relation in {"obl", "nmod"} and bool(cases(parse, step) & ANSWERED)
        if reported or answered:
            above.append(head)
    aside = [c for c in by_relation(parse, word, "advcl", "acl") if cases(parse, c) & ANSWERED]  # "their first meeting since X left"
    verbs = {verb for head in above for verb in (head, *parse.ancestors(head)) if parse.word(verb).upos == "VERB"}
    told = [child for verb in verbs for child in by_relation(parse, verb, "nsubj")]
    return frozenset(i for child in (*told, *aside) for i in parse.subtree(child))


def _words(parse: Parse, word: int) -> tuple[int, ...]:
    """The trigger with a particle right behind it ("blew up")."""
    behind = [w.index for w in parse.words[word : word + 1] if w.deprel == "compound:prt" and w.head == word]
    return (word, *behind)


def party_heads(actors: SentenceActors, act: Act, role: str, ways: Mapping[int, str], weights: Weights) -> tuple[int, ...]:
    """Head words of a role, by the network and by how they stand to the trigger (`paths_of`); the best one even where it is less likely."""
    read = dict(act.roles[role])
    scored = []
    for word, way in ways.items():
        net = _odds(read.get(word, UNREAD))
        if word in read or weights.paths[role].get(way, weights.path[role]) > UNLIKELY:
            scored.append((weights.party_probability(role, net, way, actors.hit_at(word) is not None), word))
    sure = tuple(sorted(word for p, word in scored if p >= PARTY))
    best, word = max(scored, default=(0.0, 0))
    return sure or ((word,) if best >= BEST_PARTY[role] else ())


def act_of(parse: Parse, item: Found) -> Act | None:
    """What the network reads of a claim: at its trigger, or at the noun that the trigger carries where it reads the same event there."""
    own = parse.act_among([*item.words, item.word])
    event = item.rule.event
    same = SIGNED if event in SIGNED else {event}
    for noun in parse.acts or ():
        if noun.word in item.carried and noun.best in same and (own is None or noun.events[event] > own.events[event]):
            own = noun
    return own


def weigh(claim: Claim, item: Found, act: Act | None, actors: SentenceActors, weights: Weights) -> Claim | None:
    """The claim as row and network together see it, with its confidence; None for what is no act. `act`: what the network reads there."""
    parse, knowledge = actors.parse, actors.knowledge
    learned, own = item.rule.row is None, knowledge.is_own(item.rule.path)
    if learned and any(r.step == "status" and r.rule.endswith(PROPOSED) for r in claim.why):
        return None  # what is proposed is the content of the proposal, no act of its own
    if not own and told_in_general(parse, item.word):
        return None  # a rule or a habit, not something that happened
    firm = item.rule.row is not None and item.rule.row.firm
    if act is not None and claim.event in {item.rule.event, knowledge.ontology.fold(item.rule.event, item.rule.mode, claim.status)[0]}:
        if not own and not firm:
            claim = _event(claim, act, item.rule, weights)
        claim = claim if firm else _status(claim, act, knowledge, learned, weights)
        if not learned:
            claim = _parties(claim, act, actors, knowledge, (item.rule.mutual, weights))
        claim = with_office(_crowd(claim, knowledge), actors, item.word)
        claim = _voice(claim, act, actors, weights)
        claim = demanded(blamed(claim, parse, item.word, knowledge), parse, item.word, knowledge) if learned else claim
    if (learned and no_act(claim, parse, item.word)) or (not own and no_news(claim, parse, item.word)):
        return None
    words = None
    if parse.acts is not None:
        again = actors.memory.repeated.elsewhere(parse, {item.word, *item.carried}, {claim.event, item.rule.event})
        unheard = learned and not actors.memory.heard(claim.trigger)
        words = {"topic": actors.memory.tells(claim.sentence), "unheard": float(unheard), "again": float(again)}
    return sure_of(claim, item.rule, act, words, weights)


def stands(claim: Claim, item: Found, parse: Parse, knowledge: Knowledge, weights: Weights) -> bool:
    """Whether a weighed claim is likely enough to be told; a user's own row always is, and the lexicon's where no network has a say."""
    return knowledge.is_own(item.rule.path) or parse.acts is None or claim.confidence >= weights.stands


def _crowd(claim: Claim, knowledge: Knowledge) -> Claim:
    """The claim without the network's mode where that asks for more parties than the two states that took part."""
    parties = (*claim.actor, *claim.recipient)
    if not any(r.rule == "network-mode" for r in claim.why) or not all(m.id and m.id == m.country for m in parties):
        return claim
    if not parties or len({m.id for m in parties}) >= knowledge.ontology.least_parties(claim.event, claim.mode):
        return claim
    return replace(claim, mode=None, why=tuple(r for r in claim.why if r.rule != "network-mode"))


def sure_of(claim: Claim, rule: Rule, act: Act | None, words: Mapping[str, float] | None, weights: Weights) -> Claim:
    """The claim with its confidence. `words`: what they alone tell, None where no network read the sentence: `topic`, log-odds that it
    tells an act; `unheard`, 1 where no row knows the trigger and no word of it names acts in the corpus; `again`, 1 where another sentence
    of the article surely has the same word for the same event."""
    asked, told = words is not None, words or {}
    share = max(act.events[claim.event], act.events[rule.event]) if act else 0.0  # aid to come is AGREE here, for the network AID to come
    firm = rule.row is not None and rule.row.firm
    features = {
        "topic": max(-_MOST, min(_MOST, told.get("topic", 0.0))), "unheard": told.get("unheard", 0.0), "again": told.get("again", 0.0),
        "row": 0.0 if rule.row is None else 1.0,
        "row_odds": 0.0 if rule.row is None else weights.rows.get(rule.id, weights.row),
        "actor": float(any(m.id for m in claim.actor)), "recipient": float(any(m.id for m in claim.recipient)),
        "guessed": float(any(guess in m.rule for m in (*claim.actor, *claim.recipient) for guess in GUESSES)),
        "hearsay": float(claim.voice.kind == "outlet" and claim.voice.cue is not None),
        "net": -_MOST if act is None else max(-_MOST, min(_MOST, _odds(1 - act.nothing))),
        "net_event": 0.0 if act is None or firm else math.log(max(share / max(1 - act.nothing, _TINY), 0.01)),
    }
    features = {name: round(value, 2) for name, value in features.items() if value and (asked or not name.startswith("net"))}
    if asked and act is not None and rule.row is not None and not firm:  # a row that is often wrong takes nothing away
        alone = {name: value for name, value in features.items() if name not in OF_ROW}
        features = max(features, alone, key=lambda own: weights.probability(own, asked))
    text = ", ".join(f"{name} {value:g}" for name, value in features.items())
    reason = Reason("confidence", "both" if asked else "rules", text)
    return replace(claim, confidence=round(weights.probability(features, asked), 3), why=(*claim.why, reason))


def _odds(p: float) -> float:
    return math.log(max(p, _TINY)) - math.log(max(1 - p, _TINY))


def _event(claim: Claim, act: Act, rule: Rule, weights: Weights) -> Claim:
    """The likeliest event, with a bonus for the row's (as folded by its status). A network that reads what the row names says the same."""
    if rule.row is None:
        return replace(claim, why=(*claim.why, Reason("claims", "network", f"{claim.event} {act.events[claim.event]:.2f}")))
    scores = {event: math.log(max(p, _TINY)) + weights.event * (event == claim.event) for event, p in act.events.items()}
    best = max(scores, key=lambda event: scores[event])
    if act.events[best] < INSTEAD or best == rule.event:
        best = claim.event
    mode, share = act.modes.get(best, (None, 0.0))
    if best == claim.event:
        if claim.mode is None and mode and share >= 0.5:
            claim = replace(claim, mode=mode, why=(*claim.why, Reason("claims", "network-mode", mode)))
        return claim
    why = Reason("claims", "network-instead", f"{claim.event} → {best} {act.events[best]:.2f}")
    return replace(claim, event=best, mode=mode, why=(*claim.why, why))


def _status(claim: Claim, act: Act, knowledge: Knowledge, learned: bool, weights: Weights) -> Claim:
    """The likeliest status, with a bonus for the one that the cue words speak for (less where there is no cue)."""
    if any(r.step == "status" and r.rule in PLAIN_WORDS for r in claim.why):
        return claim
    bonus = weights.status if claim.status != "actual" else weights.plain
    scores = {status: math.log(max(act.statuses[status], _TINY)) + bonus * (status == claim.status) for status in STATUSES}
    best: Status = max(STATUSES, key=lambda status: scores[status])
    if best == claim.status:
        return claim
    event, mode = claim.event, claim.mode
    if not learned:
        event, mode = knowledge.ontology.fold(claim.event, claim.mode, best)
    why = Reason("status", "network", f"{claim.status} → {best} {act.statuses[best]:.2f}")
    when = claim.when
    if best == "historical" and when.precision == "publication":
        when = UNDATED
    elif when == UNDATED and claim.published and any(r.rule == "historical-pattern" for r in claim.why):
        when = said_today(claim.published)
    return replace(claim, status=best, event=event, mode=mode, when=when, why=(*claim.why, why))


def _parties(claim: Claim, act: Act, actors: SentenceActors, knowledge: Knowledge, how: tuple[bool, Weights]) -> Claim:
    """Fills a side that the row left open, and adds whom the network is sure of; `how`: whether the row is mutual, the weights."""
    mutual, weights = how
    ways = _ways(actors.parse, act.word, knowledge)
    if not claim.actor:
        found = _beside(party_heads(actors, act, "actor", ways, weights), actors, claim.recipient)
        claim = replace(claim, actor=found, why=(*claim.why, *(Reason("actors", f"actor-network+{m.rule}", m.text) for m in found)))
    if not mutual:
        heads = party_heads(actors, act, "recipient", ways, weights)
        if claim.recipient:
            others = [actors.parse.subtree(c) for c in by_relation(actors.parse, act.word, "conj", "parataxis")]
            own = frozenset(actors.parse.subtree(act.word)).difference(*others)
            heads = tuple(h for h in heads if h in own and act.likely("recipient", {h}) >= ADDED)
        if claim.event in FRIENDLY:
            heads = tuple(h for h in heads if not fought(actors.parse, h, act.word))
        found = _beside(heads, actors, (*claim.actor, *claim.recipient))
        why = (Reason("actors", f"recipient-network+{m.rule}", m.text) for m in found)
        claim = replace(claim, recipient=(*claim.recipient, *found), why=(*claim.why, *why))
    return claim


def _beside(heads: Sequence[int], actors: SentenceActors, taken: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Likely parties of a role that do not lie in those of the other side."""
    found = mentions_of(actors, heads)
    known = {m.who for m in taken if m.id}
    return tuple(m for m in found if m.who not in known
                 and not any(m.start < t.end and t.start < m.end for t in taken))


def _voice(claim: Claim, act: Act, actors: SentenceActors, weights: Weights) -> Claim:
    """A speaker whom the words of speech did not show, or none where the network is sure that what they show reaches the act not.

    Quotations are left alone: the marks say who speaks, and one that goes on from another sentence the network does not see.
    """
    voice = claim.voice
    silent = voice.kind == "speaker" and act.seen and act.spoken < weights.unspoken
    body = voice.cue == ":" and voice.speaker is not None and voice.speaker.id not in {None, voice.speaker.country}  # "NATO: …"
    if silent and not body and voice.cue != QUOTATION and not quoted(actors.parse, act.word, actors.memory):
        why = Reason("voices", "network-no-speaker", f"{voice.text} {act.spoken:.2f}")
        return replace(claim, voice=OUTLET, why=(*claim.why, why))
    unheard = voice.kind == "outlet" and voice.speaker is None and voice.start is not None  # "…, said", whose subject the tree hides
    if not (voice == OUTLET or unheard) or act.spoken < weights.spoken:
        return claim
    speakers = mentions_of(actors, party_heads(actors, act, "speaker", paths_of(actors.parse, act.word), weights))
    if not speakers:
        return claim
    stance = max(act.stances, key=lambda name: act.stances[name])
    first = speakers[0]
    voice = Voice("outlet" if first.rule == "outlet" else "speaker", stance, first, None, first.text, first.start, first.end)
    return replace(claim, voice=voice, why=(*claim.why, Reason("voices", f"network-{stance}", first.text)))
