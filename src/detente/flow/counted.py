"""Numbers with the noun they count ("at least 12 Turkish soldiers", "two soldiers and a policeman"); not a step."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .number_words import SCALES, phrase_value, word_value
from .quantity_words import MONTH_WORDS, NAMED_BY, NOUNS, PERSONS, STOPS, UNITS, YEAR_LEADS

_TOKEN = re.compile(r"\d+(?:,\d{3})+(?![\d-])|\d+(?:\.\d+)?(?![\w-]|,\d)|\w+(?:[-'.]\w+)*|[^\w\s]")
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_VAGUE = {"dozens": (24, 99), "scores": (40, 99), "hundreds": (200, 999), "thousands": (2000, 9999), "millions": (2_000_000, 9_999_999)}
_TENS_OF = {"thousands": (20_000, 99_999), "millions": (20_000_000, 99_999_999)}
_HUNDREDS_OF = {"thousands": (200_000, 999_999), "millions": (200_000_000, 999_999_999)}
_SCALE_SHORT = {"m": 1_000_000, "million": 1_000_000, "thousand": 1000, "hundred": 100}
_SPAN = re.compile(r"(\d{1,4})-(\d{1,4})", re.ASCII)
_FIRST_YEAR = 1900
_OLDEST = 110
_QUALIFIER = re.compile(
    r"(?:^|(?<=[\s(\"«-]))(?P<q>at least|at most|up to|no more than|more than|no fewer than|no less than|fewer than|less than|"
    r"as many as|(?<!handed )(?<!turned )(?<!took )over|under|upwards of|"
    r"well over|close to|(?:a )?total of|an estimated|(?:nearly|almost|about|around|some|roughly|approximately|only|just|another|"
    r"a further|further|"
    r"an additional|all|the|its|their|his|these|those|estimated))\s+$"
)
_UNDER = {"up to": 0, "at most": 0, "no more than": 0, "as many as": 0, "fewer than": 1, "less than": 1, "under": 1}
_OVER = frozenset({"at least", "more than", "no fewer than", "no less than", "over", "upwards of", "well over"})
_INNER = re.compile(
    r"\b(?:including|include[sd]?|among them|one of|"
    r"(?<!death )(?<!deaths )(?<!killing )(?<!killings )(?<!lives )of (?:the|its|their)|of them|of whom|by)\s+$"
)
_MOST = 10**10
_NOUN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its noun. Offsets in the sentence: `start` (with "at least" and the like), `number_end`, `end` (with the noun).

    `noun` are the noun's offsets; `unit` says that no persons are counted; `inner` that it only details another number ("including two").
    """

    start: int
    number_end: int
    end: int
    low: int
    high: int
    noun: tuple[int, int] | None
    unit: bool
    inner: bool
    bound: str = ""  # "least" for "at least 40", "most" for "up to 40", "range" where low and high say all, "" for a plain number


def bounds(count: Count) -> tuple[int | None, int | None, int | None]:
    """Lowest, best and highest value that the words give, each None where they give none.

    "at least 40": 40, 40, None; "up to 40": None, None, 40; "36 to 40" and "dozens": 36, None, 40; "43", "about 43": 43 three times.
    """
    if count.bound == "least":
        return count.low, count.low, None
    if count.bound == "most":
        return None, None, count.high
    return (count.low, count.high if count.low == count.high else None, count.high)


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    word: str


