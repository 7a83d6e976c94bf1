"""Makes the table of lemma exceptions: treebank lemmas first, then a dictionary of English inflection (lemminflect).

    python training/lemmas.py --data DIR --out src/detente/data/models/en/lemmas.tsv.gz

Only forms whose lemma the rules of `detente.language.lemmas` get wrong are stored.
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter, defaultdict
from pathlib import Path

import lemminflect
from data import read_conllu

from detente.language.lemmas import KINDS, regular

PARTS = {"verb": "V", "noun": "N", "adj": "A", "adv": "R"}


def treebank(folder: Path) -> dict[tuple[str, str], Counter[str]]:
    """Lemmas seen in the training treebanks, by lower-cased form and kind."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name in ("en_ewt-train.conllu.gz", "en_gum_selected-train.conllu.gz"):
        for sentence in read_conllu(folder / name):
            for form, lemma, upos, xpos in zip(sentence.words, sentence.lemmas, sentence.upos, sentence.xpos, strict=True):
                kind = KINDS.get(upos, "O")
                if kind == "N" and xpos == "NN":
                    continue
                if kind == "X":
                    if lemma != form and lemma.isalpha() and len(lemma) <= len(form):  # the web treebank spells out cut-off names
                        seen[form, kind][lemma] += 1
                elif lemma != "_":
                    seen[form.lower(), kind][lemma] += 1
    return seen


def dictionary() -> dict[tuple[str, str], str]:
    """Inflected forms of the dictionary's verbs, nouns, adjectives and adverbs, by form and kind."""
    found: dict[tuple[str, str], str] = {}
    path = Path(lemminflect.__file__).parent / "resources" / "lemma_lu.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            form, part, lemmas = line.rstrip("\n").split(",")
            if part in PARTS and form.isalpha():
                options = lemmas.split("/")
                found[form, PARTS[part]] = form if form in options else options[0]
    return found


def main() -> None:
    """Command line; see the module's first lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    table = {key: lemma for key, lemma in dictionary().items() if regular(key[0], key[1]) != lemma}
    for (form, kind), lemmas in treebank(args.data).items():
        lemma, count = lemmas.most_common(1)[0]
        if regular(form, kind) != lemma and (count > 1 or (form, kind) not in table):
            table[form, kind] = lemma
        elif regular(form, kind) == lemma and count > 1:
            table.pop((form, kind), None)
    lines = "".join(f"{form}\t{kind}\t{lemma}\n" for (form, kind), lemma in sorted(table.items()) if "\t" not in form + lemma)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))
    print(len(table), "forms,", args.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
