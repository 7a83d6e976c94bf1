"""Sets the points of the fold on the authored stories, and says by cross-validation what they are worth.

    python training/fold_points.py --stories corpus/stories --corpus corpus/articles [--write src/detente/data/fold/points.yml]

Every pair of claims of a story is a row: the values of its features (`fold/points.py`) and whether both tell one event; once as the mark-up
has the claims, once as the coder reads them. In a newsroom most claims that are compared come from other stories, so all stories are moved
to one fortnight, and the pairs of claims of two stories that the fold would then compare are rows too. Stories are written about few
countries each; so a quarter of the articles of the corpus, which tell of other things, are moved to one fortnight as well.

A logistic regression with a small penalty gives each value a weight; in units of log2 and rounded to halves these are the points, and what
is left over (how rare it is that two claims tell one event) goes into the thresholds. A value that nobody can compare has no points.

Cross-validation holds out whole types of story, two at a time: points are set on the others, all claims are folded with them, and the pairs
of the types held out are counted. Another quarter of the corpus, moved to one fortnight, tells how often strangers are taken for one.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detente.fold.blocks import apart, candidates, keys_of
from detente.fold.copies import families
from detente.fold.core import Told as Ready
from detente.fold.core import folded_told, told_by
from detente.fold.credits import credits_of
from detente.fold.features import DENIED, HAPPENED
from detente.fold.points import Scorer
from detente.fold.rules import VALUES, FoldRules, fold_rules
from detente.knowledge import Knowledge
from detente.pipeline import Coder
from detente.score.corpus_file import read_corpus
from detente.score.fold import compare, figures, load
from detente.score.stories import Story, Version
from detente.score.story_claims import Told, coded, gold
from detente.settings import Settings
from detente.tables import DECISIONS

SEED, FOLDS, PENALTY = 20160704, 9, 1.0
STRANGERS, NEWSROOM = 0.25, 0.5  # weights of pairs of two stories, of two articles of the corpus
# Set by hand: a copy's sentence tells what its source's does; nobody reports what has not happened yet; a deed done in one town is not done
# far from it, nor by its victim. Stories have too few of these for a regression to know that they rule out one happening.
FIXED = {("copy", "sentence"): 6.0, ("copy", "beside"): 0.0, ("roles", "swapped"): -8.0, ("roles", "foreign"): 0.0,
         ("date", "not-yet"): -8.0, ("place", "elsewhere"): -8.0}
# Values that say the same get the same points, where the rows are too few to tell them apart.
TIED = {("theme", "several"): ("theme", "one"), ("words", "several"): ("words", "one"), ("date", "news-week"): ("date", "news-near"),
        ("date", "news-far"): ("date", "news-near"), ("place", "within"): ("place", "same"), ("date", "far-gap"): ("date", "gap"),
        ("recipient_office", "other"): ("office", "other"), ("recipient_office", "same"): ("office", "same")}
# Thresholds as distances from even chances, chosen by cross-validation (decision 0023); `margin` and `veto` as they are.
LEVELS = {"link": -0.5, "mean": -1.5, "vague_link": -0.5, "contrary_link": 1.0, "leftover_link": 0.5, "refuse": -6.0, "margin": 0.5,
          "veto": 0.05}
COLUMNS = [(feature, value) for feature, values in VALUES.items() for value in values]
FIRST_DAY = 17_000
STRANGE, EVERY = "corpus", 4


@dataclass(slots=True)
class Rows:
    """Pairs of claims: which values they have (columns as in COLUMNS), whether they tell one event, their type or types, their weight."""

    values: np.ndarray
    same: np.ndarray
    types: np.ndarray
    weight: np.ndarray


@dataclass(slots=True)
class Heard:
    """Claims as the fold sees them, once as they are and once with all stories moved to one fortnight."""

    told: Told
    ready: Ready
    moved: Ready
    families: pa.Table
    rows: Rows


def hear(told: Told, rules: FoldRules, knowledge: Knowledge) -> Heard:
    """Makes the claims ready, and the rows to set points on."""
    credits = pa.array([list(credits_of(text, knowledge)) for text in told.articles["text"].to_pylist()], pa.list_(pa.string()))
    at = told.articles.schema.get_field_index("credits")
    articles = told.articles.set_column(at, told.articles.schema.field(at), credits)
    kin = families(articles).families
    nothing = DECISIONS.empty_table()
    moved = told_by(*_moved(told, articles), kin, nothing, rules, None)
    return Heard(told, told_by(told.claims, articles, kin, nothing, rules, None), moved, kin, _rows(told, moved, rules))


def newsroom(folder: Path, knowledge: Knowledge, begin: int) -> Told:
    """Articles of the corpus, one in EVERY from a first one on, each as a story of its own: no two of them tell one happening."""
    articles = read_corpus(sorted(folder.glob("*.txt")), knowledge.ontology)[begin::EVERY]
    return gold([
        Story(f"{STRANGE}-{article.id}", STRANGE, "", folder, article.line, versions=[
            Version(article, None, article.id, article.id, events={c.line: f"e{c.line}" for s in article.sentences for c in s.claims})])
        for article in articles
    ], knowledge)


def _moved(told: Told, articles: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Claims and articles with every story's days shifted so that it begins in one fortnight with all others."""
    rows = told.claims.select(["id", "article"]).to_pylist()
    story = {row["article"]: key[0] for row in rows if (key := told.events.get(row["id"]))}
    begin: dict[str, int] = {}
    days = dict(zip(articles["id"].to_pylist(), articles["published"].cast(pa.int32()).to_pylist(), strict=True))
    for article, name in story.items():
        begin[name] = min(begin.get(name, 10**9), days[article])
    order = {name: n for n, name in enumerate(sorted(begin))}
    shift = {article: FIRST_DAY + order[name] % 7 - begin[name] for article, name in story.items()}
    return _shifted(told.claims, "article", shift, ("published", "date", "date_end")), _shifted(articles, "id", shift, ("published",))


