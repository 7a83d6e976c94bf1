"""Counts of harmed persons: kind, bounds, noun and words; and what is never counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.flow.quantities import quantities

COUNTED = [
    ("The attack killed 43 people.", [("killed", 43, 43, "people", "killed 43 people")]),
    ("43 people were killed.", [("killed", 43, 43, "people", "43 people were killed")]),
    ("Forty-three people were killed.", [("killed", 43, 43, "people", "Forty-three people were killed")]),
    ("One hundred and twenty soldiers were slain.", [("killed", 120, 120, "soldiers", "One hundred and twenty soldiers were slain")]),
    ("The death toll rose to 43.", [("killed", 43, 43, None, "death toll rose to 43")]),
    ("The toll from the 2011 quake stood at 12,300.", [("killed", 12300, 12300, None, "toll from the 2011 quake stood at 12,300")]),
    (
        "A blast went off, leaving 12 dead and 30 wounded.",
        [("killed", 12, 12, None, "leaving 12 dead"), ("wounded", 30, 30, None, "30 wounded")],
    ),
    ("Gunmen fired, wounding another 30.", [("wounded", 30, 30, None, "wounding another 30")]),
    ("Police detained 200 protesters.", [("arrested", 200, 200, "protesters", "detained 200 protesters")]),
    ("Police made 20 arrests.", [("arrested", 20, 20, None, "20 arrests")]),
    ("20 people died in the fire.", [("killed", 20, 20, "people", "20 people died")]),
    ("They kidnapped 276 schoolgirls.", [("abducted", 276, 276, "schoolgirls", "kidnapped 276 schoolgirls")]),
    ("They took 12 hostages.", [("abducted", 12, 12, "hostages", "took 12 hostages")]),
    ("They took 12 people hostage.", [("abducted", 12, 12, "people", "took 12 people hostage")]),
    ("Fighting forced 50,000 from their homes.", [("displaced", 50000, 50000, None, "forced 50,000 from their homes")]),
    ("The war displaced 2.5 million people.", [("displaced", 2500000, 2500000, "people", "displaced 2.5 million people")]),
    ("Some 50,000 people have fled.", [("displaced", 50000, 50000, "people", "Some 50,000 people have fled")]),
    ("219 girls are still missing.", [("missing", 219, 219, "girls", "219 girls are still missing")]),
    ("At least 12 people were hurt.", [("wounded", 12, None, "people", "At least 12 people were hurt")]),
    ("Up to 300 fighters were killed.", [("killed", None, 300, "fighters", "Up to 300 fighters were killed")]),
    ("More than 2,000 civilians were killed.", [("killed", 2000, None, "civilians", "More than 2,000 civilians were killed")]),
    ("Fewer than 10 people died.", [("killed", None, 9, "people", "Fewer than 10 people died")]),
    ("Between 10 and 15 soldiers died.", [("killed", 10, 15, "soldiers", "Between 10 and 15 soldiers died")]),
    ("10 to 15 people were arrested.", [("arrested", 10, 15, "people", "10 to 15 people were arrested")]),
    ("10–15 people were arrested.", [("arrested", 10, 15, "people", "10–15 people were arrested")]),
    ("Dozens were killed.", [("killed", 24, 99, None, "Dozens were killed")]),
    ("The blast wounded scores of people.", [("wounded", 40, 99, "people", "wounded scores of people")]),
    ("Hundreds of people were arrested.", [("arrested", 200, 999, "people", "Hundreds of people were arrested")]),
    ("Thousands of residents were displaced.", [("displaced", 2000, 9999, "residents", "Thousands of residents were displaced")]),
    ("Tens of thousands were displaced.", [("displaced", 20000, 99999, None, "Tens of thousands were displaced")]),
    ("A dozen people died.", [("killed", 12, 12, "people", "A dozen people died")]),
    (
        "Two soldiers and a policeman were killed.",
        [("killed", 3, 3, "soldiers and a policeman", "Two soldiers and a policeman were killed")],
    ),
    (
        "The bomb killed two soldiers and a policeman.",
        [("killed", 3, 3, "soldiers and a policeman", "killed two soldiers and a policeman")],
    ),
    (
        "The bomb killed two soldiers and three policemen were wounded.",
        [("killed", 2, 2, "soldiers", "killed two soldiers"), ("wounded", 3, 3, "policemen", "three policemen were wounded")],
    ),
    ("It killed two soldiers, one official said.", [("killed", 2, 2, "soldiers", "killed two soldiers")]),
    (
        "12 people, two soldiers and a policeman, were killed.",
        [("killed", 12, 12, "people", "12 people, two soldiers and a policeman, were killed")],
    ),
    (
        "12 people, including three children, were killed.",
        [("killed", 12, 12, "people", "12 people, including three children, were killed")],
    ),
    ("12 of the 40 passengers died.", [("killed", 12, 12, None, "12 of the 40 passengers died")]),
    ("Two of them were injured.", [("wounded", 2, 2, None, "Two of them were injured")]),
    ("A policeman was shot dead.", [("killed", 1, 1, "policeman", "A policeman was shot dead")]),
    ("The attack claimed 43 lives.", [("killed", 43, 43, None, "claimed 43 lives")]),
    ("12 wounded soldiers arrived.", [("wounded", 12, 12, None, "12 wounded soldiers")]),
    ("12 soldiers killed 43 rebels.", [("troops", 12, 12, "soldiers", "12 soldiers"), ("killed", 43, 43, "rebels", "killed 43 rebels")]),
    ("Officials spoke of 200 journalists detained by police.", [("arrested", 200, 200, "journalists", "200 journalists detained")]),
    ("On July 4, 12 people were killed.", [("killed", 12, 12, "people", "12 people were killed")]),
    ("No one was killed.", [("killed", 0, 0, None, "No one was killed")]),
    ("No injuries were reported.", [("wounded", 0, 0, None, "No injuries")]),
    (
        "No civilians were killed or injured.",
        [
            ("killed", 0, 0, "civilians", "No civilians were killed or injured"),
            ("wounded", 0, 0, "civilians", "No civilians were killed or injured"),
        ],
    ),
]

NEVER = [
    "They met in 2011.",
    "In 2011 people were killed.",
    "He was killed in 2016.",
    "A 23-year-old was killed.",
    "Ali, 23, was killed.",
    "Ali, 23, a teacher, was killed.",
    "He was killed 12 days ago.",
    "It happened 12 km away, and he died.",
    "The storm killed 12 cows.",
    "They were killed in 12 attacks.",
    "The toll of 12 years of war is high.",
    "Three gunmen fled the scene.",
    "They killed one another.",
    "He was killed on July 4.",
    "Killed on 12 March, he was mourned.",
    "Flight 370 disappeared.",
    "12 people were killed or wounded.",
    "He died at 12:30.",
    "The bill was killed by 12 senators.",
    "Officials met 12 times.",
]


@pytest.mark.parametrize(("text", "expected"), COUNTED)
def test_counted(text: str, expected: list[tuple[str, int | None, int | None, str | None, str]]) -> None:
    assert [(q.kind, q.low, q.high, q.of, q.text) for q in quantities(text)] == expected


@pytest.mark.parametrize("text", NEVER)
def test_never_counted(text: str) -> None:
    assert quantities(text) == []


def test_offsets_are_absolute() -> None:
    text = "The June 28 attack killed 43 people and wounded 230."
    found = quantities(text, 500)
    assert [q.kind for q in found] == ["killed", "wounded"]
    assert all(text[q.start - 500 : q.end - 500] == q.text for q in found)


WORDS = st.sampled_from(
    "killed wounded were was 43 people soldiers and a policeman at least up to more than between 10 15 dozens of hundreds no one nobody , "
    ". – dead leaving forced from their homes arrested missing 2,000 2.5 million twenty forty-three hundred toll rose died other others "
    "( ) 2011 in İ ſ ½ ٣ ² or".split()
)


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=16).map(" ".join)), st.integers(0, 10**6))
def test_any_text(text: str, offset: int) -> None:
    for found in quantities(text, offset):
        assert offset <= found.start < found.end <= offset + len(text)
        assert text[found.start - offset : found.end - offset] == found.text
        assert found.low is not None or found.high is not None
        assert 0 <= (found.low or 0) <= (found.high if found.high is not None else 10**12)
        assert found.best is None or (found.low, found.best) == (found.best, found.low)
        assert found.of is None or found.of in text
