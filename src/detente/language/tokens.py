"""Text to tokens with exact character offsets, after the conventions of the English UD treebanks.

A *word* is a syntactic word: `don't` gives `do` + `n't`, `Turkey's` gives `Turkey` + `'s`. Words cut from one written
token carry `glued=True` from the second on and share its `token` number. Nothing is normalised: every word is a slice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

ABBREVIATIONS = frozenset(
    "mr mrs ms dr st gen col lt sgt maj capt cmdr adm sen rep reps gov rev hon prof jr sr inc corp co ltd vs etc no nos vol sec art "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun ft mt ave blvd rd dept est "
    "approx ext fig min mins hr hrs lb lbs oz yrs ed eds al messrs mlle mme ph.d m.sc cf ca pp brig insp supt pres amb".split()
)
# Prefixes that the treebanks leave on their word: "non-proliferation", "pro-Russian", "mid-July", "ex-president" are one word.
PREFIXES = (
    "anti|non|pro|mid|ex|re|co|pre|post|multi|neo|semi|over|sub|cross|counter|socio|mini|pan|inter|un|micro|intra|e|arch|ultra|"
    "pseudo|trans|bi|tri|macro|mega|extra|hyper|mis|dis"
)
# Written without an apostrophe: the length of the first word, counted from the left.
_PAIRS = {
    "cannot": 3, "gonna": 3, "wanna": 3, "gotta": 3, "im": 1, "ive": 1, "youre": 3, "youll": 3, "youve": 3, "theyre": 4,
    "theyll": 4, "theyve": 4, "weve": 2, "thats": 4, "whats": 4, "theres": 5, "hes": 2, "shes": 3, "alot": 1,
    **{word: len(word) - 2 for word in ("dont", "doesnt", "didnt", "isnt", "wasnt", "wouldnt", "couldnt", "shouldnt", "arent",
                                        "werent", "havent", "hasnt", "wont", "cant", "aint")},
}
# Single letters and short words before a full stop that end a sentence as often as they abbreviate: decided by what follows.
_OPEN = frozenset("mar sun sat min ed ave co est pres ca".split())
_MASTER = re.compile(
    rf"""
    (?P<url>(?:https?://|www\.|mailto:)[^\s<>"“”«»]*[^\s<>"“”«».,;:!?)\]'’])
  | (?P<mail>[\w.+%-]+@[\w-]+(?:\.[\w-]+)*)
  | (?P<domain>\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|info|mil|doc|xls|pdf|co\.uk|gov\.uk|us)\b)
  | (?P<group>\b[a-z]{{2,}}(?:\.[a-z-]{{2,}}){{2,}}\b)
  | (?P<tag>[#@][A-Za-z_]\w+)
  | (?P<slash>\b(?i:b/c|w/o|a/c|c/o|n/a)\b|\bw/(?=\s))
  | (?P<face>[:;=]-?[)(DPpO](?!\w)|\^_\^|-_-)
  | (?P<phone>\(?\d{{3}}\)?[-./]\d{{3}}[-./]\d{{4}}\b|\b\d{{3}}-\d{{4}}\b|\b\d-\d{{3}}-\d{{3}}-\d{{4}}\b)
  | (?P<date>\b\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}\b|\b\d{{1,2}}/\d{{1,4}}\b|\b\d{{1,2}}:\d\d(?::\d\d)?)
  | (?P<number>[+]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)*(?:(?:st|nd|rd|th|s|[DG])\b|(?<=0)['’]s\b)?|\.\d+)
  | (?P<initials>\b(?:[A-Za-z]\.){{2,}}(?:[A-Za-z]\b(?!\.))?|\b[A-Za-z]\.[A-Za-z]\b(?!\.\w)|\bPh\.D\.?|\bM\.Sc\.)
  | (?P<clitic>(?<=\S)['’´`](?i:s|re|ve|ll|d|m)\b)
  | (?P<word>(?:\b(?i:{PREFIXES})-)?[^\W\d_](?:[^\W_]|[&](?=[A-Z])|['’´`](?=[^\W\d_])|\u00ad|[*](?=\w))*)
  | (?P<run>\.{{2,}}[?!]*|-{{2,}}|[!?.:](?:[!?.]+)|\${{2,}}|<<+|>>+|''|``|‘’|’’|\*{{2,}}|_{{2,}}|={{2,}}|~{{2,}}|\#{{2,}}|,{{2,}})
  | (?P<dollar>(?:US|A|C|HK|NZ)\$)
  | (?P<other>\S)
    """,
    re.VERBOSE,
)
_NEGATION = re.compile(r"(?i)n['’´`]t$")
_CLITIC = re.compile(r"(?i)['’´`](?:s|re|ve|ll|d|m)$")
_PARAGRAPH_END = re.compile(r"[)\"”’»\]]*\s*(?:\Z|\n)")
_SENTENCE_END = re.compile(r"[)\"”’»\]]*\s*(?:\Z|\n|[\"“(]?[A-Z])")


@dataclass(frozen=True, slots=True)
class Token:
    """A syntactic word: offsets into the text, whether a space stands before it, and the written token it belongs to."""

    start: int
    end: int
    spaced: bool
    token: int
    glued: bool = False


def tokenize(text: str) -> list[Token]:
    """All words of a text, in order. Offsets count characters; line breaks count as spaces."""
    result: list[Token] = []
    number, before, match = 0, -1, _MASTER.search(text)
    while match:
        start, end = match.span()
        end = _with_full_stop(text, start, end, str(match.lastgroup))
        cuts = _cuts(text[start:end], str(match.lastgroup))
        clitic = match.lastgroup == "clitic" and bool(result)  # "U.N.'s": part of the written token before
        number -= int(clitic)
        edges = [start, *(start + c for c in cuts), end]
        for index, (low, high) in enumerate(pairwise(edges)):
            result.append(Token(low, high, index == 0 and low != before, number, index > 0 or clitic))
        before = end
        number += 1
        match = _MASTER.search(text, end)  # not finditer: an abbreviation may take or leave the full stop after it
    return result


def _with_full_stop(text: str, start: int, end: int, kind: str) -> int:
    """End of a token, one further where a full stop belongs to an abbreviation ("Mr.", "Sept.", "W. Bush")."""
    if kind == "initials" and end - start > 3 and text[end - 1] == "." and _PARAGRAPH_END.match(text, end):
        return end - 1
    if kind != "word" or text[end : end + 1] != "." or text[end : end + 2] == "..":
        return end
    word = text[start:end].lower()
    if word in ABBREVIATIONS:
        if word in {"no", "art", "fig"}:
            belongs = re.match(r"\.\s*\d", text[end : end + 3]) is not None
        elif word in {"etc", "inc", "corp", "ltd", "jr", "sr"}:
            belongs = _SENTENCE_END.match(text, end + 1) is None
        else:
            belongs = word not in _OPEN or (text[start].isupper() and not _PARAGRAPH_END.match(text, end + 1))
        return end + int(belongs)
    if end - start == 1 and text[start].isupper() and text[start] != "I" and re.match(r"\. ?[A-Z]", text[end : end + 3]):
        return end + 1
    return end


def _cuts(word: str, kind: str) -> list[int]:
    """Where a written token falls into syntactic words."""
    if kind != "word":
        return []
    lower = word.lower()
    if lower in _PAIRS:
        return [_PAIRS[lower]] if word.islower() or lower not in {"im", "ive", "hes", "cant"} else []
    if not any(mark in word for mark in "'’´`"):
        return []
    match = _NEGATION.search(word)
    if match and match.start() > 0:
        return [match.start()]
    match = _CLITIC.search(word)
    return [match.start()] if match and match.start() > 0 else []
