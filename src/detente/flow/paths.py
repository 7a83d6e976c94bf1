"""How a word stands to a trigger in the tree, as a short name: "V subject", "N nmod:of", "V ^xcomp obj".

`training/weigh_events.py` counts on the corpus how often a word that stands so is actor, recipient or speaker; `learned` weighs that
beside what the event network reads.
"""

from __future__ import annotations

from ..language.syntax import cases, is_passive, path_up, subjects
from ..records import Parse

LONGEST = 4
_KINDS = {"VERB": "V", "AUX": "V", "NOUN": "N", "PROPN": "N", "ADJ": "A"}
NAMING = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"})


def naming_words(parse: Parse, trigger: int) -> list[int]:
    """Words that may be a party of the act at `trigger`: names, nouns and pronouns, also adjectives of nationality."""
    words = [w for w in parse.words if w.upos in NAMING and w.index != trigger]
    return [w.index for w in words if w.upos not in {"ADJ", "DET"} or w.text[:1].isupper()]


def paths_of(parse: Parse, trigger: int) -> dict[int, str]:
    """The name of the way from a trigger to each word that may be its party."""
    word = parse.word(trigger)
    kind = _KINDS.get(word.upos, "X")
    doers = frozenset(subjects(parse, trigger))
    if kind == "V" and is_passive(parse, trigger):
        kind = "P"
    return {index: f"{kind} {'subject' if index in doers else _way(parse, trigger, index)}" for index in naming_words(parse, trigger)}


def _way(parse: Parse, trigger: int, index: int) -> str:
    above = [trigger, *parse.ancestors(trigger)]
    meeting = next((node for node in (index, *parse.ancestors(index)) if node in above), 0)
    up, down = path_up(parse, trigger, meeting), path_up(parse, index, meeting)
    if not meeting or up is None or down is None or len(up) + len(down) - 2 > LONGEST:
        return "far left" if index < trigger else "far right"
    steps = [f"^{_base(parse, node)}" for node in up[:-1]]
    steps += [_down(parse, node) for node in reversed(down[:-1])]
    return " ".join(steps)


def _base(parse: Parse, node: int) -> str:
    return parse.word(node).deprel.partition(":")[0]


def _down(parse: Parse, node: int) -> str:
    relation = parse.word(node).deprel
    if relation in {"obl", "nmod", "advcl", "acl"}:
        marks = sorted(cases(parse, node), key=lambda m: (-len(m), m))
        return f"{relation}:{marks[0]}" if marks else relation
    return relation
