"""Events to send out and take in again: those of the shipped sample articles, coded and folded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from detente.exchange.codes import Codes, codes_of
from detente.flow.read import read
from detente.flow.write import claims_table
from detente.fold.core import fold
from detente.fold.rules import fold_rules
from detente.knowledge import Knowledge
from detente.pipeline import Coder
from detente.tables import ARTICLES, CLAIMS, DECISIONS, FAMILIES

DATA = Path(__file__).parents[2] / "src" / "detente" / "data"
SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store would hold."""

    events: pa.Table
    links: pa.Table
    claims: pa.Table


@pytest.fixture(scope="session")
def codes(knowledge: Knowledge) -> Codes:
    """The shipped tables of export and import."""
    return codes_of(knowledge)


@pytest.fixture(scope="session")
def stored(coder: Coder) -> Stored:
    """All sample articles as events, with their links and claims."""
    found = list(coder.run(read(str(DATA / "samples"))))
    made = claims_table(found)
    moment = pa.scalar(datetime(2000, 1, 1, tzinfo=UTC), CLAIMS.field("recorded").type)
    made = made.append_column("batch", pa.repeat("b", made.num_rows)).append_column("recorded", pa.repeat(moment, made.num_rows))
    claims = made.select(CLAIMS.names).cast(CLAIMS)
    folded = fold(claims, ARTICLES.empty_table(), FAMILIES.empty_table(), DECISIONS.empty_table(), fold_rules(coder.knowledge))
    return Stored(folded.events, folded.links, claims)
