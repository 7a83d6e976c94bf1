"""Knowledge: everything an analyst may edit, loaded once, checked strictly, hashed."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from ..errors import KnowledgeError
from .actors import Actor, Naming, Registry, Term
from .cameo import FILE as CAMEO_FILE
from .cameo import Cameo
from .cues import Speech, StatusCues, Topics, load_speech, load_status, load_topics
from .ledger import Ledger, LedgerRow, LedgerRule, Opener
from .lexicon import Condition, Lexicon, Rule, Slot
from .links import Link, Links
from .memberships import Membership, Memberships
from .ontology import Ontology
from .place_words import PlaceWords, load_place_words
from .places import Gazetteer, GazetteerEntry, Sense, Spelling
from .roles import Role, Roles, load_things
from .same_acts import SameActs, load_same_acts

DATA = Path(__file__).parent.parent / "data"
FOLDERS = ("ontology", "verbs", "actors", "roles", "places", "voices", "status", "ledger", "acts")
__all__ = [
    "DATA", "Actor", "Cameo", "Condition", "Gazetteer", "GazetteerEntry", "Knowledge", "Ledger", "LedgerRow", "LedgerRule", "Lexicon",
    "Link", "Links", "Membership", "Memberships", "Naming", "Ontology", "Opener", "PlaceWords", "Registry",
    "Role", "Roles", "Rule", "SameActs", "Sense", "Slot", "Speech", "Spelling", "StatusCues", "Term", "Topics",
]


class Knowledge:
    """All knowledge of a run. `version` is a hash over every file that was read.

    `extra`: folders with the same sub-folders as data/, read after it; they may add lexicon rows, actors, persons and places.
    Raises KnowledgeError at the first file that breaks its rules.
    """

    def __init__(self, extra: Iterable[Path] = ()) -> None:
        folders = [DATA, *extra]
        for folder in folders[1:]:
            if not folder.is_dir() or not any((folder / name).is_dir() for name in FOLDERS):
                raise KnowledgeError(folder, 0, "no knowledge files", f"a folder with some of {', '.join(FOLDERS)}")
        with _collector_at_rest():
            self._load(folders)
        self.version = _hash(folders)

    @cached_property
    def cameo(self) -> Cameo:
        """CAMEO's codes told in PLOVER and back. Coding needs them not, so they are read when first asked for. Raises KnowledgeError."""
        return Cameo(CAMEO_FILE, self.ontology)

    def read_rest(self) -> None:
        """Reads and checks what is otherwise read when first asked for. Raises KnowledgeError."""
        _ = self.cameo

    def _load(self, folders: list[Path]) -> None:
        self.ontology = Ontology(DATA / "ontology" / "plover.yml")
        self.speech = load_speech(DATA / "voices" / "speech.yml")
        self.status = load_status(DATA / "status" / "status.yml")
        self.sport = load_topics(DATA / "status" / "topics.yml")
        self.place_words = load_place_words(DATA / "places" / "words.yml")
        self.same_acts = load_same_acts(DATA / "acts" / "same.yml", self.ontology)
        self.place_patterns = self.place_words.patterns()
        self.roles = Roles()
        self.things = load_things(DATA / "roles" / "things.tsv")
        self.registry = Registry()
        self.memberships = Memberships()
        self.links = Links()
        self.lexicon = Lexicon()
        self.ledger = Ledger()
        self.places = Gazetteer()
        for folder in folders:
            if (folder / "roles" / "roles.tsv").is_file():
                self.roles.load(folder / "roles" / "roles.tsv")
            self.registry.load(folder)
            if (folder / "actors" / "memberships.tsv").is_file():
                actors = self.registry.actors
                self.memberships.load(folder / "actors" / "memberships.tsv", actors, actors)
            if (folder / "actors" / "links.tsv").is_file():
                self.links.load(folder / "actors" / "links.tsv", self.registry.actors)
            self.lexicon.load(folder / "verbs", self.ontology)
            self.ledger.load(folder / "ledger", self.lexicon.classes)
            self.places.load(folder / "places")
        self.lexicon.learn(self.ontology)

    def is_own(self, path: Path) -> bool:
        """Whether a rule's file is one of the user's own."""
        return path != Path() and DATA not in path.parents


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Loading makes some 300,000 objects that all stay: looking for garbage among them doubles its time (1.3 s against 0.7 s). Afterwards
    they are kept out of the collector's sight (`gc.freeze`), or it would go through them three times soon after, for up to 0.2 s each."""
    awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if awake:
            gc.freeze()
            gc.enable()


def _hash(folders: list[Path]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for folder in folders:
        for name in FOLDERS:
            for path in sorted((folder / name).glob("*")):
                if path.suffix in {".tsv", ".yml", ".npz"}:
                    digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"k_{digest.hexdigest()}"
