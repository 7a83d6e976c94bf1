"""What tests of the store share: made articles and claims, and the program that kills."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

from detente.store import Store

CRASH = Path(__file__).parents[2] / "bench" / "crash.py"


@pytest.fixture(scope="session")
def crash() -> ModuleType:
    """The program bench/crash.py; its `made(numbers)` gives claims, articles and entries."""
    spec = importlib.util.spec_from_file_location("bench_crash", CRASH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store.open(tmp_path / "world")


def ids(table: pa.Table, column: str = "id") -> list[str]:
    """The ids in a table, sorted: rows come in any order."""
    return sorted(table[column].to_pylist())
