"""Reads the project's own corpus (corpus/GUIDE.md says how it is marked up): articles, sentences, what each sentence tells.

Everything that is marked is a piece of its sentence, kept as offsets in that sentence. Nothing is guessed: a piece that does not stand in
the sentence, an unknown code, field or status is a ScoreError with file and line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..knowledge.ontology import Ontology
from ..knowledge.roles import SECTORS
from ..language.sentences import DATELINE
from .files import malformed, numbered_lines

FORMS = frozenset("wire analysis statement live translated local interview brief feature sport business other".split())
STATUSES = frozenset("actual future hypothetical negated historical".split())
STANCES = frozenset("asserts denies doubts demands promises".split())
QUANTITIES = frozenset("killed wounded arrested displaced missing abducted participants troops weapons money".split())
SIDE_KINDS = {
    "stance": frozenset("supports opposes recognises rejects terrorist ally enemy".split()),
    "member": frozenset("member observer candidate joined left suspended".split()),
    "agreement": frozenset("proposed transmitted accepted rejected signed ratified in-force suspended breached ended".split()),
}
CLAIM_FIELDS = frozenset("on by to where when n as says stance via x".split())
SIDE_FIELDS = frozenset("on by to about if when says".split())
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"(?:[A-Z]{3}|\?)(?::[A-Z]{3}(?:,[A-Z]{3})*)?|:[A-Z]{3}(?:,[A-Z]{3})*")
_NUMBER = re.compile(r'(\w+) (\d[\d.]*)?([-+])?(\d[\d.]*)? "(.+)"')
_ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?:/\d{4}(?:-\d\d(?:-\d\d)?)?)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the sentence, as offsets in it (-1 for words of another sentence), with the code that the mark-up gives (or "")."""

    start: int
    end: int
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class GoldClaim:
    """One `+` line."""

    line: int
    event: str
    mode: str | None
    on: Piece
    actor: tuple[Piece, ...] = ()
    recipient: tuple[Piece, ...] = ()
    where: Piece | None = None
    when: Piece | None = None
    quantities: tuple[tuple[str, float | None, float | None, Piece], ...] = ()
    status: str = "actual"
    says: Piece | None = None
    stance: str = "asserts"
    via: Piece | None = None
    contexts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldSide:
    """One `*` line: a stance, a membership or a stage of an agreement. `about`, `condition`: words of the sentence."""

    line: int
    sort: str
    kind: str
    on: Piece
    actor: tuple[Piece, ...] = ()
    recipient: tuple[Piece, ...] = ()
    about: Piece | None = None
    condition: Piece | None = None
    when: Piece | None = None
    says: Piece | None = None


@dataclass(slots=True)
class GoldSentence:
    """A sentence with what it tells."""

    text: str
    line: int
    claims: list[GoldClaim] = field(default_factory=list)
    sides: list[GoldSide] = field(default_factory=list)


@dataclass(slots=True)
class GoldArticle:
    """An article; its text is the title, an empty line, and the sentences parted by blanks; datelines and clocks begin paragraphs."""

    id: str
    form: str
    published: date
    region: str
    path: Path
    line: int
    sentences: list[GoldSentence] = field(default_factory=list)

    @property
    def part(self) -> str:
        """`train`, `dev` or `test`, by the id alone, once and for all."""
        return {0: "test", 1: "dev"}.get(hashlib.sha256(self.id.encode()).digest()[0] % 10, "train")

    def text(self) -> tuple[str, list[int]]:
        """The article as a reader would get it, and where each sentence begins in it."""
        parts, starts, at = [], [], 0
        for number, sentence in enumerate(self.sentences):
            line = number == 1 or not _ENDS.search(self.sentences[number - 1].text)
            opens = line or DATELINE.match(sentence.text) or _OPENS.match(sentence.text)
            glue = "" if number == 0 else ("\n\n" if opens else " ")
            at += len(glue)
            starts.append(at)
            parts.append(glue + sentence.text)
            at += len(sentence.text)
        return "".join(parts), starts