def counts(even: str, low: str) -> list[Count]:
    """All numbers of a sentence that may count persons; `even` is the plain sentence, `low` its lower case."""
    tokens = [_Token(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(low)]
    words = [t.word for t in tokens]
    result: list[Count] = []
    at = 0
    while at < len(tokens):
        read = _number(words, at)
        if read is None:
            at += 1
            continue
        least, most, size = read
        after = at + size
        if not _is_date(low, tokens, at, after, least) and most <= _MOST:
            result.append(_count(low, tokens, (at, after), least, most))
        at = after
    return _summed(low, [c for c in result if _article_fits(low, c)])


def _number(words: list[str], at: int) -> tuple[int, int, int] | None:
    """Lowest value, highest value and number of words of a number that begins at a word."""
    word = words[at]
    span = _SPAN.fullmatch(word)
    if span and int(span[1]) < int(span[2]) and int(span[2]) < _FIRST_YEAR:
        return int(span[1]), int(span[2]), 1
    if word[0].isdigit() or word_value(word) is not None:
        first = _single(words, at)
        if first is None:
            return None
        value, size = first
        if at + size + 1 < len(words) and words[at + size] in {"to", "or", "-", "and"}:
            join = words[at + size]
            second = _single(words, at + size + 1)
            between = join == "and" and at > 0 and words[at - 1] == "between"
            if second and second[0] > value and (between or join in {"to", "-"} or (join == "or" and second[0] <= value + 2)):
                return value, second[0], size + 1 + second[1]
        return value, value, size
    if word in _VAGUE:
        if word in {"hundreds"} and words[at + 1 : at + 2] == ["of"] and words[at + 2 : at + 3] and words[at + 2] in _HUNDREDS_OF:
            return (*_HUNDREDS_OF[words[at + 2]], 3)
        return (*_VAGUE[word], 1)
    if word == "tens" and words[at + 1 : at + 2] == ["of"] and words[at + 2 : at + 3] and words[at + 2] in _TENS_OF:
        return (*_TENS_OF[words[at + 2]], 3)
    if word in {"several", "few"} and words[at + 1 : at + 2] and words[at + 1] in {"dozen", "hundred", "thousand"}:
        return (*_VAGUE[words[at + 1] + "s"], 2)
    if word == "half" and words[at + 1 : at + 3] == ["a", "dozen"]:
        return 6, 6, 3
    if word in {"a", "an"}:
        return _after_article(words, at)
    return None


def _after_article(words: list[str], at: int) -> tuple[int, int, int]:
    following = words[at + 1] if at + 1 < len(words) else ""
    if following == "dozen":
        return 12, 12, 2
    if following == "couple":
        return 2, 2, 2
    if following in SCALES:
        return SCALES[following], SCALES[following], 2
    return 1, 1, 1


def _single(words: list[str], at: int) -> tuple[int, int] | None:
    """One number in digits or words: (value, number of words)."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if not word[0].isdigit():
        read = phrase_value(words, at)
        if read and at + read[1] < len(words) and words[at + read[1]] == "dozen":
            return read[0] * 12, read[1] + 1
        return read
    if not _DIGITS.fullmatch(word) or len(word) > 14 or not word.isascii():
        return None
    scale = _SCALE_SHORT.get(following, 12 if following == "dozen" else 1)
    if "." in word:
        return (round(float(word.replace(",", "")) * scale), 2) if scale >= 1000 else None
    return int(word.replace(",", "")) * scale, 1 + (scale > 1)


def _is_date(low: str, tokens: list[_Token], at: int, after: int, value: int) -> bool:
    """Whether a number is part of a date, a time, a name, an age or a sum of money."""
    before = tokens[at - 1].word if at else ""
    following = tokens[after].word if after < len(tokens) else ""
    token = tokens[at]
    if before in NAMED_BY or before == "no" or following in MONTH_WORDS or following in {"%", "another"}:
        return True
    if before == "but" and at > 1 and tokens[at - 2].word in {"all", "none", "every"}:
        return True
    if before + following in {",,", "()"} and after - at == 1 and value <= _OLDEST and token.word.isdigit():
        return True
    if token.word[0].isdigit():
        if before in {"may", "march"} or (following == "may" and low[tokens[after].end + 1 : tokens[after].end + 2].isdigit()):
            return True
        year = after - at == 1 and len(token.word) == 4 and 1900 <= value <= 2099
        if year and (before in YEAR_LEADS or (before == "," and at > 1 and tokens[at - 2].word.isdigit())):
            return True
        if low[token.end : token.end + 1] in {":", "/", "-"} and low[token.end + 1 : token.end + 2].isalnum() and after - at == 1:
            return True
        return before in {"-", "."} and at > 1 and tokens[at - 1].end == token.start and tokens[at - 2].end == tokens[at - 1].start
    return False


def _count(low: str, tokens: list[_Token], span: tuple[int, int], least: int, most: int) -> Count:
    """Adds the words before ("at least") and the noun after."""
    at, after = span
    start, number_end = tokens[at].start, tokens[after - 1].end
    bound = ""
    while match := _QUALIFIER.search(low[max(0, start - 20) : start]):
        bound = bound or match["q"]
        start = max(0, start - 20) + match.start("q")
    if low.endswith("between ", 0, start):
        start -= len("between ")
    kind = "least" if bound in _OVER else "most" if bound in _UNDER else ""
    if bound in _UNDER:
        most -= _UNDER[bound]
        least = min(1, max(most, 0))
    inner = any(_INNER.search(low[max(0, edge - 24) : edge]) for edge in {start, tokens[at].start})
    number_end, first = _past_more(tokens, after, number_end)
    words = tokens[first : first + _NOUN_WORDS]
    taken: list[_Token] = []
    for number, token in enumerate(words):
        if not (token.word[0].isalpha() and token.word not in STOPS) or (number and low[words[number - 1].end : token.start].strip()):
            break
        if word_value(token.word) is not None:
            break
        taken.append(token)
    unit = bool(tokens[first : first + 1]) and tokens[first].word in UNITS
    unit = unit or bool(taken and taken[-1].word in UNITS)
    while taken and (taken[-1].word in {"more", "others", "other"} or (taken[-1].word.endswith("ly") and taken[-1].word != "family")):
        taken.pop()
    noun = (taken[0].start, taken[-1].end) if taken else None
    end = noun[1] if noun else number_end
    return Count(start, number_end, end, max(least, 0), max(most, 0), noun, unit, inner, kind)


def _past_more(tokens: list[_Token], after: int, end: int) -> tuple[int, int]:
    """Steps over "more", "others" and the "of" of "dozens of"; gives the new end of the number and the first token of the noun."""
    if after < len(tokens) and tokens[after].word in {"more", "others", "other"}:
        end, after = tokens[after].end, after + 1
    if after < len(tokens) and tokens[after].word == "of" and tokens[after - 1].word in {*_VAGUE, "couple", "others"}:
        after += 1
        while after < len(tokens) and tokens[after].word in {"the", "its", "their", "his"}:
            after += 1
    return end, after


def _article_fits(low: str, count: Count) -> bool:
    """ "a" and "an" count only persons; other numbers always pass."""
    if not re.fullmatch(r"an?", low[count.start : count.number_end]):
        return True
    return count.noun is not None and low[count.noun[0] : count.noun[1]].rsplit(maxsplit=1)[-1] in PERSONS


def _summed(low: str, found: list[Count]) -> list[Count]:
    """Adds neighbours that share one verb: "two soldiers and a policeman"; those with a verb of their own stay apart."""
    result: list[Count] = []
    for number, one in enumerate(found):
        last = result[-1] if result else None
        if last is not None and _shared(low, last, one, found[number + 1] if number + 1 < len(found) else None):
            noun = (last.noun[0], one.noun[1]) if last.noun and one.noun else None
            sums = (last.low + one.low, last.high + one.high)
            result[-1] = Count(last.start, one.number_end, one.end, *sums, noun, False, last.inner, last.bound)
        else:
            result.append(one)
    return result


_WHOLE = frozenset("people persons others dead victims casualties".split()) | frozenset(NOUNS)
_OWN_VERB = re.compile(
    r"\s+(?:(?:were|was|are|is|have|has|had|been|also|later|still|reportedly)\s+)*(?:wounded|injured|hurt|missing|dead|killed|"
    r"arrested|detained|died|"
    r"displaced|abducted|kidnapped|shot|taken|slain|executed|murdered|beheaded)\b"
)
_VERB_BEFORE = re.compile(r"\b(?:\w{2,}(?:ed|ing)|kills?|(?:shot|gunned) (?:dead|down))\s+$")
_LEAVING = re.compile(r"\b(?:leaving|left)\s+$")
_PHRASE_END = re.compile(
    r"\s*(?:$|[.,;:)\"»]|(?:in|on|at|near|by|when|during|after|before|from|outside|inside|as|overnight|early|late|last|this|over|"
    r"across|while|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today)\b)"
)


def _shared(low: str, one: Count, two: Count, three: Count | None) -> bool:
    """Whether two counts are added up because one verb takes both."""
    if one.noun is None or two.noun is None or one.unit or two.unit or two.inner:
        return False
    if low[one.noun[0] : one.noun[1]].rsplit(maxsplit=1)[-1] in _WHOLE:
        return False
    gap = low[one.end : two.start]
    if gap == ", " and three is not None:
        return low[two.end : three.start] in {" and ", ", and "} and _shared(low, two, three, None)
    if gap not in {" and ", ", and "}:
        return False
    before = low[max(0, one.start - 20) : one.start]
    if _VERB_BEFORE.search(before) and not _LEAVING.search(before):
        return _PHRASE_END.match(low, two.end) is not None
    return _PHRASE_END.match(low, two.end) is not None or _OWN_VERB.match(low, two.end) is not None
