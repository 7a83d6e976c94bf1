"""The last touches on a claim: whose death toll it is, quad and score, the article's fields, the id."""

from __future__ import annotations

from dataclasses import replace

from ..knowledge import Knowledge
from ..records import Article, Claim, Quantity, Reason, content_id

TOLL = {
    "killed": ("ASSAULT", "COERCE", "PROTEST", "MOBILIZE"),
    "wounded": ("ASSAULT", "PROTEST", "COERCE"),
    "arrested": ("COERCE", "SANCTION", "PROTEST"),
    "displaced": ("ASSAULT", "COERCE", "SANCTION"),
    "missing": ("ASSAULT",),
    "abducted": ("ASSAULT",),
    "participants": ("PROTEST",),
    "troops": ("MOBILIZE", "RETREAT", "ASSAULT", "COOPERATE", "AID", "AGREE", "THREATEN"),
    "weapons": ("ASSAULT", "AID", "COOPERATE", "MOBILIZE", "AGREE", "SANCTION"),
    "money": ("AID", "SANCTION", "COOPERATE", "AGREE", "COERCE", "REQUEST", "REJECT"),
}


def assign_quantities(claims: list[Claim], amounts: list[Quantity]) -> list[Claim]:
    """Gives each number of dead, troops, money … to the nearest claim of a sentence that can have such a number, with whose count it is."""
    given: dict[int, list[Quantity]] = {}
    for amount in amounts:
        fitting = [i for i, c in enumerate(claims) if c.event in TOLL.get(amount.kind, ())]
        if fitting:
            nearest = min(fitting, key=lambda i: max(0, claims[i].trigger_start - amount.end, amount.start - claims[i].trigger_end))
            speaker = claims[nearest].voice.speaker
            given.setdefault(nearest, []).append(replace(amount, by=speaker.text) if speaker and amount.by is None else amount)
    return [
        replace(c, quantities=tuple(given[i]), why=(*c.why, *(Reason("quantities", q.kind, q.text) for q in given[i]))) if i in given else c
        for i, c in enumerate(claims)
    ]


def settle(claim: Claim, article: Article, knowledge: Knowledge) -> Claim:
    """The finished claim: ontology's quad and score, provenance, stable id."""
    ontology = knowledge.ontology
    score = ontology.score(claim.event, claim.mode)
    ident = content_id("c", article.id, claim.sentence_index, claim.trigger_start, claim.trigger_end, claim.event, claim.mode or "",
                       ";".join(m.id or m.text for m in claim.actor), ";".join(m.id or m.text for m in claim.recipient))
    return replace(
        claim, id=ident, quad=ontology.quad(claim.event), score=score,
        file=article.file, title=article.title, publisher=article.publisher, url=article.url,
        published=article.published, published_inferred=article.published_inferred, knowledge=knowledge.version,
    )
