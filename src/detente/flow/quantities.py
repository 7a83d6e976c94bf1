"""Finds how many persons one sentence counts as killed, wounded, arrested, displaced, missing or abducted.

In: the sentence. Out: `Quantity` records in text order; what else is counted comes from `amounts`. Where the words give no upper bound
("at least 12", "more than 2,000") there is no high, for "up to 300" neither low nor best; "dozens" is 24-99, "scores" 40-99, "hundreds"
200-999, "thousands" 2000-9999, without a best. Numbers are never guessed: years, ages and distances are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..records import Quantity
from .amounts import amounts
from .calendar_words import plain
from .counted import Count, bounds, counts
from .quantity_words import ACTIVE, ALONE, BEFORE_NOUN, KILLED, NOUNS, PASSIVE, PUSHED, STEMS, UNITS, WOUNDED

_STEM = re.compile(STEMS)
# Letters that a sentence must hold somewhere to count anything but harm.
_OTHER = re.compile(
    r"[$€£¥₹₽₺]|protest|demonstrat|march|rall|gather|street|strike|sit-in|vigil|turned out|walked out|block|crowd|troop|soldier|service|"
    r"peacekeep|marine|paratroop|reservist|command|conscript|deploy|sent |send|withdr|police|rocket|missile|shell|tank|drone|warplane|jet|"
    r"helicopter|gun|rifle|bomb|warhead|grenade|mine|mortar|howitzer|launcher|warship|submarine|frigate|vehicle|rounds|aircraft|artiller|"
    r"torpedo|munition|dollar|euro|pound|yen|yuan|ruble|rouble|lira|shekel|won |rand|naira|hryvnia|zloty|baht|rupiah|joined|"
    r"assembl|converg|chant|picket"
)
_NO_NOUN = frozenset(NOUNS) | {"lives", "casualties"}
_MANY = 100


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True))


_AUX = (
    r"(?:(?:were|was|are|is|be|been|being|has|have|had|having|also|reportedly|allegedly|remain(?:ed|s)?|remaining|went|go|gone|lay|"
    r"feared|believed|confirmed|presumed|reported|known|thought|said|listed|pronounced|declared|found|to|may|might|could|would|will|now|still|later|already|"
    r"left|got|since|not|yet|all|both|\w+ly)\s+)"
)
_ADVERBS = re.compile(r"(?:\w+ly\s+)*")
_BE = re.compile(r"\b(?:were|was|are|is|be|been|being|got|remain(?:ed|s)?|feared|believed|reported|confirmed|left)\s")
_INSERT = r"(?:(?:,?\s+(?:including|among\s+them|mostly|mainly|most\s+of\s+them)\b[^;.]{1,90}?,?|,[^,;.]{1,70},|\s+\([^)]{1,60}\)))?"
_BELONGING = (
    r"(?:\s+or\s+more)?(?:\s+of\s+(?:them|whom|us)|\s+(?:of|in|from|at|near|on|aboard|inside)(?:\s+(?!who\b|where\b|"
    r"which\b|that\b|when\b|and\b|whom\b|them\b|is\b)[\w'-]+){1,5}?)?"
)
_RIGHT = re.compile(
    rf"{_BELONGING}(?P<insert>{_INSERT})\s+(?:(?:who|that)\s+)?(?P<aux>{_AUX}{{0,6}})(?:(?P<passive>{_alternatives(PASSIVE)})|"
    rf"(?P<alone>{_alternatives(ALONE)}))\b"
)
_NEAR = re.compile(rf"\s*(?:(?:civilian|combat|new|more|other|confirmed|further|additional)\s+)?(?P<noun>{_alternatives(NOUNS)})\b")
_LEFT = re.compile(rf"(?<![\w-])(?P<cue>{_alternatives(ACTIVE)}|{_alternatives(PUSHED)})\s+$")
_TOLL = re.compile(
    r"\b(?:(?:death )?toll|(?:number|count) of (?:the )?(?:(?P<kind>wounded|injured|missing|displaced|arrests|abducted|kidnapped)|"
    r"dead|deaths|killed|fatalities)(?: people)?)\b"
    r"(?:[^;.]{0,80}?\s)?(?:to|at|of|reached|reaches|hit|passed|passing|topped|exceeded|surpassed|is|was|stood at|stands at)\s+$"
)
# "raised the toll from 36 to 41": the second number counts.
_REVISED = re.compile(_TOLL.pattern[: _TOLL.pattern.rindex("(?:to|at")] + r"from\s+$")
_TOLL_KINDS = {"wounded": WOUNDED, "injured": WOUNDED, "arrests": "arrested", "kidnapped": "abducted"}
_LIVES = re.compile(r"\b(?:claim(?:ed|ing|s)|cost(?:ing|s)?|took|taken|taking)\s+$")
_LIVES_AFTER = re.compile(r"\s*(?:civilian |human |more )?lives\b")
_HOSTAGE = re.compile(r"\b(?:took|taking|taken|seized|seizing|hold(?:ing|s)?|held)\s+$")
_HOSTAGE_AFTER = re.compile(r"\s*(?:(?:western|foreign|civilian)\s+)?hostages?\b")
_PUSHED_AFTER = re.compile(
    r"(?:[^.;]{0,50}?)\s(?:from|out of|off)\s+(?:their\s+)?(?:homes?|houses|villages|land)\b|"
    r"[^.;]{0,30}?\sto\s+(?:flee|leave|abandon)\b|[^.;]{0,20}?\sinto exile\b"
)
_END = re.compile(
    r"\s*(?:$|[,.;:!?)\"»”\-|]|(?:in|by|on|at|near|when|after|during|as|and|since|over|across|outside|inside|while|so|this|last|overnight|"
    r"yesterday|today|tonight|for|from|or|with|within|around|among|amid|between|before|because|if|but|under|following|there|along|out|to|"
    r"into|than|every|each|nationwide|worldwide|so far|alone|without|aboard|according|monday|tuesday|wednesday|thursday|friday|saturday|"
    r"sunday|early|late)\b)"
)
_BOTH = re.compile(
    r"\s+(?:and|or)\s+(?:(?:were|been)\s+)?(?P<other>killed|wounded|injured|hurt|dead)\b(?!\s+(?:\w+\s+){0,2}(?:\d|"
    r"one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|dozens|scores|hundreds|several))"
)
_BOTH_BEFORE = re.compile(r"\b(?P<other>kill(?:ed|ing)|wound(?:ed|ing)|injur(?:ed|ing))\s+(?:and|or)\s+$")
_LEAVING = re.compile(r"\b(?:leaving|left|leaves)\s+$")
_FROM_HOME = re.compile(
    r"\s+(?:from\s+)?(?:their\s+)?(?:homes?|houses|villages|(?:the\s+)?(?:fighting|violence|war|country|region|"
    r"conflict|clashes|shelling|bombing|offensive))\b"
)
_ADJECTIVE = re.compile(rf"\s*(?P<cue>{_alternatives(BEFORE_NOUN)})\s+(?P<noun>[a-z-]+(?:s|men|women|children|people|girls))\b")
_NOBODY = re.compile(
    rf"\b(?:(?:no one|nobody|none of them|none)|no (?:other |more )?(?P<of>(?!one\b|fewer\b|less\b|"
    rf"more\b)[a-z-]+(?: [a-z-]+)??))\s+(?P<aux>{_AUX}{{0,4}})"
    rf"(?:(?P<passive>{_alternatives(PASSIVE)})|(?P<alone>{_alternatives(ALONE)}))\b(?:\s+(?:or|and|nor)\s+(?P<second>killed|"
    rf"wounded|injured|hurt|arrested|missing)\b)?"
    rf"|\bno (?:civilian |further |immediate |reported |"
    rf"more )?(?P<noun>{_alternatives(NOUNS)})\b(?: or (?P<noun2>{_alternatives(NOUNS)})\b)?"
    r"|\bkill(?:ed|ing) (?P<none>no one|nobody)\b"
)


def quantities(text: str, offset: int = 0) -> list[Quantity]:
    """All counts of harmed persons in one sentence, in text order.

    `offset` is where the sentence begins, so that `text[q.start - offset : q.end - offset] == q.text`. Never raises.
    """
    even = plain(text)
    low = even.lower()
    harm = _harm(text, even, low, offset) if _STEM.search(low) else []
    if _OTHER.search(low) is None:
        return harm
    return sorted([*harm, *amounts(text, even, low, offset, [(q.start - offset, q.end - offset) for q in harm])], key=lambda q: q.start)


def _harm(text: str, even: str, low: str, offset: int) -> list[Quantity]:
    """Counts of harmed persons."""
    nobody = list(_nobody(text, low))
    found = nobody[:]
    for count in counts(even, low):
        if any(a <= count.start < b for a, b, *_ in nobody):
            continue
        for kind, start, end in _linked(low, count):
            revised = count.low < count.high and _REVISED.search(low[max(0, count.start - 110) : count.start]) is not None
            values = (count.high, count.high, count.high) if revised else bounds(count)
            found.append((start, end, kind, values, _noun(text, count)))
    unique = sorted(set(found), key=lambda f: (f[0], f[1], f[2]))
    return [Quantity(kind, *values, of, text[start:end], offset + start, offset + end) for start, end, kind, values, of in unique]


def _noun(text: str, count: Count) -> str | None:
    """The counted noun as written; None for "lives", "arrests" and other nouns that are the harm itself."""
    words = text[count.noun[0] : count.noun[1]] if count.noun else None
    return None if words is None or words.lower().split()[-1] in _NO_NOUN else words


def _nobody(text: str, low: str) -> Iterator[tuple[int, int, str, tuple[int | None, int | None, int | None], str | None]]:
    """ "no one was killed", "no deaths"."""
    if "no" not in low:
        return
    for match in _NOBODY.finditer(low):
        if match["passive"] and not _BE.search(match["aux"]):
            continue
        start, end = match.span()
        if match["noun"]:
            kinds = [NOUNS[match["noun"]], *([NOUNS[match["noun2"]]] if match["noun2"] else [])]
        elif match["none"]:
            kinds = [KILLED]
        else:
            kinds = [_kind(match), *([(PASSIVE | ALONE)[match["second"]]] if match["second"] else [])]
        for kind in dict.fromkeys(kinds):
            yield start, end, kind, (0, 0, 0), text[match.start("of") : match.end("of")] if match["of"] else None


def _kind(match: re.Match[str]) -> str:
    words = " ".join((match["passive"] or match["alone"]).split())
    return PASSIVE.get(words) or ALONE[words]


def _linked(low: str, count: Count) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of what a count belongs to; nothing where no word of harm is tied to it."""
    before = low[max(0, count.start - 110) : count.start]
    left = _left(low, before, count)
    if left is not None:
        yield left
        return
    right = _right(low, count)
    if right is not None:
        yield right
        return
    toll = _TOLL.search(before) or (_REVISED.search(before) if count.low < count.high else None)
    if toll and not count.unit:
        begin = max(0, count.start - 110) + toll.start()
        yield _TOLL_KINDS.get(toll["kind"], toll["kind"] or KILLED), begin, count.end


