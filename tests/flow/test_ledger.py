"""The ledger: stances, memberships, agreements with their conditions, with the same evidence as claims."""

from __future__ import annotations

import pytest

from detente import Coder
from detente.ledger import KINDS, Agreement, Entry, Membership, Stance

THAW = (
    "Norway has recently made a proposal that could lead to a truce in Sudan. "
    "The proposed agreement was transmitted to the Chadian government on June 27. "
    "The plan requires the rebels to leave the towns along the river. "
    "If the agreement is in force, the two sides will share data."
)


def only(coder: Coder, text: str, published: str = "2016-07-05") -> Entry:
    [entry] = coder.ledger(text, published)
    return entry


def ids(entry: Entry) -> tuple[list[str | None], list[str | None]]:
    return [m.id for m in entry.actor], [m.id for m in entry.recipient]


@pytest.mark.parametrize(("text", "kind", "status", "by", "to"), [
    ("Iran backs the Houthis in Yemen.", "supports", "actual", ["IRN"], ["houthis"]),
    ("Iran has stopped backing the Houthis.", "supports", "negated", ["IRN"], ["houthis"]),
    ("Canada will recognise Kosovo next month.", "recognises", "future", ["CAN"], ["KOS"]),
    ("Norway does not consider Hamas a terrorist organisation.", "terrorist", "negated", ["NOR"], ["hamas"]),
    ("Previously, Pakistan backed the Taliban.", "supports", "historical", ["PAK"], ["taliban"]),
    ("Belarus, an ally of Russia, sent no troops.", "ally", "actual", ["BLR"], ["RUS"]),
    ("Iran backed Hamas for ten years.", "supports", "historical", ["IRN"], ["hamas"]),
    ("Iran backed Hamas when the group fought in Gaza.", "supports", "historical", ["IRN"], ["hamas"]),
    ("Iran has backed Hamas for ten years.", "supports", "actual", ["IRN"], ["hamas"]),
    ("Egypt declared that Hamas is a terrorist organisation.", "terrorist", "actual", ["EGY"], ["hamas"]),
    ("Latvia closed ranks with Estonia.", "supports", "actual", ["LVA"], ["EST"]),
    ("Burundi accused Rwanda on Monday of arming Hamas.", "supports", "actual", ["RWA"], ["hamas"]),
])
def test_stances(coder: Coder, text: str, kind: str, status: str, by: list[str], to: list[str]) -> None:
    entry = only(coder, text)
    assert isinstance(entry, Stance)
    assert (entry.kind, entry.status, *ids(entry)) == (kind, status, by, to)


@pytest.mark.parametrize(("text", "kind", "by", "to"), [
    ("NATO member Turkey closed the straits to warships.", "member", ["TUR"], ["nato"]),
    ("Turkey has an observer status in the Shanghai Cooperation Organisation.", "observer", ["TUR"], ["sco"]),
    ("Serbia wants to join the European Union.", "candidate", ["SRB"], ["european-union"]),
    ("Montenegro joined NATO in 2017.", "joined", ["MNE"], ["nato"]),
    ("Mali pulled out of ECOWAS.", "left", ["MLI"], ["ecowas"]),
    ("Sudan was suspended from the African Union.", "suspended", ["SDN"], ["african-union"]),
])
def test_memberships(coder: Coder, text: str, kind: str, by: list[str], to: list[str]) -> None:
    entry = next(e for e in coder.ledger(text, "2018-07-05") if e.sort == "member")
    assert isinstance(entry, Membership)
    assert (entry.kind, *ids(entry)) == (kind, by, to)


def test_an_agreement_keeps_its_parties_over_sentences(coder: Coder) -> None:
    proposed, sent, asked, hoped = [e for e in coder.ledger(THAW, "2016-07-05") if isinstance(e, Agreement)]
    assert (proposed.kind, *ids(proposed)) == ("proposed", ["NOR"], [])
    assert (sent.kind, *ids(sent)) == ("transmitted", ["NOR"], ["TCD"])
    assert str(sent.when.start) == "2016-06-27"
    assert (asked.kind, *ids(asked)) == ("proposed", ["NOR"], ["TCD"])
    assert [c.text for c in asked.conditions] == ["the rebels to leave the towns along the river"]
    assert (hoped.kind, hoped.status) == ("in-force", "hypothetical")
    assert {m.id for m in hoped.actor} == {"NOR", "TCD"}
    assert any(reason.rule == "agreement-told-before" for reason in sent.why)


