"""The file of `plv` end to end: no pair is given. The bare sentence is coded as a user would, and the pair is sought in the claims.

A claim has found a row where its root is right (in the file's own names, as `plv` counts them) and both parties are: the source among the
actors, the target among the recipients, of a mutual act both in any place. A party is right where a mention shares a character with the
marked span, has the country that a name inside the span stands for, or is a pronoun for a speaker whose words lie in the span. Of a
party that the sentence does not name nothing is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..knowledge import Registry
from ..knowledge.actors import choose
from ..pipeline import Coder, make_article
from ..records import Claim, Mention
from ..settings import Settings
from .crosswalk import PLV, answer_of, label_of
from .plv import UNNAMED, PlvItem, Span, read_plv


@dataclass(frozen=True, slots=True)
class Party:
    """A given party: its span, counted in characters of the sentence, its words, and the countries that names inside them stand for."""

    span: Span
    words: str
    countries: frozenset[str]

    def among(self, mentions: Sequence[Mention]) -> bool:
        """Whether one of the mentions is this party; always of a party that the sentence does not name."""
        low, high = self.span
        return self.span == UNNAMED or any(
            (m.start < high and m.end > low) or m.country in self.countries or (m.rule == "unnamed-speaker" and str(m.name) in self.words)
            for m in mentions
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the claims of a row's sentence have of it: a claim with root and parties, with both in whatever places, with root alone, with
    parties alone; and how many claims there are."""

    found: bool
    any_order: bool
    root: bool
    pair: bool
    claims: int


def score_end(path: Path, settings: Settings) -> dict[str, float | int]:
    """Shares of the rows, 0 to 1, then `claims_per_sentence`, `n`, and `end_found_ROOT` of each gold root. Raises ScoreError.

    `end_found`: some claim has root and both parties; `end_any_order`: whoever acts; `end_root`, `end_pair`: root alone, parties alone;
    `end_without_claim`: the sentence gave no claim.
    """
    items = read_plv(path)
    coder = Coder(settings)
    sentences = list(dict.fromkeys(item.sentence for item in items))
    claims = dict(zip(sentences, coder.code_each([make_article(text, None, None) for text in sentences]), strict=True))
    mutual = frozenset(name for name, rule in coder.knowledge.lexicon.rules.items() if rule.mutual)
    return end_figures(items, [outcome_of(item, claims[item.sentence], mutual, coder.knowledge.registry) for item in items])


def outcome_of(item: PlvItem, claims: Sequence[Claim], mutual: frozenset[str], registry: Registry) -> Outcome:
    """How one row fares; `mutual` names the lexicon's rows whose parties are all actors."""
    source, target = (party(item.sentence, span, registry) for span in (item.source, item.target))
    right = [label_of(answer_of(claim), PLV) == item.root for claim in claims]
    both = [source.among(_all(claim)) and target.among(_all(claim)) for claim in claims]
    placed = [_placed(claim, source, target, claim.rule in mutual) for claim in claims]
    return Outcome(
        found=any(root and pair for root, pair in zip(right, placed, strict=True)),
        any_order=any(root and pair for root, pair in zip(right, both, strict=True)),
        root=any(right),
        pair=any(placed),
        claims=len(claims),
    )


def party(sentence: str, span: Span, registry: Registry) -> Party:
    """The party that a span of a sentence names."""
    words = sentence[slice(*span)]
    return Party(span, words, countries_in(words, registry))


def _placed(claim: Claim, source: Party, target: Party, mutual: bool) -> bool:
    if mutual or (len(claim.actor) > 1 and not claim.recipient):  # "X and Y agreed": both act, as our records have it
        return source.among(_all(claim)) and target.among(_all(claim))
    return source.among(claim.actor) and target.among(claim.recipient)


def _all(claim: Claim) -> tuple[Mention, ...]:
    return (*claim.actor, *claim.recipient)


def countries_in(text: str, registry: Registry) -> frozenset[str]:
    """ISO codes of the countries that known names in a text stand for: states, what belongs to them, holders of their offices."""
    found: set[str | None] = set()
    for hit in registry.names.find(text):
        naming = choose(hit.targets, None)
        found.add(naming.country or (naming.actor.country if naming.actor else None))
        found |= {registry.actors[term.actor].country for term in naming.terms}
    return frozenset(country for country in found if country)


def end_figures(items: Sequence[PlvItem], outcomes: Sequence[Outcome]) -> dict[str, float | int]:
    """The figures of the rows' outcomes, in order; claims are counted once for each different sentence."""
    rows = len(items)
    shares = {"found": 0, "any_order": 0, "root": 0, "pair": 0}
    for name in shares:
        shares[name] = sum(getattr(outcome, name) for outcome in outcomes)
    result: dict[str, float | int] = {f"end_{name}": round(count / rows, 4) for name, count in shares.items()}
    per_sentence = {item.sentence: outcome.claims for item, outcome in zip(items, outcomes, strict=True)}
    result["end_without_claim"] = round(sum(outcome.claims == 0 for outcome in outcomes) / rows, 4)
    result["claims_per_sentence"] = round(sum(per_sentence.values()) / len(per_sentence), 3)
    gold = Counter(item.root for item in items)
    right = Counter(item.root for item, outcome in zip(items, outcomes, strict=True) if outcome.found)
    return result | {"n": rows} | {f"end_found_{root}": round(right[root] / gold[root], 4) for root in sorted(gold)}
