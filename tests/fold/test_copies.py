"""Copies of articles: what is found, what is not, and that neither order nor batches matter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import KnowledgeError, RunError
from detente.fold.copies import Copies, families, regroup
from detente.fold.copy_rules import COPIES_FILE, load_copy_rules
from detente.fold.sketches import sketch
from detente.tables import ARTICLES, SKETCHES

LONG = [
    "Talks on reopening the river border between the two neighbours resumed in the old customs house on Tuesday morning.",
    "Delegates arrived shortly after eight and went straight into a closed session that lasted for most of the day.",
    "The transport minister said the ferry could run again within a week if the insurers agreed to cover the crossing.",
    "His counterpart was more careful and spoke of several open points in the annex on cattle and dairy products.",
    "Farmers on both banks have waited since the flood of last spring for a way to bring their animals to market.",
    "A small crowd gathered outside the building with placards that asked both governments to hurry up at last.",
    "Police kept the main street closed until evening and turned away lorries that had come from the coast.",
    "Traders in the covered market told visitors that prices for cheese had doubled since the bridge was washed away.",
    "The two sides agreed to meet once more on Friday and to invite the mayor of the island to the table.",
    "Engineers will inspect the pier on the northern bank before anyone is allowed to set foot on it again.",
    "An earlier round of talks in March had ended without a common paper and with some bitter words in the press.",
    "Observers from the river commission were present but did not speak during the open part of the meeting.",
    "The commission has offered to pay for half of the repairs as soon as both parliaments have passed the treaty.",
    "Neither of the parliaments has yet put the matter on its calendar, and elections are due in the autumn.",
    "If nothing is signed by then, the whole question may have to wait for another year, diplomats warned.",
]
# The same meeting by another hand: nothing but names and days is shared.
OTHER = [
    "Ministers of both riverside states sat down again on Tuesday to argue over who pays for a new ferry.",
    "They talked behind locked doors from breakfast until dusk, and came out with little more than another appointment.",
    "One week might suffice to get boats moving, the man in charge of transport claimed, provided that insurance is found.",
    "Cattle remain the sticking point, according to people who have read the draft of the accord's annex.",
    "Protesters with home-made signs shouted at the cars of the negotiators when these left through a side gate.",
    "Goods have piled up in warehouses since high water tore the bridge from its pillars last year.",
    "Money is on offer from an international body that watches over shipping, yet its cheque hangs on two votes.",
    "Those votes are nowhere in sight, and campaigning has begun in earnest on the southern shore already.",
    "A further session has been pencilled in for Friday, with the island's mayor as a guest at the table.",
    "Nobody who was asked would wager on a breakthrough by then, and several shrugged when pressed for a date.",
]


def text(sentences: list[str], title: str = "River talks resume") -> str:
    """A title and paragraphs of two sentences."""
    return "\n".join([title, *(" ".join(sentences[n : n + 2]) for n in range(0, len(sentences), 2))])


def article(name: str, body: str | None, day: int = 5, **more: Any) -> dict[str, Any]:
    """A row of ARTICLES in June 2016, day 0 and below in May."""
    published = date.fromordinal(date(2016, 6, 1).toordinal() + day - 1)
    return {"id": name, "text": body, "published": published, "publisher": f"Paper {name}", "credits": [], **more}


def table(*rows: dict[str, Any]) -> pa.Table:
    """ARTICLES of these rows."""
    return pa.Table.from_pylist(list(rows), schema=ARTICLES)


def family_of(found: Copies) -> dict[str, str]:
    """Article → family."""
    return dict(zip(found.families["article"].to_pylist(), found.families["family"].to_pylist(), strict=True))


def parts(found: dict[str, str]) -> set[frozenset[str]]:
    """The families as sets of articles."""
    return {frozenset(name for name, own in found.items() if own == family) for family in found.values()}


AGENCY = text(["SANDRUM, June 7 (Reuters) - " + LONG[0], *LONG[1:]]) + "\nReporting by A. Nobody; editing by B. Nobody"
COPIES = {
    "verbatim": text(LONG),
    "retitled": text(LONG, "Ferry may return within a week, says minister"),
    "cut to its first fifth": text(LONG[:3]),
    "cut and retitled": text(LONG[:4], "Ferry may return"),
    "another first paragraph": text([OTHER[0], OTHER[1], *LONG[2:]], "Old quarrel, new round"),
    "another last paragraph": text([*LONG[:-2], OTHER[3], OTHER[4]], "Old quarrel, new round"),
    "paragraphs swapped": text([*LONG[8:], *LONG[:8]]),
    "agency line": AGENCY,
    "curly quotes, capitals and blank lines": text(LONG).upper().replace("\n", "\n\n"),
    "half of it taken over": text([*LONG[:10], *OTHER[4:8]], "Old quarrel, new round"),
}


@pytest.mark.parametrize("how", COPIES)
def test_copies_are_found(how: str) -> None:
    found = families(table(article("a", text(LONG)), article("b", COPIES[how], 6), article("c", text(OTHER), 6)))
    assert parts(family_of(found)) == {frozenset("ab"), frozenset("c")}
    row = found.families.filter(pa.compute.equal(found.families["article"], "b")).to_pylist()[0]
    assert (row["copy_of"], row["family"], row["origin_strong"]) == ("a", "a", "a")
    assert row["overlap"] >= 0.6


@pytest.mark.parametrize("pair", [
    (text(LONG), text(OTHER)),
    (text(LONG), text([*OTHER, LONG[0]])),  # one sentence in common, such as a quotation
    (text(LONG), text(LONG[:1])),  # too short to tell
    (text(LONG), None),
    (None, None),
    ("", ""),
], ids=["other hands", "one sentence shared", "a single sentence", "no text", "neither", "empty"])
def test_others_are_no_copies(pair: tuple[str | None, str | None]) -> None:
    found = family_of(families(table(article("a", pair[0]), article("b", pair[1]))))
    assert found == {"a": "a", "b": "b"}


def test_boilerplate_makes_no_copies_and_hides_none() -> None:
    fuss = "\n".join([
        "Sign up for our newsletter and never miss any of the stories that matter to you",
        "© 2016 The Example Media Group. All rights reserved. No part of this may be copied in any form without consent",
        "Read more: Ten things that you must know about ferries, floods, cattle, cheese and the people who live by them",
        "Advertisement for a car that drives by itself, on roads that build themselves, to places that you never heard of",
    ])
    plain, dressed = text(LONG[:4]), f"{fuss}\n{text(LONG[:4])}\n{fuss}"
    found = families(table(article("a", plain), article("b", dressed), article("c", f"{fuss}\n{text(OTHER[:3])}")))
    assert parts(family_of(found)) == {frozenset("ab"), frozenset("c")}
    assert found.families["overlap"].to_pylist()[1] == 1.0


def test_copies_within_one_outlet_count() -> None:
    found = families(table(article("a", text(LONG), publisher="Daily"), article("b", text(LONG), 6, publisher="Daily")))
    assert family_of(found) == {"a": "a", "b": "a"}


def test_a_text_printed_again_much_later_is_another_family() -> None:
    found = families(table(article("a", text(LONG), 1), article("b", text(LONG), 8), article("c", text(LONG), 9)))
    assert family_of(found) == {"a": "a", "b": "a", "c": "c"}


def test_the_earliest_to_the_minute_is_the_first() -> None:
    rows = [article("a", text(LONG), published_at=None), article("b", text(LONG), published_at=datetime(2016, 6, 5, 9, tzinfo=UTC)),
            article("c", text(LONG), published_at=datetime(2016, 6, 5, 7, tzinfo=UTC))]
    assert set(family_of(families(table(*rows))).values()) == {"c"}


def test_a_chain_of_versions_breaks_where_nothing_of_the_first_is_left() -> None:
    versions = [text((LONG + OTHER)[n : n + 10]) for n in range(0, 16, 3)]
    found = family_of(families(table(*(article(f"v{n}", version, n + 1) for n, version in enumerate(versions)))))
    assert found["v1"] == "v0"
    assert found["v5"] != "v0"


def test_a_round_up_does_not_make_its_stories_one() -> None:
    found = family_of(families(table(article("a", text(LONG[:8])), article("b", text(OTHER)), article("r", text(LONG[:8] + OTHER), 6))))
    assert found["a"] != found["b"]
    assert found["r"] in "ab"


def test_articles_without_a_day_are_compared_with_one_another() -> None:
    rows = [article("a", text(LONG), published=None), article("b", text(LONG), published=None), article("c", text(LONG))]
    assert family_of(families(table(*rows))) == {"a": "a", "b": "a", "c": "c"}


def test_origins_of_a_family_are_those_of_its_first_article() -> None:
    found = families(table(article("a", text(LONG), publisher="AFP"), article("b", text(LONG), 6, publisher="Daily", credits=["BBC"])))
    rows = found.families.to_pylist()
    assert {row["source"] for row in rows} == {"Agence France-Presse"}
    assert len({row["origin_weak"] for row in rows}) == 1
    assert rows[1]["keys"][0] == "Daily"


POOL = [
    text(LONG), *COPIES.values(), text(OTHER), text(OTHER[:3]), text(OTHER, "Other words"), text(LONG[:8] + OTHER),
    text(LONG[5:] + OTHER[:5]), "",
]
ROWS = st.lists(st.tuples(st.integers(0, len(POOL) - 1), st.integers(1, 28)), min_size=1, max_size=14)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False), st.sampled_from([1, 2, 40]), st.sampled_from([1, 2, 300]))
def test_order_and_batches_do_not_matter(picks: list[tuple[int, int]], random: Any, per_band: int, crowded: int) -> None:
    rules = load_copy_rules().model_copy(update={"per_band": per_band, "crowded": crowded})
    rows = [article(f"a{n:02d}", POOL[pick], day) for n, (pick, day) in enumerate(picks)]
    whole = families(table(*rows), rules=rules)
    want = {row["article"]: row for row in whole.families.to_pylist()}
    random.shuffle(rows)
    kept, got = SKETCHES.empty_table(), {}
    while rows:
        size = random.randint(1, len(rows))
        batch, rows = rows[:size], rows[size:]
        found = families(table(*batch), kept, rules=rules)
        got.update({row["article"]: row for row in found.families.to_pylist()})
        kept = replaced(kept, found)
    assert got == want
    assert sorted(kept.to_pylist(), key=lambda row: row["article"]) == sorted(whole.sketches.to_pylist(), key=lambda row: row["article"])
    assert {row["article"]: row for row in regroup(kept, rules).families.to_pylist()} == want


@settings(max_examples=40, deadline=None)
@given(ROWS, st.data())
def test_added_then_taken_away_is_as_never_added(picks: list[tuple[int, int]], data: st.DataObject) -> None:
    rows = [article(f"a{n:02d}", POOL[pick], day) for n, (pick, day) in enumerate(picks)]
    lost = set(data.draw(st.lists(st.sampled_from([row["id"] for row in rows]), unique=True)))
    whole = families(table(*rows))
    is_lost = pa.compute.is_in(whole.sketches["article"], pa.array(sorted(lost), pa.string()))
    left = whole.sketches.filter(pa.compute.invert(is_lost))
    found = families(table(), left, gone=whole.sketches.filter(is_lost))
    got = {name: family for name, family in family_of(whole).items() if name not in lost} | family_of(found)
    assert got == family_of(families(table(*(row for row in rows if row["id"] not in lost))))


def replaced(kept: pa.Table, found: Copies) -> pa.Table:
    """A store's table of sketches after an addition."""
    old = kept.filter(pa.compute.invert(pa.compute.is_in(kept["article"], found.sketches["article"])))
    return pa.concat_tables([old, found.sketches])


