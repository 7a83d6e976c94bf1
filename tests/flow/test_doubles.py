"""An act told by a verb and by its noun is one claim; a signature is no act beside what the decree does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente import Coder
from detente.flow.doubles import without_doubles
from detente.records import Claim, Parse
from detente.settings import load_settings


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(load_settings(coder="rules"))


def told(coder: Coder, text: str) -> tuple[Parse, Claim]:
    [work] = coder.explain(text, "2016-07-05")
    [claim] = work.claims
    return work.parse, claim


def at(parse: Parse, text: str) -> int:
    return next(w.index for w in parse.words if w.text == text)


def of_network(claim: Claim, coder: Coder, event: str) -> Claim:
    rule = next(r.id for (name, _), r in coder.knowledge.lexicon.learned.items() if name == event)
    return replace(claim, event=event, rule=rule, actor=(), recipient=(), confidence=0.5)


def test_verb_and_noun_are_one(coder: Coder) -> None:
    parse, claim = told(coder, "Saudi ports were hit by Houthi missile strikes.")
    beside = replace(of_network(claim, coder, claim.event), recipient=claim.recipient)
    bare = replace(claim, recipient=())
    [kept] = without_doubles([(beside, at(parse, "hit")), (bare, at(parse, "strikes"))], parse, coder.knowledge)
    assert kept.rule == claim.rule
    assert kept.recipient == claim.recipient


def test_other_acts_stay(coder: Coder) -> None:
    parse, claim = told(coder, "Saudi ports were hit by Houthi missile strikes.")
    beside = of_network(claim, coder, "ACCUSE")
    assert len(without_doubles([(beside, at(parse, "hit")), (claim, at(parse, "strikes"))], parse, coder.knowledge)) == 2


def test_signature_of_a_decree_is_no_act_of_its_own(coder: Coder) -> None:
    parse, claim = told(coder, "The Maltese president signed a decree barring masked marches.")
    beside = of_network(claim, coder, "SUPPORT")
    assert without_doubles([(beside, at(parse, "signed")), (claim, at(parse, "barring"))], parse, coder.knowledge) == [claim]
