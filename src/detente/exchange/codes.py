"""What export and import go by: constants (forms.yml), words for sectors (sectors.tsv), codes of countries, ontology, CAMEO, registry."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import KnowledgeError
from ..fold.rules import FoldRules, fold_rules
from ..knowledge import Knowledge
from ..knowledge.files import read_table, read_yaml
from ..knowledge.roles import SECTORS
from .countries import Countries, load_countries

DATA = Path(__file__).parent.parent / "data" / "exchange"
SECTOR_COLUMNS = ("scheme", "word", "sector", "note")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feature(_Strict):
    """GeoNames feature codes that begin so tell a place of this precision."""

    begins: str
    precision: str


class Forms(_Strict):
    """The constants of data/exchange/forms.yml, which explains each."""

    batch: int
    missing: frozenset[str]
    state_sectors: frozenset[str]
    lanes: dict[str, str]
    polecat_planned: frozenset[str]
    features: tuple[Feature, ...]
    written_features: dict[str, str]
    gdelt_home: str
    gdelt_types: dict[str, str]
    ucdp_dates: dict[str, str]
    ucdp_places: dict[str, str]
    ucdp_vague_from: int
    ucdp_government: tuple[str, ...]
    resolutions: dict[str, int]
    licences: dict[str, str]


class Sectors:
    """PLOVER's sectors and the words that other schemes (cameo, icews, polecat) have for them."""

    def __init__(self, path: Path) -> None:
        """Raises KnowledgeError for an unknown sector, or a word that stands twice."""
        self._read: dict[tuple[str, str], str] = {}
        self._write: dict[tuple[str, str], str] = {}
        for row in read_table(path, SECTOR_COLUMNS):
            key = (row["scheme"], row["word"].casefold())
            if key in self._read or (row["sector"] and row["sector"] not in SECTORS):
                raise row.error(f"{row['word']!r} for {row['sector']!r}", "each word of a scheme once, with a sector of PLOVER or none")
            self._read[key] = row["sector"]
            self._write.setdefault((row["scheme"], row["sector"]), row["word"])

    def read(self, scheme: str, word: str) -> str | None:
        """PLOVER's sector for a word of a scheme; a sector of PLOVER stands for itself. None for words that tell none."""
        found = self._read.get((scheme, word.strip().casefold()))
        if found is None and scheme != "icews" and word.strip().upper() in SECTORS:
            return word.strip().upper()
        return found or None

    def write(self, scheme: str, sector: str) -> str | None:
        """The scheme's word for a sector, None where it has none."""
        return self._write.get((scheme, sector))


class Codes:
    """Everything that the forms look up. Making one reads three files."""

    def __init__(self, knowledge: Knowledge, folder: Path = DATA) -> None:
        """Raises KnowledgeError where a file breaks its rules."""
        self.knowledge = knowledge
        self.ontology, self.cameo, self.registry = knowledge.ontology, knowledge.cameo, knowledge.registry
        self.countries: Countries = load_countries(folder / "countries.tsv")
        self.sectors = Sectors(folder / "sectors.tsv")
        self.forms = load_forms(folder / "forms.yml")
        self.quads = {name: code for code, name in self.ontology.quads.items()}

    @cached_property
    def rules(self) -> FoldRules:
        """Those of the fold, which say who answers for a party. Raises KnowledgeError."""
        return fold_rules(self.knowledge)


_CODES: WeakKeyDictionary[Knowledge, Codes] = WeakKeyDictionary()


def codes_of(knowledge: Knowledge) -> Codes:
    """The tables for some knowledge, read once. Raises KnowledgeError."""
    if knowledge not in _CODES:
        _CODES[knowledge] = Codes(knowledge)
    return _CODES[knowledge]


def load_forms(path: Path = DATA / "forms.yml") -> Forms:
    """The constants. Raises KnowledgeError for an unknown or missing key, or a value of the wrong kind."""
    try:
        return Forms.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise KnowledgeError(path, 0, f"{where}: {first['msg']}", "the keys that the shipped file has") from error
