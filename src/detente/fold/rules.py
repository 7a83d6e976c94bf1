"""What the fold goes by: points and thresholds of data/fold/points.yml, and what it needs of the knowledge, in a form made for numpy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import KnowledgeError
from ..knowledge import DATA, Actor, Knowledge, SameActs
from ..knowledge.files import read_yaml
from ..knowledge.links import LINEAGE
from .offices import Offices
from .words import mixed, stables

FILE = DATA / "fold" / "points.yml"
COMMON = DATA / "fold" / "common.txt"  # stems of words too common to tell two happenings apart (training/common_words.py)
# Sectors whose holders answer as their state.
ORGANS = frozenset({"GOV", "MIL", "COP", "SPY", "JUD", "LEG"})
CONFLICT = -1000.0  # the sum of points is far below any threshold if one of them is a conflict
# The values that a feature can have, in the order of their numbers from 1; 0 is "nothing to compare", which never counts.
VALUES: dict[str, tuple[str, ...]] = {
    "act": ("same-mode", "same-event", "same-speech", "one-mode", "kin-modes", "other-mode", "same-family"),
    "actor": ("same", "within", "part", "country", "alike", "unlike", "other"),
    "recipient": ("same", "within", "part", "country", "alike", "unlike", "other"),
    "roles": ("swapped", "foreign"),
    "date": ("same-day", "next-day", "within", "inside-long", "gap", "far-gap", "apart", "fresh", "recent", "stale", "old", "not-yet",
             "news-same", "news-next", "news-near", "news-week", "news-far"),
    "carried": ("same", "within", "next-day", "far"),
    "place": ("same", "within", "near", "same-region", "country", "said-there", "other-region", "abroad", "far", "elsewhere"),
    "quantity": ("same-exact", "same", "range", "grown", "other"),
    "trigger": ("same",),
    "words": ("one", "several"),
    "theme": ("none", "one", "several"),
    "office": ("same", "other"),
    "recipient_office": ("same", "other"),
    "topic": ("same", "like", "unlike"),
    "copy": ("sentence", "beside"),
    "article": ("sentence", "beside", "headline", "retold"),
    "again": ("one",),
    "status": ("denied", "negated"),
}
FEATURES = tuple(VALUES)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Thresholds(_Strict):
    """Sums of points from which on something is done; the file says what."""

    link: float
    refuse: float
    mean: float
    margin: float
    vague_link: float
    contrary_link: float
    leftover_link: float
    veto: float
    large: int
    crowded: int


class Windows(_Strict):
    """Days, months and numbers of members; the file says of what."""

    range: int
    fresh: int
    months: int
    members: int


class PointsFile(_Strict):
    """The whole file."""

    thresholds: Thresholds
    windows: Windows
    durative: tuple[str, ...]
    placed: tuple[str, ...]
    offices: dict[str, tuple[str, ...]]
    points: dict[str, dict[str, float | Literal["conflict"]]]


def read_points(path: Path, events: Iterable[str]) -> PointsFile:
    """The points of a file. Raises KnowledgeError for a key, event, feature or value that is missing or that nobody knows."""
    try:
        file = PointsFile.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise KnowledgeError(path, 0, f"{where}: {first['msg']}", "the keys that the shipped file has") from error
    known = set(events)
    for name in (*file.durative, *file.placed):
        if name not in known:
            raise KnowledgeError(path, 0, f"the event {name!r}", f"one of {', '.join(sorted(known))}")
    for feature in sorted({*file.points, *VALUES}):
        given, wanted = set(file.points.get(feature, ())), set(VALUES.get(feature, ()))
        if given != wanted:
            raise KnowledgeError(path, 0, f"points.{feature}: {sorted(given ^ wanted)}", f"each of {sorted(wanted)}, and no other")
    return file


@dataclass(frozen=True, slots=True)
class Party:
    """Who a mention is for the fold. `root`: the party that answers for it, "" where nobody knows; `wide`: whom it may be told as
    ("SYR:armed"); `open`: told by country and sector alone; `side`: 1 state, 2 armed, 4 people, summed; `home`: its country, or itself."""

    root: str
    wide: str
    open: bool
    side: int
    home: str


SIDES = {"state": 1, "armed": 2, "people": 4}


@dataclass(frozen=True, eq=False)
class FoldRules:
    """Points and knowledge. Built once by `fold_rules`; `version` is the hash of both and stands in every event's `fold`."""

    version: str
    file: PointsFile
    acts: SameActs
    actors: dict[str, Actor]
    kin: frozenset[tuple[str, str]]
    events: tuple[str, ...]
    modes: tuple[str, ...]
    scores: dict[tuple[str, str | None], float]
    quads: dict[str, str]
    offices: Offices
    common: frozenset[str]

    @property
    def at(self) -> Thresholds:
        """The thresholds."""
        return self.file.thresholds

    @cached_property
    def table(self) -> dict[str, npt.NDArray[np.float32]]:
        """Points by feature and number of the value; a conflict is CONFLICT."""
        return {
            feature: np.array([0.0, *(_number(self.file.points[feature][value]) for value in values)], np.float32)
            for feature, values in VALUES.items()
        }

    @cached_property
    def kin_codes(self) -> npt.NDArray[np.uint64]:
        """Hashes of the pairs of `kin`, sorted."""
        pairs = sorted(self.kin)
        return np.sort(mixed(stables([one for one, _ in pairs]), stables([other for _, other in pairs])))

    @cached_property
    def related(self) -> npt.NDArray[np.bool_]:
        """Which events may be told of one act."""
        return np.array([[self.acts.related(one, other) for other in self.events] for one in self.events])

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """For each event the families that it stands in; one of its own where it stands in none."""
        found = [tuple(n for n, family in enumerate(self.acts.families) if event in family) for event in self.events]
        return tuple(own or (len(self.acts.families) + number,) for number, own in enumerate(found))

    @cached_property
    def kin_modes(self) -> npt.NDArray[np.bool_]:
        """Which modes, by their numbers from 1, do not contradict each other."""
        names = ("", *self.modes)
        return np.array([[one == other or self.acts.kin(one, other) for other in names] for one in names])

    def flags(self, events: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Which events are among some."""
        chosen = set(events)
        return np.array([event in chosen for event in self.events])

    def party(self, ident: str | None, country: str | None, sectors: tuple[str, ...]) -> Party:
        """Who a mention is: an organ answers as its state, a group for itself, "rebels" of a country as these."""
        own = tuple(s for s in sectors if s != "UNK")
        side = 0
        for sector in own:
            side |= SIDES[self.acts.sides.get(sector, "people")]
        if ident and ident != country:
            return self._known(ident, side)
        if not country:
            return Party("", "", True, side, "")
        if not own or not ORGANS.isdisjoint(own):
            return Party(country, country, False, side or 1, country)
        return Party(f"{country}:{own[0]}", _wide(country, side), True, side, country)

    def _known(self, ident: str, side: int) -> Party:
        actor = self.actors.get(ident)
        if actor is None:
            return Party(ident, ident, False, side, ident)
        if actor.kind == "state":
            return Party(ident, ident, False, side or 1, ident)
        home = self.actors.get(actor.country)
        state = home is not None and home.kind == "state"
        if state and not ORGANS.isdisjoint(actor.sector):
            return Party(actor.country, actor.country, False, side or 1, actor.country)
        for sector in actor.sector:
            side |= SIDES[self.acts.sides.get(sector, "people")] if sector != "UNK" else 0
        return Party(ident, _wide(actor.country, side) if state else ident, False, side, actor.country if state else ident)

    def score(self, event: str, mode: str | None) -> float:
        """PLOVER's score of the pair, or of the event where the pair has none."""
        found = self.scores.get((event, mode))
        return self.scores[event, None] if found is None else found


def _wide(country: str, side: int) -> str:
    return f"{country}:{'armed' if side & SIDES['armed'] else 'people'}"


def _number(value: float | str) -> float:
    return CONFLICT if isinstance(value, str) else float(value)


def _kin(knowledge: Knowledge, most: int) -> frozenset[tuple[str, str]]:
    """Pairs of which one may be told for the other: a member and its organisation, a group and what it came from or belongs to."""
    pairs: set[tuple[str, str]] = set()
    for organisation in knowledge.registry.actors:
        members = knowledge.memberships.members(organisation, kinds=("member", "suspended"))
        if len(members) <= most:
            pairs.update((organisation, member) for member in members)
    for link in knowledge.links.all:
        if link.kind in LINEAGE or link.kind in {"part-of", "front-of", "joined"}:
            pairs.add((link.before, link.after))
    return frozenset(pair for one, other in pairs for pair in ((one, other), (other, one)))


def fold_rules(knowledge: Knowledge, path: Path = FILE) -> FoldRules:
    """The rules made of a points file and the knowledge. Raises KnowledgeError."""
    ontology = knowledge.ontology
    file = read_points(path, ontology.events)
    digest = hashlib.blake2b(path.read_bytes() + COMMON.read_bytes() + knowledge.version.encode(), digest_size=6).hexdigest()
    scores: dict[tuple[str, str | None], float] = {(name, None): kind.score for name, kind in ontology.events.items()}
    scores |= {pair: mode.score for pair, mode in ontology.pairs.items()}
    return FoldRules(
        f"f_{digest}", file, knowledge.same_acts, knowledge.registry.actors, _kin(knowledge, file.windows.members), tuple(ontology.events),
        tuple(sorted({mode for _, mode in ontology.pairs})), scores, {name: ontology.quad(name) for name in ontology.events},
        Offices(file.offices, knowledge.registry), frozenset(COMMON.read_text(encoding="utf-8").split()),
    )