# What begins a paragraph in every paper beside a dateline: the clock of a ticker, a point of a list.
_OPENS = re.compile(r"\d{1,2}[:.]?\d\d\b|[-–•] ")
# A sentence that does not end like this is a line of its own: a date line, a heading, a caption.
_ENDS = re.compile(r"[.!?:;,…\"'”’»)\]-]\s*\Z")


def read_corpus(paths: Sequence[Path], ontology: Ontology) -> list[GoldArticle]:
    """All articles of the files, in order. Raises ScoreError with file and line."""
    seen: dict[str, str] = {}
    articles = []
    for path in paths:
        for article in articles_of(path, numbered_lines(path), ontology):
            if article.id in seen:
                raise malformed(path, article.line, f"the id {article.id} again (first in {seen[article.id]})", "an id of its own")
            seen[article.id] = str(path)
            articles.append(article)
    return articles


def articles_of(path: Path, lines: Iterable[tuple[int, str]], ontology: Ontology) -> Iterator[GoldArticle]:
    """Articles in numbered lines of a file, in order. Raises ScoreError with `path` and the line."""
    article: GoldArticle | None = None
    for number, line in lines:
        if not line.strip() or line.startswith("# "):
            continue
        mark, _, rest = line.partition(" ")
        if mark == "##":
            if article is not None:
                yield article
            article = _header(path, number, rest)
            continue
        if article is None:
            raise malformed(path, number, line, "an article's first line: ## id | form | date | region")
        if mark == ">":
            article.sentences.append(GoldSentence(rest.strip(), number))
        elif mark in "+*" and mark and article.sentences:
            sentence = article.sentences[-1]
            reader = _Line(path, number, sentence.text, rest, ontology)
            if mark == "+":
                sentence.claims.append(reader.claim())
            else:
                sentence.sides.append(reader.side())
        else:
            raise malformed(path, number, line, "a line that begins with ##, >, + or *")
    if article is not None:
        yield article


def _header(path: Path, number: int, rest: str) -> GoldArticle:
    cells = [cell.strip() for cell in rest.split("|")]
    if len(cells) != 4 or not _ID.fullmatch(cells[0]) or cells[1] not in FORMS:
        raise malformed(path, number, rest, f"id | form | date | region, with a form of {' '.join(sorted(FORMS))}")
    try:
        day = date.fromisoformat(cells[2])
    except ValueError as error:
        raise malformed(path, number, f"the date {cells[2]!r}", "a day such as 2016-07-05") from error
    return GoldArticle(cells[0], cells[1], day, cells[3], path, number)


def whole_words(text: str, words: str, begin: int = 0) -> int:
    """Where words stand in a text from `begin` on, not inside a longer word; -1 where nowhere."""
    while words:
        start = text.find(words, begin)
        end = start + len(words)
        if start < 0:
            return -1
        inside = (start > 0 and text[start - 1].isalnum() and words[0].isalnum()) or (
            end < len(text) and text[end].isalnum() and words[-1].isalnum()
        )
        if not inside:
            return start
        begin = start + 1
    return -1


