"""What the fold looks at in each claim, as columns of numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..records import WORDS
from ..tables import LANES
from .mentions import mentions
from .parties import Mentions, mentions_of
from .rules import FoldRules
from .words import Bits, Signatures, beside_trigger, mixed, stables

Ints = npt.NDArray[np.int64]
HAPPENED, PLANNED, SUPPOSED, DENIED = range(len(LANES))
_LANES = {"actual": HAPPENED, "historical": HAPPENED, "future": PLANNED, "hypothetical": SUPPOSED, "negated": DENIED}
# How a claim stands in time: not at all, by its publication, within a long interval, on a day or a few.
NOWHEN, NEWS, LONG, PLACED = range(4)
NEVER, EVER = -(10**6), 10**6  # days beyond any date
FINE = {"unknown": 0, "country": 1, "region": 2, "city": 3, "site": 4}
TOLLS = ("killed", "wounded", "arrested", "displaced", "missing", "abducted", "participants", "troops", "weapons", "money")
NO_END = 10**12
ANEW_NEAR = 3
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """One row a claim. `act`: hash of the act in its article; `minute`: of publication, end of the day if no time is known.

    `place`: hash of the place, of its region and of its country; `tolls`: low, high of each kind of TOLLS, -1 where there is none.
    `carried_first`, `carried_last`: the day that its act has elsewhere in the article, of a claim that names none. `words`: bits of the
    rare words of trigger, parties and place; `theme`: of those of the rest of the sentence. `topics`: bits of each article.
    """

    ids: list[str]
    mentions: list[str]
    articles: list[str]
    families: list[str]
    article: Ints
    act: Ints
    family: Ints
    minute: Ints
    day: Ints
    event: Ints
    mode: Ints
    lane: Ints
    negated: npt.NDArray[np.bool_]
    confidence: npt.NDArray[np.float64]
    when: Ints
    first: Ints
    last: Ints
    carried_first: Ints
    carried_last: Ints
    place: Ints
    fine: Ints
    point: npt.NDArray[np.float32]
    tolls: Ints
    parties: Mentions
    words: Bits
    theme: Bits
    letters: Ints
    sentences: Ints
    sentence: Ints
    trigger: Ints
    anew: npt.NDArray[np.bool_]
    topics: Bits


def columns(claims: pa.Table, articles: pa.Table, families: pa.Table, rules: FoldRules) -> Columns:
    """The columns of claims. `articles` and `families`: rows of the claims' articles, in any order; one that is missing counts as alone."""
    at = pc.index_in(claims["article"], articles["id"].combine_chunks()) if articles.num_rows else pa.nulls(claims.num_rows, pa.int32())
    day, minute = _published(claims, articles, at)
    names, article = coded(claims["article"])
    when, first, last = _when(claims, day)
    place, fine, point = _place(claims["place"])
    parties = mentions_of(claims, rules)
    words, theme, letters, anew, topics = _words(claims, parties, rules, article)
    ids = claims["id"].to_pylist()
    events, event = coded(claims["event"])
    modes, mode = coded(claims["mode"])
    event_numbers = {name: n for n, name in enumerate(rules.events)}
    mode_numbers = {name: n + 1 for n, name in enumerate(rules.modes)}
    triggers, trigger = coded(claims["trigger"])
    known = _families(families, names)
    act = _acts(claims, stables([n or "" for n in names] or [""])[article])
    numbered = np.array([event_numbers[e or ""] for e in events] or [0])[event]
    return Columns(
        ids, mentions(claims["article"].to_pylist(), claims["trigger_start"].to_pylist(), claims["trigger_end"].to_pylist(),
                      claims["event"].to_pylist(), ids),
        [n or "" for n in names], [known[n] for n in article.tolist()], article,
        act, stables(known or [""])[article], minute, day,
        numbered, np.array([mode_numbers.get(m or "", 0) for m in modes] or [0])[mode],
        _lanes(claims), pc.fill_null(pc.equal(claims["status"], "negated"), False).to_numpy(),
        np.nan_to_num(pc.fill_null(claims["confidence"], 0.0).to_numpy()), when, first, last,
        *_carried(act, when, first, last), place, fine, point,
        _tolls(claims["quantities"]), parties, words, theme, _verbatim(claims, letters, numbered), letters,
        pc.fill_null(claims["sentence_index"], 0).to_numpy().astype(np.int64),
        stables([_stem(t or "") for t in triggers] or [""])[trigger], anew, topics,
    )


def coded(column: pa.ChunkedArray) -> tuple[list[str | None], Ints]:
    """The different values of a column of text and the number of each row's."""
    encoded = column.combine_chunks().dictionary_encode("encode")
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], pa.string()).dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _stem(trigger: str) -> str:
    words = trigger.lower().split()
    return words[-1][:5] if words else ""


