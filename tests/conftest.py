"""What tests share.

Costly things are made once a session and never changed: the shipped knowledge and a coder with the shipped model. A test that
needs other knowledge writes its own files under `tmp_path`. Nothing here or in the tests reads the network or the clock.
Hypothesis is derandomised, so that a run fails for the change at hand and not by luck, and has no deadline, so that it does
not fail on a busy machine.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from detente.knowledge import Knowledge
from detente.pipeline import Coder
from detente.settings import Settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def program() -> Callable[[str], ModuleType]:
    """Loads a program that is not installed from its file, such as "training/data.py"."""

    def loaded(name: str) -> ModuleType:
        path = Path(__file__).parents[1] / name
        spec = importlib.util.spec_from_file_location("_".join(path.with_suffix("").parts[-2:]), path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look their module up there
        spec.loader.exec_module(module)
        return module

    return loaded


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The shipped knowledge; read it, do not change it."""
    return Knowledge()


@pytest.fixture(scope="session")
def coder() -> Coder:
    """A coder with the shipped model and knowledge."""
    return Coder(Settings())
