"""Words: true offsets whatever the text, and the conventions of the English UD treebanks."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detente.language.tokens import tokenize

# Letters, digits, quotes and stops in the mixture that news has, so that examples meet the rules and not only their gaps.
NEWSLIKE = st.text(alphabet=st.sampled_from(list("aAbdeEimnNoprRsStTuUwW0123456789 ''’\"“”«».,;:!?-–—()/$%&@#\n\té")), max_size=60)
WORDS = st.lists(
    st.sampled_from(
        [
            "U.S.",
            "p.m.",
            "U.N.'s",
            "don't",
            "cannot",
            "Mr.",
            "No.",
            "etc.",
            "W.",
            "3.5",
            "1,200.50",
            "«We»",
            "...",
            "“No,”",
            "Sept.",
            "a.b@c.org",
            "www.un.org.",
            "5:30",
            "10%",
            "state-run",
            "Turkey’s",
            "'s",
            "--",
            "(AFP)",
            "I.",
            "Ph.D.",
            "e.g.",
        ]
    ),
    max_size=8,
).map(" ".join)


def words(text: str) -> list[str]:
    """The words of a text as slices of it."""
    return [text[token.start : token.end] for token in tokenize(text)]


@given(st.one_of(NEWSLIKE, WORDS, st.text(max_size=40)))
@example("The army of the U.S.")
@example("It began at 5 p.m.\nIt ended at 6 p.m.")
@example("Mr. A. B. Smith, Ph.D.")
def test_every_character_is_in_exactly_one_word(text: str) -> None:
    tokens = tokenize(text)
    covered = [place for token in tokens for place in range(token.start, token.end)]
    assert covered == sorted(set(covered)), "words overlap or stand out of order"
    lost = {place for place, char in enumerate(text) if not char.isspace()} - set(covered)
    assert not lost, f"lost: {[text[place] for place in sorted(lost)]}"
    assert all(token.start < token.end for token in tokens)


@given(st.one_of(NEWSLIKE, WORDS))
def test_spaces_and_glue_say_what_stands_between(text: str) -> None:
    tokens = tokenize(text)
    for before, here in itertools.pairwise(tokens):
        assert here.spaced == (here.start > before.end)
        assert here.glued == (here.token == before.token)
        if here.glued:
            assert here.start == before.end


@given(NEWSLIKE)
def test_words_hold_no_spaces(text: str) -> None:
    assert not any(any(char.isspace() for char in word) for word in words(text))


@given(NEWSLIKE, st.integers(min_value=1, max_value=5))
def test_spaces_around_a_text_move_words_and_nothing_else(text: str, by: int) -> None:
    moved = tokenize(" " * by + text)
    assert [(token.start - by, token.end - by, token.token, token.glued) for token in moved] == [
        (token.start, token.end, token.token, token.glued) for token in tokenize(text)
    ]


@pytest.mark.parametrize(
    "split",
    [
        # Clitics and contractions are words of their own, as written.
        "Turkey |'s troops",
        "Erdoğan |’s visit",
        "the parents |' house",
        "the U.N. |'s envoy",
        "They do |n't know",
        "it was |n’t so",
        "we can |not stay",
        "he |'ll say we |'ve met",
        # Names keep their apostrophes.
        "Sana'a and Côte d'Ivoire and O'Brien",
        # Abbreviations keep their full stop; the end of a sentence does not.
        "the U.S. army",
        "Mr. Smith met Gen. Jones on Sept. 5",
        "George W. Bush",
        "He left |.",
        "No. 5 said no |.",
        # Hyphens part words, except after prefixes.
        "the state |- |run agency",
        "the Israel |- |Hamas war",
        "the non-proliferation treaty, a pro-Russian ex-president".replace(",", " |,"),
        # Numbers and amounts.
        "rose by 3.5 percent",
        "$ |1,200.50 or € |5 or 10 |%",
        "at 5:30 on 2016-07-05",
        "the 1990s",
        # Quotes and brackets.
        "« |We met |» |, he said |.",
        "“ |No |, |” he said |.",
        "( |AFP |)",
        "wait |...",
    ],
)
def test_conventions(split: str) -> None:
    assert words(split.replace(" |", "")) == split.replace("|", "").split()


def test_parts_of_one_written_word_share_its_number() -> None:
    turkey, clitic, troops = tokenize("Turkey's troops")
    assert (turkey.token, clitic.token, troops.token) == (0, 0, 1)
    assert (turkey.glued, clitic.glued, troops.glued) == (False, True, False)


def test_no_text_no_words() -> None:
    assert tokenize("") == []
    assert tokenize(" \n\t\u00a0 ") == []
