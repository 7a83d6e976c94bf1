"""The points file is read strictly; parties answer as they should."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from detente.errors import KnowledgeError
from detente.fold.rules import FILE, FoldRules, read_points

EVENTS = ("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST",
          "SANCTION", "MOBILIZE", "COERCE", "ASSAULT")


def test_the_shipped_file_is_whole() -> None:
    assert read_points(FILE, EVENTS).thresholds.link > read_points(FILE, EVENTS).thresholds.refuse


@pytest.mark.parametrize("change", [
    {"surplus": 1}, {"durative": ["DANCE"]}, {"points": {"act": {"same-mode": 2}}}, {"thresholds": {"link": 5}}, {"windows": {}},
])
def test_what_it_does_not_know_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    path = tmp_path / "points.yml"
    path.write_text(yaml.safe_dump({**raw, **change}), encoding="utf-8")
    with pytest.raises(KnowledgeError):
        read_points(path, EVENTS)


def test_a_value_is_a_number_or_a_conflict(tmp_path: Path) -> None:
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    raw["points"]["act"]["same-mode"] = "much"
    path = tmp_path / "points.yml"
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")
    with pytest.raises(KnowledgeError):
        read_points(path, EVENTS)


@pytest.mark.parametrize(("ident", "country", "sectors", "root"), [
    ("FRA", "FRA", ("MIL",), "FRA"), ("FRA", "FRA", (), "FRA"), (None, "FRA", ("GOV",), "FRA"), (None, "SYR", ("REB",), "SYR:REB"),
    ("SYR", "SYR", ("CVL",), "SYR:CVL"), ("nato", None, ("IGO",), "nato"), ("hamas", "PSE", ("REB",), "hamas"), (None, None, ("UAF",), ""),
    ("nobody-knows-this", None, (), "nobody-knows-this"),
])
def test_who_answers_for_a_mention(rules: FoldRules, ident: str | None, country: str | None, sectors: tuple[str, ...], root: str) -> None:
    assert rules.party(ident, country, sectors).root == root


def test_members_and_organisations_are_kin(rules: FoldRules) -> None:
    assert ("nato", "TUR") in rules.kin
    assert ("TUR", "nato") in rules.kin
    assert ("united-nations", "TUR") not in rules.kin, "everybody is a member: it says nothing"
