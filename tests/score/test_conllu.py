"""Reading treebanks: tokens, words, raw text, and every way in which a file may be wrong."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from detente.errors import ScoreError, UnreadableFile
from detente.score.conllu import documents, raw_text, read_conllu

GOOD = """\
# newdoc id = one
# newpar
# text = Kenya's envoy can't stay.
1-2\tKenya's\t_\t_\t_\t_\t_\t_\t_\t_
1\tKenya\tKenya\tPROPN\tNNP\t_\t3\tnmod:poss\t_\t_
2\t's\t's\tPART\tPOS\t_\t1\tcase\t_\t_
3\tenvoy\tenvoy\tNOUN\tNN\t_\t6\tnsubj\t_\t_
4-5\tcan't\t_\t_\t_\t_\t_\t_\t_\t_
4\tca\tcan\tAUX\tMD\t_\t6\taux\t_\t_
5\tn't\tnot\tPART\tRB\t_\t6\tadvmod\t_\t_
5.1\tnow\tnow\tADV\tRB\t_\t_\t_\t_\t_
6\tstay\tstay\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
7\t.\t.\tPUNCT\t.\t_\t6\tpunct\t_\t_

# text = (Really?)
1\t(\t(\tPUNCT\t-LRB-\t_\t2\tpunct\t_\tSpaceAfter=No
2\tReally\treally\tADV\tRB\t_\t0\troot\t_\tSpaceAfter=No
3\t?\t?\tPUNCT\t.\t_\t2\tpunct\t_\tSpaceAfter=No
4\t)\t)\tPUNCT\t-RRB-\t_\t2\tpunct\t_\tSpaceAfter=No

# text = Yes.
1\tYes\tyes\tINTJ\tUH\t_\t0\troot\t_\tSpaceAfter=No
2\t.\t.\tPUNCT\t.\t_\t1\tpunct\t_\t_

# newpar id = two
# text = Talks go on
1\tTalks\ttalk\tNOUN\tNNS\t_\t2\tnsubj\t_\t_
2\tgo\tgo\tVERB\tVBP\t_\t0\troot\t_\t_
3\ton\ton\tADP\tRP\t_\t2\tcompound:prt\t_\t_

# newdoc id = two
1\tNo\tno\tINTJ\tUH\t_\t0\troot\t_\t_

"""


def written(folder: Path, text: str) -> Path:
    """A CoNLL-U file with this text."""
    path = folder / "own.conllu"
    path.write_text(text, encoding="utf-8")
    return path


def test_words_tokens_and_empty_nodes(tmp_path: Path) -> None:
    first = next(read_conllu(written(tmp_path, GOOD)))
    assert [w.form for w in first.words] == ["Kenya", "'s", "envoy", "ca", "n't", "stay", "."]
    assert [(t.form, t.first, t.last, t.multiword) for t in first.tokens][:2] == [("Kenya's", 1, 2, True), ("envoy", 3, 3, False)]
    assert first.spaced() == [True, False, True, True, False, True, False]
    assert first.words[0].head == 3
    assert first.line == 5


def test_documents_and_their_text(tmp_path: Path) -> None:
    parts = documents(list(read_conllu(written(tmp_path, GOOD))))
    assert [raw_text(part) for part in parts] == ["Kenya's envoy can't stay. (Really?)Yes.\n\nTalks go on", "No"]


def test_packed_files_read_the_same(tmp_path: Path) -> None:
    packed = tmp_path / "own.conllu.gz"
    packed.write_bytes(gzip.compress(GOOD.encode()))
    assert list(read_conllu(packed)) == list(read_conllu(written(tmp_path, GOOD)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("7\t.\t.\tPUNCT\t.\t_\t6\tpunct\t_\t_\n", "7\t.\t.\tPUNCT\n", r":13: found 4 columns, expected 10 columns"),
        ("3\tenvoy", "4\tenvoy", r":7: found the word number '4', expected 3"),
        ("NN\t_\t6\tnsubj", "NN\t_\tsix\tnsubj", r":7: found the head 'six', expected the number of a word"),
        ("NN\t_\t6\tnsubj", "NN\t_\t16\tnsubj", r":7: found the head 16, expected at most 7"),
        ("NN\t_\t6\tnsubj", "NN\t_\t0\tnsubj", r":12: found 2 roots, expected one word with head 0"),
        ("VB\t_\t0\troot", "VB\t_\t3\troot", r":5: found 0 roots"),
        ("NNP\t_\t3\tnmod", "NNP\t_\t2\tnmod", r":5: found a word that hangs on itself in a circle, expected a tree"),
        ("6\tnsubj", "6\t_", r":7: found the relation '_', expected a dependency relation"),
        ("3\tenvoy\t", "3\t\t", r":7: found an empty form, expected a word"),
        ("1-2\tKenya's", "1-9\tKenya's", r":8: found the token '4-5', expected a range .* outside other ranges"),
        ("4-5\tcan't", "5-4\tcan't", r":8: found the token '5-4', expected a range that begins with 4"),
    ],
)
def test_malformed_files_name_line_and_expectation(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(ScoreError, match=message):
        list(read_conllu(written(tmp_path, GOOD.replace(old, new, 1))))


def test_a_token_that_reaches_past_its_sentence(tmp_path: Path) -> None:
    text = GOOD.replace("# newdoc id = two\n1\tNo", "1-2\tNope\t_\t_\t_\t_\t_\t_\t_\t_\n1\tNo")
    with pytest.raises(ScoreError, match=r"found a sentence of 1 words, expected 2"):
        list(read_conllu(written(tmp_path, text)))


def test_a_cut_file(tmp_path: Path) -> None:
    with pytest.raises(ScoreError, match=r":5: found the end of the file inside a sentence"):
        list(read_conllu(written(tmp_path, "".join(GOOD.splitlines(keepends=True)[:5]))))


def test_broken_compression_and_bytes(tmp_path: Path) -> None:
    packed = tmp_path / "own.conllu.gz"
    packed.write_bytes(gzip.compress(GOOD.encode())[:-30])
    with pytest.raises(ScoreError, match="broken compression"):
        list(read_conllu(packed))
    packed.write_bytes(b"not packed at all")
    with pytest.raises(ScoreError, match="broken compression"):
        list(read_conllu(packed))
    plain = tmp_path / "own.conllu"
    plain.write_bytes(b"# text = a\n1\t\xff\xfe\n")
    with pytest.raises(ScoreError, match=r":2: found bytes that are no UTF-8"):
        list(read_conllu(plain))


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"nowhere\.conllu"):
        list(read_conllu(tmp_path / "nowhere.conllu"))
