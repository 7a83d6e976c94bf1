"""The country of parties whose words name none: told by the article where that is likely, left open where it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente import Coder, load_settings
from detente.flow.nations import is_open, scene_of, with_nations
from detente.flow.weights import INFERRED
from detente.records import Claim, Mention

KENYA = (
    "NAIROBI, May 3 - Police shot three protesters dead in Nairobi on Monday. Kenya's government blamed the opposition for the unrest. "
    "Kenyan President Ruto promised an inquiry. Soldiers arrested dozens of demonstrators the same evening."
)


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(load_settings())


def parties(claims: list[Claim], words: str) -> list[Mention]:
    return [m for c in claims for m in (*c.actor, *c.recipient) if words in m.text]


def test_a_story_of_one_country_tells_whose_people_they_are(coder: Coder) -> None:
    claims = coder.code(KENYA, "2023-05-04")
    found = parties(claims, "protesters") + parties(claims, "demonstrators")
    assert found
    assert {(m.country, m.id) for m in found} == {("KEN", "KEN")}
    assert any(m.rule.endswith(INFERRED) and "CVL" in m.sector for m in found)
    assert any(r.rule.endswith(INFERRED) and "KEN" in r.text for c in claims for r in c.why)


@pytest.mark.parametrize("text", [
    "The delegation arrived in Beirut on Tuesday.",
    "Danish forces entered the valley on Monday. The opposition forces there left the town of Rasan.",
    "Russia condemned the rebels.",
    "France sent food to Chad and Niger. Gunmen killed two aid workers.",
    "Gunmen attacked a mosque in Kano, Nigeria. Nigeria mourned, and the gunmen fled.",
])
def test_a_guess_from_little_is_none(coder: Coder, text: str) -> None:
    assert not [m for c in coder.code(text, "2023-05-04") for m in (*c.actor, *c.recipient) if m.rule.endswith(INFERRED)]


def test_words_and_ids_that_are_there_stay(coder: Coder) -> None:
    """Parties that are known are left alone, and with a least probability that nothing reaches all are."""
    works = coder.explain(KENYA, "2023-05-04")
    claims = [c for w in works for c in w.claims]
    actors = [w.actors for w in works]
    weights = replace(coder._weights, nation_least=1.1)
    assert with_nations(claims, actors, coder.knowledge, weights) == claims
    known = [m for c in claims for m in (*c.actor, *c.recipient) if not m.rule.endswith(INFERRED) and m.id]
    assert known
    assert not any(is_open(m) for m in known)


def test_evidence_names_states_alone(coder: Coder) -> None:
    works = coder.explain(KENYA, "2023-05-04")
    scene = scene_of([w.actors for w in works], coder.knowledge)
    claim = next(c for w in works for c in w.claims if c.event == "ASSAULT")
    evidence = scene.evidence(claim, claim.recipient[0], "recipient")
    assert set(evidence) == {"KEN"}
    assert evidence["KEN"]["share"] == 1.0
    assert evidence["KEN"]["first"] == 1.0
