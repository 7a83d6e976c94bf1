"""Drafts of the ledger's entries, and what becomes of them. Shared by `ledger`, which finds them, and the pipeline.

In: a draft with its claim, which has gone through the steps that date, attribute and weigh claims. Out: the finished record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..knowledge import Knowledge, LedgerRow
from ..ledger import RECORDS, Entry, Sort, Words
from ..records import Article, Claim
from .weights import GUESSES

AGAIN = "agreement-told-before"
# A hand-set scale over what is known to matter: the corpus marks too few entries to fit one (docs/quality).
BASE, SPECIFIC, KNOWN_ACTOR, KNOWN_RECIPIENT, HEARSAY, GUESSED_ACTOR, LEADING_BACK = 0.45, 0.08, 0.17, 0.12, -0.15, -0.12, -0.1


@dataclass(frozen=True, slots=True)
class Draft:
    """What a row found at one word; `claim` carries sentence, trigger, parties and reasons."""

    sort: Sort
    kind: str
    word: int
    claim: Claim
    about: Words | None
    conditions: tuple[Words, ...]
    row: LedgerRow | None
    needs: int
    said: frozenset[int] = frozenset()


def once(drafts: list[Draft]) -> list[Draft]:
    """Each thing once: of two drafts of one kind and the same parties the one that says more, else the first."""
    best: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        key = (draft.sort, draft.kind, *(tuple(m.id or m.text for m in side) for side in (draft.claim.actor, draft.claim.recipient)))
        other = best.get(key)
        if other is None or _told(draft) > _told(other):
            best[key] = draft
    return [d for d in drafts if any(d is kept for kept in best.values())]


def _told(draft: Draft) -> tuple[bool, bool]:
    return bool(draft.conditions), draft.about is not None


def entry_of(draft: Draft, claim: Claim, article: Article, knowledge: Knowledge) -> Entry | None:
    """The finished record of a draft; `claim` is the draft's own after the steps: with date, voice, status and all reasons.

    None where the row counts only what is denied ("refuses to accept"), and this is not.
    """
    kind, status, row = draft.kind, claim.status, draft.row
    if row and row.denied:
        if status != "negated":
            return None
        status = row.status or status
    elif row and row.status and status in {"actual", "historical", "negated"}:
        status = row.status
    if row and row.planned and status in {"future", "hypothetical"}:
        kind = row.planned
    entry = RECORDS[draft.sort](
        claim.article, claim.sentence, claim.sentence_index, claim.start, claim.end, kind, claim.trigger, claim.trigger_start,
        claim.trigger_end, claim.actor, claim.recipient, claim.rule, draft.about, draft.conditions, status, claim.when, claim.voice,
        _confidence(draft, claim), claim.why, article.file, article.title, article.publisher, article.url, article.published,
        article.published_inferred, knowledge.version,
    )
    return replace(entry, id=entry.content_id())


def _confidence(draft: Draft, claim: Claim) -> float:
    """How sure we are; less for what leads back to a sentence before."""
    value = BASE + SPECIFIC * min(3, draft.needs)
    value += KNOWN_ACTOR * any(m.id for m in claim.actor) + KNOWN_RECIPIENT * any(m.id for m in claim.recipient)
    value += HEARSAY * (claim.voice.kind == "outlet" and claim.voice.cue is not None)
    value += GUESSED_ACTOR * any(guess in m.rule for m in (*claim.actor, *claim.recipient) for guess in GUESSES)
    value += LEADING_BACK * any(m.rule == AGAIN for m in claim.actor)
    return round(min(0.95, max(0.05, value)), 2)
