"""What tests of the store share: made articles and claims, and the program that kills."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

from detente.store import Store

CRASH = Path(__file__).parents[2] / "bench" / "crash.py"


@pytest.fixture(scope="session")
def crash(program: Callable[[str], ModuleType]) -> ModuleType:
    """The program bench/crash.py; its `made(numbers)` gives claims, articles and entries."""
    return program("bench/crash.py")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store.open(tmp_path / "world")


def ids(table: pa.Table, column: str = "id") -> list[str]:
    """The ids in a table, sorted: rows come in any order."""
    return sorted(table[column].to_pylist())
