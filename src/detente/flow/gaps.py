"""Words left out the second time: "blamed X for the attack in A and Y for the attack in B" has two objects. Shared by claims and `learned`.

The parse hangs Y on the place before it. The words decide: "and", a name, then the preposition that also stands right behind the object.
"""

from __future__ import annotations

from ..language.syntax import by_relation, objects
from ..records import Parse
from .mentions import SentenceActors

AFTER = frozenset({"for", "of", "over"})


def gapped(parse: Parse, actors: SentenceActors, verb: int) -> list[int]:
    """Heads of the objects that a verb has without being said again."""
    first = next(iter(objects(parse, verb)), 0)
    if not first or first < verb:
        return []
    found = []
    for phrase in by_relation(parse, verb, "obl"):
        case = next((c for c in by_relation(parse, phrase, "case") if parse.word(c).text.lower() in AFTER), 0)
        name = parse.word(case - 1) if case > 1 else None
        if name is None or name.index <= first or name.deprel in {"obj", "flat"}:
            continue
        head = name.index
        while parse.word(head).deprel in {"flat", "compound"} and parse.word(head).head:
            head = parse.word(head).head
        words = [parse.word(i) for i in sorted(by_relation(parse, head, "cc"))]
        if parse.word(head).deprel == "conj" and words and words[0].index < head and actors.hit_at(head):
            found.append(head)
    return found
