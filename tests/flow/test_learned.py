"""Rows and event network together: what stands, what falls, and why."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from detente import Coder
from detente.errors import ModelError
from detente.flow.claims import Found
from detente.flow.learned import act_of
from detente.flow.weights import load_weights
from detente.language import MODEL_FOLDER
from detente.settings import load_settings

TEXT = "Kenya shelled a Somali rebel camp near Kismayo on Monday. Ethiopia condemned the shelling and recalled its envoy."


@pytest.fixture(scope="module")
def both() -> Coder:
    return Coder(load_settings())


def test_weights_give_probabilities_and_read_their_ways() -> None:
    weights = load_weights(MODEL_FOLDER)
    low = weights.probability({"net": -5.0}, True)
    high = weights.probability({"net": 5.0, "row": 1.0, "row_odds": 2.0}, True)
    assert 0 <= low < weights.stands < high <= 1
    subject = weights.party_probability("actor", 2.0, "V subject", True)
    assert subject > weights.party_probability("actor", 2.0, "V obj", True)
    assert weights.party_probability("recipient", 2.0, "V obj", True) > weights.party_probability("recipient", 2.0, "V subject", True)


def test_damaged_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"weights\.json"):
        load_weights(tmp_path)
    (tmp_path / "weights.json").write_text(json.dumps({"rows": {}}), encoding="utf-8")
    with pytest.raises(ModelError, match="missing"):
        load_weights(tmp_path)


def test_every_claim_states_its_confidence(both: Coder) -> None:
    claims = both.code(TEXT, "2016-07-05")
    assert {c.event for c in claims} >= {"ASSAULT", "ACCUSE", "SANCTION"}
    for claim in claims:
        reason = next(r for r in claim.why if r.step == "confidence")
        features = {k: float(v) for k, v in (part.split(" ") for part in reason.text.split(", "))}
        assert claim.confidence == pytest.approx(both._weights.probability(features, True), abs=0.01)


def test_rules_alone_ask_no_network() -> None:
    coder = Coder(load_settings(coder="rules"))
    for work in coder.explain(TEXT, "2016-07-05"):
        assert work.parse.acts is None
    assert all(not c.rule.startswith("network") for c in coder.code(TEXT, "2016-07-05"))


def test_network_alone_uses_no_row() -> None:
    claims = Coder(load_settings(coder="network")).code(TEXT, "2016-07-05")
    assert claims
    assert all(c.rule.startswith("network") for c in claims)


def test_an_own_row_always_stands(tmp_path: Path) -> None:
    (tmp_path / "verbs").mkdir()
    (tmp_path / "verbs" / "own.yml").write_text(
        "event: AID\ntriggers:\n- id: own-serenade\n  verb: serenade\n  recipient: [object]\n  matches:\n"
        "  - {text: \"Chad serenaded Niger.\", actor: [TCD], recipient: [NER]}\n"
        "  refuses:\n  - \"The tenor serenaded his wife.\"\n", encoding="utf-8")
    coder = Coder(load_settings(knowledge=(tmp_path,)))
    coder._weights = replace(coder._weights, stands=0.999)
    assert [c.rule for c in coder.code("Chad serenaded Niger.", "2016-07-05")] == ["own-serenade"]


def test_the_threshold_drops_what_is_unlikely(both: Coder) -> None:
    kept = both.code(TEXT, "2016-07-05")
    before = both._weights
    both._weights = replace(before, stands=0.999)
    try:
        assert len(both.code(TEXT, "2016-07-05")) < len(kept)
    finally:
        both._weights = before


def test_acts_are_probabilities_and_do_not_depend_on_neighbours(both: Coder) -> None:
    alone = both.explain(TEXT, "2016-07-05")
    among = both.explain(f"{TEXT} Rain fell in the capital all day, and the markets closed early for the feast.", "2016-07-05")
    for one, two in zip(alone, among, strict=False):
        assert one.parse.acts is not None
        assert two.parse.acts is not None
        assert [a.word for a in one.parse.acts] == [a.word for a in two.parse.acts]
        for first, second in zip(one.parse.acts, two.parse.acts, strict=True):
            assert math.isclose(first.nothing + sum(first.events.values()), 1, abs_tol=1e-3)
            assert first.events == pytest.approx(second.events, abs=1e-3)


def test_who_tells_of_an_act_does_not_do_it(both: Coder) -> None:
    claims = both.code("Peskov said the attack on the airport showed that the two countries must exchange information.", "2016-07-05")
    attack = next(c for c in claims if c.trigger == "attack")
    assert (attack.actor, attack.voice.kind) == ((), "speaker")


def test_the_network_adds_no_recipient_whom_an_act_is_aimed_against(both: Coder) -> None:
    [offer] = both.code("Egypt's foreign minister has offered Ethiopia cooperation against al-Shabaab.", "2016-07-05")
    assert [m.id for m in offer.recipient] == ["ETH"]


def test_what_is_proposed_is_no_act(both: Coder) -> None:
    text = "France has proposed to Algeria that the two air forces attack Boko Haram in Mali together, French officials said."
    assert [(c.event, [m.id for m in c.recipient]) for c in both.code(text, "2016-07-05")] == [("REQUEST", ["DZA"])]


def test_the_network_may_not_turn_a_firm_row(both: Coder) -> None:
    [verdict] = both.code("A Riga court found the former treasurer not guilty.", "2016-07-05")
    assert (verdict.event, verdict.rule) == ("CONCEDE", "concede-find-not-guilty")


def test_a_mishap_of_unknown_things_is_no_attack(both: Coder) -> None:
    assert both.code("A lorry and two buses collided near Lyon on Sunday.", "2016-07-05") == []


def test_a_carried_noun_speaks_for_its_verb(both: Coder) -> None:
    """Where the network reads the act at "talks", the row of "opened … talks" is told by it, and the noun makes no second claim."""
    parse = both.explain("The Norwegian government opened direct peace talks with the rebels.", "2016-07-05")[0].parse
    words = {word.text: word.index for word in parse.words}
    act = next(a for a in parse.acts or () if a.word == words["talks"])
    rule = both.knowledge.lexicon.rules["consult-enter-talks"]
    item = Found(words["opened"], rule, (), (), (words["opened"],), (words["talks"],))
    alone = replace(parse, acts=(act,))
    assert act_of(alone, item) is act
    assert act_of(alone, replace(item, carried=())) is None
    other = replace(act, events={**dict.fromkeys(act.events, 0.0), "PROTEST": 1.0})
    assert act_of(replace(parse, acts=(other,)), item) is None  # "ended the strike": what the noun tells is another act


def test_what_is_too_unlikely_is_kept_for_the_explanation(both: Coder) -> None:
    before = both._weights
    both._weights = replace(before, stands=0.999)
    try:
        work = both.explain(TEXT, "2016-07-05")[0]
    finally:
        both._weights = before
    assert not work.claims
    assert {"ASSAULT"} <= {claim.event for claim in work.fallen}
    assert all(claim.confidence < 0.999 for claim in work.fallen)
