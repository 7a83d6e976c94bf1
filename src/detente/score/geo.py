"""Toponyms of whole articles: how many are found, and whether they are put where they lie. Reads the XML of the LGL benchmark.

`<articles>` holds `<article>`s with `<text>`, `<domain>` and `<toponyms>`; a `<toponym>` has `<start>`, `<end>` (offsets in the text) and,
where the annotators found the place, a `<gaztag>` with `<lat>`, `<lon>` and `<country>`. A toponym counts as found if a place of ours
shares a character with it, each of ours counting once. A place is right if it lies within 161 km (100 miles) of the annotators' point.
"""

from __future__ import annotations

import gzip
import statistics
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import UnreadableFile
from ..flow.encodings import normalise
from ..flow.geography import Geography
from ..flow.toponyms import Toponym, toponyms
from ..knowledge import GazetteerEntry, Knowledge
from ..knowledge.sphere import kilometres
from ..language import LanguageParser, load_parser
from ..records import Article, Parse
from ..settings import Settings
from .arithmetic import harmonic
from .files import malformed

RIGHT = 161.0


@dataclass(frozen=True, slots=True)
class GoldToponym:
    """A toponym as annotated; `point` (latitude, longitude) and `country` (its English name) only where the place is known."""

    start: int
    end: int
    point: tuple[float, float] | None
    country: str | None


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One article of the file."""

    article: Article
    toponyms: tuple[GoldToponym, ...]


Pair = tuple[GoldToponym, GazetteerEntry | None]


def score(path: Path, settings: Settings, *, context: bool = True) -> dict[str, float | int]:
    """Figures 0 to 1, distances in km. Raises ScoreError. Without `context` every name means the largest place that bears it.

    `recall precision f1` of toponyms found; `acc161 country median_km` of those found whose point is known. Then, with the
    annotators' own spans given and nothing to find: `linked_acc161` over all of them with a point (one without an entry of ours is wrong),
    `linked_found` how many have an entry, `linked_median_km` of these. `articles toponyms` count.
    """
    articles = read_geo(path)
    knowledge = Knowledge(settings.knowledge)
    found: list[list[Toponym]] = []
    linked: list[Pair] = []
    for (gold, parses) in zip(articles, _parses([g.article for g in articles], load_parser(settings)), strict=True):
        geography = Geography(gold.article, knowledge, context=context)
        found.append(toponyms(parses, geography, knowledge.place_words))
        linked += [(t, geography.place(t.start, t.end)) for t in gold.toponyms if t.point]
    return figures([g.toponyms for g in articles], found, linked, knowledge) | {"articles": len(articles)}


def _parses(articles: Sequence[Article], parser: LanguageParser) -> Iterable[list[Parse]]:
    split = [parser.sentences(article) for article in articles]
    parses = iter(parser.parse([sentence for own in split for sentence in own]))
    return [[next(parses) for _ in own] for own in split]


def figures(
    gold: Sequence[Sequence[GoldToponym]], found: Sequence[Sequence[Toponym]], linked: Sequence[Pair], knowledge: Knowledge
) -> dict[str, float | int]:
    """The figures of the toponyms found in each article, in order, and of those linked on given spans."""
    pairs: list[Pair] = []
    for ours, theirs in zip(found, gold, strict=True):
        pairs += matched(theirs, ours)
    toponym_count = sum(map(len, gold))
    recall, precision = len(pairs) / max(1, toponym_count), len(pairs) / max(1, sum(map(len, found)))
    known = [(t, entry) for t, entry in pairs if t.point]
    countries = [(code, entry) for t, entry in known if (code := _code(t.country, knowledge))]
    result: dict[str, float | int] = {
        "recall": recall, "precision": precision, "f1": harmonic(precision, recall),
        "acc161": _share(known),
        "country": sum(entry is not None and entry.country == code for code, entry in countries) / max(1, len(countries)),
        "median_km": _median(known), "linked_acc161": _share(linked),
        "linked_found": sum(entry is not None for _, entry in linked) / max(1, len(linked)), "linked_median_km": _median(linked),
    }
    return {name: round(value, 4) for name, value in result.items()} | {"toponyms": toponym_count}


def matched(gold: Sequence[GoldToponym], found: Sequence[Toponym]) -> list[Pair]:
    """Each annotated toponym that one of ours touches, with its entry; each of ours is used once."""
    used: set[int] = set()
    pairs: list[Pair] = []
    for toponym in gold:
        index = next((i for i, own in enumerate(found) if i not in used and own.start < toponym.end and toponym.start < own.end), None)
        if index is not None:
            used.add(index)
            pairs.append((toponym, found[index].entry))
    return pairs


def _errors(pairs: Iterable[Pair]) -> list[float]:
    return [kilometres(*t.point, e.lat, e.lon) for t, e in pairs if t.point and e]


def _share(pairs: Sequence[Pair]) -> float:
    return sum(error <= RIGHT for error in _errors(pairs)) / max(1, len(pairs))


def _median(pairs: Sequence[Pair]) -> float:
    errors = _errors(pairs)
    return statistics.median(errors) if errors else 0.0


def _code(name: str | None, knowledge: Knowledge) -> str | None:
    """The code of a country by its English name, None where no state is called so."""
    named = knowledge.registry.names.exact(name) if name else ()
    return next((n.actor.country for n in named if n.actor and n.actor.kind == "state"), None)


# -- reading ------------------------------------------------------------------------------------------------------------


def read_geo(path: Path) -> list[GoldArticle]:
    """The articles of a file, plain or .gz. Raises UnreadableFile and ScoreError."""
    try:
        raw = path.read_bytes()
        root = ET.fromstring(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except ET.ParseError as error:
        raise malformed(path, error.position[0], f"broken XML ({error})", "well-formed XML") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise malformed(path, 0, f"broken compression ({error})", "a whole .gz file") from error
    except OSError as error:
        raise UnreadableFile(path, 0, error.strerror or str(error), "give the path of a measuring file") from error
    articles = [_article(path, number, element) for number, element in enumerate(root.iter("article"), 1)]
    if not articles:
        raise malformed(path, 0, "no <article>", "<articles> with at least one <article>")
    return articles


def _article(path: Path, number: int, element: ET.Element) -> GoldArticle:
    text = element.findtext("text")
    if not text or not text.strip():
        raise malformed(path, 0, f"article {number} without <text>", "a text in every article")
    if normalise(text) != text:
        raise malformed(path, 0, f"article {number} with a text that reading would change", "offsets that hold")
    marked = tuple(_toponym(path, number, len(text), t) for t in element.iter("toponym"))
    name = element.get("docid") or str(number)
    return GoldArticle(Article(name, text, element.findtext("title"), element.findtext("domain"), element.findtext("url")), marked)


def _toponym(path: Path, number: int, length: int, element: ET.Element) -> GoldToponym:
    tag = element.find("gaztag")
    try:
        start, end = int(element.findtext("start") or ""), int(element.findtext("end") or "")
        point = (float(tag.findtext("lat") or ""), float(tag.findtext("lon") or "")) if tag is not None and tag.findtext("lat") else None
    except ValueError as error:
        raise malformed(path, 0, f"article {number}: {error}", "numbers in <start>, <end>, <lat> and <lon>") from error
    if not 0 <= start < end <= length:
        raise malformed(path, 0, f"article {number}: a toponym from {start} to {end}", f"offsets in a text of {length} characters")
    return GoldToponym(start, end, point, tag.findtext("country") if tag is not None else None)
