"""The authored stories and how folding is measured on them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from detente.errors import ScoreError
from detente.knowledge import Knowledge
from detente.score.fold import alone, compare, figures, folded, load
from detente.score.stories import FRESH, LAST, TYPES, read_stories
from detente.score.story_claims import Told, gold

STORIES = Path(__file__).parents[2] / "corpus" / "stories"
STORY = """# quay | clash | Two sides fight at a quay
= e1 | ASSAULT/firearms | date: 2014-03-11 | place: Varna | killed: 2-4 3
= n1 | ASSAULT/firearms | date: 2014-03-12 | near: the same sides next day
## quay-a | wire | 2014-03-11T14:20 | Balkans
@ outlet: Meridian Press | origin: m
> Gunmen shot three soldiers at a quay
+ ASSAULT/firearms | e: e1 | on: shot | by: Gunmen = BGR:UAF | to: three soldiers = BGR:MIL
## quay-b | wire | 2014-03-12 | Balkans
@ outlet: Delta | origin: m | copy: quay-a
> Gunmen shot three soldiers at a quay
+ ASSAULT/firearms | e: e1 | on: shot | by: Gunmen = BGR:UAF | to: three soldiers = BGR:MIL
## quay-c | wire | 2014-03-13 | Balkans
@ outlet: Delta | origin: d
> Hezbollah men fired again on Wednesday
+ ASSAULT/firearms | e: n1 | on: fired | by: Hezbollah men = LBN:REB#hezbollah | when: Wednesday = 2014-03-12
"""


def write(folder: Path, text: str) -> Path:
    """A file of stories."""
    path = folder / "stories.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_set_is_as_large_as_it_says(knowledge: Knowledge) -> None:
    stories = load(STORIES, knowledge, None)
    assert len(stories) >= 80
    assert {story.type for story in stories} == set(TYPES)
    assert all(len(story.versions) >= 3 for story in stories)
    assert all(any(event.near for event in story.events.values()) for story in stories)
    assert sum(story.part == "points" for story in stories) >= 80
    assert {story.part for story in stories} == {"points", "fresh", "last", "late"}
    assert {story.type for story in stories if story.part == "fresh"} == set(FRESH)
    assert {story.type for story in stories if story.part == "last"} == set(LAST)
    assert sum(story.part == "late" for story in stories) >= 24


def test_a_story_is_read_with_events_origins_and_ids(tmp_path: Path, knowledge: Knowledge) -> None:
    (story,) = read_stories([write(tmp_path, STORY)], knowledge.ontology)
    assert story.events["e1"].tolls == {"killed": (2, 4, 3)}
    assert [v.origin for v in story.versions] == ["m", "m", "d"]
    told = gold([story], knowledge)
    rows = told.claims.to_pylist()
    assert [told.events[row["id"]] for row in rows] == [("quay", "e1"), ("quay", "e1"), ("quay", "n1")]
    assert [row["actor"][0]["id"] for row in rows] == [None, None, "hezbollah"]
    assert [row["recipient"][0]["id"] for row in rows[:2]] == ["BGR", "BGR"]
    assert rows[2]["date"].isoformat() == "2014-03-12"


@pytest.mark.parametrize(("old", "new", "message"), [
    ("e: n1 | ", "", "one field 'e: KEY'"), ("e: n1", "e: n9", "one field 'e: KEY'"), ("| clash |", "| brawl |", "with a type of"),
    ("@ outlet: Delta | origin: d\n", "", "outlet"), ("copy: quay-a", "copy: quay-c", "of the same origin"),
    ("killed: 2-4 3", "killed: few", "low-high best"), ("2014-03-11T14:20", "2014-03-11T99:20", "a moment such as"),
    ("## quay-c", "## quay-b", "again"), ("= n1 |", "= e1 |", "again"),
])
def test_faults_are_named_with_their_line(old: str, new: str, message: str, tmp_path: Path, knowledge: Knowledge) -> None:
    assert old in STORY
    with pytest.raises(ScoreError, match=message):
        read_stories([write(tmp_path, STORY.replace(old, new, 1))] * (1 + ("## quay" in old)), knowledge.ontology)


def told(events: dict[str, tuple[str, str] | None]) -> Told:
    """Claims, each in an article of its own."""
    table = pa.table({"id": list(events), "article": [f"a_{name}" for name in events]})
    return Told(table, pa.table({"id": []}), events)


def test_rates_count_pairs() -> None:
    known = told({"1": ("s", "x"), "2": ("s", "x"), "3": ("s", "x"), "4": ("s", "y"), "5": None})
    found = figures(compare(known, {"1": "e", "2": "e", "3": "f", "4": "e", "5": "e"}))
    assert found["pairs_made"] == 3  # 1-2, 1-4, 2-4; what the mark-up does not know stays out
    assert found["false_merge"] == pytest.approx(2 / 3, abs=1e-3)
    assert found["missed_merge"] == pytest.approx(2 / 3, abs=1e-3)
    right = figures(compare(known, {"1": "e", "2": "e", "3": "e", "4": "f", "5": "g"}))
    assert (right["false_merge"], right["missed_merge"], right["b3"]) == (0, 0, 1)


def test_folding_holds_its_floors(knowledge: Knowledge) -> None:
    """On the ninety stories that set points; the floors stand a little under what was measured last."""
    known = gold(load(STORIES, knowledge, "points"), knowledge)
    found = figures(compare(known, folded(known, knowledge)))
    # Points are fitted on types left out, not on these stories one by one: more is missed here than by points set by hand (decision 0023).
    assert found["false_merge"] <= 0.08
    assert found["missed_merge"] <= 0.29
    assert found["b3"] >= 0.895 > figures(compare(known, alone(known)))["b3"]
