"""The corpus: its form, its reader, and how claims are measured against it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from detente import Coder
from detente.errors import ScoreError
from detente.knowledge.ontology import Ontology
from detente.score.corpus import Tally, compare, figures, measure
from detente.score.corpus_file import GoldArticle, read_corpus

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = """## border-01 | wire | 2014-03-03 | Andes
> LIMA, March 3 - Peru expelled two Bolivian diplomats on Sunday, officials said.
+ SANCTION/expel | on: expelled | by: Peru = PER | to: two Bolivian diplomats = BOL | when: Sunday = 2014-03-02 | says: officials = PER:GOV
> The lake froze over.
"""


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology(ROOT / "src" / "detente" / "data" / "ontology" / "plover.yml")


def written(folder: Path, text: str) -> Path:
    path = folder / "some.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_corpus_is_well_formed_and_large_enough() -> None:
    done = subprocess.run([sys.executable, ROOT / "corpus" / "check.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    first = done.stdout.splitlines()[0].replace(",", "").split()
    articles, sentences, idle = int(first[0]), int(first[2]), int(first[4].lstrip("("))
    assert articles >= 600
    assert sentences >= 5000
    assert idle >= sentences / 4


def test_pieces_are_offsets_of_their_sentence(tmp_path: Path, ontology: Ontology) -> None:
    (article,) = read_corpus([written(tmp_path, ARTICLE)], ontology)
    sentence = article.sentences[0]
    (claim,) = sentence.claims
    assert (claim.event, claim.mode, claim.status, claim.stance) == ("SANCTION", "expel", "actual", "asserts")
    pieces = [sentence.text[p.start : p.end] for p in (claim.on, *claim.actor, *claim.recipient)]
    assert pieces == ["expelled", "Peru", "two Bolivian diplomats"]
    assert claim.when is not None
    assert claim.when.code == "2014-03-02"
    assert not article.sentences[1].claims


@pytest.mark.parametrize(("old", "new", "complaint"), [
    ("on: expelled", "on: expels", "does not hold"),
    ("SANCTION/expel", "SANCTION/exile", "EVENT or EVENT/mode"),
    ("PER |", "peru |", "code"),
    ("says: officials", "tells: officials", "tells"),
    ("2014-03-03", "2014-13-03", "such as 2016-07-05"),
    ("by: Peru", "by: Per", "does not hold"),
])
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, ontology: Ontology, old: str, new: str, complaint: str) -> None:
    with pytest.raises(ScoreError, match=complaint) as error:
        read_corpus([written(tmp_path, ARTICLE.replace(old, new, 1))], ontology)
    assert "some.txt:" in str(error.value)


def test_the_part_hangs_on_the_id_alone() -> None:
    article = GoldArticle("border-01", "wire", date(2014, 3, 3), "Andes", Path("a.txt"), 1)
    assert article.part == replace(article, region="elsewhere", line=9).part
    parts = {GoldArticle(f"x-{k}", "wire", date(2014, 3, 3), "", Path("a.txt"), 1).part for k in range(60)}
    assert parts == {"train", "dev", "test"}


def test_right_and_wrong_claims_count(tmp_path: Path, ontology: Ontology, coder: Coder) -> None:
    articles = read_corpus([written(tmp_path, ARTICLE)], ontology)
    found = figures(measure(articles, coder), 1)
    assert (found["event_f1"], found["actor_f1"], found["recipient_f1"], found["idle_false"]) == (1.0, 1.0, 1.0, 0.0)
    wrong = read_corpus([written(tmp_path, ARTICLE.replace("SANCTION/expel", "AID"))], ontology)
    assert figures(measure(wrong, coder), 1)["event_f1"] == 0.0
    tally = Tally()
    compare(articles[0].sentences[0], 0, [], tally)
    assert figures(tally, 1)["event_recall"] == 0.0
