"""Words that look like actors and are none: things named after a nation, languages, people who bear a country's name. Not a step.

In: a parse, the known names found in it. Out: yes or no. `mentions` leaves such words without an actor.
"""

from __future__ import annotations

from ..knowledge import Knowledge, Naming, Roles
from ..knowledge.names import Hit
from ..language.syntax import by_relation, cases
from ..records import Parse

SPOKEN = frozenset("speak learn study teach understand translate read write sing".split())
OF_SPEECH = frozenset({"in", "into", "from"})
LANDSCAPE = frozenset("River Delta Valley Desert Peninsula Basin Strait Straits Channel Sea Lake Falls".split())
STORMS = frozenset("Hurricane Typhoon Cyclone Storm".split())
OF_STATES = frozenset({"name", "capital", "seat"})
CIRCUMSTANCES = frozenset("light wake face view absence course context aftermath event".split())


def covered(parse: Parse, hits: list[Hit[Naming]], knowledge: Knowledge) -> dict[int, Hit[Naming]]:
    """The known name over each word. A state's name inside a longer name of a person or a landscape ("Victoria Jordan", "Niger Delta")
    is left out; "ex-" is none of the name."""
    shift, found = parse.sentence.start, {}
    for hit in hits:
        own = [w for w in parse.words if w.end <= hit.end + shift and
               (w.start >= hit.start + shift or (w.end > hit.start + shift and w.text.lower().startswith("ex-")))]
        after = parse.words[own[-1].index].text if own and own[-1].index < len(parse.words) else ""
        before = parse.words[own[0].index - 2].text if own and own[0].index > 1 else ""
        if own and after not in LANDSCAPE and before not in STORMS and not _bears(parse, own[0].index, own[-1].index, hit, knowledge):
            found.update({w.index: hit for w in own})
    return found


def person_run(parse: Parse, index: int, roles: Roles) -> tuple[int, int]:
    """First and last word of the person's name, as the name tagger sees it, that a word belongs to; the word alone where it is in none.
    An office ends a name ("California Governor Jerry Brown")."""
    def name(place: int) -> bool:
        word = parse.word(place)
        return word.name.endswith("PER") and roles.ending_at([word.text.lower()], word.text.lower()) is None
    low = high = index
    if not parse.word(index).name.endswith("PER"):
        return index, index
    while low > 1 and parse.word(low).name == "I-PER" and name(low - 1):
        low -= 1
    while high < len(parse.words) and parse.word(high + 1).name == "I-PER" and name(high + 1):
        high += 1
    return low, high


def _bears(parse: Parse, first: int, last: int, hit: Hit[Naming], knowledge: Knowledge) -> bool:
    """Whether a state's name is part of a person's."""
    if not all(n.actor is not None and n.actor.kind == "state" and n.kind in OF_STATES for n in hit.targets):
        return False
    low, high = person_run(parse, first, knowledge.roles)
    return any(low <= i <= high and parse.word(i).upos in {"PROPN", "X"} for i in (first - 1, last + 1))


def is_thing(parse: Parse, index: int, things: frozenset[str]) -> bool:
    """"Turkish coffee", "an Irish setter": a thing named after a nation without standing for it; "in the light of its programme"."""
    word = parse.word(index)
    if word.lemma.lower() in CIRCUMSTANCES and "in" in cases(parse, index):
        return True
    return word.upos in {"NOUN", "PROPN"} and word.lemma.lower() in things and not word.name.endswith("ORG")


def is_language(parse: Parse, index: int, naming: Naming) -> bool:
    """"speaks French", "sang in Latin and Russian": an adjective alone, without article, where a language is spoken of."""
    word = parse.word(index)
    if naming.kind not in {"adjective", "demonym"} or word.xpos in {"NNS", "NNPS"} or word.text.endswith("s"):
        return False
    if any(parse.word(c).lemma.lower() == "the" for c in by_relation(parse, index, "det")):
        return False
    while word.deprel == "conj" and word.head:
        word = parse.word(word.head)
    if word.deprel in {"obj", "obl"} and parse.word(word.head).lemma.lower() in SPOKEN:
        return word.deprel == "obj" or bool(cases(parse, word.index) & OF_SPEECH)
    return word.deprel in {"obl", "nmod"} and "in" in cases(parse, word.index)
