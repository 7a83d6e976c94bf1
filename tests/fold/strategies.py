"""Random small newsrooms for properties of the fold: few parties, places and days, so that claims meet; some undated, denied, planned."""

from __future__ import annotations

from hypothesis import strategies as st

from .making import Say

ACTORS = ("FRA", "DEU:GOV", "SYR:REB", "?gunmen", "#hamas")
OTHERS = ("ITA", "ESP:COP", "#hamas")
WORDS = ("bridge", "market", "port", "river", "airport", "square")


@st.composite
def newsrooms(draw: st.DrawFn, most: int = 30) -> list[Say]:
    """Claims of up to eight articles; an article has one day of publication, and its claims stand at different words."""
    rows = draw(st.lists(st.tuples(
        st.integers(0, 7), st.sampled_from(("ASSAULT", "ASSAULT", "CONSULT", "COERCE")),
        st.lists(st.sampled_from(ACTORS), max_size=2, unique=True), st.lists(st.sampled_from(OTHERS), max_size=1),
        st.one_of(st.none(), st.integers(0, 3)), st.sampled_from((None, None, "Alva", "Berra", "Corin", "AAA")),
        st.sampled_from((None, None, 3, 12, 57)), st.sampled_from(("actual",) * 6 + ("future", "negated")), st.sampled_from(WORDS),
        st.sampled_from(("day",) * 5 + ("month",)),
    ), min_size=2, max_size=most))
    days = draw(st.lists(st.integers(0, 9), min_size=8, max_size=8))
    told = []
    for number, (article, event, by, to, back, where, killed, status, word, precision) in enumerate(rows):
        out = days[article]
        told.append(Say(
            f"a{article}", event, None, tuple(by), tuple(to), None if back is None else out - back, out, where, killed, status,
            at=100 * number + 10, sentence=f"The {word} was named again on that long and cold day by those who had seen it.",
            precision=precision,
        ))
    return told
