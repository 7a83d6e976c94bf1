"""Marks on treebank sentences: taken out of marked articles and put back, they are the same."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from detente.knowledge import Knowledge
from detente.score.corpus_file import read_corpus

TREEBANK = """# newdoc id = paper_one
# sent_id = paper_one-1
# text = Chad met Niger, and Niger thanked Chad.
1\tChad\t_

# sent_id = paper_one-2
# text = Rain fell.
1\tRain\t_

# sent_id = paper_one-3
# text = It blamed rebels for the attack, in which six soldiers died on Monday.
1\tIt\t_

# newdoc id = paper_two
# sent_id = paper_two-1
# text = "Talks," said a man.
1\tTalks\t_
"""
MARKED = """## ud-one | wire | 2017-07-18 | -
# paper_one-1
> Chad met Niger, and Niger thanked Chad.
+ CONSULT/visit | on: met | by: Chad = TCD & Niger = NER | x: diplomatic
+ SUPPORT | on: thanked | by: Niger@2 = NER | to: Chad@2 = TCD
# paper_one-2
> Rain fell.
# paper_one-3
> It blamed rebels for the attack, in which six soldiers died on Monday.
+ ACCUSE/allege | on: blamed | by: ~ Niger = NER | to: rebels = ?:REB | says: ~ Chad = TCD | stance: doubts
+ ASSAULT | on: attack | by: rebels | to: six soldiers | n: killed 6 "six soldiers" | when: Monday = 2017-07-17 | as: historical
* stance | opposes | on: blamed | by: It = NER | to: rebels

## ud-two | other | 2017-07-18 | -
# paper_two-1
> "Talks," said a man.
"""


@pytest.fixture(scope="module")
def treebank(program: Callable[[str], ModuleType]) -> ModuleType:
    """The program that parts marks from sentences."""
    return program("training/treebank.py")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one treebank."""
    with gzip.open(tmp_path / "paper.conllu.gz", "wt", encoding="utf-8") as out:
        out.write(TREEBANK)
    return tmp_path


def test_marks_hold_no_word_of_the_texts_and_come_back_whole(treebank: ModuleType, folder: Path) -> None:
    known, marked, parted, again = treebank.documents(folder), folder / "marked.txt", folder / "parted.txt", folder / "again.txt"
    marked.write_text(MARKED, encoding="utf-8")
    parted.write_text("\n".join(treebank.Parting(known).lines(marked)) + "\n", encoding="utf-8")
    text = parted.read_text(encoding="utf-8")
    assert not any(word in text for word in ("Chad", "Niger", "rebels", "attack", "soldiers", "Monday", "met", "Rain"))
    again.write_text("\n".join(treebank.joined(parted, known)) + "\n", encoding="utf-8")
    assert [line for line in again.read_text(encoding="utf-8").splitlines() if line] == [
        line for line in MARKED.splitlines() if line and not line.startswith("# ")
    ]
    ontology = Knowledge().ontology
    assert [len(article.sentences) for article in read_corpus([again], ontology)] == [3, 1]


def test_a_document_that_is_not_there_is_named(treebank: ModuleType, folder: Path) -> None:
    marks = folder / "marks.txt"
    marks.write_text("## ud-one | wire | 2017-07-18 | -\n@ paper_nine 1 3\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"marks\.txt:2: the treebanks hold no sentences 1 to 3 of paper_nine"):
        list(treebank.joined(marks, treebank.documents(folder)))


def test_a_party_whom_no_sentence_names_is_told(treebank: ModuleType, folder: Path) -> None:
    marked = folder / "marked.txt"
    marked.write_text(MARKED.replace("~ Niger", "~ Sudan"), encoding="utf-8")
    parting = treebank.Parting(treebank.documents(folder))
    assert "~ Sudan" not in "\n".join(parting.lines(marked))
    assert any("Sudan" in line for line in parting.dropped)


def test_the_marks_of_the_corpus_are_well_formed(treebank: ModuleType) -> None:
    own = Path(__file__).parents[2] / "corpus" / "treebanks"
    places = 0
    for path in sorted(own.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert line[:2] in {"##", "@ ", "> ", "+ ", "* "} or not line, f"{path}: {line}"
            cells = [cell for cell in line.split(" | ")[1:] if cell.split(": ")[0] in treebank.WORDS] if line[:1] in {"+", "*"} else []
            pieces = [piece.split(" = ")[0] for cell in cells for piece in cell.partition(": ")[2].split(" & ")]
            assert all(treebank._SPOT.fullmatch(piece) for piece in pieces), f"{path}: {line}"
            places += line.startswith("+")
    assert places > 1000
