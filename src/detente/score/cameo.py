"""Two CAMEO tasks: which of four quad classes a sentence tells (or none), and who does it to whom.

Classes: a table of two columns without header, sentence and class 0 to 4 (0 no event, 1 and 2 cooperation in words and deeds,
3 and 4 conflict). Actors: one token and its label a line, an empty line between sentences; B-S and I-S are source actors,
B-T and I-T targets, B-R and I-R parties that act on each other, O the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..flow.sides import Sides
from ..pipeline import Coder, make_article
from ..records import Claim, Mention
from ..settings import Settings
from .arithmetic import accuracy, class_f1, f1, harmonic, macro_f1
from .baselines import NO_EVENT, Keywords, majority
from .crosswalk import CLASSES, answer_of, label_of
from .files import malformed, numbered_lines
from .spacing import joined

LABELS = frozenset({"O", "B-S", "I-S", "B-T", "I-T", "B-R", "I-R"})
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """Tokens with their roles (S, T, R or an empty string) and the spans [first, last + 1) of each role, in tokens."""

    line: int
    tokens: tuple[str, ...]
    roles: tuple[str, ...]
    spans: tuple[tuple[str, int, int], ...]

    def of(self, role: str) -> list[Span]:
        """The spans of one role."""
        return [(low, high) for name, low, high in self.spans if name == role]


# -- classes ------------------------------------------------------------------------------------------------------------------


def score_classes(path: Path, settings: Settings) -> dict[str, float | int]:
    """`macro_f1 accuracy n`, then `f1_CLASS` of each class in gold or guesses, 0 to 1. Raises ScoreError.

    A sentence's class is that of the first claim that it tells, by the file's own classes (`crosswalk`); `draft_…`: by PLOVER's quads, the
    surest claim.

    Beside them macro-F1 and accuracy of two baselines: `majority_…`, the file's most frequent class for every sentence; `keyword_…`, the
    class of the event most of whose rows have a trigger word in the sentence, whatever their conditions.
    """
    rows = read_classes(path)
    coder = Coder(settings)
    ontology = coder.knowledge.ontology
    codes = {name: code for code, name in ontology.quads.items()}
    claims = coder.code_each([make_article(sentence, None, None) for sentence, _ in rows])
    gold = [label for _, label in rows]
    draft = class_figures(gold, [best_class(own, codes) for own in claims])
    keywords = Keywords(coder.knowledge.lexicon, ontology, coder.language.lemmas)
    figures = class_figures(gold, [first_class(own) for own in claims])
    figures |= {f"draft_{name}": draft[name] for name in ("macro_f1", "accuracy")}
    guesses = {"majority": majority(gold), "keyword": [keywords.quad_class(sentence) for sentence, _ in rows]}
    for name, guessed in guesses.items():
        baseline = class_figures(gold, guessed)
        figures |= {f"{name}_{figure}": baseline[figure] for figure in ("macro_f1", "accuracy")}
    return figures


def first_class(claims: Sequence[Claim]) -> int:
    """The class, as the file counts them, of the claim that is told first; NO_EVENT without claims."""
    first = min(claims, key=lambda claim: claim.trigger_start, default=None)
    return int(label_of(answer_of(first), CLASSES)) if first else NO_EVENT


def best_class(claims: Sequence[Claim], codes: dict[str, int]) -> int:
    """The quad class of the surest claim, the first of equals; NO_EVENT without claims. `codes`: number of each quad name."""
    best = max(claims, key=lambda claim: claim.confidence, default=None)
    return codes[best.quad] if best else NO_EVENT


def class_figures(gold: Sequence[int], guessed: Sequence[int]) -> dict[str, float | int]:
    """The figures of classes found for the rows, in order."""
    result: dict[str, float | int] = {
        "macro_f1": round(macro_f1(gold, guessed), 4),
        "accuracy": round(accuracy(gold, guessed), 4),
        "n": len(gold),
    }
    return result | {f"f1_{name}": round(value, 4) for name, value in class_f1(gold, guessed).items()}


def read_classes(path: Path) -> list[tuple[str, int]]:
    """Sentences with their classes, plain file or .gz. Raises ScoreError with file and line."""
    rows = []
    for number, line in numbered_lines(path):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != 2:
            raise malformed(path, number, f"{len(cells)} fields", "2: a sentence, a tab, its class")
        if cells[1].strip() not in {"0", "1", "2", "3", "4"}:
            raise malformed(path, number, f"the class {cells[1]!r}", "0, 1, 2, 3 or 4")
        if not cells[0].strip():
            raise malformed(path, number, "an empty sentence", "a sentence, a tab, its class")
        rows.append((cells[0], int(cells[1])))
    if not rows:
        raise malformed(path, 0, "no rows", "a sentence, a tab and its class in each line")
    return rows


# -- actors -------------------------------------------------------------------------------------------------------------------


def score_actors(path: Path, settings: Settings) -> dict[str, float | int]:
    """Figures 0 to 1 of the actors of all claims of each sentence, and `n`. Raises ScoreError.

    `mention_f1`: tokens of any actor, whatever its role, as `Coder.sides` marks them; `side_source_f1`, `side_target_f1`: those of its two
    sides. `claimed_f1`: tokens of any actor of the claims.
    `source_f1`, `target_f1`: tokens of sources and of targets of the claims.
    `source_span_f1`, `target_span_f1`: spans, right as soon as one token is shared. Parties that act on each other (R)
    count as mentions only: in the other figures it does no harm and no good to call them source or target.
    """
    sentences = read_actors(path)
    texts = [joined(sentence.tokens) for sentence in sentences]
    coder = Coder(settings)
    mutual = frozenset(name for name, rule in coder.knowledge.lexicon.rules.items() if rule.mutual)
    claims = coder.code_each([make_article(text, None, None) for text, _ in texts])
    found = [roles_of(own, places, mutual) for own, (_, places) in zip(claims, texts, strict=True)]
    figures = actor_figures(sentences, found)
    sides_found = coder.sides([text for text, _ in texts])
    marked = actor_figures(sentences, [_sides(own, places) for own, (_, places) in zip(sides_found, texts, strict=True)])
    sides = {"mention_f1": marked["mention_f1"], "side_source_f1": marked["source_f1"], "side_target_f1": marked["target_f1"]}
    return {**sides, "claimed_f1": figures.pop("mention_f1"), **figures}


def _sides(found: Iterable[Sides], places: Sequence[Span]) -> dict[str, list[Span]]:
    """The token spans of the acting (S) and of the other side (T) of a text's sentences."""
    acting: set[Span] = set()
    other: set[Span] = set()
    for sides in found:
        acting |= _spans(sides.acting, places)
        other |= _spans(sides.other, places)
    return {"S": sorted(acting), "T": sorted(other)}


