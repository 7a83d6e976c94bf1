"""Contexts: the row's own, those of a mode, those that the words signal."""

from __future__ import annotations

from dataclasses import replace

from detente.flow.contexts import About, ContextFinder, Mixture
from detente.flow.topics import TopicModel
from detente.flow.weights import load_weights
from detente.knowledge import Knowledge
from detente.language import MODEL_FOLDER
from detente.records import Act, Claim, Parse, Sentence, Word


def claim(event: str, mode: str | None, context: tuple[str, ...] = ()) -> Claim:
    return Claim("a", "It was done.", 0, 0, 12, event, mode, "done", 7, 11, (), (), "r", context=context)


def sentence(index: int, acts: tuple[Act, ...] | None = None) -> Parse:
    pieces = (("It", 0), ("was", 3), ("done", 7))
    words = tuple(Word(n, start, start + len(text), text, text, "VERB", "", 0, "root", "O") for n, (text, start) in enumerate(pieces, 1))
    return Parse(Sentence("a", index, 0, 12, "It was done.", ()), words, ((1, 2, 3), (), (), ()), acts)


def test_a_mode_brings_its_context(knowledge: Knowledge) -> None:
    finder = ContextFinder(knowledge.ontology)

    def with_contexts(given: Claim) -> Claim:
        return finder.completed([given], [sentence(0)], About(frozenset(), None))[0]

    found = with_contexts(claim("COERCE", "cyber"))
    assert found.context == ("cyber",)
    assert [(reason.step, reason.rule, reason.text) for reason in found.why] == [("contexts", "mode-cyber", "done")]
    assert with_contexts(claim("COERCE", "misinformation", ("misinformation",))).context == ("misinformation",)
    assert with_contexts(claim("COERCE", "seize")).context == ()
    assert with_contexts(claim("THREATEN", None)).context == ()


def test_what_the_network_reads_elsewhere_in_the_article_counts_too(knowledge: Knowledge) -> None:
    """Words say nothing here; at one trigger the network reads a context strongly, at the other hardly."""
    topics = TopicModel(MODEL_FOLDER)
    weights = replace(load_weights(MODEL_FOLDER), context=0.5, contexts={"parts": {"network": 1.0, "story": 1.0}, "bias": {"health": 0.5}})
    finder = ContextFinder(knowledge.ontology, Mixture(topics, weights))

    def act(chance: float) -> Act:
        return Act(3, 0.1, {"AID": 0.9}, {}, {}, 0.0, {}, {"health": chance}, {})

    def found(first: float, second: float) -> list[tuple[str, ...]]:
        claims = [claim("AID", None), replace(claim("AID", None), sentence_index=1)]
        about = About(frozenset(), topics.article(()))
        return [c.context for c in finder.completed(claims, [sentence(0, (act(first),)), sentence(1, (act(second),))], about)]

    assert found(0.95, 0.3) == [("health",), ("health",)]
    assert found(0.3, 0.3) == [(), ()]


def test_no_claims_no_contexts(knowledge: Knowledge) -> None:
    mixture = Mixture(TopicModel(MODEL_FOLDER), load_weights(MODEL_FOLDER))
    assert ContextFinder(knowledge.ontology, mixture).completed([], [sentence(0)], About(frozenset(), None)) == []
