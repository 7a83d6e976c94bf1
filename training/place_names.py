"""Which spellings of a town go into the gazetteer: regular forms of its name, and those of GeoNames' alternates that English news uses.

Used by `places.py`. GeoNames lists names in all scripts and of all times without saying which; what stands here throws out codes,
other languages' words, English words, people's names, and spellings that mean a far larger place elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MOST_ALIASES = 8
SHORTEST_ALIAS = 4
LARGE = 500_000
LEAST_CLOSENESS = 0.5
# Of smaller towns only spellings near to the name are kept, and few; below SMALL people a native alternate is of no use.
TOWN = 100_000
SMALL = 15_000
FAR_SPELLING = 0.35
ALIASES_OF_SMALL = 3
# A name of another place wins over an alias, unless that place has less than this share of the people.
OWN_NAME_SHARE = 0.25
# Letters that Unicode does not take apart into an ASCII letter and a mark.
LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th"}
    | {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "–": "-", "‐": "-"}
    | dict.fromkeys("’‘ʼʻʿʾ`´ʹ", "'")
)
PLAIN = re.compile(r"(?:al-|el-|ar-|as-|ad-|an-|at-|az-)?[A-Z][A-Za-z' .-]*[A-Za-z]")
ARTICLE = re.compile(r"(?:Al|El|Ar|As|Ash|At|Ath|Ad|Adh|Az|An)[ -](?=[A-Z'])")
ARABIC = frozenset(
    "ARE BHR DZA EGY ESH IRQ ISR JOR KWT LBN LBY MAR MRT OMN PSE QAT SAU SDN SOM SYR TCD TUN YEM".split()
)
# Countries whose towns English news calls by their native names: few alternates are of use.
NATIVE = frozenset(
    "ARG AUS AUT BEL BOL BRA CAN CHE CHL COL CRI CUB DEU DNK DOM ECU ESP FIN FRA GBR GTM HND HRV HUN IRL ISL ITA"
    " LUX MEX NIC NLD NOR NZL PAN PER PHL POL PRI PRT PRY SLV SVN SWE URY USA VEN ZAF".split()
)
# Words of other languages for "city", "town", "district" in transcribed alternates.
NOISE = re.compile(
    r"(?:\b|-)(?:khot|[Kk]ota|shi|shahr|[Gg]ora[dt]|[Mm]isto|kent|kenti|by|byen|borg|urbo|[Ss]taden|[Ss]tadt?|[Vv]ille|[Gg]rad"
    r"|Dakbayan|Lungsod|Pole|Citta|[Ss]tolica|Siti|[Ss]hehiri|Monte|tou|tes|di|sa|ng|Gemeente|Kommun|Municipio|Ciudad"
    r"|Cidade|Madinat|Cathair|Dinas|City of|Qyteti|hiria|Urbs|Civitas)\b"
)
# What an alternate of more words than the name may begin or end with.
MORE_WORDS = re.compile(
    r"(?:New|Port|Fort|St\.?|Saint|San|Santa|Al|El|Ar|As|Ash|An|At|Az|Ad|Tel|Tal|Tall|Deir|Khan|Ain|Ayn|Abu|Umm|Ras|Beit|Bayt"
    r"|Bandar|Nova|Novo|Mount|Lake) |.* City"
)
# Spellings that are not English: Slavic j, German sch, Polish cz, x for an accent, a vowel twice, -as, -is, -os.
FOREIGN = re.compile(r"[bcdfgklmnpqrstvxz]j|j[^aeiou]|j$|sch|cz|sz|[cghjs]x|aa|ii|uu|yy|ue|iu|w$|[auio]s$|us$|um$|ehn")
ENGLISH = re.compile(r"oo|ee|kh|Kh|sh|Sh|zh|Zh|ch|Ch|[a-z]q")
LEAST_GAIN = 0.1
# Names that the package gives without the mark that tells them from an everyday word.
RENAMED = {1282027: "Malé"}
# Stripped forms and alternates that are everyday English words.
BLOCKED = frozenset(
    "Alter Anew Awash Bank Barn Begun Bolder Bone Bore Brack Bust Cage Cars Chair Coin Combs Come Dawn Deli"
    " Dining Dire Drama Drug Dual Ever From Garrison Gold Grants Grass Grenade Hail Hang Hire Homo Human Hunter"
    " Junction Keen Lessen Limo Lone Luck Male Mile Mole More Mush Nails Never Noisy North Okay Panorama Polo Port"
    " Possession Punch Rapid Rest Riding Rise Robe Sale Save Shields Shot Shut Side Since Soda Sole Solo Soul Sour"
    " Spike Spoken Tall Tell Than Tilt Tome Torn Tour Trap Tsunami Turn Valley Veto Worth Yoga East West South"
    " Bridge Camp Castle Church Farm Field Forest Garden Hill House Island Lake Market Mill Mine Mountain Park"
    " River Rock Stone Temple Tower Town Village Water Wood".split()
)
MIXED_CASE = re.compile(r"[A-Z]{2}|(?<!\bMc)(?<!\bMac)[a-z][A-Z]")


@dataclass(frozen=True, slots=True)
class Place:
    """One populated place; `alternates` are GeoNames' other names in all scripts, unordered."""

    geonames: int
    name: str
    country: str
    admin1: str
    lat: float
    lon: float
    population: int
    alternates: tuple[str, ...]


def fold(text: str) -> str:
    """Text without diacritics and with straight apostrophes; what has no ASCII form stays."""
    parts = unicodedata.normalize("NFKD", text.translate(LETTERS))
    return "".join(char for char in parts if not unicodedata.combining(char))