def roles_of(claims: Iterable[Claim], places: Sequence[Span], mutual: frozenset[str]) -> dict[str, list[Span]]:
    """The token spans of sources (S) and targets (T) in the claims of one sentence; `places` are the tokens' offsets.

    `mutual` names the rules of mutual acts. Of these all parties stand as actors: the first is taken as source, the others as targets.
    """
    found: dict[str, set[Span]] = {"S": set(), "T": set()}
    for claim in claims:
        together = claim.rule in mutual
        sources, targets = (claim.actor[:1], claim.actor[1:]) if together else (claim.actor, claim.recipient)
        found["S"] |= _spans(sources, places)
        found["T"] |= _spans(targets, places)
    return {role: sorted(spans) for role, spans in found.items()}


def _spans(mentions: Iterable[Mention], places: Sequence[Span]) -> set[Span]:
    """Mentions as spans of tokens; a token belongs to a mention as soon as one character does."""
    result = set()
    for mention in mentions:
        touched = [k for k, (start, end) in enumerate(places) if start < mention.end and end > mention.start]
        if touched:
            result.add((touched[0], touched[-1] + 1))
    return result


def actor_figures(sentences: Sequence[LabelledSentence], found: Sequence[dict[str, list[Span]]]) -> dict[str, float | int]:
    """The figures of spans found for sources (S) and targets (T) of the sentences, in order."""
    tokens: Counter[tuple[str, str]] = Counter()
    spans: Counter[tuple[str, str]] = Counter()
    for sentence, guess in zip(sentences, found, strict=True):
        gold = {role: {k for k, name in enumerate(sentence.roles) if name == role} for role in "STR"}
        own = {role: {k for low, high in guess[role] for k in range(low, high)} for role in "ST"}
        _count(tokens, "any", gold["S"] | gold["T"] | gold["R"], own["S"] | own["T"])
        for role in "ST":
            _count(tokens, role, gold[role], own[role] - gold["R"])
            _count_spans(spans, role, sentence, guess[role])
    result: dict[str, float | int] = {"mention_f1": _token_f1(tokens, "any")}
    result |= {f"{name}_f1": _token_f1(tokens, role) for name, role in (("source", "S"), ("target", "T"))}
    for name, role in (("source", "S"), ("target", "T")):
        precision = spans[role, "guess right"] / spans[role, "guess"] if spans[role, "guess"] else 0.0
        recall = spans[role, "gold found"] / spans[role, "gold"] if spans[role, "gold"] else 0.0
        result[f"{name}_span_f1"] = round(harmonic(precision, recall), 4)
    return result | {"n": len(sentences)}


