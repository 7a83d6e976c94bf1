"""What the event network reads of roles weighs with what the tree says: speakers, places and dates of another act fall away."""

from __future__ import annotations

import pytest

from detente.pipeline import Coder
from detente.records import Claim
from detente.settings import load_settings


@pytest.fixture(scope="module")
def both() -> Coder:
    return Coder(load_settings())


def found(coder: Coder, text: str, event: str) -> Claim:
    return next(c for c in coder.code(text, "2019-06-20") if c.event == event)


@pytest.mark.parametrize(
    ("text", "event", "speaker"),
    [
        ("Uganda: army closes border after raid", "COERCE", None),
        ("Peru shut its consulate in Arica, Lima said, and Chile demanded an apology.", "REQUEST", None),
        ("Peru shut its consulate in Arica, Lima said, and Chile demanded an apology.", "SANCTION", "Lima"),
        ("The Tanzanian president told reporters that gunmen killed six villagers in Mtwara.", "ASSAULT", "The Tanzanian president"),
        ("The Bolivian president said: “Chile rejected our proposal.”", "REJECT", "The Bolivian president"),
    ],
)
def test_who_speaks_reaches_no_further_than_the_words(both: Coder, text: str, event: str, speaker: str | None) -> None:
    voice = found(both, text, event).voice
    assert (voice.speaker.text if voice.speaker else None) == speaker


@pytest.mark.parametrize(
    ("text", "event", "place"),
    [
        ("Kenya bombed a camp in Lower Juba, and Somalia called its ambassador home from Nairobi.", "SANCTION", None),
        ("Kenya bombed a camp in Lower Juba, and Somalia called its ambassador home from Nairobi.", "ASSAULT", "Lower Juba"),
        ("Ethiopia arrested nine traders at Moyale, and the Kenyan foreign minister protested that nobody had been told.", "ACCUSE", None),
        ("The drone was downed near Tinzafa by the Malian army.", "ASSAULT", "Tinzafa"),
        ("Kenya and Uganda are both reaching out to Moscow.", "CONSULT", None),
    ],
)
def test_a_place_is_that_of_the_act(both: Coder, text: str, event: str, place: str | None) -> None:
    there = found(both, text, event).place
    assert (there.text if there else None) == place


def test_a_name_that_no_gazetteer_holds_is_a_place_without_a_point(both: Coder) -> None:
    there = found(both, "The drone was downed near Tinzafa by the Malian army.", "ASSAULT").place
    assert there is not None
    assert (there.precision, there.lat, there.lon) == ("unknown", None, None)


def test_a_date_of_a_noun_or_a_condition_is_not_that_of_the_act(both: Coder) -> None:
    recalled = found(both, "Norway will recall its envoy if Denmark does not sign by 2030, a diplomat in Oslo warned.", "SANCTION")
    assert recalled.when.text_start is None
    arrested = found(both, "Kenya arrested nine fishermen from a village founded in 1987.", "COERCE")
    assert arrested.when.text_start is None
    lifted = found(both, "The ban on fishing was imposed by Norway in 2011.", "COERCE")
    assert str(lifted.when.start) == "2011-01-01"


def test_a_row_knows_which_way_round_its_words_go(both: Coder) -> None:
    claim = found(both, "The Kenyan army came under fire near the border on Monday.", "ASSAULT")
    assert ([m.id for m in claim.actor], [m.id for m in claim.recipient]) == ([], ["KEN"])


def test_whom_a_participle_names_has_not_acted(both: Coder) -> None:
    claim = found(both, "The killed Islamic State militants include two commanders, the Iraqi army said.", "ASSAULT")
    assert "islamic-state" not in [m.id for m in claim.actor]
    assert [m.id for m in claim.recipient] == ["islamic-state"]


def test_a_second_verb_keeps_its_own_recipient(both: Coder) -> None:
    text = "Nepal praised India but criticised China over the new road."
    assert [[m.id for m in c.recipient] for c in both.code(text)] == [["IND"], ["CHN"]]


def test_without_the_network_nothing_changes() -> None:
    text = "Peru shut its consulate in Arica, Lima said, and Chile demanded an apology."
    claim = found(Coder(load_settings(coder="rules")), text, "REQUEST")
    assert not any("network" in reason.rule for reason in claim.why)
