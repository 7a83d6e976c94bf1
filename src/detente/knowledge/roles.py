"""Roles ("foreign minister", "rebels", "warplane") with their PLOVER sectors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .files import read_table

COLUMNS = ("phrase", "sectors", "kind", "note")
THING_COLUMNS = ("word", "note")
KINDS = ("office", "agent", "body")
SECTORS = frozenset(
    "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC IGO NGO".split()
)


_STATE = re.compile(r"\bstate: ([A-Z]{3})\b")
_USUAL = re.compile(r"\b(?:state|body), usually: ([A-Z]{3}|[a-z][a-z-]+)\b")
_PLURAL = re.compile(r"\bplural: ([^;]+)")


@dataclass(frozen=True, slots=True)
class Role:
    """A role phrase. `kind`: office (one holder), agent (persons), body (institutions, forces and what stands for them)."""

    phrase: str
    sectors: tuple[str, ...]
    kind: str
    country: str | None = None
    usual: str | None = None  # the state or body that is meant where neither the words nor the story name one ("the House of Commons")
    of_body: bool = False  # a spokesman has the sector of the body that he speaks for
    dependent: bool = False  # a word that is an office only together with a body ("the head of the agency")
    capital: bool = False  # a word that is a role only with a capital ("a Tornado")
    attacking: bool = False  # a word that is a role only where it attacks ("planes bombed")
    flying: bool = False  # a word for armed people that is a craft of the forces where it flies ("bombers took off")
    of_story: bool = False  # "the protesters" are those of the country that the story is about


class Roles:
    """Role phrases by their last word."""

    def __init__(self) -> None:
        self._by_phrase: dict[tuple[str, ...], Role] = {}
        self._plurals: dict[tuple[str, ...], Role] = {}
        self._last: set[str] = set()  # the words that some phrase ends with
        self.longest = 1

    def load(self, path: Path) -> None:
        """Reads roles.tsv. Raises KnowledgeError for an unknown sector or kind, or a phrase that stands twice."""
        for row in read_table(path, COLUMNS):
            sectors = row.many("sectors")
            if not sectors or set(sectors) - SECTORS:
                raise row.error(f"sectors {row['sectors']!r}", f"some of {' '.join(sorted(SECTORS))}")
            if row["kind"] not in KINDS:
                raise row.error(f"kind {row['kind']!r}", f"one of {', '.join(KINDS)}")
            words = tuple(row["phrase"].lower().replace("-", " - ").split())
            if words in self._by_phrase:
                raise row.error(f"phrase {row['phrase']!r} twice", "each phrase once")
            role = self._by_phrase[words] = _role(row["phrase"], sectors, row["kind"], row["note"])
            plural = _PLURAL.search(row["note"])
            if plural:
                self._plurals[tuple(plural.group(1).lower().replace("-", " - ").split())] = role
                self._last.add(plural.group(1).lower().replace("-", " - ").split()[-1])
            self._last.add(words[-1])
            self.longest = max(self.longest, len(words))

    def kind_of(self, phrase: str | None) -> str | None:
        """Office, agent or body; None for no role."""
        role = self._by_phrase.get(tuple((phrase or "").lower().replace("-", " - ").split()))
        return role.kind if role else None

    def ending_at(self, words: list[str], lemma: str) -> tuple[Role, int] | None:
        """The longest role phrase that ends with the last of these lower-cased words.

        `lemma` stands in for the last word where the form itself is not known. → role and its length in words, or None.
        """
        if not words or (words[-1] not in self._last and lemma not in self._last):
            return None
        for size in range(min(self.longest, len(words)), 0, -1):
            tail = tuple(words[-size:])
            role = self._by_phrase.get(tail) or self._plurals.get(tail) or self._by_phrase.get((*tail[:-1], lemma))
            if role:
                return role, size
        return None


def _role(phrase: str, sectors: tuple[str, ...], kind: str, note: str) -> Role:
    """A role with what its note says of it."""
    state, usual = _STATE.search(note), _USUAL.search(note)
    return Role(phrase, sectors, kind, state.group(1) if state else None, usual.group(1) if usual else None,
                "takes the sector of its body" in note, "only of a body" in note, "only with a capital" in note,
                "only of an attack" in note, "MIL where it flies" in note, "of the story" in note)


def load_things(path: Path) -> frozenset[str]:
    """Reads things.tsv: what is named after a nation without belonging to it ("coffee", "carpet")."""
    return frozenset(row["word"] for row in read_table(path, THING_COLUMNS))
