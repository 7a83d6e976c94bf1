"""People whom the knowledge does not hold, gathered from texts with office, country and evidence; rows for a user's own persons.tsv.

Only people whom a text introduces by a public function ("Foreign Minister X", "rebel commander Y") are listed, never bystanders:
Détente follows offices, not private persons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .flow.mentions import SentenceActors
from .knowledge.actors import PERSON_COLUMNS
from .pipeline import Coder
from .records import Article, Mention

# Sectors of people who are in the news by what befalls them, not by a function.
PRIVATE = frozenset({"CVL", "REF", "UNK", "LAB", "EDU", "SOC", "CRM", "AGR"})
_LONGEST_EVIDENCE = 240


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody new: `actor` is the id of the state, organisation or group whose office it is; `count` counts sentences that name them.

    `first` and `last` are the days of publication of the first and last of them, None where no article had one; `evidence` is the
    sentence that gave the office, `file` where it stands.
    """

    person: str
    actor: str
    role: str
    sector: tuple[str, ...]
    count: int
    first: date | None
    last: date | None
    evidence: str
    file: str | None

    def row(self) -> str:
        """One line of persons.tsv. `valid_from` is the first day on which the office was seen held: move it back where you know more."""
        where = f"{self.file}: " if self.file else ""
        note = f"seen in {self.count} sentences; {where}{self.evidence}".replace("\t", " ").replace("\n", " ")
        since = self.first.isoformat() if self.first else ""
        return "\t".join((self.person, "", self.actor, self.role, "|".join(self.sector), since, "", "found in text", note))


def header() -> str:
    """The first line of persons.tsv."""
    return "\t".join(PERSON_COLUMNS)


def suggest(articles: Iterable[Article], coder: Coder, least: int = 1) -> list[Suggestion]:
    """People named in `least` sentences or more whom the registry lacks, the most frequent first."""
    seen: dict[tuple[str, str, str], list[tuple[date | None, str, str | None]]] = defaultdict(list)
    sectors: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for article in articles:
        office: dict[str, tuple[str, str, str]] = {}
        for work in coder.explain(article.text, article.published):
            for mention in _people(work.actors):
                if not mention.person or any(n.kind == "person" for n in coder.knowledge.registry.names.exact(mention.person)):
                    continue
                key = office.get(mention.person)
                if key is None and _public(mention):
                    key = (mention.person, mention.id or "", mention.role or "")
                    office[mention.person] = key
                    sectors.setdefault(key, mention.sector)
                if key is not None:
                    seen[key].append((article.published, " ".join(work.parse.sentence.text.split()), article.file))
    found = [_suggestion(key, sectors[key], evidence) for key, evidence in seen.items() if len(evidence) >= least]
    return sorted(found, key=lambda s: (-s.count, s.person, s.actor))


def _people(actors: SentenceActors) -> list[Mention]:
    """The persons of a sentence, each once."""
    found: dict[str, Mention] = {}
    for word in actors.parse.words:
        if word.upos in {"NOUN", "PROPN"}:
            for mention in actors.resolve(word.index):
                if mention.person and (mention.person not in found or (mention.role and not found[mention.person].role)):
                    found[mention.person] = mention
    return list(found.values())


def _public(mention: Mention) -> bool:
    """Whether the text gives an office of somebody known, in a sector of public life."""
    return bool(mention.id and mention.role and mention.sector) and not set(mention.sector) <= PRIVATE


def _suggestion(key: tuple[str, str, str], sector: tuple[str, ...], evidence: list[tuple[date | None, str, str | None]]) -> Suggestion:
    person, actor, role = key
    days = sorted(day for day, _, _ in evidence if day)
    _, sentence, file = evidence[0]
    short = sentence if len(sentence) <= _LONGEST_EVIDENCE else sentence[: _LONGEST_EVIDENCE - 1] + "…"
    return Suggestion(person, actor, role, sector, len(evidence), days[0] if days else None, days[-1] if days else None, short, file)
