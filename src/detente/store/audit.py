"""Looks over a whole store: is every article there once, with all of its claims; what is left over; how far the derived tables are."""

from __future__ import annotations

from dataclasses import dataclass

from ..tables import KEPT, TABLES
from .delta import told
from .reader import Session, View


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found. Whatever stands in `problems` should never be; `notes` say what is left over and harmless.

    `orphans`: rows of claims and entries that no article names (of adds that died, or lost a race); `unfinished`: runs without an end;
    `behind`: articles, and decisions, that the derived tables do not know yet; `files`: of each table, as it is now.
    """

    version: int
    articles: int
    codings: int
    claims: int
    entries: int
    retracted: int
    rejects: int
    decisions: int
    orphans: int
    unfinished: int
    behind: tuple[int, int]
    files: dict[str, int]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


_TWICE = "SELECT count(*) FROM (SELECT {keys} FROM _{name} GROUP BY {keys} HAVING count(*) > 1)"
_NAMED = "_{name} r {join} JOIN _articles a ON r.article = a.id AND r.batch = a.batch"
_TORN = (
    "SELECT count(*) FROM _articles a LEFT JOIN (SELECT article, batch, count(*) AS n FROM _{name} GROUP BY ALL) r"
    " ON r.article = a.id AND r.batch = a.batch WHERE coalesce(r.n, 0) <> coalesce(a.{name}, 0)"
)


def audit(view: View, behind: tuple[int, int]) -> Audit:
    """The report of a store. `behind` as `Store.behind` counts it."""
    with Session(view, KEPT) as session:

        def count(query: str) -> int:
            return int(session.ask(query).column(0)[0].as_py())

        problems = []
        for name, keys in (("articles", "id, batch"), ("claims", "id, article, batch"), ("entries", "id, article, batch"),
                           ("decisions", "id"), ("foreign", "dataset, id")):
            twice = count(_TWICE.format(name=name, keys=keys))
            problems += [f"{name}: {twice} ids stand there twice"] if twice else []
        for name in ("claims", "entries"):
            torn = count(_TORN.format(name=name))
            problems += [f"{name}: {torn} articles have more or fewer than they were stored with"] if torn else []
        same = count("SELECT count(*) FROM (SELECT recorded FROM _articles GROUP BY recorded HAVING count(DISTINCT batch) > 1)")
        problems += [f"articles: {same} moments are shared by batches, so their order is not known"] if same else []
        orphans = sum(count(f"SELECT count(*) FROM {_NAMED.format(name=name, join='ANTI')}") for name in ("claims", "entries"))
        unfinished = count(
            "SELECT count(*) FROM runs r WHERE state = 'begun' AND run NOT IN (SELECT run FROM runs WHERE state <> 'begun')"
        )
        counts = {name: count(f"SELECT count(*) FROM {name}") for name in ("articles", "claims", "entries", "rejects", "decisions")}
        codings = count("SELECT count(*) FROM _articles")
        known = count("SELECT count(DISTINCT id) FROM _articles")
    files, version = {}, 0
    for name in TABLES:
        handle = view.tables[name].handle()
        with told(view.tables[name]):
            files[name] = len(handle.file_uris())
        version = int(handle.version()) if name == "articles" else version
    return Audit(
        version=version, codings=codings, retracted=known - counts["articles"], orphans=orphans, unfinished=unfinished, behind=behind,
        files=files, problems=tuple(problems), notes=tuple(_notes(orphans, unfinished, behind)), **counts,
    )


def _notes(orphans: int, unfinished: int, behind: tuple[int, int]) -> list[str]:
    notes = [f"{orphans} rows of claims and entries have no article: of adds that died; vacuum removes them"] if orphans else []
    notes += [f"{unfinished} runs have begun and not ended: they were broken off, or are under way"] if unfinished else []
    notes += [f"{behind[0]} articles and {behind[1]} decisions are not in the derived tables yet"] if any(behind) else []
    return notes
