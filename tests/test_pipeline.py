"""The coder as a whole: offsets that hold on any text, results that do not depend on the batch, dates never from a clock."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente import Article, Claim, Coder, DetenteError
from detente.pipeline import make_article
from detente.records import content_id

SAMPLES = Path(__file__).parent.parent / "src" / "detente" / "data" / "samples"
NEWS = (
    "Turkey's foreign minister met his Russian counterpart in Sochi on July 1.",
    "“We have released the two pilots,” Pakistan's information minister said.",
    "At least 43 people were killed in a suicide attack on Istanbul's airport last Tuesday.",
    "The U.N.'s envoy urged both sides to halt the fighting near Hodeidah",
    "KABUL, Oct. 3 (Agency) -- Gunmen abducted 12 teachers, police said.",
    "«Georgia expelled our consul», the ambassador said; Tbilisi denied it.",
    "• 14:05 — French jets bombed a convoy.",
    "FRANCE RECALLS AMBASSADOR FROM ROME",
)


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def spans(claim: Claim) -> list[tuple[str, int, int]]:
    """All stretches of text that a claim points at."""
    result = [(claim.sentence, claim.start, claim.end), (claim.trigger, claim.trigger_start, claim.trigger_end)]
    result += [(m.text, m.start, m.end) for m in (*claim.actor, *claim.recipient)]
    result += [(q.text, q.start, q.end) for q in claim.quantities]
    if claim.place:
        result.append((claim.place.text, claim.place.start, claim.place.end))
    if claim.when.text is not None and claim.when.text_start is not None and claim.when.text_end is not None:
        result.append((claim.when.text, claim.when.text_start, claim.when.text_end))
    if claim.voice.text is not None and claim.voice.start is not None and claim.voice.end is not None:
        result.append((claim.voice.text, claim.voice.start, claim.voice.end))
    return result


PIECES = st.one_of(st.sampled_from(NEWS), st.text(min_size=1, max_size=12))
GAPS = st.sampled_from([" ", "\n", "\n\n", "  ", ""])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(PIECES, GAPS), min_size=1, max_size=6))
def test_every_span_is_the_text_it_says(coder: Coder, parts: list[tuple[str, str]]) -> None:
    article = make_article("".join(piece + gap for piece, gap in parts), "2016-07-05", None)
    for claim in coder.work([article]).claims:
        for text, start, end in spans(claim):
            assert article.text[start:end] == text


def test_spans_hold_on_the_samples_and_some_claims_come_out(coder: Coder) -> None:
    for path in sorted(SAMPLES.glob("*.txt")):
        article = make_article(path.read_text(encoding="utf-8"), None, None)
        claims = coder.work([article]).claims
        assert all(article.text[start:end] == text for claim in claims for text, start, end in spans(claim))
    assert len(claims) > 3


def test_a_text_alone_and_in_company_gives_the_same_claims(coder: Coder) -> None:
    articles = [make_article(path.read_text(encoding="utf-8"), None, None) for path in sorted(SAMPLES.glob("*.txt"))]
    together = coder.code_each(articles)
    assert [[c.id for c in claims] for claims in together] == [[c.id for c in coder.work([a]).claims] for a in articles]


def test_ids_are_stable_and_unique(coder: Coder) -> None:
    first, second = (coder.code(" ".join(NEWS), published="2016-07-05") for _ in range(2))
    assert [c.id for c in first] == [c.id for c in second]
    assert len({c.id for c in first}) == len(first) > 4


def test_no_date_is_made_up(coder: Coder) -> None:
    claims = coder.code("Iran condemned Sweden on Monday.")
    assert [(c.published, c.when.start, c.when.text) for c in claims] == [(None, None, "on Monday")]


def test_given_date_resolves_the_weekday(coder: Coder) -> None:
    claims = coder.code("Iran condemned Sweden on Monday.", published="2016-07-06")
    assert claims[0].when.start == date(2016, 7, 4)


@pytest.mark.parametrize("text", ["", "   \n\n"])
def test_an_empty_text_is_an_error(coder: Coder, text: str) -> None:
    with pytest.raises(DetenteError, match="empty"):
        coder.code(text)


def test_a_bad_article_does_not_stop_the_run(coder: Coder) -> None:
    good = make_article("Chad thanked Niger.", "2016-07-05", None)
    bad = Article(content_id("a", "x"), "x" * 6_000_000, file="big.txt")
    rejects: list[object] = []
    claims = list(coder.run([bad, good], rejects))  # type: ignore[arg-type]  # list is invariant, the coder only appends
    assert len(claims) == 1
    assert len(rejects) == 1


def test_relation_needs_spans_inside_the_sentence(coder: Coder) -> None:
    with pytest.raises(DetenteError, match="spans"):
        coder.relation("Chad thanked Niger.", (0, 4), (13, 99))


def test_relation_gives_probabilities_of_all_roots(coder: Coder) -> None:
    pairing = coder.relation("Chad thanked Niger.", (0, 4), (13, 18))
    assert pairing.root == "SUPPORT"
    assert sum(pairing.probabilities.values()) == pytest.approx(1)
    assert len(pairing.probabilities) == 16
