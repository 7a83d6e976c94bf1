"""Tags and trees: hand-counted agreement, and a small treebank of our own through the real parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import ScoreError
from detente.language import Language
from detente.records import Article
from detente.score import SCORES
from detente.score.alignment import ROOT, Layout, Placed
from detente.score.conllu import read_conllu
from detente.score.ud import compare, gold_layout, parsed_layout
from detente.settings import Settings

TEXT = """\
# newdoc
# newpar
1-2\tKenya's\t_\t_\t_\t_\t_\t_\t_\t_
1\tKenya\tKenya\tPROPN\tNNP\t_\t3\tnmod:poss\t_\t_
2\t's\t's\tPART\tPOS\t_\t1\tcase\t_\t_
3\tenvoy\tenvoy\tNOUN\tNN\t_\t4\tnsubj\t_\t_
4\tmet\tmeet\tVERB\tVBD\t_\t0\troot\t_\t_
5\tthe\tthe\tDET\tDT\t_\t6\tdet\t_\t_
6\tminister\tminister\tNOUN\tNN\t_\t4\tobj\t_\tSpaceAfter=No
7\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_

# newpar
1\tThey\tthey\tPRON\tPRP\t_\t4\tnsubj\t_\t_
2-3\tdidn't\t_\t_\t_\t_\t_\t_\t_\t_
2\tdid\tdo\tAUX\tVBD\t_\t4\taux\t_\t_
3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_
4\tagree\tagree\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
5\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_

# newdoc
1\tTalks\ttalk\tNOUN\tNNS\t_\t2\tnsubj\t_\t_
2\tended\tend\tVERB\tVBD\t_\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_

"""


@pytest.fixture
def treebank(tmp_path: Path) -> Path:
    path = tmp_path / "own.conllu"
    path.write_text(TEXT, encoding="utf-8")
    return path


def placed(start: int, end: int, head: int, deprel: str, upos: str = "X", lemma: str = "l") -> Placed:
    return Placed(start, end, False, "f", lemma, upos, head, deprel)


def test_agreement_is_counted_over_aligned_words() -> None:
    gold = Layout([], [], [placed(0, 2, 1, "nsubj"), placed(2, 4, ROOT, "root"), placed(4, 6, 1, "obj")])
    guess = Layout([], [], [
        placed(0, 2, 1, "nsubj:pass"), placed(2, 4, ROOT, "root", upos="Y"), placed(4, 5, 1, "obj"), placed(5, 6, 2, "dep"),
    ])
    # Two of three and four words align; both heads are right, one tag is, one relation differs in its subtype.
    figures = compare(gold, guess)
    assert figures == pytest.approx({"upos": 2 / 7, "uas": 4 / 7, "las": 4 / 7, "las_subtypes": 2 / 7, "lemmas": 4 / 7})


def test_heads_that_are_not_aligned_are_wrong() -> None:
    gold = Layout([], [], [placed(0, 2, 1, "det"), placed(2, 4, ROOT, "root")])
    guess = Layout([], [], [placed(0, 2, 1, "det"), placed(2, 3, ROOT, "root"), placed(3, 4, 1, "dep")])
    assert compare(gold, guess)["uas"] == 0.0
    loose = Layout([], [], [placed(0, 2, ROOT, "det"), placed(2, 4, ROOT, "root")])
    assert compare(gold, loose)["uas"] == pytest.approx(0.5)


def test_lemmas_that_gold_leaves_open_count_as_right() -> None:
    gold = Layout([], [], [placed(0, 2, ROOT, "root", lemma="_")])
    assert compare(gold, Layout([], [], [placed(0, 2, ROOT, "root", lemma="anything")]))["lemmas"] == 1.0


def test_places_count_characters_without_spaces(treebank: Path) -> None:
    layout = gold_layout(list(read_conllu(treebank)))
    assert layout.sentences == [(0, 27), (27, 43), (43, 54)]
    assert layout.tokens[:3] == [(0, 7), (7, 12), (12, 15)]
    assert [(w.start, w.end, w.multiword) for w in layout.words[:3]] == [(0, 7, True), (0, 7, True), (7, 12, False)]
    assert [w.head for w in layout.words] == [2, 0, 3, ROOT, 5, 3, 3, 10, 10, 10, ROOT, 10, 13, ROOT, 13]


def test_glued_words_belong_to_the_token_before() -> None:
    language = Language(Settings())
    article = Article("a", "Kenya's envoy\ncan't stay.")
    layout = parsed_layout(article.text, language.parse(language.sentences(article)), shift=100)
    assert (100, 107) in layout.tokens
    assert (112, 117) in layout.tokens
    assert [w.form for w in layout.words if w.multiword] == ["Kenya", "'s", "ca", "n't"]


def test_figures_of_a_small_treebank(treebank: Path) -> None:
    figures = SCORES["ud"](treebank, Settings())
    assert (figures["n_words"], figures["n_sentences"]) == (15, 3)
    assert figures["words_per_second"] > 0
    assert (figures["tokens_f1"], figures["words_f1"], figures["sents_f1"]) == (100.0, 100.0, 100.0)
    # Words and sentences are the treebank's own, so both ways must give the same.
    for name in ("upos", "uas", "las", "las_subtypes", "lemmas"):
        assert figures[name] == figures[f"raw_{name}"]
    assert figures["uas"] >= figures["las"] >= figures["las_subtypes"] >= 60.0


def test_words_that_are_given_come_back_in_place() -> None:
    words = Language(Settings()).analyse_words([(["They", "did", "n't", "agree"], [True, True, False, True]), (["No"], [True])])
    assert [[w.text for w in own] for own in words] == [["They", "did", "n't", "agree"], ["No"]]
    assert [(w.start, w.end) for w in words[0]] == [(0, 4), (5, 8), (8, 11), (12, 17)]
    assert sum(w.head == 0 for w in words[0]) == 1


def test_an_empty_treebank_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.conllu"
    path.write_text("# only a comment\n\n", encoding="utf-8")
    with pytest.raises(ScoreError, match="found no sentences"):
        SCORES["ud"](path, Settings())
