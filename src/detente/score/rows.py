"""Does every lexicon row do as its sentences promise? `detente check` runs this; a failure names file, line and sentence."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_all_start_methods, get_context

from ..errors import KnowledgeError
from ..knowledge import Lexicon, Rule
from ..knowledge.files import line_of
from ..knowledge.lexicon import Match
from ..language import load_parser
from ..pipeline import Coder, make_article
from ..records import Claim, Mention
from ..settings import Settings
from .known_trees import KnownTrees

PUBLISHED = date(2016, 7, 5)
BATCH = 200


@dataclass(frozen=True, slots=True)
class RowFailure:
    """A sentence that did not do as its row promises."""

    rule: Rule
    sentence: str
    found: str
    expected: str

    def error(self) -> KnowledgeError:
        """The failure as an error with file and line."""
        line = line_of(self.rule.path, f"id: {self.rule.id}")
        return KnowledgeError(self.rule.path, line, f"{self.found} in {self.sentence!r}", f"{self.expected} (row {self.rule.id})",
                              "correct the row or its sentence; `detente explain` shows why")


def own_sentences(lexicon: Lexicon) -> Iterator[str]:
    """All sentences by which rows prove themselves."""
    for rule in lexicon.rules.values():
        if rule.row is None:
            continue
        yield from (match.text for match in rule.row.matches)
        yield from rule.row.refuses


def row_coder(settings: Settings) -> Coder:
    """The coder that checks rows: the lexicon alone, with the kept trees of their sentences where the model is the shipped one."""
    settings = settings.model_copy(update={"coder": "rules"})
    return Coder(settings, None if settings.model or settings.parser != "builtin" else KnownTrees(lambda: load_parser(settings)))


def check_rows(coder: Coder, only: frozenset[str] = frozenset(), jobs: int = 1) -> Iterator[RowFailure]:
    """Runs all `matches` and `refuses` (of the rows named in `only`, if any) through the coder, in so many processes."""
    work: list[tuple[Rule, str, Match | None]] = []
    for rule in coder.knowledge.lexicon.rules.values():
        if rule.row and (not only or rule.id in only):
            work += [(rule, match.text, match) for match in rule.row.matches]
            work += [(rule, text, None) for text in rule.row.refuses]
    parts = [work[begin : begin + BATCH] for begin in range(0, len(work), BATCH)]
    if jobs < 2 or len(parts) < 2 or "fork" not in get_all_start_methods():
        for part in parts:
            yield from _check(coder, part)
        return
    # The loaded coder is inherited by the children: loading it again would cost what the second process gains.
    _shared.append(coder)
    try:
        with ProcessPoolExecutor(min(jobs, len(parts)), get_context("fork")) as pool:
            for failures in pool.map(_check_shared, parts):
                yield from failures
    finally:
        _shared.clear()


_shared: list[Coder] = []


def _check_shared(part: list[tuple[Rule, str, Match | None]]) -> list[RowFailure]:
    return list(_check(_shared[0], part))


def _check(coder: Coder, part: list[tuple[Rule, str, Match | None]]) -> Iterator[RowFailure]:
    all_claims = coder.code_each([make_article(text, PUBLISHED, None) for _, text, _ in part])
    for (rule, text, match), claims in zip(part, all_claims, strict=True):
        failure = _refused(rule, text, claims) if match is None else _matched(rule, match, claims)
        if failure:
            yield failure


def _refused(rule: Rule, text: str, claims: list[Claim]) -> RowFailure | None:
    if any(claim.rule == rule.id for claim in claims):
        return RowFailure(rule, text, "a claim by this row", "none")
    return None


def _matched(rule: Rule, match: Match, claims: list[Claim]) -> RowFailure | None:
    # A more specific row of the same event and mode may take the words; the promise is kept then too.
    kinds = {(rule.event, rule.mode), (match.event or rule.event, match.mode or rule.mode)}
    own = [c for c in claims if c.rule == rule.id] or [c for c in claims if (c.event, c.mode) in kinds]
    if not own:
        others = ", ".join(f"{c.rule}" for c in claims) or "no claim"
        return RowFailure(rule, match.text, others, "a claim by this row")
    problems = [_difference(match, claim) for claim in own]
    if all(problems):
        return RowFailure(rule, match.text, problems[0] or "", "what the row says")
    return None


def _difference(match: Match, claim: Claim) -> str | None:
    """What of a claim is not as promised, or None."""
    for name, wanted, found in (("actor", match.actor, claim.actor), ("recipient", match.recipient, claim.recipient)):
        if wanted is not None and not same_parties(wanted, found):
            return f"{name} {[m.id or m.text for m in found]} instead of {wanted}"
    for name, expected, got in (
        ("mode", match.mode, claim.mode),
        ("status", match.status, claim.status),
        ("event", match.event, claim.event),
    ):
        if expected is not None and expected != got:
            return f"{name} {got} instead of {expected}"
    return None


def same_parties(wanted: list[str], found: tuple[Mention, ...]) -> bool:
    """Whether exactly these actors were found; a state is matched by anything of its own, unknown actors count for nothing."""
    known = [m for m in found if m.id]
    return all(any(w in {m.id, m.country} for m in known) for w in wanted) and all(m.id in wanted or m.country in wanted for m in known)
