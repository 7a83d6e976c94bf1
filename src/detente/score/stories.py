"""Reads the authored stories (corpus/stories/GUIDE.md says how they are marked up): happenings that several articles tell.

Articles and claims are those of the corpus; on top of that each claim names its event, and each article its outlet and its origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from ..knowledge.ontology import Ontology
from .corpus_file import GoldArticle, GoldClaim, articles_of
from .files import malformed, numbered_lines

# The types of stories that set points; those that were written later and held back until one run had been made on them (decision 0023);
# those that were written last, of which the same is true.
POINTS = tuple(
    "meeting call agreement ceasefire sanction arrest protest air-strike bombing clash hostage expulsion aid threat denial statement "
    "exercise election".split()
)
FRESH = tuple("trial coup siege veto release border strike launch cyber mediation recognition extradition".split())
LAST = tuple("withdrawal loan arms curfew gas inspection defection seizure referendum evacuation".split())
TYPES = POINTS + FRESH + LAST
LATE = 71  # stories of all types that are numbered from here on were written after these, and set no points either
_SLUG = re.compile(r"(?<= = )((?:[A-Z]{3}|\?)?(?::[A-Z]{3}(?:,[A-Z]{3})*)?)#([a-z0-9]+(?:-[a-z0-9]+)*)")
_TOLL = re.compile(r"(\d+)(?:-(\d+))?(?: (\d+))?")
_KEY = re.compile(r"[a-z]+\d*")


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """What happened. `tolls`: kind → (low, high, best). `near`: how it only looks like another event of the story, or ""."""

    key: str
    event: str
    mode: str | None
    first: date | None
    last: date | None
    place: str
    tolls: dict[str, tuple[int, int, int | None]]
    near: str


@dataclass(slots=True)
class Version:
    """One article of a story. `events`: line of a claim → key of its event. `slugs`: (line, words of the party) → its known id."""

    article: GoldArticle
    published: datetime | None
    outlet: str = ""
    origin: str = ""
    copy: str = ""
    events: dict[int, str] = field(default_factory=dict)
    slugs: dict[tuple[int, str], str] = field(default_factory=dict)

    def claims(self) -> Iterator[tuple[int, GoldClaim, str]]:
        """Number of the sentence, claim, key of its event."""
        for number, sentence in enumerate(self.article.sentences):
            for claim in sentence.claims:
                yield number, claim, self.events[claim.line]


@dataclass(slots=True)
class Story:
    """A story with its events and its versions, in order."""

    id: str
    type: str
    title: str
    path: Path
    line: int
    events: dict[str, GoldEvent] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)

    @property
    def part(self) -> str:
        """`late` by the number; `points`, `fresh` or `last` by the type."""
        number = self.id.rpartition("-")[2]
        if number.isdigit() and int(number) >= LATE:
            return "late"
        return "points" if self.type in POINTS else "fresh" if self.type in FRESH else "last"


def read_stories(paths: Sequence[Path], ontology: Ontology) -> list[Story]:
    """All stories of the files, in order. Raises ScoreError with file and line."""
    stories: list[Story] = []
    seen: dict[str, str] = {}
    for path in paths:
        reader = _Reader(path, ontology)
        for story in reader.stories():
            for name in (story.id, *(v.article.id for v in story.versions)):
                if name in seen:
                    raise malformed(path, story.line, f"the id {name} again (first in {seen[name]})", "an id of its own")
                seen[name] = str(path)
            stories.append(story)
    return stories


class _Reader:
    """One file: what the corpus does not know is taken out of the lines, the rest is read as the corpus is."""

    def __init__(self, path: Path, ontology: Ontology) -> None:
        self.path, self.ontology = path, ontology
        self._keys: dict[int, str] = {}
        self._slugs: dict[tuple[int, str], str] = {}
        self._times: dict[int, datetime | None] = {}
        self._heads: dict[int, dict[str, str]] = {}

    def stories(self) -> Iterator[Story]:
        """The stories of the file."""
        story: Story | None = None
        lines: list[tuple[int, str]] = []
        for number, line in numbered_lines(self.path):
            if line.startswith("# "):
                if story:
                    yield self._finished(story, lines)
                story, lines = self._head(number, line[2:]), []
            elif not line.strip():
                continue
            elif story is None:
                raise malformed(self.path, number, line, "a story's first line: # id | type | what it is")
            elif line.startswith("= "):
                event = self._event(number, line[2:])
                if event.key in story.events:
                    raise malformed(self.path, number, f"the event {event.key} again", "a key of its own")
                story.events[event.key] = event
            else:
                lines.append((number, self._plain(number, line, story)))
        if story:
            yield self._finished(story, lines)

    def _head(self, number: int, rest: str) -> Story:
        cells = [cell.strip() for cell in rest.split("|")]
        if len(cells) != 3 or cells[1] not in TYPES:
            raise malformed(self.path, number, rest, f"id | type | what it is, with a type of {' '.join(TYPES)}")
        return Story(cells[0], cells[1], cells[2], self.path, number)

    def _event(self, number: int, rest: str) -> GoldEvent:
        key, head, *cells = (cell.strip() for cell in rest.split("|"))
        event, _, mode = head.partition("/")
        if event not in self.ontology.events or (mode and (event, mode) not in self.ontology.pairs) or not _KEY.fullmatch(key):
            raise malformed(self.path, number, rest, "key | EVENT or EVENT/mode | date: … | place: … | near: …")
        values: dict[str, str] = {}
        for cell in cells:
            name, colon, value = cell.partition(":")
            if not colon or name in values:
                raise malformed(self.path, number, cell, "fields 'name: value', each once")
            values[name] = value.strip()
        first, last = self._days(number, values.pop("date", ""))
        place, near = values.pop("place", ""), values.pop("near", "")
        tolls = {}
        for name, value in values.items():
            match = _TOLL.fullmatch(value)
            if name not in _TOLLS or not match:
                raise malformed(self.path, number, f"{name}: {value}", f"date, place, near, or one of {' '.join(_TOLLS)} as low-high best")
            tolls[name] = (int(match[1]), int(match[2] or match[1]), int(match[3]) if match[3] else None)
        return GoldEvent(key, event, mode or None, first, last, place, tolls, near)

    def _days(self, number: int, value: str) -> tuple[date | None, date | None]:
        if not value:
            return None, None
        parts = value.split("/")
        try:
            days = [date.fromisoformat(part) for part in parts]
        except ValueError as error:
            raise malformed(self.path, number, f"date: {value}", "a day such as 2016-07-05, or first/last") from error
        return days[0], days[-1]

    def _plain(self, number: int, line: str, story: Story) -> str:
        """The line as the corpus has it; what it lacks there is noted."""
        if line.startswith("## "):
            cells = line.split("|")
            if len(cells) == 4 and "T" in cells[2]:
                try:
                    self._times[number] = datetime.fromisoformat(cells[2].strip()).replace(tzinfo=UTC)
                except ValueError as error:
                    raise malformed(self.path, number, cells[2].strip(), "a moment such as 2016-07-05T14:20") from error
                cells[2] = f" {cells[2].strip()[:10]} "
            return "|".join(cells)
        if line.startswith("@ "):
            self._heads[number] = self._pairs(number, line[2:])
            return ""
        if line.startswith("+ "):
            head, *cells = line.split(" | ")
            keys = [cell[3:].strip() for cell in cells if cell.startswith("e: ")]
            if len(keys) != 1 or keys[0] not in story.events:
                raise malformed(self.path, number, line, f"one field 'e: KEY', KEY one of {' '.join(story.events)}")
            self._keys[number] = keys[0]
            line = " | ".join([head, *(self._unslugged(number, cell) for cell in cells if not cell.startswith("e: "))])
        return line

    def _unslugged(self, number: int, cell: str) -> str:
        parts = []
        for part in cell.split(" & "):
            match = _SLUG.search(part)
            if match:
                words = part[: match.start()].removesuffix(" = ").partition(": ")
                plain = re.sub(r"@\d$", "", words[2] or words[0])
                self._slugs[number, plain] = match[2]
                part = part[: match.start()] + (match[1] or "?")
            parts.append(part)
        return " & ".join(parts)

    def _pairs(self, number: int, rest: str) -> dict[str, str]:
        values = {}
        for cell in rest.split("|"):
            name, colon, value = cell.strip().partition(":")
            if not colon or name not in {"outlet", "origin", "copy"}:
                raise malformed(self.path, number, cell.strip(), "outlet: … | origin: … | copy: …")
            values[name] = value.strip()
        return values

    def _finished(self, story: Story, lines: list[tuple[int, str]]) -> Story:
        articles = list(articles_of(self.path, lines, self.ontology))
        ends = [a.line for a in articles[1:]] + [10**9]
        for article, end in zip(articles, ends, strict=True):
            head = next((self._heads[n] for n in sorted(self._heads) if article.line < n < end), None)
            if head is None or "outlet" not in head or "origin" not in head:
                raise malformed(self.path, article.line, article.id, "a line '@ outlet: … | origin: …' under it")
            own = range(article.line, end)
            story.versions.append(Version(
                article, self._times.get(article.line), head["outlet"], head["origin"], head.get("copy", ""),
                {line: key for line, key in self._keys.items() if line in own},
                {spot: slug for spot, slug in self._slugs.items() if spot[0] in own},
            ))
        if len(story.versions) < 3:
            raise malformed(self.path, story.line, f"{len(story.versions)} versions", "at least three")
        self._copies(story)
        return story

    def _copies(self, story: Story) -> None:
        known = {version.article.id: version for version in story.versions}
        for version in story.versions:
            if not version.copy:
                continue
            model = known.get(version.copy)
            if model is None or model.origin != version.origin:
                raise malformed(self.path, version.article.line, f"copy: {version.copy}", "a version of the story, of the same origin")
            sentences = {s.text for s in model.article.sentences}
            if sum(s.text in sentences for s in version.article.sentences) * 2 < len(version.article.sentences) - 1:
                raise malformed(self.path, version.article.line, f"{version.article.id} repeats little", "a copy, verbatim but for cuts")


_TOLLS = frozenset("killed wounded arrested displaced missing abducted participants troops weapons money".split())
