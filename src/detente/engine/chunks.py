"""A chunk: some articles that are coded, counted and written together. The same code runs in this process and in workers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ..errors import DetenteError, InputError
from ..flow.write import claims_to_jsonl
from ..flow.write_ledger import entries_to_jsonl
from ..pipeline import Coder, Outcome
from ..records import Article, Reject


@dataclass(frozen=True, slots=True)
class Chunk:
    """Articles that follow one another in the input. `number` counts chunks from 0, `first` is the 1-based number of its first article."""

    number: int
    first: int
    articles: tuple[Article, ...]

    def label(self) -> str:
        """The chunk as a message names it: its number, its articles, and where the first one stands."""
        head = self.articles[0]
        place = f", from {head.file}:{head.line}" if head.file else ""
        return f"chunk {self.number} (articles {self.first} to {self.first + len(self.articles) - 1}{place})"

    def digest(self) -> str:
        """A hash of the articles' ids and of what else of them gets into claims; the id covers text, title and address."""
        digest = hashlib.blake2b(digest_size=16)
        for article in self.articles:
            day = article.published
            parts = (
                article.id,
                day.isoformat() if isinstance(day, date) else "",
                article.published_inferred,
                article.publisher,
                article.title,
                article.url,
                article.file,
                article.line,
            )
            digest.update(json.dumps(parts).encode() + b"\n")
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one coded chunk, the articles that the steps rejected, the seconds that each step took; `entries`: of the ledger."""

    articles: int
    sentences: int
    parsed: int
    claims: int
    rejects: tuple[Reject, ...] = ()
    steps: dict[str, float] = field(default_factory=dict)
    entries: int = 0


def code_chunk(coder: Coder, chunk: Chunk) -> tuple[Tally, bytes, bytes]:
    """The chunk's counts, its claims and its entries of the ledger as JSON Lines in UTF-8.

    A fault of a step on one article becomes a reject of that article. Raises what concerns all articles: errors of knowledge,
    model and settings, and MemoryError.
    """
    outcomes = _outcomes(coder, chunk.articles)
    steps: dict[str, float] = {}
    for outcome in outcomes:
        for step, seconds in outcome.seconds.items():
            steps[step] = steps.get(step, 0.0) + seconds
    tally = Tally(
        articles=len(chunk.articles),
        sentences=sum(o.sentences for o in outcomes),
        parsed=sum(o.parsed for o in outcomes),
        claims=sum(len(o.claims) for o in outcomes),
        rejects=tuple(reject for o in outcomes for reject in o.rejects),
        steps=steps,
        entries=sum(len(o.entries) for o in outcomes),
    )
    # Half a surrogate pair has no UTF-8 form; as a backslash escape it is what JSON writes for it.
    claims = "".join(claims_to_jsonl(o.claims) for o in outcomes)
    entries = "".join(entries_to_jsonl(o.entries) for o in outcomes)
    return tally, claims.encode("utf-8", "backslashreplace"), entries.encode("utf-8", "backslashreplace")


def _outcomes(coder: Coder, articles: Sequence[Article]) -> list[Outcome]:
    try:
        return [coder.work(articles)]
    except Exception as error:  # whatever a step trips over in one article must not cost the others: each is tried on its own
        if _concerns_all(error):
            raise
        return [_alone(coder, article) for article in articles]


def _alone(coder: Coder, article: Article) -> Outcome:
    try:
        return coder.work([article])
    except Exception as error:  # told as a reject, with its kind and words
        if _concerns_all(error):
            raise
        told = error.message if isinstance(error, DetenteError) else f"{type(error).__name__}: {error}"
        hint = (error.hint if isinstance(error, DetenteError) else "") or "report it together with the article"
        return Outcome(articles=1, rejects=[Reject(article.file, article.line, article.id, "code", told, hint)])


def _concerns_all(error: Exception) -> bool:
    return isinstance(error, MemoryError) or (isinstance(error, DetenteError) and not isinstance(error, InputError))