def days_of(column: pa.ChunkedArray, absent: int) -> Ints:
    """Days since 1970 of a column of dates."""
    return np.asarray(pc.fill_null(column.cast(pa.int32()), absent).to_numpy(), np.int64)


def _published(claims: pa.Table, articles: pa.Table, at: pa.ChunkedArray) -> tuple[Ints, Ints]:
    """Day and minute of publication; EVER where neither article nor claim tells them."""
    own = days_of(claims["published"], EVER)
    if not articles.num_rows:
        return own, own * DAY_MINUTES + DAY_MINUTES - 1
    row = pc.fill_null(at, -1).to_numpy().astype(np.int64)
    day = days_of(articles["published"], EVER)[row]
    day = np.where((row >= 0) & (day != EVER), day, own)
    told = pc.fill_null(articles["published_at"].cast(pa.int64()), -1).to_numpy()[row]
    minute = told // 60_000_000
    return day, np.where((row >= 0) & (told != -1), minute, day * DAY_MINUTES + DAY_MINUTES - 1)


def _families(families: pa.Table, names: list[str | None]) -> list[str]:
    """The family of copies of each article; the article itself where it is in none."""
    known = dict(zip(families["article"].to_pylist(), families["family"].to_pylist(), strict=True)) if families.num_rows else {}
    return [str(known.get(name) or name or "") for name in names]


def _lanes(claims: pa.Table) -> Ints:
    statuses, status = coded(claims["status"])
    lane = np.array([_LANES.get(s or "", HAPPENED) for s in statuses] or [0], np.int64)[status]
    stance = pc.struct_field(claims["voice"], "stance")
    denied = pc.fill_null(pc.equal(stance, "denies"), False).to_numpy(zero_copy_only=False)
    return np.where(denied, DENIED, lane)


def _when(claims: pa.Table, day: Ints) -> tuple[Ints, Ints, Ints]:
    """How each claim stands in time, first and last day; by publication where its sentence names none."""
    kinds, precision = coded(claims["date_precision"])
    first, last = days_of(claims["date"], NEVER), days_of(claims["date_end"], EVER)
    numbers = {name: np.array([kind == name for kind in kinds] or [False])[precision] for name in ("after", "before", "publication")}
    none = np.array([kind is None for kind in kinds] or [True])[precision] | numbers["publication"]
    last = np.where((last == EVER) & ~numbers["after"], np.where(first == NEVER, EVER, first), last)
    told = ~none & ~((first == NEVER) & (last == EVER))
    statuses, status = coded(claims["status"])
    old = np.array([s == "historical" for s in statuses] or [False])[status]
    when = np.where(told, np.where(last - first <= 7, PLACED, LONG), np.where(day == EVER, NOWHEN, np.where(old, LONG, NEWS)))
    first = np.where(told, first, np.where(when == NEWS, day, NEVER))
    return when, first, np.where(told, last, np.where(when >= NEWS, day, EVER))


