"""Numbers written as words. Vocabulary shared by dates and quantities; not a step."""

from __future__ import annotations

from collections.abc import Sequence

ONES = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
        "nineteen".split()
    )
}
TENS = {word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_LONGEST = 12

# A number of time units in running text, in lower case: "two", "24", "twenty-one", "a", "a few", "half a dozen".
TIME_NUMBER = (
    r"(?:\d{1,4}|half a dozen|a couple(?: of)?|couple of|a few|few|several|a dozen|dozen|an|a|"
    + "|".join(f"{tens}(?:[- ](?:{'|'.join(list(ONES)[1:10])}))?" for tens in TENS)
    + "|"
    + "|".join(sorted(list(ONES)[1:], key=len, reverse=True))
    + ")"
)
VAGUE = {"few": (2, 5), "a few": (2, 5), "several": (3, 7)}
_FIXED = {"a": 1, "an": 1, "a couple": 2, "a couple of": 2, "couple of": 2, "half a dozen": 6, "a dozen": 12, "dozen": 12}


def word_value(word: str) -> int | None:
    """Value of one number word below one hundred ("forty-three"), None for any other word. Takes lower case."""
    if word in ONES:
        return ONES[word]
    if word in TENS:
        return TENS[word]
    tens, dash, one = word.partition("-")
    if dash and tens in TENS and 1 <= ONES.get(one, 0) <= 9:
        return TENS[tens] + ONES[one]
    return None


def time_number(words: str) -> tuple[int, int]:
    """Lowest and highest value of a text that TIME_NUMBER matched, spaces single."""
    words = " ".join(words.split())
    if words in VAGUE:
        return VAGUE[words]
    value = _FIXED.get(words)
    if value is None:
        value = int(words) if words.isdecimal() else word_value(words.replace(" ", "-")) or 0
    return value, value


def phrase_value(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Reads a cardinal number written in words from `words[at]` on ("one hundred and twenty", "two thousand").

    Takes words in lower case; gives (value, number of words read), or None where no number begins.
    """
    total = group = 0
    read = at
    state = ""
    while read < len(words) and read - at < _LONGEST:
        word = words[read]
        value = word_value(word)
        if value is not None and _may_add(state, value):
            group += value
            state = "tens" if value % 10 == 0 and 20 <= value <= 90 else "ones"
        elif word == "hundred" and state and group < 100:
            group *= 100
            state = "hundred"
        elif word in SCALES and word != "hundred" and state:
            total += group * SCALES[word]
            group, state = 0, "scale"
        elif word == "and" and state in {"hundred", "scale"} and read + 1 < len(words) and word_value(words[read + 1]) is not None:
            read += 1
            continue
        else:
            break
        read += 1
    return (total + group, read - at) if state else None


def _may_add(state: str, value: int) -> bool:
    return state in {"", "hundred", "scale"} or (state == "tens" and 1 <= value <= 9)
