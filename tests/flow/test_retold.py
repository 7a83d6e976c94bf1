"""Which claims of an article tell the same act: 45 short articles with the answer, and each point by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import pytest

from detente.flow.retold import with_parties
from detente.flow.sameness import weigh
from detente.flow.tellings import telling
from detente.flow.told_acts import acts
from detente.pipeline import Coder
from detente.records import Claim
from detente.settings import load_settings

ARTICLES = Path(__file__).parent / "retold_articles.txt"
MARK = re.compile(r"\{([A-Z]):([^}]+)\}")
# Pairs of claims of one article (tests/flow/retold_articles.txt): at least so many of those linked are right, so many of the right linked.
FLOORS = {"fit": (0.95, 0.9), "kept": (0.95, 0.75)}


@pytest.fixture(scope="module")
def coder() -> Coder:
    """The lexicon alone: which claims there are must not hang on a network's weights."""
    return Coder(load_settings(coder="rules"))


@dataclass(frozen=True, slots=True)
class Marked:
    """An article with its marked words: offset → letter of the act."""

    number: str
    part: str
    published: str
    text: str
    marks: dict[int, str]

    def letters(self, claim: Claim) -> set[str]:
        """The acts marked within a claim's trigger."""
        return {letter for at, letter in self.marks.items() if claim.trigger_start <= at < claim.trigger_end}


def articles() -> Iterator[Marked]:
    for block in ARTICLES.read_text(encoding="utf-8").split("\n== ")[1:]:
        top, body = block.split("\n", 1)
        number, part, day = (cell.strip() for cell in top.split("|"))
        text, marks, last = "", {}, 0
        body = body.strip()
        for match in MARK.finditer(body):
            text += body[last : match.start()]
            marks[len(text)] = match.group(1)
            text += match.group(2)
            last = match.end()
        yield Marked(number, part, day, text + body[last:], marks)


