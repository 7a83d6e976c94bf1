"""Every row of the ledger does as its sentences promise, and a row that does not is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from detente import Coder
from detente.knowledge import LedgerRule
from detente.score.ledger_rows import all_rows, check_ledger, ledger_sentences


def test_all_rows_prove_themselves(coder: Coder) -> None:
    assert [f"{f.rule.id}: {f.sentence}: {f.found}" for f in check_ledger(coder)] == []


def test_every_kind_has_a_row(coder: Coder) -> None:
    from detente.ledger import KINDS

    told = {(rule.sort, rule.row.planned or rule.kind) for rule in coder.knowledge.ledger.rules.values()}
    told |= {(rule.sort, rule.kind) for rule in coder.knowledge.ledger.rules.values()}
    assert told == {(sort, kind) for sort, kinds in KINDS.items() for kind in kinds}


def test_all_sentences_are_counted(coder: Coder) -> None:
    rows = all_rows(coder.knowledge.ledger)
    assert len(list(ledger_sentences(coder.knowledge.ledger))) == sum(len(r.row.matches) + len(r.row.refuses) for r in rows)


@pytest.mark.parametrize(("change", "found"), [
    ({"by": ["FRA"]}, "by"),
    ({"to": ["FRA"]}, "to"),
    ({"status": "negated"}, "status"),
    ({"about": "a thing"}, "about"),
    ({"condition": "if it rains"}, "conditions"),
    ({"text": "It rained in Lima."}, "no entry"),
])
def test_a_broken_promise_is_told(coder: Coder, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], found: str) -> None:
    rule = coder.knowledge.ledger.rules["supports-sides"]
    broken = rule.row.model_copy(update={"matches": [rule.row.matches[0].model_copy(update=change)]})
    monkeypatch.setitem(coder.knowledge.ledger.rules, rule.id, replace(rule, row=broken))
    [failure] = check_ledger(coder, frozenset({rule.id}))
    assert failure.found.startswith(found)
    assert failure.error().line > 0
    assert rule.id in str(failure.error())


def test_what_should_be_refused_is_told(coder: Coder, monkeypatch: pytest.MonkeyPatch) -> None:
    rule: LedgerRule = coder.knowledge.ledger.rules["supports-sides"]
    greedy = rule.row.model_copy(update={"refuses": [rule.row.matches[0].text]})
    monkeypatch.setitem(coder.knowledge.ledger.rules, rule.id, replace(rule, row=greedy))
    [failure] = check_ledger(coder, frozenset({rule.id}))
    assert failure.expected == "none"


def test_entries_come_in_the_order_of_the_articles(coder: Coder) -> None:
    from detente.pipeline import make_article

    texts = ["Iran backs the Houthis.", "It rained.", "Iran backs the Houthis."]
    found = coder.ledger_each([make_article(text, date(2016, 7, 5), None) for text in texts])
    assert [len(entries) for entries in found] == [1, 0, 1]
