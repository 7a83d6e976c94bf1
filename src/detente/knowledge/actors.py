"""The registry of actors: states, organisations, armed groups, office holders, outlets; who is meant by a name on a day."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from ..errors import KnowledgeError
from .files import Row, read_table
from .names import NameIndex, fold
from .roles import SECTORS

STATE_COLUMNS = tuple("id name country sector aliases adjectives demonyms capital seats valid_from valid_to source note".split())
ORGANISATION_COLUMNS = ("id", "name", "kind", "country", "sector", "aliases", "seats", "valid_from", "valid_to", "source", "note")
GROUP_COLUMNS = ("id", "name", "country", "sector", "aliases", "valid_from", "valid_to", "successor", "source", "note")
PERSON_COLUMNS = ("person", "aliases", "actor", "role", "sector", "valid_from", "valid_to", "source", "note")
NOT_ACTOR_COLUMNS = ("name", "note")
OUTLET_COLUMNS = ("name", "country", "aliases", "note")

TITLED = frozenset({"president", "prime minister", "chancellor", "king", "queen", "foreign minister", "premier", "secretary of state"})
# Offices that one person holds at a time. Spokesmen, envoys, rebel leaders may be several, and opposition leaders always are.
SOLE = TITLED | {
    "emir", "sultan", "emperor", "pope", "crown prince", "supreme leader", "general secretary", "vice president", "deputy president",
    "defence minister", "interior minister", "finance minister", "national security adviser", "speaker of parliament",
    "chief of the general staff", "army chief", "commander in chief", "leader", "junta leader", "secretary general",
    "director general", "executive director", "high commissioner", "high representative", "prosecutor", "head", "director",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A state, organisation or group. `kind`: state, organisation, group."""

    id: str
    name: str
    kind: str
    country: str
    sector: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One person's term in one office."""

    person: str
    actor: str
    role: str
    sector: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Naming:
    """What a name stands for. `kind`: name, adjective, demonym, capital, seat (of an organisation too: "Brussels"), person, outlet; none
    for a longer name that hides a state's ("Latin America")."""

    kind: str
    actor: Actor | None = None
    terms: tuple[Term, ...] = ()
    country: str | None = None
    label: str = ""


