"""Ways from a trigger to the words that may be its parties."""

from __future__ import annotations

import pytest

from detente import Coder
from detente.flow.paths import paths_of
from detente.settings import load_settings


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(load_settings(coder="rules"))


@pytest.mark.parametrize(("text", "trigger", "ways"), [
    ("Kenya shelled a camp in Somalia.", "shelled", {"Kenya": "V subject", "camp": "V obj"}),
    ("The camp was shelled by Kenya.", "shelled", {"camp": "P nsubj:pass", "Kenya": "P subject"}),
    ("Kenya wants to shell the camp.", "shell", {"Kenya": "V subject", "camp": "V obj"}),
    ("The shelling of the camp angered Somalia.", "shelling", {"camp": "N nmod:of", "Somalia": "N ^nsubj obj"}),
])
def test_ways(coder: Coder, text: str, trigger: str, ways: dict[str, str]) -> None:
    parse = coder.explain(text, "2016-07-05")[0].parse
    index = next(w.index for w in parse.words if w.text == trigger)
    found = {parse.word(k).text: way for k, way in paths_of(parse, index).items()}
    assert {word: found.get(word) for word in ways} == ways
