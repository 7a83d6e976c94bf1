"""Finds how many took part, how many troops were sent, how many weapons and how much money one sentence tells of.

In: the sentence. Out: `Quantity` records in text order, of the kinds participants, troops, weapons, money; bounds as in `quantities`.
A number needs a noun that counts as the kind (protesters, troops, tanks) or, for participants, a verb of gathering on people;
money needs a currency. `of` of money is the ISO 4217 code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..records import Quantity
from .counted import Count, bounds, counts
from .number_words import SCALES

TROOPS = frozenset(
    "troop troops soldier soldiers serviceman servicemen servicewomen peacekeeper peacekeepers marine marines paratrooper paratroopers "
    "reservist reservists commando commandos conscripts infantrymen legionnaires".split()
)
FORCES = frozenset("officers policemen police gendarmes personnel guards fighters militiamen mercenaries men".split())
WEAPONS = frozenset(
    "rocket rockets missile missiles shell shells tank tanks drone drones warplane warplanes jet jets helicopter helicopters gun guns "
    "rifle rifles bomb bombs warhead warheads grenade grenades mine mines mortar mortars howitzer howitzers launcher launchers torpedo "
    "torpedoes warship warships submarine submarines frigate frigates pistols bullets "
    "machineguns munitions gunships fighters bombers".split()
)
_WEAPON_HEADS = {"vehicle": ("armoured", "armored"), "vehicles": ("armoured", "armored"), "pieces": ("artillery",),
                 "systems": ("missile", "defence"), "rounds": (), "aircraft": ("combat", "military", "fighter"),
                 "batteries": ("missile", "patriot", "artillery")}
PROTESTERS = frozenset("protester protesters protestor protestors demonstrator demonstrators marchers strikers rioters picketers".split())
_CROWD = frozenset(
    "people persons women men students workers teachers doctors nurses farmers miners lawyers monks supporters activists residents "
    "villagers citizens opponents members youths followers journalists drivers employees refugees mourners worshippers veterans "
    "pensioners mothers families locals pupils academics judges parents others".split()
)
_GATHERED = re.compile(
    r"[^.;]{0,30}?\b(?:rall(?:y|ied|ying)|march(?:ed|ing)?|protest(?:ed|ing)?|demonstrat(?:ed|ing|e)|gather(?:ed|ing)?|"
    r"(?:took|taking|take) to the streets|turned out|(?:held|staged|hold|stage|staging|holding) (?:a |an )?(?:\w+ )?(?:vigil|sit-in|rally|"
    r"protest|march|demonstration|strike)|(?:went|gone|go|going) on strike|walked out|blocked|joined|took part|assembled|filled the|"
    r"converged|chanted|picketed|downed tools)\b"
)
_DREW = re.compile(
    r"\b(?:rally|march|protest|protests|demonstration|demonstrations|strike|sit-in|vigil|crowd|gathering)\b[^.;]{0,30}?\b"
    r"(?:drew|drawing|attracted|attended by|joined by|involved|involving|brought together|of)\s+$"
)
_EVENT_OF = re.compile(r"\b(?:rally|march|protest|demonstration|strike|sit-in|vigil)s?\b")
_ATTENDED = re.compile(r"\s+(?:attended|joined|took part in|gathered for|gathered at)\s+(?:the|a|an)\s+(?P<what>\w+)")
_MOVED = re.compile(
    r"\b(?:deploy|sent|send|sending|dispatch|withdr[ae]w|withdrawing|pull(?:ed|ing)? (?:out|back)|mass(?:ed|ing)|mobili[sz]|station|"
    r"redeploy|brought in|reinforc|moved|transfer|order(?:ed)?|keep|kept|maintain|contribut|offer|pledg|promis|garrison|amass)\w*\b"
)
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY"}
_NAMES = {
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "yuan": "CNY", "rupee": None, "ruble": "RUB", "rouble": "RUB",
    "franc": None, "lira": "TRY", "shekel": "ILS", "rial": None, "riyal": None, "dirham": None, "dinar": None, "won": "KRW", "rand": "ZAR",
    "naira": "NGN", "peso": None, "shilling": None, "hryvnia": "UAH", "zloty": "PLN", "krone": None, "baht": "THB", "rupiah": "IDR",
}
_SCALE = {**SCALES, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000, "b": 1_000_000_000, "k": 1000, "trillion": 10**12, "tn": 10**12}
_MONEY = re.compile(
    r"(?P<lead>(?:(?:at least|at most|up to|no more than|more than|no fewer than|no less than|fewer than|less than|as much as|as many as|"
    r"over|under|about|around|nearly|almost|some|roughly|an estimated|a total of|another|between|from|the|a|an|another)\s+)*)"
    r"(?:(?P<sign>(?:us|a|c|nz|hk)?[$€£¥₹₽₺])\s?(?P<n>\d[\d,]*(?:\.\d+)?)(?:[\s-]?(?P<s>trillion|billion|million|thousand|bn|tn|mn|[mbk])\b)?|"
    rf"(?P<n2>\d[\d,]*(?:\.\d+)?)(?:[\s-](?P<s2>trillion|billion|million|thousand|bn|mn))?[\s-](?:us |american |canadian |australian )?"
    rf"(?P<name>{'|'.join(_NAMES)})(?:s|es)?\b)"
)
HEADS = TROOPS | FORCES | WEAPONS | PROTESTERS | _CROWD | frozenset(_WEAPON_HEADS)
_WORD = re.compile(r"[^\s]+")
_BOTH = re.compile(r"\s*(?:and|to|-)\s*(?P<n>\d[\d,]*(?:\.\d+)?)[\s-]?(?P<s>trillion|billion|million|thousand|bn|mn|tn)\b")
_JOINED = re.compile(r"\s+(?:and|to|or)\s+")


def amounts(text: str, even: str, low: str, offset: int, harmed: Iterable[tuple[int, int]]) -> list[Quantity]:
    """Participants, troops, weapons and money of one sentence.

    `even` is the plain sentence, `low` its lower case (both as long as `text`); `harmed`: stretches that count harmed persons already.
    """
    taken = list(harmed)
    found = _money(text, low, offset)
    sums = [(q.start - offset, q.end - offset) for q in found]
    for count in counts(even, low):
        if count.noun is None or any(a < count.number_end and count.start < b for a, b in (*sums, *taken)):
            continue
        end = _noun_end(low, count.noun)
        kind = _kind(low, count, low[count.noun[0] : end].split(), end)
        if kind:
            of = text[count.noun[0] : end]
            found.append(Quantity(kind, *bounds(count), of, text[count.start : end], offset + count.start, offset + end))
    return sorted(found, key=lambda q: q.start)


def _noun_end(low: str, noun: tuple[int, int]) -> int:
    """Where the counted noun ends: at the last of its first words that can be counted ("police officers | stormed"); "rounds of ammunition"
    is one noun."""
    end, seen = noun[1], False
    for word in _WORD.finditer(low, *noun):
        if word[0] in HEADS:
            end, seen = word.end(), True
        elif seen:
            break
    return end + len(" of ammunition") if low.startswith(" of ammunition", end) else end


def _kind(low: str, count: Count, noun: list[str], end: int) -> str | None:
    head = noun[0] if noun[1:2] == ["of"] else noun[-1]
    if re.fullmatch(r"an?", low[count.start : count.number_end]):
        return None
    if head in PROTESTERS:
        return "participants"
    if head in _CROWD and _takes_part(low, count, end):
        return "participants"
    if head in TROOPS or (head in FORCES and _MOVED.search(low)):
        return "troops"
    if head in WEAPONS - {"fighters"} or (head in _WEAPON_HEADS and (not _WEAPON_HEADS[head] or noun[0] in _WEAPON_HEADS[head])):
        return "weapons"
    return None


def _takes_part(low: str, count: Count, end: int) -> bool:
    """Whether people are told to gather or protest, or a protest to have drawn them."""
    attended = _ATTENDED.match(low, end)
    if attended:
        return _EVENT_OF.match(attended["what"]) is not None
    return _GATHERED.match(low, end) is not None or _DREW.search(low[max(0, count.start - 80) : count.start]) is not None


def _money(text: str, low: str, offset: int) -> list[Quantity]:
    if not any(sign in low for sign in _SIGNS) and not any(name in low for name in _NAMES):
        return []
    found: list[Quantity] = []
    last: re.Match[str] | None = None
    for match in _MONEY.finditer(low):
        digits = (match["n"] or match["n2"]).replace(",", "")
        scale = _SCALE.get(match["s"] or match["s2"] or "", 1)
        both = _BOTH.match(low, match.end()) if match["sign"] and not match["s"] else None
        if both:  # "between $300 and 400 billion"
            scale = _SCALE[both["s"]]
            upper = round(float(both["n"].replace(",", "")) * scale)
            unit = _SIGNS[match["sign"][-1]]
            start, lower = match.start("sign"), round(float(digits) * scale)
            found.append(Quantity("money", lower, None, upper, unit, text[start : both.end()], offset + start, offset + both.end()))
            continue
        value = round(float(digits) * scale) if digits.replace(".", "", 1).isdigit() else None
        if value is None:
            continue
        currency = _SIGNS.get((match["sign"] or "$")[-1]) if match["sign"] else _NAMES[match["name"]]
        lead = match["lead"].strip()
        ranged = last is not None and ("between" in last["lead"] or "from" in last["lead"])
        if ranged and last is not None and _JOINED.fullmatch(low, last.end(), match.start()):
            first = found[-1]
            words = text[first.start - offset : match.end()]
            found[-1] = Quantity("money", first.best, None, value, currency, words, first.start, offset + match.end())
            last = None
            continue
        least, best, most = _bounded(value, lead)
        start = match.start() + len(match["lead"]) - len(match["lead"].lstrip())
        found.append(Quantity("money", least, best, most, currency, text[start : match.end()], offset + start, offset + match.end()))
        last = match
    return found


def _bounded(value: int, lead: str) -> tuple[int | None, int | None, int | None]:
    if any(words in lead for words in ("at least", "more than", "no less", "no fewer", "over")) and "no more" not in lead:
        return value, value, None
    if any(words in lead for words in ("up to", "at most", "no more than", "as much as", "as many as")):
        return None, None, value
    if any(words in lead for words in ("fewer than", "less than", "under")):
        return None, None, value - 1
    return value, value, value