class Registry:
    """All known actors and their names."""

    def __init__(self) -> None:
        self.actors: dict[str, Actor] = {}
        self.names: NameIndex[Naming] = NameIndex()
        self._by_surname: dict[str, list[Naming]] = {}
        self._aliases: dict[str, list[tuple[Actor | str, date | None, date | None, Row]]] = {}
        self._holders: dict[tuple[str, str], list[Row]] = {}
        self._spoken: dict[str, dict[str, None]] | None = None
        self._offices: dict[str, list[Term]] | None = None
        self._capitals: dict[str, str] = {}

    @cached_property
    def homes(self) -> Mapping[str, str]:
        """The country of each actor that is of one but is no state, by its id."""
        return {ident: actor.country for ident, actor in self.actors.items() if actor.kind != "state" and actor.country}

    def load(self, folder: Path) -> None:
        """Reads the actor files of one data folder (those that are there)."""
        self.__dict__.pop("homes", None)
        people: dict[str, tuple[list[Term], set[str]]] = {}
        for file, columns, kind in (
            ("states", STATE_COLUMNS, "state"),
            ("organisations", ORGANISATION_COLUMNS, "organisation"),
            ("armed_groups", GROUP_COLUMNS, "group"),
            ("parties", GROUP_COLUMNS, "group"),
        ):
            path = folder / "actors" / f"{file}.tsv"
            for row in read_table(path, columns) if path.is_file() else ():
                self._add_actor(row, kind)
        path = folder / "actors" / "persons.tsv"
        for row in read_table(path, PERSON_COLUMNS) if path.is_file() else ():
            self._add_person(row, people)
        for person, (terms, aliases) in people.items():
            for alias in {person, *aliases}:
                self.names.add(alias, Naming("person", terms=tuple(terms), label=person))
            for surname in {fold(alias).split()[-1] for alias in (person, *aliases)}:
                self._by_surname.setdefault(surname, []).append(Naming("person", terms=tuple(terms), label=person))
        path = folder / "actors" / "not_actors.tsv"
        for row in read_table(path, NOT_ACTOR_COLUMNS) if path.is_file() else ():
            self.names.add(row["name"], Naming("none", label=row["name"]))
        path = folder / "roles" / "outlets.tsv"
        for row in read_table(path, OUTLET_COLUMNS) if path.is_file() else ():
            for alias in (row["name"], *row.many("aliases")):
                self.names.add(alias, Naming("outlet", country=row["country"] or None, label=row["name"]))

    def _add_actor(self, row: Row, kind: str) -> None:
        if not row["id"] or row["id"] in self.actors:
            raise row.error(f"id {row['id']!r}", "an id that no other row has")
        since, until = row.day("valid_from"), row.day("valid_to", last=True)
        if since and until and since > until:
            raise row.error(f"valid_from {since} after valid_to {until}", "a period that ends after it begins")
        actor = Actor(row["id"], row["name"], kind, row["country"], sectors_of(row), since, until)
        self.actors[actor.id] = actor
        lists = [("name", (row["name"], *row.many("aliases")))]
        if kind == "state":
            columns = (("adjective", "adjectives"), ("demonym", "demonyms"), ("capital", "capital"), ("seat", "seats"))
            lists += [(what, row.many(column)) for what, column in columns]
            self._capitals[actor.id] = next(iter(row.many("capital")), "")
        elif kind == "organisation":
            lists.append(("seat", row.many("seats")))
        for what, names in lists:
            for name in dict.fromkeys(names):
                if what != "seat" or kind == "state":  # an organisation sits in somebody's capital
                    self._claim_alias(name, actor, row)
                self.names.add(name, Naming(what, actor, country=actor.country))

    def _claim_alias(self, name: str, actor: Actor, row: Row) -> None:
        for other, since, until, where in self._aliases.setdefault(name, []):
            if other is not actor and _overlap(actor.valid_from, actor.valid_to, since, until):
                raise row.error(f"alias {name!r} of {actor.id}, which {where.path.name}:{where.line} gives to another actor",
                                "one actor for one alias in one period", "drop it from one row, or date the rows")
        self._aliases[name].append((actor, actor.valid_from, actor.valid_to, row))

    def _add_person(self, row: Row, people: dict[str, tuple[list[Term], set[str]]]) -> None:
        if row["actor"] not in self.actors:
            raise row.error(f"actor {row['actor']!r}", "the id of a state, organisation or group", "add the actor first or correct the id")
        term = Term(row["person"], row["actor"], row["role"], sectors_of(row), row.day("valid_from"), row.day("valid_to", last=True))
        if term.valid_from and term.valid_to and term.valid_from > term.valid_to:
            raise row.error(f"valid_from {term.valid_from} after valid_to {term.valid_to}", "a period that ends after it begins")
        self._refuse_contradiction(row, self.actors[row["actor"]])
        terms, aliases = people.setdefault(row["person"], ([], set()))
        terms.append(term)
        aliases.update(row.many("aliases"))

    def _refuse_contradiction(self, row: Row, actor: Actor) -> None:
        """Refuses a term outside its actor's life, and a second holder of an office that has one, unless a note explains it."""
        first, last = sure_period(row)
        if not row["note"]:
            begun = actor.valid_from and row["valid_from"] and first < actor.valid_from
            if begun or (actor.valid_to and last > actor.valid_to):
                life = f"{actor.id} being valid from {actor.valid_from or 'ever'} to {actor.valid_to or 'now'}"
                raise row.error(f"a term from {row['valid_from'] or 'ever'} to {row['valid_to'] or 'now'}, {life}",
                                "a term within the life of its actor", EXPLAIN)
        if plain(row["role"]) not in SOLE:
            return
        for other in self._holders.setdefault((actor.id, plain(row["role"])), []):
            begin, end = sure_period(other)
            if first < end and begin < last and not (row["note"] or other["note"]):
                raise row.error(f"{row['person']} as {row['role']} of {actor.id}, which line {other.line} has {other['person']} be then",
                                "one holder at a time", EXPLAIN)
        self._holders[actor.id, plain(row["role"])].append(row)

    def titled(self, role: str, surname: str) -> tuple[Naming, ...]:
        """Who may be meant by an office and a bare surname ("President X"), where the surname alone is too common to be an alias."""
        found = self._by_surname.get(fold(surname), ()) if role in TITLED else ()
        return tuple(n for n in found if any(plain(term.role) == role for term in n.terms))

    def surnamed(self, surname: str, day: date | None, sectors: tuple[str, ...] = ()) -> Naming | None:
        """Who is meant by a bare surname that is no alias: the only one who held one of the titled offices on that day (an office of these
        sectors, where some are given), on any day where none is given, or None."""
        def held(term: Term) -> bool:
            fits = bool(set(term.sector) & set(sectors)) if sectors else plain(term.role) in TITLED
            return fits and term.valid_from is not None and (day is None or valid(term.valid_from, term.valid_to, day))
        found = [n for n in self._by_surname.get(fold(surname), ()) if any(held(t) for t in n.terms)]
        return found[0] if len({n.label for n in found}) == 1 else None

    def capital(self, state: str) -> str | None:
        """The name of a state's capital, None where the table has none."""
        return self._capitals.get(state) or None

    def terms_of(self, surname: str) -> tuple[Term, ...]:
        """All terms of office of all who bear a last name, whatever the day."""
        return tuple(term for naming in self._by_surname.get(fold(surname), ()) for term in naming.terms)

    def names_of(self, actor_id: str) -> tuple[str, ...]:
        """All names by which an actor is told, adjectives and capitals of states included, in the order of the tables."""
        if self._spoken is None:
            spoken: dict[str, dict[str, None]] = {}
            for name, holders in self._aliases.items():
                for holder, *_ in holders:
                    if isinstance(holder, Actor):
                        spoken.setdefault(holder.id, {})[name] = None
            self._spoken = spoken
        return tuple(self._spoken.get(actor_id, ()))

    def offices(self, actor_id: str) -> tuple[Term, ...]:
        """All terms of office that are known at an actor, the oldest first."""
        if self._offices is None:
            people = {naming.label: naming.terms for namings in self._by_surname.values() for naming in namings}
            offices: dict[str, list[Term]] = {}
            for term in sorted((t for terms in people.values() for t in terms), key=lambda t: (t.valid_from or date.min, t.person, t.role)):
                offices.setdefault(term.actor, []).append(term)
            self._offices = offices
        return tuple(self._offices.get(actor_id, ()))

    def actor(self, actor_id: str) -> Actor:
        """The actor with this id; KnowledgeError if there is none."""
        try:
            return self.actors[actor_id]
        except KeyError:
            raise KnowledgeError("actors", 0, f"id {actor_id!r}", "the id of a known actor") from None