@dataclass(slots=True)
class Tally:
    """Pairs of claims: linked rightly, linked wrongly, not linked though the same."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def measure(coder: Coder, part: str) -> tuple[Tally, list[str]]:
    """The tally of one part, and what is wrong or missed."""
    tally, faults = Tally(), []
    for article in articles():
        if article.part != part:
            continue
        claims = [(c, letters) for c in coder.code(article.text, article.published) if (letters := article.letters(c))]
        for (one, a), (other, b) in combinations(claims, 2):
            linked, same = one.act == other.act, bool(a & b)
            tally.right += linked and same
            tally.wrong += linked and not same
            tally.missed += same and not linked
            if linked != same:
                faults.append(f"{article.number} {'linked' if linked else 'missed'}: {one.trigger} [{one.sentence_index}] "
                              f"- {other.trigger} [{other.sentence_index}]")
    return tally, faults


def test_articles_are_enough() -> None:
    found = list(articles())
    assert len(found) >= 45
    assert {article.part for article in found} == {*FLOORS}
    assert len({article.number for article in found}) == len(found)


@pytest.mark.parametrize("part", sorted(FLOORS))
def test_claims_of_one_act_are_found_together(part: str, coder: Coder) -> None:
    tally, faults = measure(coder, part)
    precision, recall = FLOORS[part]
    assert tally.precision() >= precision, "\n".join(faults)
    assert tally.recall() >= recall, "\n".join(faults)


def coded(coder: Coder, text: str, published: str = "2024-03-05") -> list[Claim]:
    return coder.code(text, published)


def test_every_claim_has_an_act_and_none_is_dropped(coder: Coder) -> None:
    claims = coded(coder, "Gunmen ambush army convoy in Mali\nGunmen ambushed a convoy near Gao on Monday. Kenya condemned the raid.")
    assert [claim.trigger for claim in claims] == ["ambush", "ambushed", "condemned"]
    assert [claim.act for claim in claims] == [claims[0].id, claims[0].id, claims[2].id]
    [reason] = [reason for reason in claims[1].why if reason.step == "retold"]
    assert reason.rule == "same-act"
    assert "“ambush” in sentence 0" in reason.text
    assert "headline +3" in reason.text
    assert not [reason for reason in claims[2].why if reason.step == "retold"]


@pytest.mark.parametrize("text", [
    # What is said is told apart by its content, but a headline has hardly any.
    "India rejects border offer\nNEW DELHI - The Indian government turned down on Monday a plan that would have moved its posts.",
    # Events without modes are as alike as those of one mode.
    "Aid convoy sent to Honduras\nTEGUCIGALPA - Cuba donated eight tonnes of medicine on Thursday.",
])
def test_a_headline_is_told_again_by_the_lead(text: str, coder: Coder) -> None:
    claims = coded(coder, text)
    title = [c for c in claims if c.sentence_index == 0]
    assert title, claims
    assert any(c.act == title[0].act for c in claims if c.sentence_index > 0), claims


@pytest.mark.parametrize(
    ("text", "conflict"),
    [
        ("Rebels shelled Goma on Monday. Rebels shelled Goma on Tuesday.", "day"),
        ("Rebels shelled Goma. Rebels shelled Kisangani.", "place"),
        ("Armenian troops shelled Azerbaijani villages. Azerbaijani troops shelled Armenian villages.", "party"),
        ("President Joe Biden met Chinese officials. Vice President Kamala Harris met Chinese officials.", "party"),
        ("Kenyan police arrested 12 students. Kenyan police arrested 40 students.", "number"),
        ("Israel released five Jordanian prisoners. Israel will release five Jordanian prisoners.", "status"),
        ("Turkey did not attack Syria. Turkey attacked Syria.", "status"),
        ("Turkish troops attacked Syria. Turkish officials met Syrian officials.", "event"),
    ],
)
def test_conflicts_keep_acts_apart(text: str, conflict: str, coder: Coder) -> None:
    one, other = coded(coder, text)
    if conflict != "status" or one.event == other.event:
        weighed = weigh(telling(one, coder.knowledge), telling(other, coder.knowledge), coder.knowledge)
        assert weighed.conflict == conflict
    assert one.act != other.act


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("The Kenyan attack on Somalia went on.", "definite"),
        ("A Kenyan attack on Somalia followed.", "indefinite"),
        ("A second Kenyan attack on Somalia followed.", "anew"),
        ("In the clashes Kenyan police shot at protesters.", "act-noun"),
        ("Kenya often attacked Somalia.", "often"),
        ("Kenya also attacked Somalia.", "again"),
        ("Kenyan soldiers who attacked Somalia were tired.", "relative"),
    ],
)
def test_words_that_lead_back_or_on(text: str, mark: str, coder: Coder) -> None:
    first = next(claim for claim in coded(coder, text) if claim.event == "ASSAULT")
    assert mark in telling(first, coder.knowledge).marks


def test_acts_are_folded_with_the_best_told_values(coder: Coder) -> None:
    lead = "Gunmen attacked a police post in Maiduguri on Monday, killing four policemen."
    claims = coded(coder, f"Gunmen attack police post in Nigeria\n{lead}")
    folded = acts(claims)
    assert [act.id for act in folded] == list(dict.fromkeys(claim.act for claim in claims))
    first = folded[0]
    assert len(first.claims) == 3
    assert (first.event, first.status, str(first.when.start), first.when.precision) == ("ASSAULT", "actual", "2024-03-04", "day")
    assert first.place is not None
    assert first.place.name == "Maiduguri"
    assert [(q.kind, q.low) for q in first.quantities] == [("killed", 4)]
    assert sum(len(act.claims) for act in folded) == len(claims)


def test_claims_without_an_act_stand_alone() -> None:
    bare = Claim("a_1", "Something happened.", 0, 0, 19, "CONSULT", None, "happened", 10, 18, (), (), "bare")
    assert [len(act.claims) for act in acts([bare, bare])] == [1, 1]
    assert acts([]) == []


def test_acts_of_two_articles_are_never_joined(coder: Coder) -> None:
    text = "Gunmen attacked a police post in Maiduguri on Monday."
    claims = [*coded(coder, text), *coded(coder, text + " The governor wept.")]
    assert len(acts(claims)) == 2


def test_the_same_article_gives_the_same_acts(coder: Coder) -> None:
    for article in list(articles())[:5]:
        first, second = coded(coder, article.text), coded(coder, article.text)
        assert [claim.act for claim in first] == [claim.act for claim in second]
        assert {claim.act for claim in first} <= {claim.id for claim in first}


def test_who_acts_is_told_by_the_acts_other_sentence() -> None:
    """By both coders together: the noun is the network's."""
    text = "Israeli jets bombed a port in Yemen on Tuesday. The air strike killed two sailors."
    first, second = Coder(load_settings()).code(text, "2019-07-05")
    assert second.act == first.id
    assert [m.id for m in second.actor] == ["ISR"]
    assert any(r.rule == "actor-told-of-the-act" for r in second.why)
    assert [m.text for m in second.recipient] == ["two sailors"]


def test_a_side_that_is_told_is_left_as_it_is(coder: Coder) -> None:
    [claim] = coded(coder, "Turkey shelled a village in Syria on Monday.")
    [other] = coded(coder, "Chad shelled a village in Libya on Monday.")
    bare = replace(claim, id="c_bare", actor=(), recipient=(), sentence_index=1)
    whom = replace(bare, id="c_whom", recipient=other.recipient)
    own, filled, half = with_parties([claim, bare, whom])
    assert own == claim
    assert (filled.actor, filled.recipient) == (claim.actor, claim.recipient)
    assert (half.actor, half.recipient) == (claim.actor, other.recipient)


def test_parties_come_from_the_same_act_and_event(coder: Coder) -> None:
    [claim] = coded(coder, "Turkey shelled a village in Syria on Monday.")
    [other] = coded(coder, "Chad shelled a village in Libya on Monday.")
    bare = replace(claim, id="c_bare", actor=(), recipient=(), sentence_index=1)
    for stranger in (replace(bare, act="c_bare"), replace(bare, event="PROTEST")):
        assert with_parties([claim, stranger])[1] == stranger
    later = replace(other, act=claim.act, sentence_index=2)
    assert with_parties([claim, bare, later])[1].actor == claim.actor, "what stands before goes first"
    assert with_parties([replace(bare, recipient=claim.actor), claim])[0].actor == (), "nobody on both sides"