def key(text: str) -> str:
    """What two spellings share that differ in case, marks, apostrophes, hyphens or points only."""
    return re.sub(r"[^a-z]", "", fold(text).lower())


def article_forms(name: str, country: str) -> Iterator[str]:
    """The name without marks and apostrophes; "Ar Raqqah" is also Ar-Raqqah, Al-Raqqah, Raqqah and Raqqa in news."""
    plain = fold(name)
    yield plain
    yield plain.replace("'", "")
    article = ARTICLE.match(plain) if country in ARABIC else None
    if article:
        rest = plain[article.end() :]
        for bare in (rest, rest.replace("'", "")):
            for ending in {bare, re.sub(r"(?<=[a-z]{3})ah$", "a", bare)}:
                yield ending
                yield f"{plain[: article.end() - 1]}-{ending}"
                yield f"Al-{ending}"
    elif country in ARABIC and re.search(r"[a-z]{3}ah$", plain):
        yield plain[:-1]


def closeness(one: str, other: str) -> float:
    """Share of letter pairs that two keys have in common, 0 to 1."""
    pairs = [{word[i : i + 2] for i in range(len(word) - 1)} for word in (f" {one} ", f" {other} ")]
    return 2 * len(pairs[0] & pairs[1]) / (len(pairs[0]) + len(pairs[1]))


def usable(alias: str) -> bool:
    """Could this stand in English text as the name of a place? Codes and other scripts' transcriptions could not."""
    letters = sum(char.isalpha() for char in alias)
    return bool(
        letters >= SHORTEST_ALIAS
        and PLAIN.fullmatch(alias)
        and not MIXED_CASE.search(alias)
        and not NOISE.search(alias)
        and alias not in BLOCKED
    )


def likeness(alias: str, name: str) -> float:
    """How English a spelling of this name looks, 0.4 to 1.1."""
    if FOREIGN.search(alias) and not FOREIGN.search(name):
        return 0.4
    vowel_added = alias[-1] in "aeou" and name[-1].lower() not in "aeiouy"
    return 0.7 if vowel_added else 1.1 if ENGLISH.search(alias) else 1.0


def centres(name: str, candidates: list[str], votes: list[str], wanted: int) -> list[str]:
    """The `wanted` candidates that between them lie nearest to all `votes`: one per family of spellings, best first."""
    near = {alias: [closeness(key(alias), vote) * likeness(alias, name) for vote in votes] for alias in candidates}
    best = [closeness(key(name), vote) for vote in votes]
    chosen: list[str] = []
    while near and len(chosen) < wanted:
        gains = {alias: sum(max(0.0, n - b) for n, b in zip(row, best, strict=True)) for alias, row in near.items()}
        alias = max(sorted(gains), key=gains.__getitem__)
        if gains[alias] < LEAST_GAIN:
            break
        chosen.append(alias)
        best = [max(pair) for pair in zip(near.pop(alias), best, strict=True)]
    return chosen


@dataclass(frozen=True, slots=True)
class Claims:
    """Which keys are spoken for: `named` by a place's own name (with its people), `given` by hand within a country; `everyday` holds
    English words, given names and surnames, which only a place's own name may be."""

    named: dict[str, int]
    given: dict[tuple[str, str], int]
    barred: set[str]
    everyday: frozenset[str]

    def allow(self, alias: str, place: Place) -> bool:
        """May this alias, found by rule, stand with this place?"""
        alias_key, own = key(alias), key(place.name)
        if not usable(alias) or alias_key in self.barred or (alias_key != own and alias.lower() in self.everyday):
            return False
        if self.given.get((place.country, alias_key), place.geonames) != place.geonames:
            return False
        if alias_key != own and self.named.get(alias_key, -1) >= OWN_NAME_SHARE * place.population:
            return False
        if alias.count(" ") > place.name.count(" ") and not MORE_WORDS.match(alias):
            return False
        near = closeness(own, alias_key)
        if near < FAR_SPELLING and (place.population < TOWN or alias.count(" ")):
            return False  # "Cap Saint-Jacques" is no spelling of Vung Tau, though the French called it so
        least = LEAST_CLOSENESS if place.population < TOWN or (place.country in NATIVE and place.population < LARGE) else 0.0
        return near >= least


def pick_aliases(place: Place, extra: list[str], claims: Claims) -> list[str]:
    """The spellings most likely in English news: hand-made, then regular forms of the name, then alternates."""
    result = [alias for alias in dict.fromkeys(extra) if alias != place.name]
    forms = sorted(set(article_forms(place.name, place.country)), key=lambda form: (len(form), form))
    result += [form for form in forms if form not in {place.name, *result} and claims.allow(form, place)]
    known = {key(place.name)} | {key(alias) for alias in result}
    candidates: dict[str, str] = {}
    for alias in sorted(fold(name).replace("'", "") for name in place.alternates):
        if key(alias) not in known and claims.allow(alias, place):
            candidates.setdefault(key(alias), alias)
    room = MOST_ALIASES - len(result)
    if place.country in NATIVE:
        room = min(room, 4 if place.population >= LARGE else 2 if place.population >= SMALL else 0)
    elif place.population < SMALL:
        room = min(room, ALIASES_OF_SMALL)
    if room <= 0:
        return result
    votes = [vote for vote in sorted({key(name) for name in place.alternates}) if vote]
    result += centres(place.name, list(candidates.values()), votes, room)
    return result[: max(MOST_ALIASES, len(extra))]