def test_what_follows_an_agreement_on_a_condition_is_a_term_of_it(coder: Coder) -> None:
    text = "Chad has accepted the new rules. If the rebels do not leave the town, they will be treated as bandits."
    first, term = coder.ledger(text, "2016-07-05")
    assert (first.kind, term.kind) == ("accepted", "accepted")
    assert term.rule == "terms-follow"
    assert [m.id for m in term.actor] == ["TCD"]
    assert [c.text for c in term.conditions] == ["If the rebels do not leave the town"]
    assert term.about is not None
    assert term.about.text == "they will be treated as bandits"
    assert term.confidence < first.confidence


def test_what_a_party_may_do_on_a_condition_is_a_term_of_the_agreement(coder: Coder) -> None:
    text = ("Greece announced an agreement with Albania on Monday. The two ministers shook hands. "
            "Albania may export cement, on condition that the goods go through Patras.")
    announced, term = [e for e in coder.ledger(text, "2016-07-05") if isinstance(e, Agreement)]
    assert (announced.kind, *ids(announced)) == ("accepted", ["GRC", "ALB"], [])
    assert (term.kind, term.rule, *ids(term)) == ("accepted", "terms-follow", ["ALB"], [])
    assert [c.text for c in term.conditions] == ["on condition that the goods go through Patras"]


def test_a_closed_border_is_no_support(coder: Coder) -> None:
    assert coder.ledger("Latvia must close its border with Belarus.", "2016-07-05") == []


def test_an_offer_on_a_condition_is_made(coder: Coder) -> None:
    entry = only(coder, "Greece offered to give up its rights if Turkey does the same.")
    assert (entry.kind, entry.status) == ("proposed", "actual")


def test_the_speaker_and_the_date_are_found_as_for_claims(coder: Coder) -> None:
    entry = only(coder, "On Monday Cavusoglu, Turkey's foreign minister, said that Ankara considers the PKK a terrorist organisation.")
    assert entry.voice.kind == "speaker"
    assert entry.voice.speaker is not None
    assert entry.voice.speaker.id == "TUR"


def test_a_speaker_named_after_the_quotation_is_its_voice(coder: Coder) -> None:
    entries = coder.ledger("“We will stay neutral. Norway backs Sweden.” the Norwegian minister said.", "2016-07-05")
    assert [e.kind for e in entries if e.voice.kind == "speaker"] == ["supports"]


@pytest.mark.parametrize("text", [
    "John Smith, a teacher from Leeds, backed the plan.",
    "A pastor has agreed to take a message to the gang.",
    "Turkey asked if Russia had moved.",
    "The mayor of Quito bought eleven blue umbrellas.",
])
def test_private_persons_and_plain_news_give_nothing(coder: Coder, text: str) -> None:
    assert coder.ledger(text, "2016-07-05") == []


def test_what_is_sold_to_a_state_is_not_the_state(coder: Coder) -> None:
    entry = only(coder, "Germany opposes the sale of tanks to Saudi Arabia.")
    assert ids(entry) == (["DEU"], [])
    assert entry.about is not None
    assert entry.about.text == "the sale of tanks to Saudi Arabia"


def test_offsets_and_ids_hold(coder: Coder) -> None:
    text = "Talks went on.\n\n" + THAW + " Iran agreed to free nine sailors in exchange for spare parts."
    entries = coder.ledger(text, "2016-07-05")
    assert len({e.id for e in entries}) == len(entries)
    assert [e.id for e in coder.ledger(text, "2016-07-05")] == [e.id for e in entries]
    for entry in entries:
        assert entry.kind in KINDS[entry.sort]
        spans = [(entry.sentence, entry.start, entry.end), (entry.trigger, entry.trigger_start, entry.trigger_end)]
        spans += [(w.text, w.start, w.end) for w in (*entry.conditions, *([entry.about] if entry.about else []))]
        for words, start, end in spans:
            assert text[start:end] == words
        assert entry.why
        assert 0.05 <= entry.confidence <= 0.95
    assert entries[-1].conditions[0].text == "in exchange for spare parts"