def _carried(act: Ints, when: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """First and last day of the act of each claim without a day, as another claim of the article tells it (the narrowest, then the first);
    NEVER where none does."""
    dated = np.flatnonzero((when == PLACED) & (act != 0))
    order = dated[np.lexsort((first[dated], last[dated] - first[dated], act[dated]))]
    acts, at = np.unique(act[order], return_index=True)
    bare = np.flatnonzero((when == NEWS) & (act != 0))
    spot = np.minimum(np.searchsorted(acts, act[bare]), max(len(acts) - 1, 0))
    bare, spot = (bare[acts[spot] == act[bare]], spot[acts[spot] == act[bare]]) if len(acts) else (bare[:0], spot[:0])
    result = np.full((2, len(act)), NEVER)
    result[0, bare], result[1, bare] = first[order][at[spot]], last[order][at[spot]]
    return result[0], result[1]


def _place(column: pa.ChunkedArray) -> tuple[Ints, Ints, npt.NDArray[np.float32]]:
    """Hashes of place, region and country (0 where not known), how fine, and latitude and longitude in degrees (NaN where not known)."""
    part = {name: pc.struct_field(column, name) for name in ("name", "country", "admin1", "geonames", "precision", "kind")}
    names, name = coded(part["name"])
    countries, country = coded(part["country"])
    regions, region = coded(part["admin1"])
    levels, level = coded(part["precision"])
    fine = np.array([FINE.get(p or "", -1) for p in levels] or [-1], np.int64)[level]
    country_hash = stables([c or "" for c in countries] or [""])[country]
    pair, index = np.unique(country * (len(regions) + 1) + region, return_inverse=True)
    region_names = [f"{countries[p // (len(regions) + 1)]}/{regions[p % (len(regions) + 1)]}" if regions[p % (len(regions) + 1)] else ""
                    for p in pair.tolist()]
    ids = pc.fill_null(part["geonames"], 0).to_numpy()
    own = np.where(ids != 0, ids, stables([(n or "").lower() for n in names] or [""])[name])
    point = np.stack([pc.fill_null(pc.struct_field(column, c), np.nan).to_numpy() for c in ("lat", "lon")], axis=1).astype(np.float32)
    own = np.where(fine >= 2, own, 0)
    named = (fine == 0) & ~pc.fill_null(pc.equal(part["kind"], WORDS), False).to_numpy(zero_copy_only=False)  # "the border" is any border
    own = np.where(named, stables([(n or "").lower() for n in names] or [""])[name], own)
    return np.stack([own, stables(region_names or [""])[index], country_hash], axis=1), fine, point


def _tolls(column: pa.ChunkedArray) -> Ints:
    """Rows of low, high for each kind; several numbers of a kind give the widest span."""
    column = column.combine_chunks()
    column = pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column
    result = np.full((len(column), len(TOLLS), 2), -1, np.int64)
    parent = pc.list_parent_indices(column).to_numpy(zero_copy_only=False)
    flat = pc.list_flatten(column)
    if not len(flat):
        return result
    kind = pc.fill_null(pc.index_in(pc.struct_field(flat, "kind"), pa.array(TOLLS)), -1).to_numpy(zero_copy_only=False)
    low = pc.fill_null(pc.struct_field(flat, "low"), 0).to_numpy(zero_copy_only=False)
    high = pc.fill_null(pc.struct_field(flat, "high"), NO_END).to_numpy(zero_copy_only=False)
    known = kind >= 0
    lows, highs = np.full(result.shape[:2], NO_END, np.int64), np.full(result.shape[:2], -1, np.int64)
    np.minimum.at(lows, (parent[known], kind[known]), low[known])
    np.maximum.at(highs, (parent[known], kind[known]), high[known])
    return np.stack([np.where(highs < 0, -1, lows), highs], axis=2)


def _acts(claims: pa.Table, article: Ints) -> Ints:
    """A hash of each act of each article; 0 for a claim that names none."""
    names, number = coded(claims["act"])
    hashes = stables([name or "" for name in names] or [""])[number]
    return np.where(hashes == 0, 0, mixed(hashes, article).view(np.int64))


def _verbatim(claims: pa.Table, letters: Ints, event: Ints) -> Ints:
    """A hash of sentence, place of the trigger in it and event: what a copy tells in the same words. 0 for a short sentence."""
    offset = pc.fill_null(pc.subtract(claims["trigger_start"], claims["start"]), 0).to_numpy().astype(np.int64)
    return np.where(letters == 0, 0, mixed(letters, offset, event).view(np.int64))


def _words(claims: pa.Table, parties: Mentions, rules: FoldRules, article: Ints) -> tuple[Bits, Bits, Ints, npt.NDArray[np.bool_], Bits]:
    """Bits of each claim's trigger, parties and place, and of the rest of its sentence; the sentence's letters; whether the claim is told
    as one more; bits of each article's sentences."""
    reader = Signatures(rules.acts.empty, rules.common)
    texts, sentence = coded(claims["sentence"])
    whole, letters, wide = reader.of([t or "" for t in texts] or [""], topics=True)
    triggers, trigger = coded(claims["trigger"])
    spots, spot = coded(pc.struct_field(claims["place"], "text"))
    words = reader.of([t or "" for t in triggers] or [""])[0][trigger]
    if len(parties.claim):
        np.bitwise_or.at(words, parties.claim, reader.of(parties.texts)[0][parties.text])
    theme = whole[sentence] & ~words
    words |= reader.of([t or "" for t in spots] or [""])[0][spot]
    topics = np.zeros((int(article.max(initial=-1)) + 1, wide.shape[1]), np.uint64)
    pairs = np.unique(article * (len(texts) + 1) + sentence)
    np.bitwise_or.at(topics, pairs // (len(texts) + 1), wide[pairs % (len(texts) + 1)])
    return words, theme, letters[sentence], _anew(claims, texts, sentence, rules), topics


def _anew(claims: pa.Table, texts: list[str | None], sentence: Ints, rules: FoldRules) -> npt.NDArray[np.bool_]:
    """Whether a word beside its trigger tells each claim as one more of its kind."""
    anew = rules.acts.anew | rules.acts.again
    suspects = np.array([any(w in anew for w in (t or "").lower().split()) for t in texts] or [False])[sentence]
    marked = np.zeros(len(sentence), np.bool_)
    rows = np.flatnonzero(suspects)
    if len(rows):
        some = claims.select(["start", "trigger_start", "trigger_end"]).take(pa.array(rows)).to_pylist()
        for row, spot in zip(rows.tolist(), some, strict=True):
            base = spot["start"]
            marked[row] = beside_trigger(texts[sentence[row]] or "", spot["trigger_start"] - base, spot["trigger_end"] - base, anew,
                                         ANEW_NEAR)
    return marked