def _count(tokens: Counter[tuple[str, str]], name: str, gold: set[int], guess: set[int]) -> None:
    tokens[name, "right"] += len(gold & guess)
    tokens[name, "gold"] += len(gold)
    tokens[name, "guess"] += len(guess)


def _count_spans(spans: Counter[tuple[str, str]], role: str, sentence: LabelledSentence, guess: Sequence[Span]) -> None:
    gold, mutual = sentence.of(role), sentence.of("R")
    counted = [span for span in guess if _meets(span, gold) or not _meets(span, mutual)]
    spans[role, "guess"] += len(counted)
    spans[role, "guess right"] += sum(_meets(span, gold) for span in counted)
    spans[role, "gold"] += len(gold)
    spans[role, "gold found"] += sum(_meets(span, counted) for span in gold)


def _meets(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < high and span[1] > low for low, high in others)


def _token_f1(tokens: Counter[tuple[str, str]], name: str) -> float:
    return round(f1(tokens[name, "right"], tokens[name, "guess"], tokens[name, "gold"]), 4)


def read_actors(path: Path) -> list[LabelledSentence]:
    """Labelled sentences, plain file or .gz. Raises ScoreError with file and line."""
    result = []
    rows: list[tuple[str, str]] = []
    begin = 1
    for number, line in numbered_lines(path):
        if not line.strip():
            if rows:
                result.append(_labelled(begin, rows))
            rows, begin = [], number + 1
            continue
        cells = line.split()
        if len(cells) != 2:
            raise malformed(path, number, f"{len(cells)} fields", "2: a token and its label")
        if cells[1] not in LABELS:
            raise malformed(path, number, f"the label {cells[1]!r}", f"one of {', '.join(sorted(LABELS))}")
        rows.append((cells[0], cells[1]))
    if rows:
        result.append(_labelled(begin, rows))
    if not result:
        raise malformed(path, 0, "no sentences", "a token and its label in each line")
    return result


def _labelled(line: int, rows: Sequence[tuple[str, str]]) -> LabelledSentence:
    """A sentence from its lines; an I label after another role begins a span, as some files have it."""
    roles = tuple(label[2:] for _, label in rows)
    starts = [k for k, (_, label) in enumerate(rows) if roles[k] and (label[0] == "B" or k == 0 or roles[k - 1] != roles[k])]
    spans = []
    for start in starts:
        end = start + 1
        while end < len(rows) and roles[end] == roles[start] and rows[end][1][0] == "I":
            end += 1
        spans.append((roles[start], start, end))
    return LabelledSentence(line, tuple(token for token, _ in rows), roles, tuple(spans))
