"""The registry of actors: strict rows, and who is meant by a name on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.errors import KnowledgeError
from detente.knowledge import Knowledge
from detente.knowledge.actors import (
    GROUP_COLUMNS,
    ORGANISATION_COLUMNS,
    PERSON_COLUMNS,
    STATE_COLUMNS,
    Registry,
    Term,
    choose,
    term_on,
    valid,
)

FILES = {"states": STATE_COLUMNS, "organisations": ORGANISATION_COLUMNS, "armed_groups": GROUP_COLUMNS, "persons": PERSON_COLUMNS}


def write(folder: Path, file: str, *rows: dict[str, str]) -> Path:
    """Writes one of the actor files; cells that a row does not name are empty."""
    path = folder / "actors" / f"{file}.tsv"
    path.parent.mkdir(exist_ok=True)
    columns = FILES[file]
    lines = ["\t".join(columns), *("\t".join(row.get(column, "") for column in columns) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def load(folder: Path) -> Registry:
    """A registry of nothing but this folder."""
    registry = Registry()
    registry.load(folder)
    return registry


def refused(folder: Path, path: Path, line: int) -> KnowledgeError:
    """The error that loading gives; it must name this file and line."""
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    assert (caught.value.path, caught.value.line) == (path, line)
    return caught.value


NORTH = {"id": "NOR", "name": "Northland", "country": "NOR", "aliases": "Kingdom of Northland", "adjectives": "Northish"}


def test_an_unknown_column(tmp_path: Path) -> None:
    path = write(tmp_path, "states", NORTH)
    path.write_text(path.read_text(encoding="utf-8").replace("note", "remark", 1), encoding="utf-8")
    assert "remark" in refused(tmp_path, path, 1).found


def test_an_id_twice(tmp_path: Path) -> None:
    path = write(tmp_path, "states", NORTH, {"id": "NOR", "name": "Otherland", "country": "NOR"})
    assert "NOR" in refused(tmp_path, path, 3).found


def test_an_id_twice_in_two_files(tmp_path: Path) -> None:
    write(tmp_path, "organisations", {"id": "front", "name": "Front for Trade"})
    path = write(tmp_path, "armed_groups", {"id": "front", "name": "Liberation Front"})
    assert "front" in refused(tmp_path, path, 2).found


@pytest.mark.parametrize("column", ["valid_from", "valid_to"])
def test_a_bad_date(tmp_path: Path, column: str) -> None:
    path = write(tmp_path, "states", NORTH, {"id": "SOU", "name": "Southland", "country": "SOU", column: "spring 1990"})
    assert column in refused(tmp_path, path, 3).found


def test_an_end_before_its_beginning(tmp_path: Path) -> None:
    path = write(tmp_path, "states", {**NORTH, "valid_from": "1990", "valid_to": "1980"})
    assert "1990" in refused(tmp_path, path, 2).found


def test_an_alias_of_two_actors_in_one_period(tmp_path: Path) -> None:
    path = write(
        tmp_path, "armed_groups", {"id": "one", "name": "One", "aliases": "The Front"}, {"id": "two", "name": "Two", "aliases": "The Front"}
    )
    error = refused(tmp_path, path, 3)
    assert "The Front" in error.found
    assert "armed_groups.tsv:2" in error.found


def test_an_alias_may_pass_from_one_actor_to_the_next(tmp_path: Path) -> None:
    write(
        tmp_path,
        "armed_groups",
        {"id": "old", "name": "Old Front", "aliases": "The Front", "valid_to": "1999"},
        {"id": "new", "name": "New Front", "aliases": "The Front", "valid_from": "2000"},
    )
    namings = load(tmp_path).names.exact("The Front")
    actors = [choose(namings, day).actor for day in (date(1995, 5, 1), date(2005, 5, 1))]
    assert [actor.id for actor in actors if actor] == ["old", "new"]


def test_an_unknown_sector(tmp_path: Path) -> None:
    path = write(tmp_path, "organisations", {"id": "club", "name": "Trade Club", "sector": "IGO|XYZ"})
    assert "XYZ" in refused(tmp_path, path, 2).found


def test_a_person_of_an_unknown_actor(tmp_path: Path) -> None:
    write(tmp_path, "states", NORTH)
    path = write(tmp_path, "persons", {"person": "Jane Doe", "actor": "SOU", "role": "president"})
    assert "SOU" in refused(tmp_path, path, 2).found


PERSON = {"actor": "NOR", "role": "president", "sector": "GOV"}


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ({"valid_from": "2000", "valid_to": "2004-05"}, {"valid_from": "2002", "valid_to": "2008"}, "Jane Doe be then"),
        ({"valid_from": "2000"}, {"valid_from": "2002-03-01"}, "Jane Doe be then"),
        ({}, {}, "Jane Doe be then"),
        ({"valid_from": "2000", "valid_to": "2004"}, {"valid_from": "2008", "valid_to": "2005"}, "after valid_to"),
        ({"valid_from": "2000", "valid_to": "2004"}, {"valid_from": "1980", "valid_to": "1984"}, "being valid from 1990-01-01"),
        ({"valid_from": "2000", "valid_to": "2004"}, {"valid_from": "2005"}, "being valid from 1990-01-01 to 2010-12-31"),
    ],
)
def test_a_term_that_contradicts_another_row(tmp_path: Path, one: dict[str, str], two: dict[str, str], found: str) -> None:
    write(tmp_path, "states", {**NORTH, "valid_from": "1990", "valid_to": "2010"})
    if not one.get("valid_to"):
        write(tmp_path, "states", NORTH)
    path = write(tmp_path, "persons", {"person": "Jane Doe", **PERSON, **one}, {"person": "John Roe", **PERSON, **two})
    assert found in refused(tmp_path, path, 3).found


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"valid_to": "2004-05-03"}, {"valid_from": "2004-05-03"}),
        ({"valid_to": "2004"}, {"valid_from": "2004-02-01"}),
        ({"valid_from": "2000"}, {"valid_from": "2002", "note": "of the rival government"}),
        ({"valid_from": "2000", "note": "of the rival government"}, {"valid_from": "2002"}),
        ({"role": "spokesman"}, {"role": "spokesman"}),
    ],
)
def test_terms_that_do_not_contradict(tmp_path: Path, one: dict[str, str], two: dict[str, str]) -> None:
    write(tmp_path, "states", NORTH)
    write(tmp_path, "persons", {"person": "Jane Doe", **PERSON, **one}, {"person": "John Roe", **PERSON, **two})
    assert load(tmp_path).names.exact("John Roe")


def test_a_seat_of_an_organisation_in_a_states_capital(tmp_path: Path) -> None:
    write(tmp_path, "states", {**NORTH, "capital": "Northtown"})
    write(tmp_path, "organisations", {"id": "club", "name": "Trade Club", "seats": "Northtown", "valid_from": "2000"})
    namings = load(tmp_path).names.exact("Northtown")
    chosen = [choose(namings, day).actor for day in (date(1995, 5, 1), date(2005, 5, 1))]
    assert [actor.id for actor in chosen if actor] == ["NOR", "club"]


TERMS = (
    Term("Jane Doe", "NOR", "foreign minister", ("GOV",), date(2000, 1, 1), date(2004, 12, 31)),
    Term("Jane Doe", "NOR", "president", ("GOV",), date(2008, 1, 1), None),
)


@pytest.mark.parametrize(
    ("day", "role"),
    [
        (date(2002, 1, 1), "foreign minister"),
        (date(2006, 1, 1), "foreign minister"),
        (date(2010, 1, 1), "president"),
        (None, "president"),
    ],
)
def test_the_office_on_a_day(day: date | None, role: str) -> None:
    term = term_on(TERMS, day)
    assert term is not None
    assert term.role == role


def test_no_office_without_terms() -> None:
    assert term_on((), date(2016, 7, 5)) is None


def test_open_ends_hold_everything() -> None:
    day = date(2016, 7, 5)
    assert valid(None, None, day)
    assert valid(day, day, day)
    assert not valid(date(2016, 7, 6), None, day)
    assert valid(date(1990, 1, 1), None, None)
    assert not valid(None, date(1990, 1, 1), None)


@pytest.mark.parametrize(
    ("name", "day", "actor", "role"),
    [
        ("Alain Juppé", "1994-06-01", "FRA", "foreign minister"),
        ("Alain Juppe", "1996-06-01", "FRA", "prime minister"),
        ("Budanov", "2023-06-01", "UKR", "intelligence chief"),
        ("Kyrylo Budanov", "2026-03-01", "UKR", "head of the presidential office"),
        ("Tajani", "2018-06-01", "european-parliament", "president"),
        ("Antonio Tajani", "2024-06-01", "ITA", "foreign minister"),
        ("Đukanović", "2004-06-01", "MNE", "prime minister"),
        ("Djukanovic", "2020-06-01", "MNE", "president"),
        ("Ould Abdel Aziz", "2008-10-01", "MRT", "junta leader"),
        ("Deve Gowda", "1996-12-01", "IND", "prime minister"),
        ("Isnilon Hapilon", "2017-06-01", "abu-sayyaf", "leader"),
        ("Silanyo", "2015-06-01", "somaliland", "president"),
    ],
)
def test_who_held_which_office(knowledge: Knowledge, name: str, day: str, actor: str, role: str) -> None:
    when = date.fromisoformat(day)
    term = term_on(choose(knowledge.registry.names.exact(name), when).terms, when)
    assert term is not None
    assert (term.actor, term.role) == (actor, role)


def test_the_shipped_registry_knows_its_own_ids(knowledge: Knowledge) -> None:
    registry = knowledge.registry
    assert {actor.kind for actor in registry.actors.values()} == {"state", "organisation", "group"}
    assert all(registry.actor(ident).id == ident for ident in registry.actors)
    with pytest.raises(KnowledgeError, match="no-such-actor"):
        registry.actor("no-such-actor")
