"""All knowledge together: the user's own folder, and the hash that says what was known."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge import Knowledge
from detente.knowledge.actors import GROUP_COLUMNS

ROW = {"id": "green-hill-front", "name": "Green Hill Front", "country": "NOR", "sector": "REB"}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one armed group."""
    (tmp_path / "actors").mkdir()
    cells = "\t".join(ROW.get(column, "") for column in GROUP_COLUMNS)
    (tmp_path / "actors" / "armed_groups.tsv").write_text("\t".join(GROUP_COLUMNS) + f"\n{cells}\n", encoding="utf-8")
    return tmp_path


def test_own_knowledge_is_added(knowledge: Knowledge, own: Path) -> None:
    richer = Knowledge([own])
    [hit] = richer.registry.names.find("the Green Hill Front attacked")
    assert hit.targets[0].actor is not None
    assert hit.targets[0].actor.id == "green-hill-front"
    assert not knowledge.registry.names.find("the Green Hill Front attacked")
    assert set(richer.registry.actors) == {*knowledge.registry.actors, "green-hill-front"}


def test_the_version_tells_of_every_change(knowledge: Knowledge, own: Path) -> None:
    first = Knowledge([own]).version
    assert first != knowledge.version
    assert Knowledge([own]).version == first
    path = own / "actors" / "armed_groups.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("Green Hill Front", "Green Hills Front"), encoding="utf-8")
    assert Knowledge([own]).version != first


def test_own_rows_may_not_take_a_shipped_id(own: Path) -> None:
    path = own / "actors" / "armed_groups.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("green-hill-front", "hezbollah"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="hezbollah") as caught:
        Knowledge([own])
    assert (caught.value.path, caught.value.line) == (path, 2)


@pytest.mark.parametrize("name", ["nothing-here", "empty"])
def test_a_folder_without_knowledge(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(KnowledgeError, match="no knowledge files"):
        Knowledge([tmp_path / name])
