"""The rules of the fold, made once for all its tests."""

from __future__ import annotations

import pytest

from detente.fold.rules import FoldRules, fold_rules
from detente.knowledge import Knowledge


@pytest.fixture(scope="session")
def rules(knowledge: Knowledge) -> FoldRules:
    """Shipped points and knowledge."""
    return fold_rules(knowledge)
