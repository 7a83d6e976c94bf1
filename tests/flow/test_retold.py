"""Which claims of an article tell the same act: 45 short articles with the answer, and each point by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest

from detente.pipeline import Coder
from detente.records import Claim

ARTICLES = Path(__file__).parent / "retold_articles.txt"
MARK = re.compile(r"\{([A-Z]):([^}]+)\}")
# Pairs of claims of one article (tests/flow/retold_articles.txt): at least so many of those linked are right, so many of the right linked.
FLOORS = {"fit": (0.0, 0.0), "kept": (0.0, 0.0)}


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
