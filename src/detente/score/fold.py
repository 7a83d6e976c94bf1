"""Measures folding on the authored stories: pairs of claims that were made one event though they are not, or kept apart though they are.

`false_merge`: wrong pairs among all pairs inside one folded event. `missed_merge`: pairs of claims in different articles that tell one
event and were not put together, among all such pairs. Both over all pairs, and (`_macro`) as the mean over stories, since long stories have
most pairs. `_low`, `_high`: 95 % interval from 1,000 resamples of whole stories. `b3`: B-cubed F1 over claims (Bagga and Baldwin 1998).
`mixed`: share of folded events that hold two and more true ones; `split`: share of true events found in two and more.
Pairs of different stories count as wrong too: all articles are folded together. Claims whose event the mark-up does not know stay out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..errors import ScoreError
from ..fold.copies import families
from ..fold.core import fold
from ..fold.credits import credits_of
from ..fold.rules import fold_rules
from ..knowledge import Knowledge
from ..pipeline import Coder
from ..settings import Settings
from ..tables import DECISIONS
from .stories import Story, read_stories
from .story_claims import Told, coded, gold

SEED = 20161128
REPLICATES = 1000
Key = tuple[str, str]  # story and event


@dataclass(slots=True)
class Counts:
    """Pairs of one story."""

    made: int = 0
    wrong: int = 0
    true: int = 0
    missed: int = 0


@dataclass(slots=True)
class Outcome:
    """Everything that the figures are made of; `wrong` and `missed` name pairs of claims, to be read."""

    stories: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    wrong: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)
    b3: float = 0.0
    mixed: float = 0.0
    split: float = 0.0
    claims: int = 0


def load(path: Path, knowledge: Knowledge, part: str | None) -> list[Story]:
    """The stories of a folder or file; `part`: points, fresh, last, late or None for all. Raises ScoreError."""
    stories = read_stories(sorted(path.glob("*.txt")) if path.is_dir() else [path], knowledge.ontology)
    chosen = [story for story in stories if part in (None, story.part)]
    if not chosen:
        raise ScoreError(f"{path}: no stories of the part {part!r}", "give the folder corpus/stories")
    return chosen


def compare(told: Told, events: dict[str, str]) -> Outcome:
    """How the folding `events` (claim id → event id) fits what the stories tell."""
    outcome = Outcome()
    rows = told.claims.select(["id", "article"]).to_pylist()
    article = {row["id"]: row["article"] for row in rows}
    known = {row["id"]: key for row in rows if (key := told.events.get(row["id"])) and row["id"] in events}
    made, true = _groups(known, events.__getitem__), _groups(known, known.__getitem__)
    for members in made.values():
        for one, two in combinations(members, 2):
            outcome.stories[known[one][0]].made += 1
            if known[one] != known[two]:
                outcome.stories[known[one][0]].wrong += 1
                outcome.wrong.append((one, two))
    for members in true.values():
        for one, two in combinations(members, 2):
            if article[one] == article[two]:
                continue
            outcome.stories[known[one][0]].true += 1
            if events[one] != events[two]:
                outcome.stories[known[one][0]].missed += 1
                outcome.missed.append((one, two))
    outcome.b3 = _b3(known, events)
    outcome.mixed = _share(len({known[c] for c in members}) > 1 for members in made.values())
    outcome.split = _share(len({events[c] for c in members}) > 1 for members in true.values())
    outcome.claims = len(known)
    return outcome


def figures(outcome: Outcome) -> dict[str, float | int]:
    """The figures by name."""
    counts = list(outcome.stories.values())
    result: dict[str, float | int] = {}
    for name, hit, base in (("false_merge", "wrong", "made"), ("missed_merge", "missed", "true")):
        table = np.array([[getattr(c, hit), getattr(c, base)] for c in counts], dtype=float).reshape(-1, 2)
        hits, bases = table.sum(axis=0)
        result[name] = round(float(hits / bases), 4) if bases else 0.0
        own = table[table[:, 1] > 0]
        result[f"{name}_macro"] = round(float((own[:, 0] / own[:, 1]).mean()), 4) if len(own) else 0.0
        low, high = _interval(table)
        result[f"{name}_low"], result[f"{name}_high"] = round(low, 4), round(high, 4)
    result |= {"b3": round(outcome.b3, 4), "mixed": round(outcome.mixed, 4), "split": round(outcome.split, 4), "claims": outcome.claims,
               "stories": len(counts), "pairs_made": sum(c.made for c in counts), "pairs_true": sum(c.true for c in counts)}
    return result


def one_a_day(told: Told) -> dict[str, str]:
    """The field's usual filter, to compare with: one event for each day, pair of parties and root."""
    result = {}
    for row in told.claims.to_pylist():
        sides = ["+".join(sorted(m["id"] or m["country"] or "" for m in row[side])) for side in ("actor", "recipient")]
        result[row["id"]] = "|".join([str(row["date"] or row["published"]), *sides, row["event"]])
    return result


def alone(told: Told) -> dict[str, str]:
    """Every claim its own event, to compare with."""
    return {ident: ident for ident in told.claims.column("id").to_pylist()}


def score(path: Path, settings: Settings, *, part: str, real: bool) -> dict[str, float | int]:
    """Figures of folding the stories, from their mark-up or (`real`) as the coder reads them; with the two baselines."""
    knowledge = Knowledge(settings.knowledge)
    stories = load(path, knowledge, part)
    told = coded(stories, Coder(settings)) if real else gold(stories, knowledge)
    result = figures(compare(told, folded(told, knowledge)))
    for name, other in (("one_a_day", one_a_day), ("alone", alone)):
        base = figures(compare(told, other(told)))
        result |= {f"{name}_{figure}": base[figure] for figure in ("false_merge", "missed_merge", "b3")}
    return result


def folded(told: Told, knowledge: Knowledge) -> dict[str, str]:
    """Claim id → event id, by the fold; credits are read from the texts as the store does."""
    credits = pa.array([list(credits_of(text, knowledge)) for text in told.articles["text"].to_pylist()], pa.list_(pa.string()))
    place = told.articles.schema.get_field_index("credits")
    articles = told.articles.set_column(place, told.articles.schema.field(place), credits)
    links = fold(told.claims, articles, families(articles).families, DECISIONS.empty_table(), fold_rules(knowledge)).links
    return dict(zip(links["claim"].to_pylist(), links["event"].to_pylist(), strict=True))


def _groups(known: dict[str, Key], of: Callable[[str], object]) -> dict[object, list[str]]:
    groups: dict[object, list[str]] = defaultdict(list)
    for claim in known:
        groups[of(claim)].append(claim)
    return groups


def _b3(known: dict[str, Key], events: dict[str, str]) -> float:
    both = Counter((events[c], known[c]) for c in known)
    made, true = Counter(events[c] for c in known), Counter(known.values())
    if not known:
        return 0.0
    precision = sum(n * n / made[event] for (event, _), n in both.items()) / len(known)
    recall = sum(n * n / true[key] for (_, key), n in both.items()) / len(known)
    return 2 * precision * recall / (precision + recall)


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def _interval(table: npt.NDArray[np.float64]) -> tuple[float, float]:
    if not len(table):
        return 0.0, 0.0
    draws = np.random.default_rng(SEED).integers(0, len(table), (REPLICATES, len(table)))
    sums = table[draws].sum(axis=1)
    rates = sums[:, 0] / np.maximum(sums[:, 1], 1)
    return float(np.quantile(rates, 0.025)), float(np.quantile(rates, 0.975))


__all__ = ["Counts", "Outcome", "alone", "compare", "figures", "folded", "load", "one_a_day", "score"]
