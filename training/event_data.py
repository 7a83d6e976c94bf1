"""Reads the project's corpus and the lexicon's own sentences as training examples for the event network.

An example is one sentence: its words and pieces, the features that the parser's lower layers give for them, and what it tells: for each
trigger word the event, mode, status, voice, stance, contexts and the head words of its arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from detente.knowledge import Knowledge
from detente.language import MODEL_FOLDER, Language
from detente.language.tokens import tokenize
from detente.pipeline import Coder
from detente.records import ROLES, STANCES, STATUSES, Claim, Parse, Sentence
from detente.score.corpus_file import GoldClaim, GoldSentence, Piece, read_corpus
from detente.settings import load_settings


@dataclass(slots=True)
class Trigger:
    """One act: 1-based word numbers, label numbers."""

    word: int
    event: int
    mode: int
    status: int
    spoken: int
    stance: int
    contexts: list[int]
    roles: dict[str, set[int]]
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass(slots=True)
class Example:
    """One sentence. `weight` of its losses; `whole` where all its acts are known, so that other words are no triggers."""

    words: list[str]
    spaced: list[bool]
    triggers: list[Trigger]
    weight: float
    source: str
    feature: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Labels:
    """The label lists of all heads, in order."""

    events: list[str]
    modes: list[str]
    contexts: list[str]

    @classmethod
    def of(cls, knowledge: Knowledge) -> Labels:
        """From the ontology."""
        ontology = knowledge.ontology
        modes = [*ontology.events, *(f"{event}/{mode}" for event, mode in ontology.pairs)]
        return cls(["-", *ontology.events], modes, list(ontology.contexts))


class Reader:
    """Makes examples; holds the coder whose parser and lexicon it asks."""

    def __init__(self) -> None:
        self.coder = Coder(load_settings())
        language = self.coder._language
        if not isinstance(language, Language):
            raise TypeError("training needs the built-in parser")
        self.language = language
        self.labels = Labels.of(self.coder.knowledge)

    def corpus(self, folder: Path) -> dict[str, list[Example]]:
        """The corpus by part."""
        parts: dict[str, list[Example]] = {"train": [], "dev": [], "test": []}
        seen: set[str] = set()
        for path in sorted(folder.glob("*.txt")):
            self.article_file(path, seen, parts)
        return parts

    def article_file(self, path: Path, seen: set[str], parts: dict[str, list[Example]]) -> None:
        """Adds the articles of one file, but for those whose ids were seen before, to their parts."""
        articles = [a for a in read_corpus([path], self.coder.knowledge.ontology) if a.id not in seen]
        seen |= {article.id for article in articles}
        rows = [(article.part, article.id, sentence) for article in articles for sentence in article.sentences]
        parses = self.parse([sentence.text for _, _, sentence in rows])
        for (part, name, gold), parse in zip(rows, parses, strict=True):
            parts[part].append(self._example(gold, parse, name))

    def parse(self, texts: list[str]) -> list[Parse]:
        """Each text as one sentence."""
        sentences = [as_sentence(text, number) for number, text in enumerate(texts)]
        return self.language.parse(sentences)

    def _example(self, gold: GoldSentence, parse: Parse, name: str) -> Example:
        triggers = [trigger for claim in gold.claims if (trigger := self._trigger(claim, parse))]
        return Example(*words_of(parse.sentence), triggers, 1.0, name)

    def _trigger(self, claim: GoldClaim, parse: Parse) -> Trigger | None:
        word = self.trigger_word(claim.on, parse)
        if not word:
            return None
        roles: dict[str, set[int]] = {role: set() for role in ROLES}
        spans: dict[str, list[tuple[int, int]]] = {}
        pieces = (("actor", claim.actor), ("recipient", claim.recipient), ("place", (claim.where,)), ("date", (claim.when,)),
                  ("speaker", (claim.says,)))
        for role, found in pieces:
            for piece in found:
                inside = words_in(piece, parse) if piece else []
                if inside:
                    roles[role].add(head_of(inside, parse))
                    spans.setdefault(role, []).append((inside[0], inside[-1]))
        labels = self.labels
        mode = f"{claim.event}/{claim.mode}" if claim.mode else claim.event
        return Trigger(word, labels.events.index(claim.event), labels.modes.index(mode), STATUSES.index(claim.status),
                       int(claim.says is not None), STANCES.index(claim.stance), [labels.contexts.index(c) for c in claim.contexts],
                       roles, spans)

    def trigger_word(self, piece: Piece, parse: Parse) -> int:
        """The word that a row of the lexicon would take as trigger: the noun where the verb above it merely carries it."""
        inside = words_in(piece, parse)
        if not inside:
            return 0
        head = head_of(inside, parse)
        word = parse.word(head)
        if word.upos == "VERB":
            for index in inside:
                other = parse.word(index)
                if other.upos == "NOUN" and self.coder.knowledge.lexicon.is_light(word.lemma.lower(), other.lemma.lower()):
                    return index
        return head

    def lexicon(self, weight: float) -> list[Example]:
        """Sentences that the lexicon's rows must match, with the claims that come out by the row's own event and mode."""
        examples = []
        texts = [(rule.event, rule.mode, example) for rule in self.coder.knowledge.lexicon.rules.values() for example in rule.row.matches]
        for event, mode, example in texts:
            works = self.coder.explain(example.text, date(2016, 7, 5))
            if len(works) != 1:
                continue
            claims = works[0].claims
            if not any(claim.event == event and claim.mode == mode for claim in claims):
                continue
            parse = works[0].parse
            triggers = [t for claim in claims if (t := self._from_claim(claim, parse))]
            examples.append(Example(*words_of(parse.sentence), triggers, weight, "lexicon"))
        return examples

    def _from_claim(self, claim: Claim, parse: Parse) -> Trigger | None:
        inside = [w.index for w in parse.words if w.start < claim.trigger_end and w.end > claim.trigger_start]
        if not inside:
            return None
        roles: dict[str, set[int]] = {role: set() for role in ROLES}
        spans: dict[str, list[tuple[int, int]]] = {}
        speaker = [claim.voice.speaker] if claim.voice.kind == "speaker" and claim.voice.speaker else []
        for role, mentions in (("actor", claim.actor), ("recipient", claim.recipient), ("speaker", speaker)):
            for mention in mentions:
                own = [w.index for w in parse.words if w.start < mention.end and w.end > mention.start]
                if own:
                    roles[role].add(head_of(own, parse))
                    spans.setdefault(role, []).append((own[0], own[-1]))
        labels = self.labels
        mode_name = f"{claim.event}/{claim.mode}" if claim.mode else claim.event
        mode = labels.modes.index(mode_name) if mode_name in labels.modes else labels.modes.index(claim.event)
        word = inside[-1] if parse.word(inside[-1]).upos == "NOUN" else head_of(inside, parse)
        return Trigger(word, labels.events.index(claim.event), mode, STATUSES.index(claim.status), int(bool(speaker)),
                       STANCES.index(claim.voice.stance), [], roles, spans)


def as_sentence(text: str, number: int = 0) -> Sentence:
    """A text as one sentence of an article of its own."""
    tokens = tokenize(text)
    return Sentence(f"a_{number}", 0, tokens[0].start, tokens[-1].end, text[tokens[0].start : tokens[-1].end],
                    tuple((t.start, t.end, t.spaced, t.glued) for t in tokens))


def words_of(sentence: Sentence) -> tuple[list[str], list[bool]]:
    """Words and whether a space stands before each."""
    shift = sentence.start
    return [sentence.text[a - shift : b - shift] for a, b, _, _ in sentence.words], [spaced for _, _, spaced, _ in sentence.words]


def words_in(piece: Piece, parse: Parse) -> list[int]:
    """Words that a piece covers, 1-based; none for words of another sentence."""
    return [w.index for w in parse.words if w.start < piece.end and w.end > piece.start] if piece.start >= 0 else []


def head_of(inside: list[int], parse: Parse) -> int:
    """The word of a stretch whose head lies outside it; of several the first that is no punctuation."""
    own = set(inside)
    tops = [i for i in inside if parse.word(i).head not in own and parse.word(i).upos not in {"PUNCT", "ADP", "DET", "CCONJ", "PART"}]
    return tops[0] if tops else inside[0]


class Features:
    """The parser's hidden states below the branch: an ONNX session with one more output."""

    def __init__(self, layer: int, folder: Path = MODEL_FOLDER) -> None:
        model = onnx.load(str(folder / "parser.onnx"))
        name = f"/net/encoder/layers.{layer - 1}/norm2/LayerNormalization_output_0"
        del model.graph.output[:]
        model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        self._names = {i.name for i in self._session.get_inputs()}

    def of(self, feed: dict[str, Any]) -> NDArray[np.float32]:
        """[B,T] pieces and shapes → [B,T,H]."""
        result: NDArray[np.float32] = self._session.run(None, {k: v for k, v in feed.items() if k in self._names})[0]
        return result