def _shifted(table: pa.Table, key: str, shift: dict[str, int], columns: Iterable[str]) -> pa.Table:
    by = pa.array([shift.get(name, 0) for name in table[key].to_pylist()], pa.int32())
    for name in columns:
        at = table.schema.get_field_index(name)
        table = table.set_column(at, table.schema.field(at), pc.add(table[name].cast(pa.int32()), by).cast(pa.date32()))
    if "published_at" in table.schema.names and key == "id":
        at = table.schema.get_field_index("published_at")
        moved = [None if t is None else t + timedelta(days=shift.get(name, 0))
                 for name, t in zip(table[key].to_pylist(), table["published_at"].to_pylist(), strict=True)]
        table = table.set_column(at, table.schema.field(at), pa.array(moved, table.schema.field(at).type))
    return table


def _rows(told: Told, ready: Ready, rules: FoldRules) -> Rows:
    known = [told.events.get(ready.columns.ids[lead]) for lead in ready.told.lead.tolist()]
    story = np.array([key[0] if key else "" for key in known])
    event = np.array([f"{key[0]}/{key[1]}" if key else "" for key in known])
    i, j = np.triu_indices(len(known), 1)
    within = (story[i] == story[j]) & (story[i] != "")
    within &= ~np.char.startswith(story[i], STRANGE) if len(i) else within
    i, j = i[within], j[within]
    far = apart(candidates(keys_of(ready.told, rules), ready.told, rules.file.windows.fresh))
    strange = (story[far[0]] != story[far[1]]) & (story[far[0]] != "") & (story[far[1]] != "")
    apart_ = np.where(np.char.startswith(story[far[0][strange]], STRANGE), NEWSROOM, STRANGERS)
    weight = np.r_[np.ones(len(i)), apart_]
    i, j = np.r_[i, far[0][strange]], np.r_[j, far[1][strange]]
    lane = np.where(ready.told.lane == DENIED, HAPPENED, ready.told.lane)
    lanes = lane[i] == lane[j]
    i, j, weight = i[lanes], j[lanes], weight[lanes]
    scorer = Scorer(ready.told, rules)
    values = scorer.values(i, j)
    table = np.stack([values[feature] == number for feature in VALUES for number in range(1, len(VALUES[feature]) + 1)], axis=1)
    related = values["act"] > 0
    kind = np.array([name.rsplit("-", 1)[0] for name in story])
    return Rows(table[related], (event[i] == event[j])[related], np.stack([kind[i], kind[j]], axis=1)[related], weight[related])


def fit(parts: Sequence[Rows], held: frozenset[str]) -> tuple[dict[tuple[str, str], float], float]:
    """Points of each value, and the rest, from all rows but those of some types. Newton's method on the penalised likelihood."""
    kept = [~np.isin(part.types, sorted(held)).any(axis=1) for part in parts]
    x = np.concatenate([part.values[k] for part, k in zip(parts, kept, strict=True)]).astype(np.float64)
    y = np.concatenate([part.same[k] for part, k in zip(parts, kept, strict=True)]).astype(np.float64)
    weight = np.concatenate([part.weight[k] for part, k in zip(parts, kept, strict=True)])
    fixed = x @ np.array([FIXED.get(column, 0.0) for column in COLUMNS]) * np.log(2)
    for one, other in TIED.items():
        x[:, COLUMNS.index(other)] += x[:, COLUMNS.index(one)]
    free = np.array([column not in FIXED and column not in TIED for column in COLUMNS])
    x = np.c_[x[:, free], np.ones(len(x))]
    penalty = np.r_[np.full(x.shape[1] - 1, PENALTY), 0.0]
    beta = np.zeros(x.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-(x @ beta + fixed)))
        slope = x.T @ (weight * (y - chance)) - penalty * beta
        bend = (x * (weight * chance * (1 - chance))[:, None]).T @ x + np.diag(penalty + 1e-9)
        step = np.linalg.solve(bend, slope)
        beta += step
        if np.abs(step).max() < 1e-4:
            break
    names = [column for column, is_free in zip(COLUMNS, free, strict=True) if is_free]
    points = {name: round(2 * value / np.log(2)) / 2 + 0.0 for name, value in zip(names, beta[:-1], strict=True)}
    return points | FIXED | {one: points[other] for one, other in TIED.items()}, float(beta[-1] / np.log(2))


