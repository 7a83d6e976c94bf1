"""Text cut into pieces: nothing is lost or doubled, whatever overlaps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detente.serve.pages.spans import LANES, LETTERS, Span, lanes, stretches

TEXT = st.text("ab <&\n\U0001f600é", min_size=1, max_size=60)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Span], list[tuple[int, int]]]:
    """A text, spans in it, and sentences in order."""
    text = draw(TEXT)
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    spans = [Span(min(pair), max(pair), draw(st.sampled_from(sorted(LETTERS)))) for pair in draw(st.lists(ends, max_size=8))]
    cuts = sorted(set(draw(st.lists(st.integers(0, len(text)), max_size=6))))
    return text, spans, [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]


@given(marked())
def test_the_pieces_are_the_text(case: tuple[str, list[Span], list[tuple[int, int]]]) -> None:
    text, spans, sentences = case
    found = stretches(text, spans, sentences, [])
    assert "".join(piece.text for part in found for piece in part.pieces) == text
    assert [part.index for part in found if part.index is not None] == list(range(len(sentences)))


@given(marked())
def test_lanes_are_free_where_there_is_room(case: tuple[str, list[Span], list[tuple[int, int]]]) -> None:
    _, spans, _ = case
    placed = lanes(span for span in spans if span.start < span.end)
    for one in placed:
        assert 1 <= placed[one] <= LANES
        crossing = [other for other in placed if other is not one and other.start < one.end and one.start < other.end]
        if len(crossing) < LANES:
            first = min(placed, key=lambda s: (s.start - s.end, s.start, s.kind, s.link))
            assert placed[first] == 1


def test_crossing_marks_share_their_words() -> None:
    spans = [Span(0, 6, "actor", "who"), Span(3, 9, "coop", "1: Consult", "#c_1", "vc", 1)]
    (part,) = stretches("abcdefghi", spans, [(0, 9)], [(0, 9)])
    assert [(piece.text, piece.classes, piece.number) for piece in part.pieces] == [
        ("abc", "s l1a", 0), ("def", "s t vc l1a l2c", 0), ("ghi", "s t vc l2c", 1),
    ]
    assert part.coded