class _Line:
    """One marked line of a sentence."""

    def __init__(self, path: Path, number: int, sentence: str, rest: str, ontology: Ontology) -> None:
        self.path, self.number, self.sentence, self.ontology = path, number, sentence, ontology
        head, *cells = (cell.strip() for cell in rest.split(" | "))
        self.head = head
        self.bare: list[str] = []
        self.cells: dict[str, str] = {}
        for cell in cells:
            name, colon, value = cell.partition(": ")
            if not colon:
                self.bare.append(cell)
            elif name in self.cells:
                raise self._error(f"{name} twice", "each field once; several values are parted by ' & '")
            else:
                self.cells[name] = value.strip()

    def _error(self, found: str, expected: str) -> Exception:
        return malformed(self.path, self.number, found, expected)

    def claim(self) -> GoldClaim:
        event, _, mode = self.head.partition("/")
        if event not in self.ontology.events or (mode and (event, mode) not in self.ontology.pairs):
            raise self._error(f"the event {self.head!r}", "EVENT or EVENT/mode of the ontology")
        self._fields(CLAIM_FIELDS)
        contexts = tuple(name.strip() for name in self.cells.get("x", "").split(",") if name.strip())
        for name in contexts:
            if name not in self.ontology.contexts:
                raise self._error(f"the context {name!r}", "one of the ontology's contexts")
        return GoldClaim(
            self.number, event, mode or None, self._one("on"), self._many("by"), self._many("to"), self._maybe("where"), self._when(),
            self._quantities(), self._among("as", STATUSES, "actual"), self._maybe("says"), self._among("stance", STANCES, "asserts"),
            self._maybe("via"), contexts,
        )

    def side(self) -> GoldSide:
        if self.head not in SIDE_KINDS or len(self.bare) != 1 or self.bare[0] not in SIDE_KINDS[self.head]:
            raise self._error(" | ".join([self.head, *self.bare]), "stance, member or agreement and one of its kinds")
        kind = self.bare.pop()
        self._fields(SIDE_FIELDS)
        return GoldSide(
            self.number, self.head, kind, self._one("on"), self._many("by"), self._many("to"), self._maybe("about"), self._maybe("if"),
            self._when(), self._maybe("says"),
        )

    def _fields(self, known: frozenset[str]) -> None:
        strange = [*self.bare, *sorted(set(self.cells) - known)]
        if strange:
            raise self._error(", ".join(strange), f"fields {' '.join(sorted(known))}, each 'name: value'")

    def _among(self, name: str, allowed: frozenset[str], default: str) -> str:
        value = self.cells.get(name, default)
        if value not in allowed:
            raise self._error(f"{name}: {value}", f"one of {' '.join(sorted(allowed))}")
        return value

    def _one(self, name: str) -> Piece:
        if name not in self.cells:
            raise self._error(f"no '{name}:'", f"'{name}: words'")
        return self._piece(self.cells[name])

    def _maybe(self, name: str) -> Piece | None:
        return self._one(name) if name in self.cells else None

    def _many(self, name: str) -> tuple[Piece, ...]:
        value = self.cells.get(name)
        return () if value is None else tuple(self._piece(part) for part in value.split(" & "))

    def _piece(self, value: str) -> Piece:
        words, equals, code = value.strip().partition(" = ")
        if equals and not _CODE.fullmatch(code):
            raise self._error(f"the code {code!r}", "a country's code, sectors behind a colon, or both; ? for an unknown country")
        for sector in code.partition(":")[2].split(","):
            if sector and sector not in SECTORS:
                raise self._error(f"the sector {sector!r}", f"one of {' '.join(sorted(SECTORS))}")
        if words.startswith("~ "):
            return Piece(-1, -1, words[2:], code)
        return self._locate(words, code)

    def _locate(self, words: str, code: str = "") -> Piece:
        words, at, place = words.partition("@") if re.search(r"@\d$", words) else (words, "", "1")
        start = -1
        for _ in range(int(place)):
            start = whole_words(self.sentence, words, start + 1)
            if start < 0:
                raise self._error(f"“{words}{at}{place if at else ''}”, which the sentence does not hold", "an exact piece of the sentence")
        return Piece(start, start + len(words), words, code)

    def _when(self) -> Piece | None:
        if "when" not in self.cells:
            return None
        words, equals, value = self.cells["when"].partition(" = ")
        if not equals or not _ISO.fullmatch(value):
            raise self._error(f"when: {self.cells['when']}", "words = 2016-07-01, 2016-07, 2016 or first/last day")
        return self._locate(words, value)

    def _quantities(self) -> tuple[tuple[str, float | None, float | None, Piece], ...]:
        result = []
        for part in self.cells["n"].split(" & ") if "n" in self.cells else ():
            match = _NUMBER.fullmatch(part.strip())
            if not match or match[1] not in QUANTITIES or (match[2] is None and match[4] is None):
                raise self._error(f"n: {part}", 'such as killed 6 "six soldiers", wounded 10+ "at least 10", killed 36-40 "36 to 40"')
            kind, low, sign, high, words = match.groups()
            bounds = {"+": (low, None), "-": (low, high) if high else (None, low)}.get(sign or "", (low, low))
            result.append((kind, *(float(b) if b else None for b in bounds), self._locate(words)))
        return tuple(result)  # type: ignore[arg-type]  # two bounds each