def _left(low: str, before: str, count: Count) -> tuple[str, int, int] | None:
    """ "killed 43 people", "forced 50,000 from their homes", "claimed 43 lives", "took 12 hostages"."""
    shift = count.start - len(before)
    if _LIVES.search(before) and (after := _LIVES_AFTER.match(low, count.number_end)):
        return KILLED, shift + _start(_LIVES, before), after.end()
    if _HOSTAGE.search(before):
        after = _HOSTAGE_AFTER.match(low, count.number_end) or re.compile(r"\s+hostage\b").match(low, count.end)
        if after:
            return "abducted", shift + _start(_HOSTAGE, before), after.end()
    match = _LEFT.search(before)
    if match is None or count.unit:
        return None
    start = shift + match.start()
    cue = " ".join(match["cue"].split())
    if cue in PUSHED:
        after = _PUSHED_AFTER.match(low, count.end)
        return ("displaced", start, after.end()) if after else None
    if cue in {"hurt", "force", "wound", "arrest", "wounds"} and before[: match.start()].endswith(("the ", "a ", "of ")):
        return None
    kind = ACTIVE[cue]
    both = _BOTH_BEFORE.search(before[: match.start()])
    if both and kind in {KILLED, WOUNDED} and both["other"][:4] not in cue:
        return None
    if not _free_left(before[: match.start()], cue) and _right(low, count) is not None:
        return None
    return kind, start, count.end


