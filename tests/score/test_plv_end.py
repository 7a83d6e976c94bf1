"""PLV end to end: which claims find a row, figures counted by hand, a small file through the coder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from detente.knowledge import Knowledge
from detente.records import Claim, Mention, Status
from detente.score import SCORES
from detente.score.plv import UNNAMED, PlvItem
from detente.score.plv_end import Outcome, Party, countries_in, end_figures, outcome_of
from detente.settings import Settings

TEXT = "Kenyan envoys met Ugandan rebels."
ITEM = PlvItem(2, TEXT, (0, 13), (18, 32), "CONSULT", 1)
KENYA, REBELS = (0, 6, "KEN"), (26, 32, None)


def mention(start: int, end: int, country: str | None) -> Mention:
    return Mention(country, None, country, (), None, None, "x" * (end - start), start, end)


def claim(event: str, actor: list[Mention], recipient: list[Mention], status: Status = "actual", rule: str = "r") -> Claim:
    return Claim("a", TEXT, 0, 0, 33, event, None, "met", 14, 17, tuple(actor), tuple(recipient), rule, status=status)


def told(outcome: Outcome) -> str:
    """The outcome's marks as letters."""
    marks = {"f": outcome.found, "a": outcome.any_order, "r": outcome.root, "p": outcome.pair}
    return "".join(letter for letter, set_ in marks.items() if set_)


@pytest.mark.parametrize(
    ("event", "actor", "recipient", "rule", "marks"),
    [
        ("CONSULT", [KENYA], [REBELS], "r", "farp"),
        ("CONSULT", [REBELS], [KENYA], "r", "ar"),  # the wrong way round
        ("CONSULT", [REBELS, KENYA], [], "r", "farp"),  # both act: no order
        ("CONSULT", [REBELS, KENYA], [(13, 17, None)], "r", "ar"),
        ("CONSULT", [REBELS, KENYA], [], "mutual", "farp"),
        ("ASSAULT", [KENYA], [REBELS], "r", "p"),
        ("CONSULT", [KENYA], [], "r", "r"),
        ("CONSULT", [(40, 45, "KEN")], [(50, 55, "UGA")], "r", "farp"),  # elsewhere in the text, but the same countries
        ("CONSULT", [(40, 45, "KEN")], [(50, 55, "TZA")], "r", "r"),
        ("CONSULT", [(13, 17, None)], [REBELS], "r", "r"),  # beside the span, not in it
    ],
)
def test_when_a_claim_finds_a_row(
    knowledge: Knowledge, event: str, actor: list[tuple[int, int, str]], recipient: list[tuple[int, int, str]], rule: str, marks: str
) -> None:
    own = claim(event, [mention(*m) for m in actor], [mention(*m) for m in recipient], rule=rule)
    assert told(outcome_of(ITEM, [own], frozenset({"mutual"}), knowledge.registry)) == marks


def test_root_and_parties_must_stand_in_one_claim(knowledge: Knowledge) -> None:
    claims = [claim("CONSULT", [], []), claim("AID", [mention(*KENYA)], [mention(*REBELS)])]
    outcome = outcome_of(ITEM, claims, frozenset(), knowledge.registry)
    assert (told(outcome), outcome.claims) == ("rp", 2)
    assert told(outcome_of(ITEM, [], frozenset(), knowledge.registry)) == ""


def test_roots_have_the_files_names(knowledge: Knowledge) -> None:
    item = PlvItem(2, TEXT, (0, 13), UNNAMED, "YIELD", 2)
    for event, status, root in (("RETREAT", "actual", True), ("CONCEDE", "actual", True), ("CONCEDE", "future", False)):
        own = claim(event, [mention(*KENYA)], [], status)  # type: ignore[arg-type]  # statuses, told as text
        assert outcome_of(item, [own], frozenset(), knowledge.registry).found is root


def test_nothing_is_asked_of_a_party_that_is_not_named() -> None:
    assert Party(UNNAMED, "", frozenset()).among([])
    assert not Party((0, 5), "Kenya", frozenset()).among([])


@pytest.mark.parametrize(
    ("text", "countries"),
    [("Kenyan envoys", {"KEN"}), ("the rebels", set()), ("Kenya and Uganda", {"KEN", "UGA"}), ("", set()), ("Latin America", set())],
)
def test_countries_of_a_phrase(knowledge: Knowledge, text: str, countries: set[str]) -> None:
    assert countries_in(text, knowledge.registry) == countries


def test_figures_counted_by_hand() -> None:
    items = [ITEM, PlvItem(3, TEXT, (0, 13), (18, 32), "AID", 2), PlvItem(4, "It rained.", UNNAMED, UNNAMED, "AID", 2)]
    outcomes = [Outcome(True, True, True, True, 3), Outcome(False, True, True, False, 3), Outcome(False, False, False, False, 0)]
    # The first two rows are one sentence with 3 claims, the third has none: 1.5 claims a sentence.
    assert end_figures(items, outcomes) == {
        "end_found": 0.3333, "end_any_order": 0.6667, "end_root": 0.6667, "end_pair": 0.3333, "end_without_claim": 0.3333,
        "claims_per_sentence": 1.5, "n": 3, "end_found_AID": 0.0, "end_found_CONSULT": 1.0,
    }


def test_a_file_through_the_coder(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    rows = [
        ("Chile accused Peru of spying.", "<s>Chile</s> accused <t>Peru</t> of spying.", "ACCUSE", "3"),
        ("Chile accused Peru of spying.", "<t>Chile</t> accused <s>Peru</s> of spying.", "ACCUSE", "3"),
        ("It rained in Norway.", "It rained in <t>Norway</t>.", "ASSAULT", "4"),
    ]
    header = ("sentence", "marked_sentence", "gold_root", "gold_penta")
    path.write_text("".join("\t".join(row) + "\n" for row in [header, *rows]), encoding="utf-8")
    assert SCORES["plv-end"](path, Settings()) == {
        "end_found": 0.3333, "end_any_order": 0.6667, "end_root": 0.6667, "end_pair": 0.3333, "end_without_claim": 0.3333,
        "claims_per_sentence": 0.5, "n": 3, "end_found_ACCUSE": 0.5, "end_found_ASSAULT": 0.0,
    }


def test_a_pronoun_for_the_speaker_is_the_party_whose_words_it_has(knowledge: Knowledge) -> None:
    given = Party((0, 13), "The committee", frozenset())
    own = mention(20, 22, None)
    assert not given.among([own])
    assert given.among([replace(own, name="The committee", rule="unnamed-speaker")])
    assert not given.among([replace(own, name="The union", rule="unnamed-speaker")])
