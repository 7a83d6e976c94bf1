"""Writes the trees of the own sentences of lexicon and ledger, for `detente check`: python scripts/trees.py

To be run after a change of the model or of many rows; sentences that the file lacks are parsed when they are needed.
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

from detente.knowledge import Knowledge
from detente.language import load_parser
from detente.pipeline import make_article
from detente.score.known_trees import FILE, write_trees
from detente.score.ledger_rows import ledger_sentences
from detente.score.rows import PUBLISHED, own_sentences
from detente.settings import load_settings


def main() -> None:
    """Writes the file and says how large it is."""
    knowledge = Knowledge()
    texts = list(dict.fromkeys((*own_sentences(knowledge.lexicon), *ledger_sentences(knowledge.ledger))))
    size = write_trees(texts, load_parser(load_settings()), [make_article(text, PUBLISHED, None) for text in texts])
    print(f"{len(texts):,} sentences, {size:,} bytes in {FILE.name}")


if __name__ == "__main__":
    main()
