"""Dictionary forms: a table of exceptions over the regular endings of English.

The table comes from `training/lemmas.py` (treebank lemmas and a dictionary); where a form is not in it, the rules hold.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from ..errors import ModelError

_VOWELS = frozenset("aeiou")
# Ends of stems that lost an e before "-ing" and "-ed".
_DROP_E = tuple("at iz is bl tl dl gl pl kl fl cl rs ns ls dg yz rg lg".split())
KINDS = {"VERB": "V", "AUX": "V", "NOUN": "N", "ADJ": "A", "ADV": "R", "PRON": "P", "DET": "P", "PROPN": "X"}


def regular(form: str, kind: str) -> str:
    """Lemma of a lower-cased form by rule alone; `kind` is V, N, A or another letter (unchanged)."""
    if kind == "N":
        return _plural(form)
    if kind == "V":
        return _verb(form)
    return form


def _plural(form: str) -> str:
    if len(form) < 4 or not form.endswith("s") or form.endswith(("ss", "us", "is")):
        return form
    if form.endswith("ies") and len(form) > 4:
        return form[:-3] + "y"
    if form.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return form[:-2]
    return form[:-1]


def _verb(form: str) -> str:
    if form.endswith("ies") and len(form) > 4:
        return form[:-3] + "y"
    if form.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return form[:-2]
    if form.endswith("s") and not form.endswith(("ss", "us", "is")) and len(form) > 3:
        return form[:-1]
    for ending in ("ing", "ed"):
        stem = form[: -len(ending)]
        if form.endswith(ending) and len(stem) > 2 and any(c in _VOWELS or c == "y" for c in stem):
            return _bare(stem, ending)
    return form


def _bare(stem: str, ending: str) -> str:
    """Undoes doubling ("stopped") and the dropped e ("urging"); "ied" gives y."""
    if ending == "ed" and stem.endswith("i"):
        return stem[:-1] + "y"
    if stem[-1] == stem[-2] and stem[-1] not in "lsfz" + "aeiou":
        return stem[:-1]
    if stem.endswith(("c", "v", "g", "u")) and not stem.endswith("ng"):
        return stem + "e"
    if stem.endswith(_DROP_E) and len(stem) > 3:
        return stem + "e"
    if len(stem) >= 2 and stem[-1] in "dktrnmcsz" and stem[-2] in "ui" and (len(stem) < 4 or stem[-3] not in _VOWELS):
        return stem + "e"
    return stem


class Lemmatizer:
    """Form and tag → lemma, as the English UD treebanks write it."""

    def __init__(self, path: Path) -> None:
        self._table: dict[tuple[str, str], str] = {}
        try:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    form, kind, lemma = line.rstrip("\n").split("\t")
                    self._table[form, kind] = lemma
        except (OSError, ValueError, EOFError) as error:
            raise ModelError(f"{path}: {error}", "install the package again") from error
        self.lemma = lru_cache(maxsize=100_000)(self._lemma)

    def _lemma(self, form: str, upos: str, xpos: str) -> str:
        kind = KINDS.get(upos, "O")
        lower = form.lower()
        if kind == "X":
            known = self._table.get((form, "X"))
            return known or (_plural(form) if xpos == "NNPS" else form)
        known = self._table.get((lower, kind))
        if known is not None:
            return known
        if kind == "N":
            return _plural(lower) if xpos in {"NNS", ""} else lower
        if kind == "V":
            return lower if xpos in {"VB", "VBP"} else _verb(lower)
        return lower
