"""What the network takes for an act and is none, and what looks like it and is one."""

from __future__ import annotations

import pytest

from detente import Coder
from detente.flow.public import of_public_affairs
from detente.settings import load_settings


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(load_settings())


@pytest.mark.parametrize(
    "text",
    [
        "Fire at dance hall kills four pupils in Turku",
        "The Daily Lantern investigates loss of Peruvian trawler",
        "The weekly interviewed Professor Falk on her study.",
        "The province is threatened by mining interests.",
        "The senate was set to meet on Wednesday.",
        "\"We are not going to wait until May before getting on with our plans,\" Premier Roth said.",
        "Suicide attempts among youth rose by five percent.",
        "A choir raised 4,000 euros for a dog shelter.",
        "The Kenyan constitution bars the president from a third term.",
        "Minister Jan Roth was questioned about the case by reporters.",
    ],
)
def test_mishaps_interviews_private_life_and_laws_are_no_acts(text: str, coder: Coder) -> None:
    assert coder.code(text, "2019-06-20") == []


@pytest.mark.parametrize(
    ("text", "event", "actor", "recipient"),
    [
        ("Two suicide bombers killed ten people in Lagos.", "ASSAULT", [None], ["NGA"]),
        ("Three suicide bombings took place in Tunisia in one week.", "ASSAULT", [], None),
        ("The Kenyan army came under fire near the border on Monday.", "ASSAULT", [], ["KEN"]),
        ("Kenya barred the president's rival from the race.", "COERCE", ["KEN"], None),
        ("On Friday, Ida Falk resigned as the governor of Peru.", "RETREAT", ["PER"], None),
        ("Minister Jan Roth was questioned about the case by Kenyan police.", "ACCUSE", ["KEN"], None),
    ],
)
def test_acts_that_look_like_them_stand(
    text: str, event: str, actor: list[str | None], recipient: list[str | None] | None, coder: Coder
) -> None:
    [claim] = coder.code(text, "2019-06-20")
    assert (claim.event, [m.id for m in claim.actor]) == (event, actor)
    assert recipient is None or [m.id for m in claim.recipient] == recipient


def test_in_an_article_on_other_things_nobody_public_is_no_party(coder: Coder) -> None:
    other = "Four hikers were shot dead at the lake."
    filler = "The water was cold and clear. Birds sang in the reeds. The sun rose late. A bus came at noon. Tea was served."
    political = "Kenya condemned Uganda on Monday."
    alone = coder.code(f"{filler} {other}", "2019-06-20")
    beside = coder.code(f"{political} {filler} {other}", "2019-06-20")
    assert alone == []
    assert [c.event for c in beside] == ["ACCUSE", "ASSAULT"]
    assert of_public_affairs([beside[1]], 4, coder.knowledge) == [beside[1]]  # a few sentences do not say what they are about
    assert of_public_affairs(beside, 60, coder.knowledge) == beside[:1]  # one claim in sixty sentences is too little
