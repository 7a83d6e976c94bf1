"""acts/same.yml: what the shipped file holds, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge import DATA, Knowledge
from detente.knowledge.same_acts import load_same_acts

SHIPPED = (DATA / "acts" / "same.yml").read_text(encoding="utf-8")


def test_families_and_modes(knowledge: Knowledge) -> None:
    acts = knowledge.same_acts
    assert acts.related("ASSAULT", "COERCE")
    assert acts.related("AID", "AID")
    assert not acts.related("ASSAULT", "CONSULT")
    assert acts.kin("aerial", "drone")
    assert not acts.kin("aerial", "abduct")
    assert {"attack", "attacks", "clashes"} <= acts.nouns["ASSAULT"]
    assert (acts.sides["MIL"], acts.sides["UAF"], acts.sides.get("CVL")) == ("state", "armed", None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  headline: 3\n", ""),
        ("  headline: 3\n", "  headline: much\n"),
        ("  headline: 3\n", "  headlines: 3\n"),
        ("- [AID, COOPERATE]", "- [AID, HELP]"),
        ("[firearms, targeted]", "[firearms, teasing]"),
        ("  armed: [REB,", "  armed: [XYZ,"),
        ("link: 5", "link: five"),
        ("link: 5\n", ""),
        ("relative: [who,", "relative: [3,"),
        ("indefinite: [a, an, some, several, any]", "indefinite: []"),
    ],
)
def test_a_broken_file_is_refused(old: str, new: str, tmp_path: Path, knowledge: Knowledge) -> None:
    assert SHIPPED.count(old) == 1
    path = tmp_path / "same.yml"
    path.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError):
        load_same_acts(path, knowledge.ontology)
