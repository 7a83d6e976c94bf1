"""Two analyses side by side: exact spans, and words of multiword tokens by their forms."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from detente.score.alignment import ROOT, Placed, align


def word(start: int, form: str, token: tuple[int, int] | None = None) -> Placed:
    """A word at a place of its own, or inside a multiword token that covers `token`."""
    low, high = token or (start, start + len(form))
    return Placed(low, high, token is not None, form, form, "X", ROOT, "root")


def row(*forms: str) -> list[Placed]:
    """Plain words one after another."""
    place, result = 0, []
    for form in forms:
        result.append(word(place, form))
        place += len(form)
    return result


def test_only_equal_spans_match() -> None:
    assert align(row("ab", "cd", "ef"), row("ab", "cde", "f")) == [(0, 0)]
    assert align(row("ab", "cd", "ef"), row("a", "b", "cd", "ef")) == [(1, 2), (2, 3)]


def test_words_of_a_multiword_token_match_by_form() -> None:
    gold = [word(0, "ca", (0, 5)), word(0, "n't", (0, 5)), word(5, "go")]
    assert align(gold, gold) == [(0, 0), (1, 1), (2, 2)]
    assert align(gold, row("can't", "go")) == [(2, 1)]
    # The parser cut the same words but did not call them one token.
    assert align(gold, row("ca", "n't", "go")) == [(0, 0), (1, 1), (2, 2)]
    assert align(row("Ca", "n't", "go"), gold) == [(0, 0), (1, 1), (2, 2)]
    # Other forms in the same token: only those in common match.
    other = [word(0, "can", (0, 5)), word(0, "n't", (0, 5)), word(5, "go")]
    assert align(gold, other) == [(1, 1), (2, 2)]


def test_multiword_tokens_that_overlap_in_part() -> None:
    gold = [word(0, "ab", (0, 4)), word(0, "cd", (0, 4)), word(4, "ef")]
    guess = [word(0, "ab"), word(2, "cd", (2, 6)), word(2, "ef", (2, 6))]
    assert align(gold, guess) == [(0, 0), (1, 1), (2, 2)]
    assert align(row("x", "ab"), [word(0, "xa", (0, 3)), word(0, "b", (0, 3))]) == []


cuts = st.lists(st.integers(1, 4), min_size=1, max_size=12)


@given(cuts, cuts, st.sets(st.integers(0, 11)))
def test_matches_are_ascending_pairs_of_overlapping_words(one: list[int], two: list[int], doubled: set[int]) -> None:
    total = max(sum(one), sum(two))

    def layout(sizes: list[int], double: bool) -> list[Placed]:
        place, words = 0, []
        for number, size in enumerate([*sizes, total - sum(sizes)]):
            if size and double and number in doubled and size > 1:
                words += [word(place, "a", (place, place + size)), word(place, "a" * (size - 1), (place, place + size))]
            elif size:
                words.append(word(place, "a" * size))
            place += size
        return words

    gold, guess = layout(one, True), layout(two, False)
    assert align(gold, gold) == [(k, k) for k in range(len(gold))]
    pairs = align(gold, guess)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))
    for left, right in pairs:
        assert gold[left].form == guess[right].form
