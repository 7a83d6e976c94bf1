"""Whether an article is about public affairs at all: what the network alone sees in texts on ships, stars or illnesses is no politics.

In: an article's finished claims, its number of sentences. Out: the claims that stay. A claim of the network alone that names nobody public
stays only where enough other claims of the article do: one, and in long articles one for every fifteen sentences. Measured on the
development part (15 such claims fall, 10 of them wrong) and on 25 news articles (20, all wrong; the list of sectors was made with them).
"""

from __future__ import annotations

from collections.abc import Sequence

from ..knowledge import Knowledge
from ..records import Claim, Mention

SECTORS = frozenset({"GOV", "MIL", "COP", "PTY", "REB", "UAF", "JUD", "LEG", "IGO", "OPP", "SPY", "PRM", "ELI", "NGO", "CRM"})
SHORTEST, EVERY = 5, 15  # sentences
SURE = 0.5


def of_public_affairs(claims: Sequence[Claim], sentences: int, knowledge: Knowledge) -> list[Claim]:
    """The claims of an article without those of the network alone that concern nobody public, where little else does."""
    if sentences < SHORTEST:
        return list(claims)
    named = [_names_public(claim) for claim in claims]
    count = sum(public and claim.confidence >= SURE for claim, public in zip(claims, named, strict=True))
    enough = count >= max(1, sentences // EVERY)
    if enough:
        return list(claims)
    return [claim for claim, public in zip(claims, named, strict=True) if public or knowledge.lexicon.rule(claim.rule).row is not None]


def _names_public(claim: Claim) -> bool:
    return any(_public(mention) for mention in (*claim.actor, *claim.recipient))


def _public(mention: Mention) -> bool:
    """A state, a body or group as such, or somebody in a public role."""
    return bool(mention.id and not mention.sector) or bool(SECTORS & set(mention.sector))