def with_points(rules: FoldRules, points: dict[tuple[str, str], float], rest: float, at: dict[str, float]) -> FoldRules:
    """The rules with other points; thresholds that rest on how rare a true pair is are given as their distance from even chances."""
    table: dict[str, dict[str, float]] = {feature: {value: points[feature, value] for value in VALUES[feature]} for feature in VALUES}
    even = round(-2 * rest) / 2
    levels = {name: even + value if name not in {"margin", "veto"} else value for name, value in at.items()}
    return replace(rules, file=rules.file.model_copy(update={
        "points": table, "thresholds": rules.file.thresholds.model_copy(update=levels)}))


def events_of(heard: Heard, rules: FoldRules) -> dict[str, str]:
    """Claim → event by the fold."""
    links = folded_told(heard.ready, heard.families, rules, None).links
    return dict(zip(links["claim"].to_pylist(), links["event"].to_pylist(), strict=True))


def validated(heard: Heard, parts: Sequence[Rows], rules: FoldRules, at: dict[str, float]) -> dict[str, float | int]:
    """Figures over all stories, each folded with points that were set without its type."""
    types = sorted({name for part in parts for name in part.types.ravel().tolist()})
    np.random.default_rng(SEED).shuffle(types)
    outcome = None
    for fold in range(FOLDS):
        held = frozenset(types[fold::FOLDS])
        made = events_of(heard, with_points(rules, *fit(parts, held), at))
        known = {claim: key if key and key[0].rsplit("-", 1)[0] in held else None for claim, key in heard.told.events.items()}
        found = compare(replace(heard.told, events=known), made)
        if outcome is None:
            outcome = found
        else:
            outcome.stories.update(found.stories)
            outcome.wrong += found.wrong
            outcome.missed += found.missed
    assert outcome is not None
    return {name: value for name, value in figures(outcome).items() if "merge" in name or "pairs" in name}


def written(text: str, points: dict[tuple[str, str], float], levels: dict[str, float]) -> str:
    """The text of the points file with other numbers; comments and order stay."""
    for name, value in levels.items():
        text = re.sub(rf"(?m)^(  {name}: )\S+", rf"\g<1>{value:g}", text)
    head, mark, body = text.partition("\npoints:\n")
    for feature, values in VALUES.items():
        for value in values:
            body = re.sub(rf"(?s)(^|\n)(  {feature}: {{[^}}]*?\b{value}: )[^,}}]+", rf"\g<1>\g<2>{points[feature, value]:g}", body, count=1)
    return head + mark + body


def strangers(heard: Heard, rules: FoldRules) -> tuple[int, int, int]:
    """Pairs of claims of different articles of a newsroom that are folded into one event, such events, and all claims."""
    by: dict[str, list[str]] = {}
    for row in folded_told(heard.moved, heard.families, rules, None).links.select(["event", "article"]).to_pylist():
        by.setdefault(row["event"], []).append(row["article"])
    pairs = sum(one != other for names in by.values() for n, one in enumerate(names) for other in names[:n])
    return pairs, sum(len(set(names)) > 1 for names in by.values()), sum(map(len, by.values()))


def main() -> None:
    """Prints points and figures; writes the file where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stories", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    settings = Settings()
    knowledge = Knowledge(settings.knowledge)
    rules = fold_rules(knowledge)
    stories = load(args.stories, knowledge, "points")
    heard = {"marked": hear(gold(stories, knowledge), rules, knowledge), "coded": hear(coded(stories, Coder(settings)), rules, knowledge)}
    rooms = [hear(newsroom(args.corpus, knowledge, begin), rules, knowledge) for begin in (0, EVERY // 2)]
    parts = [*(one.rows for one in heard.values()), rooms[0].rows]
    points, rest = fit(parts, frozenset())
    for (feature, value), number in points.items():
        print(f"{feature:18} {value:14} {number:+.1f}")
    print(f"{'rest':18} {'':14} {rest:+.2f}")
    for name, one in heard.items():
        print(name, validated(one, parts, rules, LEVELS))
    pairs, events, claims = strangers(rooms[1], with_points(rules, points, rest, LEVELS))
    print(f"strangers: {pairs} pairs of {claims} claims made one, in {events} events")
    if args.write:
        even = round(-2 * rest) / 2
        levels = {name: value if name in {"margin", "veto"} else even + value for name, value in LEVELS.items()}
        args.write.write_text(written(args.write.read_text(encoding="utf-8"), points, levels), encoding="utf-8")


if __name__ == "__main__":
    main()
