"""How entries of the ledger are measured against the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente import Coder
from detente.knowledge import DATA, Ontology
from detente.score.corpus import measure
from detente.score.corpus_file import read_corpus
from detente.score.corpus_ledger import LedgerTally, ledger_figures

ARTICLE = """## border-01 | wire | 2014-03-03 | Andes
> LIMA, March 3 - Peru offered to open its ports if Bolivia drops its claim, officials said.
* agreement | proposed | on: offered | by: Peru = PER | about: open its ports | if: if Bolivia drops its claim | says: officials = PER:GOV
> Peru recognises Kosovo.
* stance | recognises | on: recognises | by: Peru = PER | to: Kosovo = KOS | when: Peru = 2014-03
> Peru is glad.
* stance | supports | on: glad | by: Peru = PER
> The lake froze over.
"""


def test_entries_are_paired_by_words_sort_and_kind(tmp_path: Path, coder: Coder) -> None:
    path = tmp_path / "some.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    articles = read_corpus([path], Ontology(DATA / "ontology" / "plover.yml"))
    first = articles[0].sentences[0].sides[0]
    assert first.says is not None
    assert first.says.text == "officials"
    second = articles[0].sentences[1].sides[0]
    assert second.when is not None
    assert second.when.code == "2014-03"
    tally = LedgerTally()
    measure(articles, coder, tally)
    figures = ledger_figures(tally)
    assert figures["ledger_lines"] == 3
    assert figures["ledger_entries"] == 2
    assert figures["ledger_precision"] == 1.0
    assert figures["ledger_recall"] == pytest.approx(2 / 3, abs=1e-3)
    assert figures["ledger_agreement_f1"] == 1.0
    assert figures["ledger_stance_f1"] == pytest.approx(2 / 3, abs=1e-3)
    assert figures["ledger_actor_f1"] == figures["ledger_other_f1"] == figures["ledger_condition_f1"] == 1.0
    assert figures["ledger_sentence_f1"] == 0.8
