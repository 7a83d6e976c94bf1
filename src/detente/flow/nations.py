"""The country of parties that a claim names by what they are alone: "police", "protesters", "two soldiers" in a story of one country.

In: the finished claims of one article, the resolved names of its sentences. Out: the claims with a country for each such party where one is
likely enough. Each country that the article names more than once, or in which the act happened, is weighed by how much of the article is
about it, whether the claim happened there, how near it is named, whether another party has it (`Weights.nation`); the mention's rule says
that the country is inferred. `training/weigh_nations.py` fits the weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..knowledge import Actor, Knowledge
from ..records import Claim, Mention, Reason
from .mentions import SentenceActors
from .weights import INFERRED, Weights

WITHIN = frozenset({"ASSAULT", "COERCE", "PROTEST", "SANCTION"})  # acts that a state's own people do and suffer
COMING = frozenset({"AID", "CONSULT", "MOBILIZE", "RETREAT"})  # acts whose place may be where their actor goes or leaves
ABROAD = frozenset({"JRN"})  # a sector that works in countries which are not its own
STATELESS = frozenset({"IGO", "NGO", "UAF"})  # sectors of no state, and the armed of whom nobody knows whose they are
VISIT = "visit"  # the mode whose actor is a guest where it happens
NAMING = frozenset({"ADJ", "NOUN", "PROPN"})
SEVERAL = ("governments", "states", "nations", "countries")  # are not those of one country
FROM_STORY = ("pronoun", "named-before", "story-country")
OPENING = 3  # sentences: headline, first ones
Named = dict[int, list[tuple[str, int]]]  # by sentence: each country with the place where it is named


@dataclass(frozen=True, slots=True)
class Scene:
    """Which states an article names. `counts`: how often; `often`: in words more than once; `first`: in its first sentences;
    `actors`: the registry."""

    named: Named
    counts: Counter[str]
    often: frozenset[str]
    first: frozenset[str]
    actors: Mapping[str, Actor]

    def evidence(self, claim: Claim, mention: Mention, side: str) -> dict[str, dict[str, float]]:
        """For each country that may be the mention's, what speaks for it; `side`: "actor" or "recipient"."""
        here = self.named.get(claim.sentence_index, [])
        there = {country for country, _ in here}
        before = {country for country, start in here if start < mention.start}
        last = {country for country, _ in self.named.get(claim.sentence_index - 1, [])}
        own, other = (claim.actor, claim.recipient) if side == "actor" else (claim.recipient, claim.actor)
        same, opposite = ({m.country for m in mentions if m.country} for mentions in (own, other))
        place = claim.place.country if claim.place else None
        guest = side == "actor" and claim.mode == VISIT
        site = frozenset([place] if place else [])
        named = self.often - site if guest else self.often | site
        options = sorted(c for c in named if c in self.actors and self.actors[c].kind == "state")
        total = max(1, self.counts.total())
        return {
            country: {name: float(value) for name, value in (
                ("share", self.counts[country] / total), ("place", country == place), ("before", country in before),
                ("here", country in there), ("here_alone", there == {country}), ("last", country in last), ("first", country in self.first),
                ("same", country in same), ("alone", len(options) == 1), ("sentence", len(self.named) == 1),
                ("opposite", country in opposite and claim.event not in WITHIN), ("abroad", bool(ABROAD & set(mention.sector))),
                ("comes", country == place and side == "actor" and claim.event in COMING),
            ) if value}
            for country in options
        }


def scene_of(sentences: Sequence[SentenceActors], knowledge: Knowledge) -> Scene:
    """The states that the sentences of one article name, by name or through who belongs to them."""
    named: Named = {}
    words = Counter[str]()  # what was guessed from the story must not alone speak for the next guess
    for actors in sentences:
        own: dict[tuple[str, int], bool] = {}  # "Danish forces" is one naming, of two words
        for word in actors.parse.words:
            for mention in actors.resolve(word.index) if word.upos in NAMING else ():
                if mention.country and mention.start <= word.start < mention.end:
                    own[mention.country, mention.start] = _in_words(mention)
        named[actors.parse.sentence.index] = sorted(own)
        words.update(country for (country, _), told in own.items() if told)
    counts = Counter(country for own in named.values() for country, _ in own)
    often = frozenset(country for country, count in words.items() if count > 1)
    first = frozenset(country for number in sorted(named)[:OPENING] for country, _ in named[number])
    return Scene(named, counts, often, first, knowledge.registry.actors)


def _in_words(mention: Mention) -> bool:
    """Whether words name the country, not the story so far."""
    return not any(guess in mention.rule for guess in FROM_STORY)


def is_open(mention: Mention) -> bool:
    """Whether a party has a sector that is some country's, and none is known; whom a pronoun stands for is left to pronouns."""
    named = mention.country or mention.id or "pronoun" in mention.rule or mention.text.lower().endswith(SEVERAL)
    return bool(mention.sector) and not named and not STATELESS & set(mention.sector)


def with_nations(claims: Sequence[Claim], sentences: Sequence[SentenceActors], knowledge: Knowledge, weights: Weights) -> list[Claim]:
    """The claims of one article with countries inferred."""
    if not any(is_open(m) for claim in claims for m in (*claim.actor, *claim.recipient)):
        return list(claims)
    scene = scene_of(sentences, knowledge)
    return [_completed(claim, scene, knowledge, weights) for claim in claims]


def _completed(claim: Claim, scene: Scene, knowledge: Knowledge, weights: Weights) -> Claim:
    sides: dict[str, tuple[Mention, ...]] = {"actor": claim.actor, "recipient": claim.recipient}
    why: list[Reason] = []
    for side, mentions in list(sides.items()):
        found = []
        for mention in mentions:
            country, chance = _likeliest(scene.evidence(claim, mention, side), weights) if is_open(mention) else (None, 0.0)
            if country and chance >= weights.nation_least:
                state = knowledge.registry.actors[country]
                mention = replace(mention, id=state.id, name=state.name, country=state.country, rule=f"{mention.rule}{INFERRED}")
                why.append(Reason("actors", f"{side}-{mention.rule}", f"{mention.text}: {state.id} {chance:.2f}"))
            found.append(mention)
        sides[side] = tuple(found)
    return replace(claim, actor=sides["actor"], recipient=sides["recipient"], why=(*claim.why, *why)) if why else claim


def _likeliest(evidence: Mapping[str, Mapping[str, float]], weights: Weights) -> tuple[str | None, float]:
    """The likeliest country with its probability; of equals the first by code."""
    scored = [(-weights.nation_probability(features), country) for country, features in evidence.items()]
    chance, country = min(scored, default=(0.0, None))
    return country, -chance