def test_an_article_that_comes_again_with_another_day_moves() -> None:
    first = families(table(article("a", text(LONG), 2), article("b", text(LONG), 5)))
    again = families(table(article("a", text(LONG), 8)), first.sketches)
    assert family_of(again) == {"a": "b", "b": "b"}


def test_a_crowded_sentence_finds_nothing_whatever_the_batches() -> None:
    rules = load_copy_rules().model_copy(update={"crowded": 3, "bands": 1, "rows": 40})  # only sentences find copies
    own = [[f"{n} {word} " + " ".join(LONG[5 + n].split()[::-1]) for word in "abcdef"] for n in range(5)]
    rows = [article(f"s{n}", text([*LONG[:4], *words]), 2) for n, words in enumerate(own)]
    late = [article("x", text(LONG[:4]), 4)]
    whole = family_of(families(table(*rows, *late), rules=rules))
    assert whole["x"] == "x"
    assert family_of(families(table(*rows[:3], *late), rules=rules.model_copy(update={"crowded": 9})))["x"] == "s0"
    first = families(table(*rows[:2], *late), rules=rules)
    assert family_of(first)["x"] == "s0"
    second = families(table(*rows[2:]), first.sketches, rules=rules)
    assert family_of(first) | family_of(second) == whole


def test_only_days_around_the_new_articles_are_read() -> None:
    old = families(table(*(article(f"o{n}", text(LONG), n) for n in range(-60, 31)))).sketches
    asked: list[set[date | None]] = []

    def read(days: list[date | None]) -> pa.Table:
        asked.append(set(days))
        return old.filter(pa.compute.is_in(old["published"], pa.array(days, pa.date32())))

    found = families(table(article("new", text(OTHER), 20)), read)
    assert family_of(found) == {"new": "new"}
    assert len(asked) == 1
    assert min(day for day in asked[0] if day) > date(2016, 5, 31)


def test_sketches_of_other_rules_are_refused() -> None:
    other = sketch(table(article("a", text(LONG))), load_copy_rules().model_copy(update={"version": "old"}))
    with pytest.raises(RunError, match=r"another copies\.yml"):
        families(table(article("b", text(LONG))), other)


@pytest.mark.parametrize(
    ("old", "new"), [("jaccard: 0.4", "jaccard: 4"), ("days: 7", "dais: 7"), ("'all rights reserved'", "'all (rights'")]
)
def test_the_file_is_read_strictly(old: str, new: str, tmp_path: Any) -> None:
    path = tmp_path / "copies.yml"
    source = COPIES_FILE.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError):
        load_copy_rules(path)
