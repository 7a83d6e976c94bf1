"""What stands between quotation marks, also where a quotation runs over sentences."""

from __future__ import annotations

import pytest

from detente.flow.quotations import inside


@pytest.mark.parametrize(("text", "word", "open_before", "within"), [
    ('He said "it rains" today', "rains", False, True),
    ('He said "it rains" today', "today", False, False),
    ("He said “it rains” today", "rains", False, True),
    ("«It rains», he said", "said", False, False),
    ("it rained on", "rained", True, True),
    ('it rained," he said', "said", True, False),
    ('"It rained on', "rained", True, True),  # a paragraph opens the same quotation anew
    ('"It rained," he said', "said", True, False),
])
def test_inside(text: str, word: str, open_before: bool, within: bool) -> None:
    assert inside(text, text.index(word), open_before) is within
