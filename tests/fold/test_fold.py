"""Worked cases: what is one happening, and what only looks like one."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from detente.fold.core import Folded, fold
from detente.fold.rules import FoldRules

from .making import Say, articles, claims, decisions, families


def folded(rules: FoldRules, *told: Say, copies: dict[str, str] | None = None) -> Folded:
    """Everything folded, no decisions."""
    return fold(claims(told), articles(told), families(told, copies), decisions(), rules)


def groups(made: Folded) -> list[set[str]]:
    """The articles that each event is told by."""
    found: dict[str, set[str]] = {}
    for row in made.links.to_pylist():
        found.setdefault(row["event"], set()).add(row["article"])
    return sorted(found.values(), key=sorted)


def links(made: Folded) -> dict[str, dict[str, Any]]:
    """The link of each article; for articles of one claim."""
    return {row["article"]: row for row in made.links.to_pylist()}


STRIKE = Say("a", by=("TUR:MIL",), to=("SYR:REB",), on=0, where="Alva", killed=14, event="ASSAULT", mode="aerial")


def also(article: str, **more: Any) -> Say:
    """The strike as another article tells it."""
    return dataclasses.replace(STRIKE, article=article, **more)


def test_two_reports_are_one_event_founded_by_the_first(rules: FoldRules) -> None:
    made = folded(rules, also("b", out=1, killed=17), STRIKE)
    assert groups(made) == [{"a", "b"}]
    event = made.events.to_pylist()[0]
    assert event["articles"] == 2
    assert event["lane"] == "happened"
    assert not event["vague"]
    assert [row["founder"] for row in made.links.to_pylist() if row["article"] == "a"] == [True]
    assert event["parties"] == ["SYR:REB", "TUR"]


def test_the_reason_names_its_points(rules: FoldRules) -> None:
    made = folded(rules, STRIKE, also("b", killed=17))
    link = links(made)["b"]
    assert link["points"] == pytest.approx(sum(point["points"] for point in link["why"]))
    told = {(point["feature"], point["value"]) for point in link["why"]}
    assert {("date", "same-day"), ("actor", "same"), ("place", "same"), ("act", "same-mode"), ("quantity", "grown")} <= told
    assert link["partner"] == links(made)["a"]["claim"]


@pytest.mark.parametrize("near", [
    also("b", on=2, out=2), also("b", where="Corin"), also("b", by=("SYR:REB",), to=("TUR:MIL",)),
    also("b", by=("IRN",), to=("ITA",), where=None, killed=None),
    also("b", mode=None, event="CONSULT"), also("b", status="future"), also("b", status="hypothetical"),
    also("b", on=-1, out=-1, where="Berra"),
], ids=["two days on", "another town", "roles swapped", "another pair", "another act", "planned", "supposed", "the day before elsewhere"])
def test_what_only_looks_alike_stays_apart(rules: FoldRules, near: Say) -> None:
    assert groups(folded(rules, STRIKE, near)) == [{"a"}, {"b"}]


@pytest.mark.parametrize("same", [
    also("b", by=("TUR",)), also("b", to=()), also("b", where=None), also("b", by=("#nato",)), also("b", to=("#hamas", "SYR:REB")),
    also("b", until=1), also("b", mode=None),
], ids=["state for its army", "no recipient", "no place", "organisation for member", "one party more", "interval", "no mode"])
def test_coarser_and_barer_tellings_join(rules: FoldRules, same: Say) -> None:
    assert groups(folded(rules, STRIKE, same)) == [{"a", "b"}]


def test_who_wrote_before_it_happened_does_not_report_it(rules: FoldRules) -> None:
    assert groups(folded(rules, STRIKE, also("b", on=None, out=-2))) == [{"a"}, {"b"}]


def test_an_undated_report_is_attached(rules: FoldRules) -> None:
    made = folded(rules, STRIKE, also("b", on=None, out=1))
    assert groups(made) == [{"a", "b"}]
    assert links(made)["b"]["part"] == "attached"


def test_a_vague_telling_never_bridges_two_events(rules: FoldRules) -> None:
    other = also("c", on=3, out=3)
    vague = also("b", on=None, out=4, where=None, killed=None)
    made = folded(rules, STRIKE, vague, other)
    assert {"a"} in [group - {"b"} for group in groups(made)]
    assert {"c"} in [group - {"b"} for group in groups(made)]


def test_a_denial_counts_against_what_it_denies(rules: FoldRules) -> None:
    made = folded(rules, STRIKE, also("b", stance="denies"), also("c", status="negated"))
    assert groups(made) == [{"a", "b", "c"}]
    assert {links(made)[name]["part"] for name in "bc"} == {"contrary"}
    event = made.events.to_pylist()[0]
    assert event["standing"] == "mixed"
    assert event["articles"] == 1


def test_a_denial_of_nothing_that_is_told_is_an_event_denied(rules: FoldRules) -> None:
    made = folded(rules, also("b", status="negated"))
    assert made.events.to_pylist()[0]["lane"] == "denied"


def test_a_copy_joins_without_date_or_parties(rules: FoldRules) -> None:
    bare = {"by": (), "to": (), "on": None, "where": None, "killed": None,
            "sentence": "Eleven words make this sentence long enough to be its own kind."}
    told = (also("a", **bare), also("b", **bare, out=1))
    assert groups(folded(rules, *told, copies={"b": "a"})) == [{"a", "b"}]
    assert groups(folded(rules, *told)) == [{"a"}, {"b"}]


def test_two_acts_of_one_copied_sentence_stay_two(rules: FoldRules) -> None:
    sentence = "Eleven words make this sentence long enough to be its own kind."
    told = [also(name, sentence=sentence, at=at, mode=mode, killed=None) for name in "ab" for at,
            mode in ((10, "aerial"), (30, "firearms"))]
    made = folded(rules, *told, copies={"b": "a"})
    assert made.events.num_rows == 2


def test_pairs_of_a_meeting_stand_both_ways(rules: FoldRules) -> None:
    made = folded(rules, Say("a", "CONSULT", by=("FRA:GOV", "DEU:GOV"), on=0))
    assert {(row["source"], row["target"]) for row in made.pairs.to_pylist()} == {("FRA", "DEU"), ("DEU", "FRA")}
    assert all(row["mutual"] for row in made.pairs.to_pylist())


def test_rows_of_the_headline_and_variants(rules: FoldRules) -> None:
    made = folded(rules, also("a", sentence="Bare."), also("b", on=None, where=None, sentence="Barer."))
    event = made.events.to_pylist()[0]
    assert event["headline"] == "Bare."
    assert event["headline_claim"] == links(made)["a"]["claim"]
    assert set(made.variants["event"].to_pylist()) == {event["id"]}


def test_the_review_holds_what_was_close(rules: FoldRules) -> None:
    made = folded(rules, STRIKE, also("b", mode="firearms", where=None, killed=None, trigger="fired"))
    pair = made.review.to_pylist()
    assert len(pair) == 1
    assert rules.at.refuse < pair[0]["points"]


def test_nothing_folds_to_nothing(rules: FoldRules) -> None:
    made = folded(rules)
    assert (made.events.num_rows, made.links.num_rows, made.pairs.num_rows) == (0, 0, 0)


def test_a_crowded_block_is_divided_and_noted(rules: FoldRules) -> None:
    tight = dataclasses.replace(rules, file=rules.file.model_copy(update={"thresholds": rules.at.model_copy(update={"crowded": 3})}))
    told = [also(f"a{n}", where=("Alva", "Corin")[n % 2]) for n in range(10)]
    made = folded(tight, *told)
    assert made.crowded
    assert [len(group) for group in groups(made)] == [5, 5]
    assert folded(rules, *told).counts["compared"] > made.counts["compared"]


def test_too_large_a_component_is_broken_by_stronger_links(rules: FoldRules) -> None:
    low = rules.at.model_copy(update={"large": 4})
    tight = dataclasses.replace(rules, file=rules.file.model_copy(update={"thresholds": low}))
    told = [also(f"a{n}") for n in range(4)] + [also(f"b{n}", killed=90, where=None) for n in range(4)]
    sizes = [len(group) for group in groups(folded(tight, *told))]
    assert max(sizes) <= 4
    assert sum(sizes) == 8
