"""The visible list of steps: articles in, claims out, rejects and counters beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from .errors import BadArticle
from .flow.actors import actors_of, owned, remember
from .flow.background import opened
from .flow.claims import ClaimFinder, Found
from .flow.contexts import ContextFinder, Mixture
from .flow.dates import expressions
from .flow.dating import Around, anchor_after, dated, when_of
from .flow.doubles import without_doubles
from .flow.drafts import entry_of
from .flow.encodings import normalise
from .flow.gate import Gate
from .flow.geography import Geography
from .flow.ledger import LedgerFinder
from .flow.mastheads import without_mastheads
from .flow.memory import Memory
from .flow.mentions import SentenceActors
from .flow.nations import with_nations
from .flow.pairing import Pairing, best_root, words_of
from .flow.public import of_public_affairs
from .flow.published import parse_stamp, publication_date
from .flow.quantities import quantities
from .flow.quotations import opens_quote
from .flow.repeated import Repeated
from .flow.retold import retold, with_parties
from .flow.settle import assign_quantities, settle
from .flow.sides import Sides, sides_of
from .flow.status import as_told, is_idle
from .flow.tenure import in_office
from .flow.tolls import last_deed, toll_alone
from .flow.topics import TopicModel
from .flow.voices import attribute, follow_quotes, speaks_later
from .flow.weights import load_weights
from .knowledge import Knowledge
from .language import MODEL_FOLDER, LanguageParser, load_parser
from .ledger import Entry
from .records import Article, Claim, Mention, Parse, Reject, Sentence, When, content_id
from .settings import Settings, load_settings
from .weighing import Clock, Weighing

STEPS = (
    "split", "gate", "parse", "actors", "claims", "dates", "places", "quantities", "voices", "status", "ledger", "retold", "contexts",
)


@dataclass(slots=True)
class Outcome:
    """What a batch of articles gave. `seconds` by step; counters of articles, sentences and parsed sentences; `lengths`: sentences of each
    article by its id."""

    claims: list[Claim] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    articles: int = 0
    sentences: int = 0
    parsed: int = 0
    lengths: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SentenceWork:
    """A sentence with all that was found in it; `detente explain` prints it. `fallen`: claims that were weighed and are too unlikely."""

    parse: Parse
    actors: SentenceActors
    finder: ClaimFinder
    dates: tuple[When, ...]
    claims: tuple[Claim, ...]
    knowledge: Knowledge
    entries: tuple[Entry, ...] = ()
    ledger: LedgerFinder | None = None
    fallen: tuple[Claim, ...] = ()

    def spoken_by(self, speaker: Mention) -> SentenceWork:
        """The same inside a quotation whose speaker is named only where it ends."""
        return replace(self, claims=speaks_later(self.claims, speaker), entries=speaks_later(self.entries, speaker))

    @property
    def sides(self) -> Sides:
        """Who acts in the sentence and whom they deal with, also where no row of the lexicon tells the act."""
        return sides_of(self.parse, self.actors, self.claims, self.dates, self.knowledge)


class Coder:
    """Codes text into claims. Loading takes about a second; the object may serve any number of articles, one thread at a time."""

    def __init__(self, settings: Settings | None = None, parser: LanguageParser | None = None) -> None:
        self.settings = settings or load_settings()
        self.knowledge = Knowledge(self.settings.knowledge)
        self._language = parser or load_parser(self.settings)
        self._gate = Gate(self.knowledge, self._language.lemmas)
        folder = self.settings.model or MODEL_FOLDER
        learned = self.settings.coder != "rules"
        self._weights = load_weights(folder)
        self._contexts = ContextFinder(self.knowledge.ontology, Mixture(TopicModel(folder), self._weights) if learned else None)

    @property
    def language(self) -> LanguageParser:
        """The parser that this coder reads with."""
        return self._language

    # -- the public verbs ---------------------------------------------------------------------------------------------

    def code(self, text: str, published: date | str | None = None, title: str | None = None) -> list[Claim]:
        """Claims of one text. `published`: a date or an ISO string; without it the date is sought in the text.

        Raises BadArticle if the text is empty, too long or not text.
        """
        outcome = self.work([make_article(text, published, title)])
        if outcome.rejects:
            first = outcome.rejects[0]
            raise BadArticle(first.file or "text", first.line, first.reason, first.hint)
        return outcome.claims

    def ledger(self, text: str, published: date | str | None = None, title: str | None = None) -> list[Entry]:
        """Stances, memberships and agreements that one text tells, in text order; arguments and errors as in `code`."""
        outcome = self.work([make_article(text, published, title)])
        if outcome.rejects:
            first = outcome.rejects[0]
            raise BadArticle(first.file or "text", first.line, first.reason, first.hint)
        return outcome.entries

    def run(self, articles: Iterable[Article], rejects: list[Reject] | None = None) -> Iterator[Claim]:
        """Claims of many articles, in order, as they come; rejected articles go to `rejects`."""
        batch: list[Article] = []
        for article in articles:
            batch.append(article)
            if sum(len(a.text) for a in batch) > 60_000:
                yield from self._flush(batch, rejects)
                batch = []
        yield from self._flush(batch, rejects)

    def _flush(self, batch: list[Article], rejects: list[Reject] | None) -> list[Claim]:
        outcome = self.work(batch)
        if rejects is not None:
            rejects.extend(outcome.rejects)
        return outcome.claims

    def relation(self, sentence: str, source: tuple[int, int], target: tuple[int, int], published: date | str | None = None) -> Pairing:
        """The best PLOVER root for a given pair of spans (character offsets in `sentence`), with probabilities of all roots.

        The span (0, 0) stands for a party that the sentence does not name. Raises BadArticle for other spans outside the text.
        """
        return self.relations([(sentence, source, target)], published)[0]

    def relations(
        self, items: Sequence[tuple[str, tuple[int, int], tuple[int, int]]], published: date | str | None = None
    ) -> list[Pairing]:
        """`relation` of many (sentence, source, target), in order; all sentences share the network's batches."""
        articles = []
        for sentence, source, target in items:
            if not all(span == (0, 0) or 0 <= span[0] < span[1] <= len(sentence) for span in (source, target)):
                raise BadArticle("sentence", 0, f"spans {source} and {target} do not lie in a text of {len(sentence)} characters",
                                 "give (start, end) offsets")
            articles.append(make_article(sentence, published, None))
        split = [self._language.sentences(article) for article in articles]
        parses = iter(self._language.parse([s for own in split for s in own]))
        grouped = [[next(parses) for _ in own] for own in split]
        # The network is asked about the sentence that names most of the pair.
        asked = [_naming(own, source, target) for own, (_, source, target) in zip(grouped, items, strict=True)]
        pairs = [(words_of(parse, source), words_of(parse, target)) for parse, (_, source, target) in zip(asked, items, strict=True)]
        read = self._language.pair_roots(asked, pairs)
        result = []
        for article, own, (_, source, target), opinion in zip(articles, grouped, items, read, strict=True):
            memory = Memory(article.published, Geography(article, self.knowledge))
            works = [self._triggers(parse, memory) for parse in own]
            result.append(best_root(works, source, target, self.knowledge, opinion, self._weights))
        return result

    def _triggers(self, parse: Parse, memory: Memory) -> tuple[ClaimFinder, list[Found]]:
        """All triggers of a sentence and nothing more: a pair's root needs neither dates nor places."""
        actors = actors_of(parse, self.knowledge, memory)
        finder = ClaimFinder(parse, actors, self.knowledge)
        found = finder.found(told_only=False)
        remember(parse, actors, memory)
        follow_quotes(parse, actors, self.knowledge, memory)
        return finder, found

    def sides(self, texts: Sequence[str], published: date | str | None = None) -> list[list[Sides]]:
        """Who acts in each sentence of each text and whom they deal with, also where no row of the lexicon tells the act."""
        return [[work.sides for work in self.explain(text, published)] for text in texts]

    def explain(self, text: str, published: date | str | None = None) -> list[SentenceWork]:
        """Everything that was found and tried in a text, sentence by sentence."""
        article = make_article(text, published, None)
        return self._article(article, self._language.parse(self._sentences(article)), Clock({}))

    # -- the work -----------------------------------------------------------------------------------------------------

    def code_each(self, articles: Sequence[Article]) -> list[list[Claim]]:
        """Claims of each article of a batch, in order; empty for rejected ones."""
        by_article: dict[int, list[Claim]] = {}
        self.work(articles, by_article)
        return [by_article.get(number, []) for number in range(len(articles))]

    def ledger_each(self, articles: Sequence[Article]) -> list[list[Entry]]:
        """The ledger's entries of each article of a batch, in order; empty for rejected ones."""
        found: list[list[Entry]] = [[] for _ in articles]
        numbers: dict[str, list[int]] = {}
        for number, article in enumerate(articles):
            numbers.setdefault(article.id, []).append(number)
        for entry in self.work(list({a.id: a for a in articles}.values())).entries:
            for number in numbers[entry.article]:
                found[number].append(entry)
        return found

    def work(self, articles: Sequence[Article], by_article: dict[int, list[Claim]] | None = None) -> Outcome:
        """Codes a batch; sentences of all its articles share the network's batches. Bad articles become rejects.

        `by_article` receives the claims by position in the batch.
        """
        outcome = Outcome(articles=len(articles))
        clock = Clock(outcome.seconds)
        chosen: list[tuple[int, Article, list[Sentence]]] = []
        for number, article in enumerate(articles):
            reason = self._unfit(article)
            if reason:
                outcome.rejects.append(Reject(article.file, article.line, article.id, "read", *reason))
                continue
            sentences = self._sentences(article)
            clock.lap("split")
            kept = [s for s in sentences if self.settings.skip_gate or self._gate(s) is None]
            clock.lap("gate")
            outcome.sentences += len(sentences)
            outcome.lengths[article.id] = len(sentences)
            outcome.parsed += len(kept)
            chosen.append((number, article, kept))
        parses = iter(self._language.parse([s for _, _, kept in chosen for s in kept]))
        clock.lap("parse")
        for number, article, kept in chosen:
            works = self._article(article, [next(parses) for _ in kept], clock)
            claims = [claim for work in works for claim in work.claims]
            outcome.claims.extend(claims)
            outcome.entries.extend(entry for work in works for entry in work.entries)
            if by_article is not None:
                by_article[number] = claims
        return outcome

    def _unfit(self, article: Article) -> tuple[str, str] | None:
        if not article.text.strip():
            return "the text is empty", "leave it out"
        if len(article.text) > self.settings.max_article_chars:
            size = f"{len(article.text):,} characters, more than {self.settings.max_article_chars:,}"
            return size, "split the file or raise max_article_chars"
        return None

    def _sentences(self, article: Article) -> list[Sentence]:
        return without_mastheads(self._language.sentences(article), self.knowledge.registry)

    def _article(self, article: Article, parses: Sequence[Parse], clock: Clock) -> list[SentenceWork]:
        """All sentences of one article, in order, with their finished claims."""
        memory = Memory(article.published, Geography(article, self.knowledge))
        about = self._contexts.about(article.text)
        memory.tells, memory.heard = partial(self._contexts.tells, about), self._contexts.heard
        memory.repeated = Repeated(parses)
        works: list[SentenceWork] = []
        open_since: int | None = None  # first sentence inside a quotation that has not named its speaker yet
        last = 0
        for parse in parses:
            if "\n" in article.text[last : parse.sentence.start] and not opens_quote(parse):
                memory.in_quote, open_since = False, None  # a quotation that goes on opens its paragraph anew
            last = parse.sentence.end
            work = self.examine(article, parse, memory, clock, parse is not parses[-1])
            finished = {claim.id: claim for claim in reversed([settle(claim, article, self.knowledge) for claim in work.claims])}
            works.append(replace(work, claims=tuple(reversed(finished.values()))))  # two ways to one claim are one
            last_deed(memory, works[-1].claims)
            if memory.in_quote:
                open_since = len(works) - 1 if open_since is None else open_since
            elif open_since is not None:
                if memory.spoke:
                    speaker = memory.spoke
                    works[open_since:] = [w.spoken_by(speaker) for w in works[open_since:]]
                open_since = None
        claims = [claim for work in works for claim in work.claims]
        claims = of_public_affairs(claims, parses[-1].sentence.index + 1 if parses else 0, self.knowledge)
        claims = with_nations(retold(claims, self.knowledge), [work.actors for work in works], self.knowledge, self._weights)
        claims = with_parties(claims)
        clock.lap("retold")
        told: dict[int, list[Claim]] = {}
        for claim in self._contexts.completed(claims, parses, about):
            told.setdefault(claim.sentence_index, []).append(claim)
        works = [replace(work, claims=tuple(told.get(work.parse.sentence.index, ()))) for work in works]
        clock.lap("contexts")
        return works

    def examine(self, article: Article, parse: Parse, memory: Memory, clock: Clock, more: bool = True) -> SentenceWork:
        """All steps on one parsed sentence; `memory` holds what the article said before and is brought up to date if `more` follows."""
        actors = actors_of(parse, self.knowledge, memory)
        clock.lap("actors")
        finder = ClaimFinder(parse, actors, self.knowledge)
        rows = finder.found() if self.settings.coder != "network" else []
        sentence = parse.sentence
        times = expressions(sentence.text, article.published, memory.anchor, sentence.start)
        weighing = Weighing(article, actors, memory, times, self.knowledge, self._weights, clock).told(finder, rows)
        amounts = owned(quantities(sentence.text, sentence.start), parse, actors) if weighing.stand or memory.deed else []
        done = without_doubles(weighing.stand, parse, self.knowledge)
        done = assign_quantities([c for c in done if not is_idle(c, self.knowledge)], amounts)
        if memory.deed and (toll := toll_alone(parse, actors, done, amounts)):
            done.append(toll)
        clock.lap("quantities")
        ledger = LedgerFinder(parse, actors, finder.slots, self.knowledge, memory.deals.before(sentence.index))
        entries = self._entries(article, ledger, times, weighing.around, memory)
        clock.lap("ledger")
        if more:
            memory.story.note(done)
            remember(parse, actors, memory)
        memory.anchor = anchor_after(times, memory.anchor)
        memory.background = opened(parse, done, memory.background, bool(times), self.knowledge)
        follow_quotes(parse, actors, self.knowledge, memory)
        clock.lap("actors")
        return SentenceWork(parse, actors, finder, tuple(times), tuple(done), self.knowledge, entries, ledger, tuple(weighing.fallen))

    def _entries(self, article: Article, finder: LedgerFinder, times: list[When], around: Around, memory: Memory) -> tuple[Entry, ...]:
        """The ledger's entries of one sentence, by the same dates, voices and status as claims."""
        parse, actors, entries = finder.parse, finder.actors, list[Entry]()
        for draft in finder.drafts():
            claim = replace(draft.claim, published=article.published)
            claim = in_office(dated(claim, when_of(claim, parse, draft.word, times, around)), self.knowledge)
            claim = attribute(claim, parse, draft.word, actors, self.knowledge)
            claim = as_told(claim, parse, draft.word, self.knowledge, memory.background, draft.sort == "stance")
            entry = entry_of(draft, claim, article, self.knowledge)
            entries += [entry] if entry else []
        memory.deals.note(tuple(entries), parse.sentence.index)
        return tuple(entries)


def _naming(parses: Sequence[Parse], source: tuple[int, int], target: tuple[int, int]) -> Parse:
    """The sentence that holds both parties, else one, else the first."""
    return max(parses, key=lambda parse: bool(words_of(parse, source)) + bool(words_of(parse, target)))


def make_article(text: str, published: date | str | None, title: str | None) -> Article:
    """An article from a bare text; its date as given, else sought in the text, never today's.

    Raises BadArticle for a date that cannot be read.
    """
    if isinstance(published, str):
        try:
            day = parse_stamp(published)
        except ValueError as error:
            raise BadArticle("published", 0, str(error), "write it as 2016-07-05") from error
        rule, inferred = "option", False
    elif published is not None:
        day, rule, inferred = published, "option", False
    else:
        day, rule, inferred = publication_date(text, title)
    clean = normalise(text)
    return Article(content_id("a", "", title or "", clean), clean, title, None, None, day, inferred, rule)


__all__ = ["STEPS", "Coder", "Outcome", "SentenceWork", "make_article"]