EXPLAIN = "correct one of the rows, or say in its note why both are true"


def sure_period(row: Row) -> tuple[date, date]:
    """The days that a row covers whatever its shortened dates mean: "2016" to "2018" surely holds only 2017 and one day on each side."""
    return row.day("valid_from", last=True) or date.min, row.day("valid_to") or date.max


def plain(role: str) -> str:
    """An office without hyphens, in small letters: "secretary-general" and "Secretary General" are one."""
    return role.lower().replace("-", " ")


def sectors_of(row: Row) -> tuple[str, ...]:
    """The sector cell of a row. Raises KnowledgeError for a code that PLOVER does not have."""
    sectors = row.many("sector")
    if unknown := set(sectors) - SECTORS:
        raise row.error(f"sector {sorted(unknown)}", f"some of {' '.join(sorted(SECTORS))}")
    return sectors


def _overlap(a: date | None, b: date | None, c: date | None, d: date | None) -> bool:
    return (b is None or c is None or c < b) and (d is None or a is None or a < d)


def valid(since: date | None, until: date | None, day: date | None) -> bool:
    """Whether a period holds a day; an open end holds everything, an unknown day only periods without an end."""
    if day is None:
        return until is None
    return (since is None or since <= day) and (until is None or day <= until)


def sits(naming: Naming) -> bool:
    """Whether a name stands for an organisation as its seat: it is a place as well."""
    return naming.kind == "seat" and naming.actor is not None and naming.actor.kind == "organisation"


def choose(namings: tuple[Naming, ...], day: date | None, told: Container[str] = ()) -> Naming:
    """The reading of a name that fits a day: valid actors before expired ones, states before others, but the organisation that a
    capital stands for before the state; of persons who share a name the one in office on that day, of several those of the
    countries that the text has `told` of."""
    def rank(naming: Naming) -> tuple[bool, int, bool]:
        fits = naming.actor is None or valid(naming.actor.valid_from, naming.actor.valid_to, day)
        if naming.terms:
            fits = any(valid(term.valid_from, term.valid_to, day) for term in naming.terms)
        order = ("name", "person", "adjective", "demonym", "sits", "capital", "seat", "outlet", "none")
        return (not fits, order.index("sits" if sits(naming) else naming.kind), not any(term.actor in told for term in naming.terms))
    return min(namings, key=rank)


def term_on(terms: tuple[Term, ...], day: date | None) -> Term | None:
    """The office a person held on a day, the last one where the day is unknown or falls between terms."""
    if not terms:
        return None
    holding = [t for t in terms if valid(t.valid_from, t.valid_to, day)]
    if holding:
        return max(holding, key=lambda t: t.valid_from or date.min)
    begun = [t for t in terms if day is None or t.valid_from is None or t.valid_from <= day]
    return max(begun or list(terms), key=lambda t: t.valid_from or date.min)
