"""The mark that spares `detente check` what was proved before holds only for exactly the same state."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.score import proof
from detente.settings import Settings


def test_the_mark_changes_with_knowledge_and_trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = proof.mark("k_one")
    assert first == proof.mark("k_one")
    assert first != proof.mark("k_two")
    trees = tmp_path / "trees.json.gz"
    trees.write_bytes(b"other")
    monkeypatch.setattr(proof, "TREES", trees)
    assert first != proof.mark("k_one")


def test_the_mark_changes_with_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("one = 1\n")
    monkeypatch.setattr(proof, "PACKAGE", tmp_path)
    first = proof.mark("k")
    (tmp_path / "a.py").write_text("one = 2\n")
    assert first != proof.mark("k")


def test_only_the_written_mark_counts_as_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "proved.txt"
    monkeypatch.setattr(proof, "FILE", path)
    assert not proof.is_proved("k")
    path.write_text(proof.mark("k") + "\n")
    assert proof.is_proved("k")
    assert not proof.is_proved("k_other")


def test_the_users_own_files_are_never_taken_for_proved(tmp_path: Path) -> None:
    assert proof.is_shipped(Settings())
    for own in (Settings(knowledge=(tmp_path,)), Settings(model=tmp_path), Settings(parser="other")):
        assert not proof.is_shipped(own)
