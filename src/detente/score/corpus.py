"""Measures claims against the project's own corpus, article by article, by field.

A claim found and a claim marked up belong together where their triggers share a character; of several the one of the same event. Event: F1
of belonging pairs with the same event. Fields of such pairs: actor and recipient F1 (a party is right where the shorter of the two phrases
lies at least half in the other; one that only another sentence names, where it is found there by its words or country), status macro-F1,
voice (the speaker found where one is marked), stance, mode, context, place, date F1.
`idle_false`: share of sentences with nothing to code that got a claim; `claims_per_sentence` over all sentences.
Figures that begin with `ledger_` are those of stances, memberships and agreements (`corpus_ledger`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..ledger import Entry
from ..pipeline import Coder, make_article
from ..records import Claim, Mention
from ..settings import Settings
from .arithmetic import f1, macro_f1
from .corpus_file import GoldArticle, GoldClaim, GoldSentence, Piece, read_corpus
from .corpus_ledger import LedgerTally, compare_ledger, ledger_figures

Span = tuple[int, int]
ARTICLES = frozenset({"the", "a", "an"})
FIELDS = ("actor", "recipient", "place", "date", "context", "mode", "voice")


@dataclass(slots=True)
class Tally:
    """Right, found and gold of each field; statuses and stances of pairs; sentences."""

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    stances: list[tuple[str, str]] = field(default_factory=list)
    sentences: int = 0
    idle: int = 0
    idle_false: int = 0

    def add(self, name: str, right: int, found: int, gold: int) -> None:
        """Counts one comparison."""
        self.right[name] += right
        self.found[name] += found
        self.gold[name] += gold

    def f1(self, name: str) -> float:
        """The harmonic mean of precision and recall of a field."""
        return round(f1(self.right[name], self.found[name], self.gold[name]), 4)


def score(path: Path, settings: Settings, part: str = "test") -> dict[str, float | int]:
    """Figures 0 to 1 of one part (train, dev, test) of the corpus in a folder or file. Raises ScoreError."""
    coder = Coder(settings)
    articles = read_part(path, coder, part)
    ledger = LedgerTally()
    return figures(measure(articles, coder, ledger), len(articles)) | ledger_figures(ledger)


def read_part(path: Path, coder: Coder, part: str) -> list[GoldArticle]:
    """The articles of one part (train, dev, test) of a folder or file. Raises ScoreError."""
    paths = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    return [a for a in read_corpus(paths, coder.knowledge.ontology) if a.part == part]


def coded(articles: Sequence[GoldArticle], coder: Coder) -> Iterator[tuple[GoldSentence, int, list[Claim], list[Entry]]]:
    """Each sentence of articles that are coded as a user would, with its begin in the article, the claims and the entries found in it."""
    texts = [article.text() for article in articles]
    records = [make_article(text, article.published, None) for article, (text, _) in zip(articles, texts, strict=True)]
    by_article: dict[int, list[Claim]] = {}
    entries: dict[str, list[Entry]] = {}
    for entry in coder.work(records, by_article).entries:
        entries.setdefault(entry.article, []).append(entry)
    for number, (article, (_, starts)) in enumerate(zip(articles, texts, strict=True)):
        for sentence, start in zip(article.sentences, starts, strict=True):
            end = start + len(sentence.text)
            own = [c for c in by_article.get(number, []) if start <= c.trigger_start < end]
            yield sentence, start, own, [e for e in entries.get(records[number].id, []) if start <= e.trigger_start < end]


def measure(articles: Sequence[GoldArticle], coder: Coder, ledger: LedgerTally | None = None) -> Tally:
    """Codes the articles and compares; what the ledger finds is counted in `ledger`."""
    tally, ledger = Tally(), ledger if ledger is not None else LedgerTally()
    for sentence, start, claims, beside in coded(articles, coder):
        compare(sentence, start, claims, tally)
        compare_ledger(sentence, start, beside, ledger)
    return tally


def compare(sentence: GoldSentence, start: int, claims: Sequence[Claim], tally: Tally) -> list[tuple[GoldClaim | None, Claim | None]]:
    """Counts one sentence, which begins at `start` of the article; the pairs, with None for what has no partner."""
    tally.sentences += 1
    if not sentence.claims:
        tally.idle += 1
        tally.idle_false += bool(claims)
    pairs = pair_up(sentence.claims, claims, start)
    tally.add("event", sum(g is not None and c is not None and g.event == c.event for g, c in pairs), len(claims), len(sentence.claims))
    for gold, claim in pairs:
        same = gold is not None and claim is not None and gold.event == claim.event
        if gold is not None:
            tally.add(gold.event, int(same), 0, 1)
        if claim is not None:
            tally.add(claim.event, 0, 1, 0)
    tally.add("trigger", sum(g is not None and c is not None for g, c in pairs), len(claims), len(sentence.claims))
    for gold, claim in pairs:
        if gold is not None and claim is not None and gold.event == claim.event:
            _fields(gold, claim, start, tally)
    return pairs


def pair_up(gold: Sequence[GoldClaim], claims: Sequence[Claim], start: int) -> list[tuple[GoldClaim | None, Claim | None]]:
    """Belonging claims, same events first; every claim stands in one pair."""
    free, result = list(claims), []
    open_gold = list(gold)
    for same in (True, False):
        for item in list(open_gold):
            span = (start + item.on.start, start + item.on.end)
            mates = [c for c in free if _touch(span, (c.trigger_start, c.trigger_end)) and (not same or c.event == item.event)]
            if mates:
                best = max(mates, key=lambda c: (c.mode == item.mode, c.confidence))
                free.remove(best)
                open_gold.remove(item)
                result.append((item, best))
    return [*result, *((item, None) for item in open_gold), *((None, claim) for claim in free)]


def _fields(gold: GoldClaim, claim: Claim, start: int, tally: Tally) -> None:
    for name, pieces, mentions in (("actor", gold.actor, claim.actor), ("recipient", gold.recipient, claim.recipient)):
        right, codes = _parties(pieces, claim, mentions, start)
        tally.add(name, right, len(mentions), len(pieces))
        tally.add(f"{name}_code", codes, len(mentions), len(pieces))
    tally.add("mode", int(gold.mode is not None and gold.mode == claim.mode), claim.mode is not None, gold.mode is not None)
    tally.add("context", len(set(gold.contexts) & set(claim.context)), len(claim.context), len(gold.contexts))
    place = claim.place
    there = int(bool(gold.where and place and overlaps(gold.where, (place.start, place.end), start)))
    tally.add("place", there, place is not None, gold.where is not None)
    when = claim.when
    told = when.text_start is not None
    span = (when.text_start or 0, when.text_end or 0)
    tally.add("date", int(bool(gold.when and told and overlaps(gold.when, span, start))), told, gold.when is not None)
    speaker = claim.voice.speaker if claim.voice.kind == "speaker" else None
    tally.add("voice", _same_speaker(gold.says, speaker, start), speaker is not None, gold.says is not None)
    tally.add("voiced", int((speaker is None) == (gold.says is None)), 1, 1)
    tally.statuses.append((gold.status, claim.status))
    if gold.says is not None:
        tally.stances.append((gold.stance, claim.voice.stance))


def _same_speaker(says: Piece | None, speaker: Mention | None, start: int) -> int:
    if says is None or speaker is None:
        return 0
    return int(says.start < 0 or overlaps(says, (speaker.start, speaker.end), start))


def _parties(pieces: Sequence[Piece], claim: Claim, mentions: Iterable[Mention], start: int) -> tuple[int, int]:
    """How many parties are found, and how many of these with the country that the mark-up gives."""
    free, right, codes = list(mentions), 0, 0
    for piece in pieces:
        country = piece.code.partition(":")[0].strip("?")
        mate = next((m for m in free if overlaps(piece, (m.start, m.end), start) or _elsewhere(piece, country, m, claim)), None)
        if mate:
            free.remove(mate)
            right += 1
            codes += country in {"", mate.country}
    return right, codes


def _elsewhere(piece: Piece, country: str, mention: Mention, claim: Claim) -> bool:
    """Whether a party that only another sentence names ("~ words") is the one found there: by these words, or of the same country."""
    if piece.start >= 0 or claim.start <= mention.start < claim.end:
        return False
    if country and mention.country:
        return country == mention.country
    one, other = (set(text.lower().split()) - ARTICLES for text in (piece.text, mention.text))
    return bool(one and other) and (one <= other or other <= one)


def overlaps(piece: Piece, span: Span, start: int) -> bool:
    """Whether the shorter of the two lies at least half in the other."""
    low, high = start + piece.start, start + piece.end
    shared = min(high, span[1]) - max(low, span[0])
    return piece.start >= 0 and shared * 2 >= min(high - low, span[1] - span[0]) > 0


def _touch(one: Span, two: Span) -> bool:
    return one[0] < two[1] and two[0] < one[1]


def figures(tally: Tally, articles: int) -> dict[str, float | int]:
    """The figures of a tally."""
    result: dict[str, float | int] = {"event_f1": tally.f1("event"), "trigger_f1": tally.f1("trigger")}
    for name in ("event", "trigger"):
        result[f"{name}_precision"] = round(tally.right[name] / max(1, tally.found[name]), 4)
        result[f"{name}_recall"] = round(tally.right[name] / max(1, tally.gold[name]), 4)
    result |= {f"{name}_f1": tally.f1(name) for name in (*FIELDS, "actor_code", "recipient_code")}
    result["status_macro_f1"] = round(macro_f1(*map(list, zip(*tally.statuses, strict=True))), 4) if tally.statuses else 0.0
    result["stance_accuracy"] = round(sum(a == b for a, b in tally.stances) / max(1, len(tally.stances)), 4)
    result["voiced_accuracy"] = round(tally.right["voiced"] / max(1, tally.gold["voiced"]), 4)
    result["idle_false"] = round(tally.idle_false / max(1, tally.idle), 4)
    result["claims_per_sentence"] = round(tally.found["event"] / max(1, tally.sentences), 3)
    result |= {"articles": articles, "sentences": tally.sentences, "claims": tally.gold["event"]}
    return result | {f"f1_{name}": tally.f1(name) for name in sorted(tally.gold) if name.isupper()}
