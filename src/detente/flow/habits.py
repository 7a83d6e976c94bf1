"""Habits: what is told as rule, right or custom, not as something that happened: "under the charter the assembly may suspend members".

In: a parse and a trigger. Out: the words that say so, or None. Used by `learned`.
"""

from __future__ import annotations

from ..language.syntax import by_relation, cases
from ..records import Parse

CUSTOM = frozenset("usual common customary normal typical rare unusual traditional commonplace routine".split())
CUSTOMARILY = frozenset("usually typically normally generally traditionally routinely customarily ordinarily commonly seldom".split())
RULES = frozenset("constitution law rule charter statute convention code bylaw regulation article directive treaty act ruling".split())
ALLOWED = frozenset({"may", "can", "must", "shall"})
STATED = frozenset({"VBP", "VBZ"})
PRESENT = frozenset({"VBP", "VBZ", "VB", "VBN"})


def told_in_general(parse: Parse, trigger: int) -> str | None:
    """The word that makes an act a rule or habit; None where it is told as one that happened, happens or is planned."""
    node = trigger
    while True:
        word = parse.word(node)
        below = {c: parse.word(c) for c in parse.children[node]}
        modal = any(w.deprel == "aux" and w.text.lower() in ALLOWED for w in below.values())
        past = any(w.deprel.startswith("aux") and w.text.lower() in {"was", "were", "had", "did"} for w in below.values())
        for child, other in below.items():
            if other.deprel == "advmod" and other.lemma.lower() in CUSTOMARILY and word.xpos in PRESENT and not past:
                return other.text
            if node == trigger and other.deprel == "nsubj" and other.lemma.lower() in RULES and word.xpos in STATED and not past:
                return other.text
            if modal and other.deprel == "obl" and other.lemma.lower() in RULES and "under" in cases(parse, child):
                return other.text
        if not word.head or word.deprel not in {"xcomp", "ccomp", "csubj", "advcl", "conj"}:
            return None
        above = parse.word(word.head)
        if word.deprel != "conj" and above.lemma.lower() in CUSTOM and above.upos == "ADJ" and word.xpos == "VB":
            return above.text
        if word.deprel == "advcl" or (by_relation(parse, node, "mark") and word.xpos != "VB"):
            return None
        node = word.head