def _start(pattern: re.Pattern[str], before: str) -> int:
    match = pattern.search(before)
    return match.start() if match else 0


def _free_left(before: str, cue: str) -> bool:
    """Whether a form that may be passive ("20 killed 30 wounded") is not: it has no number of its own right before."""
    return not (cue in PASSIVE and re.search(r"(?:\d|\b(?:was|were|been|people|others|dead))\s+$", before))


def _right(low: str, count: Count) -> tuple[str, int, int] | None:
    """ "43 people were killed", "20 people died", "12 dead", "12 deaths", "12 wounded soldiers"."""
    noun = _NEAR.match(low, count.number_end)
    if noun:
        return NOUNS[noun["noun"]], count.start, noun.end()
    adjective = _ADJECTIVE.match(low, count.number_end)
    if adjective and not _END.match(low, adjective.end("cue")) and adjective["noun"] not in UNITS:
        return BEFORE_NOUN[adjective["cue"]], count.start, adjective.end()
    if count.unit:
        return None
    match = _RIGHT.match(low, count.end)
    if match is None:
        return None
    helped = _BE.search(match["aux"]) is not None
    direct = _ADVERBS.fullmatch(match["aux"]) is not None and not match["insert"] and match.start("aux") - count.end <= 1
    if match["passive"] and not helped and not (direct and _END.match(low, match.end())):
        return None
    if match["alone"] in {"dead", "missing"} and not _END.match(low, match.end()):
        return None
    if count.inner and not (match["passive"] and direct):
        return None
    if (match["alone"] or "").startswith("fle") and count.low < _MANY and not _FROM_HOME.match(low, match.end()):
        return None
    kind = _kind(match)
    both = _BOTH.match(low, match.end())
    if both and kind in {KILLED, WOUNDED} and PASSIVE.get(both["other"], KILLED) != kind:
        return None
    left = _LEAVING.search(low, max(0, count.start - 9), count.start)
    return kind, left.start() if left else count.start, match.end()
