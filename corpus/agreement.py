"""How far two annotators agree: python corpus/agreement.py [FIRST SECOND]

Both files hold the same articles, marked up without sight of each other (default: corpus/double/a.txt and b.txt). Claims of a sentence
belong together where their triggers share a character, same events first. Krippendorff's alpha: over all words for "act" (is the word part
of a trigger) and "event or none"; over the pairs of claims for the other nominal fields. For phrases the F1 of one annotator against the
other, a phrase being the same where the shorter lies at least half in the longer.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from detente.knowledge.ontology import Ontology
from detente.language.tokens import tokenize
from detente.score.corpus_file import GoldClaim, GoldSentence, Piece, read_corpus

HERE = Path(__file__).resolve().parent
PHRASES = ("actor", "recipient", "where", "when", "says")


def alpha(pairs: Sequence[tuple[str, str]]) -> float:
    """Krippendorff's alpha for two coders, nominal values, none missing: 1 - observed / expected disagreement."""
    values = Counter(value for pair in pairs for value in pair)
    n = sum(values.values())
    observed = sum(a != b for a, b in pairs) / len(pairs)
    expected = 1 - sum(count * (count - 1) for count in values.values()) / (n * (n - 1))
    return 1 - observed / expected if expected else 1.0


def pair_up(one: Sequence[GoldClaim], two: Sequence[GoldClaim]) -> list[tuple[GoldClaim, GoldClaim]]:
    """Claims of the same act."""
    free, result = list(two), []
    for same in (True, False):
        for claim in one:
            if any(claim is a for a, _ in result):
                continue
            mates = [c for c in free if c.on.start < claim.on.end and claim.on.start < c.on.end and (not same or c.event == claim.event)]
            if mates:
                free.remove(mates[0])
                result.append((claim, mates[0]))
    return result


def word_labels(sentence: GoldSentence) -> list[str]:
    """The event of each word that a trigger covers, a dash for the others."""
    labels = []
    for token in tokenize(sentence.text):
        covering = [c.event for c in sentence.claims if token.start < c.on.end and token.end > c.on.start]
        labels.append(covering[0] if covering else "-")
    return labels


def pieces(claim: GoldClaim, name: str) -> list[Piece]:
    """The phrases of a field that lie in the sentence."""
    value = getattr(claim, name)
    listed = list(value) if isinstance(value, tuple) else [value] if value else []
    return [piece for piece in listed if piece.start >= 0]


def shared(one: Sequence[Piece], two: Sequence[Piece]) -> int:
    """How many phrases of the first stand in the second."""
    free, count = list(two), 0
    for piece in one:
        for other in free:
            common = min(piece.end, other.end) - max(piece.start, other.start)
            if common * 2 >= min(piece.end - piece.start, other.end - other.start):
                free.remove(other)
                count += 1
                break
    return count


def main() -> None:
    """Prints a table."""
    names = sys.argv[1:3] if len(sys.argv) == 3 else [str(HERE / "double" / "a.txt"), str(HERE / "double" / "b.txt")]
    ontology = Ontology(HERE.parent / "src" / "detente" / "data" / "ontology" / "plover.yml")
    first, second = (read_corpus([Path(name)], ontology) for name in names)
    sentences = [(a, b) for x, y in zip(first, second, strict=True) for a, b in zip(x.sentences, y.sentences, strict=True)]
    if any(a.text != b.text for a, b in sentences):
        sys.exit("the two files do not hold the same sentences")
    words = [pair for a, b in sentences for pair in zip(word_labels(a), word_labels(b), strict=True)]
    pairs = [pair for a, b in sentences for pair in pair_up(a.claims, b.claims)]
    counts = (sum(len(a.claims) for a, _ in sentences), sum(len(b.claims) for _, b in sentences))
    same = f"of the same act {len(pairs)} (F1 {2 * len(pairs) / sum(counts):.3f})"
    print(f"{len(sentences)} sentences; claims {counts[0]} and {counts[1]}, {same}")
    print(f"act, per word            alpha {alpha([(str(a != '-'), str(b != '-')) for a, b in words]):.3f}")
    print(f"event or none, per word  alpha {alpha(words):.3f}")
    fields = {
        "event": [(a.event, b.event) for a, b in pairs],
        "event and mode": [(f"{a.event}/{a.mode}", f"{b.event}/{b.mode}") for a, b in pairs],
        "status": [(a.status, b.status) for a, b in pairs],
        "a speaker named": [(str(a.says is not None), str(b.says is not None)) for a, b in pairs],
        "stance of the speaker": [(a.stance, b.stance) for a, b in pairs if a.says and b.says],
        "contexts, each yes or no": [(str(c in a.contexts), str(c in b.contexts)) for a, b in pairs for c in ontology.contexts],
    }
    for name, values in fields.items():
        print(f"{name:24} alpha {alpha(values):.3f}  equal {sum(x == y for x, y in values) / len(values):.3f}  n {len(values)}")
    for name in PHRASES:
        right = sum(shared(pieces(a, name), pieces(b, name)) for a, b in pairs)
        total = sum(len(pieces(a, name)) + len(pieces(b, name)) for a, b in pairs)
        print(f"{name:24} F1 {2 * right / max(1, total):.3f}  n {total}")


if __name__ == "__main__":
    main()
