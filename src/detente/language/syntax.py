"""Questions one asks of a UD tree: who does it, to whom, with which preposition. Passive and control are undone here.

All functions take a Parse and 1-based word indices and return indices; they decide by structure alone, never by meaning.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..records import Parse

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X"})
RELATIVE = frozenset({"who", "which", "that", "whom", "whose", "where", "when"})
# Verbs whose infinitive is done by their subject although they have an object ("promised Ankara to leave").
SUBJECT_CONTROL = frozenset("promise vow pledge threaten swear use visit break hold take give make sign".split())
MAX_CLIMB = 6
ACTIVE_TAGS = frozenset({"VBD", "VBZ", "VBP", "VB", "VBG"})


def words_at(parse: Parse, start: int, end: int) -> frozenset[int]:
    """Words that a stretch of the text touches."""
    return frozenset(w.index for w in parse.words if w.start < end and w.end > start)


def by_relation(parse: Parse, index: int, *relations: str) -> list[int]:
    """Dependents with one of these relations ("nmod" covers "nmod:poss" only if named so)."""
    return [c for c in parse.children[index] if parse.words[c - 1].deprel in relations]


def cases(parse: Parse, index: int) -> frozenset[str]:
    """Prepositions of a phrase, lower-cased; several words also joined ("because of", "ahead of")."""
    found = []
    for child in parse.children[index]:
        word = parse.words[child - 1]
        marks = word.deprel in {"case", "mark"} and word.upos in {"ADP", "SCONJ", "ADV", "ADJ", "VERB", "NOUN", "PART"}
        if marks and word.text.lower() not in {"'s", "’s", "'", "’"}:
            rest = [parse.words[k - 1].lemma for k in parse.children[child] if parse.words[k - 1].deprel == "fixed"]
            found.append(" ".join([word.text.lower(), *rest]))
            found.append(word.text.lower())
    if len(found) > 2:
        found.append(" ".join(dict.fromkeys(" ".join(found[::2]).split())))
    return frozenset(found)


def with_conjuncts(parse: Parse, indices: Iterable[int]) -> list[int]:
    """Each index and the nouns coordinated with it, in text order."""
    result: list[int] = []
    for index in indices:
        result.append(index)
        result.extend(with_conjuncts(parse, by_relation(parse, index, "conj")))
    return sorted(dict.fromkeys(result))


def is_passive(parse: Parse, index: int) -> bool:
    """Whether a verb is in the passive, also as a participle ("the warplane shot down by …")."""
    word = parse.words[index - 1]
    if by_relation(parse, index, "aux:pass"):
        return True
    if word.xpos in ACTIVE_TAGS:  # headlines: "Three men arrested"; but "called on … to" stays active whatever its subject is taken for
        own = by_relation(parse, index, "obj", "iobj", "xcomp", "ccomp", "advcl", "aux")
        return bool(by_relation(parse, index, "nsubj:pass")) and not own
    if by_relation(parse, index, "nsubj:pass", "csubj:pass", "obl:agent"):
        return True
    if word.xpos != "VBN" or by_relation(parse, index, "aux", "obj", "cop"):
        if word.xpos == "VBN" and word.deprel == "conj" and not by_relation(parse, index, "aux", "nsubj", "obj"):
            return is_passive(parse, word.head)
        return False
    if word.deprel in {"acl", "amod", "advcl", "xcomp", "acl:relcl"}:
        return True
    return word.deprel == "conj" and not by_relation(parse, index, "nsubj") and is_passive(parse, word.head)


def antecedent(parse: Parse, index: int) -> int:
    """The noun behind a relative pronoun, else the word itself."""
    word = parse.words[index - 1]
    if word.lemma.lower() not in RELATIVE or word.upos not in {"PRON", "SCONJ", "DET", "ADV"}:
        return index
    for above in parse.ancestors(index):
        if parse.words[above - 1].deprel.startswith("acl"):
            return parse.words[above - 1].head
    return index


def subjects(parse: Parse, index: int, depth: int = 0) -> list[int]:
    """Who does what a verb (or predicate noun or adjective) tells; coordinations expanded, relative pronouns resolved."""
    if depth > MAX_CLIMB:
        return []
    if is_passive(parse, index):
        agents = [c for c in by_relation(parse, index, "obl:agent", "obl") if "by" in cases(parse, c)]
        return with_conjuncts(parse, agents or _far_agent(parse, index))
    listed = by_relation(parse, index, "nsubj", "nsubj:outer", "nsubj:pass")
    if len(listed) > 1:  # a second one after the verb is the speaker's of "…, diplomats said"
        listed = [c for c in listed if c < index][:1] or listed[:1]
    own = [antecedent(parse, c) for c in listed] or _stolen_speaker(parse, index) or _strayed(parse, index)
    if own:
        return with_conjuncts(parse, own)
    return _inherited(parse, index, depth)


def _stolen_speaker(parse: Parse, index: int) -> list[int]:
    """The subject of a final "…, diplomats said" that the parse has hung on the reported clause."""
    for clause in by_relation(parse, index, "ccomp"):
        late = [c for c in by_relation(parse, clause, "nsubj") if clause < c < index]
        if late and len(by_relation(parse, clause, "nsubj", "nsubj:pass")) > 1:
            return late[-1:]
    return []


def _strayed(parse: Parse, index: int) -> list[int]:
    """A noun right before a finite verb that the parse has hung on the object behind it ("Maltese artillery shelled Greek posts")."""
    before = parse.words[index - 2] if index > 1 and parse.words[index - 1].xpos in {"VBD", "VBZ", "VBP"} else None
    astray = before is not None and before.upos in NOMINAL and before.deprel in {"compound", "nmod:desc"} and before.head > index
    return [before.index] if before is not None and astray and before.head in by_relation(parse, index, "obj") else []


def _far_agent(parse: Parse, index: int) -> list[int]:
    """A "by" phrase that hangs on a clause below ("was jailed for insulting the king by a court")."""
    for clause in by_relation(parse, index, "xcomp", "advcl", "obl", "obl:unmarked"):
        for child in by_relation(parse, clause, "obl", "obl:agent", "nmod"):
            if "by" in cases(parse, child) and parse.words[child - 1].upos in {"NOUN", "PROPN"} and not is_passive(parse, clause):
                return [child]
    return []


def _inherited(parse: Parse, index: int, depth: int) -> list[int]:
    """The subject that a clause without one takes from its surroundings."""
    word = parse.words[index - 1]
    head = word.head
    if not head:
        return []
    top = parse.words[head - 1]
    if word.deprel == "conj":
        if is_passive(parse, head) and not is_passive(parse, index):
            return surface_subjects(parse, head, depth + 1)
        return subjects(parse, head, depth + 1)
    if word.deprel == "acl:relcl" or (word.deprel == "acl" and word.xpos in {"VBG", "VB"} and top.upos in NOMINAL):
        if word.xpos == "VB" and by_relation(parse, index, "mark"):
            return _owner(parse, head, depth)
        return [head]
    if word.deprel in {"xcomp", "ccomp", "advcl", "acl", "parataxis"}:
        if word.deprel == "xcomp" or (word.deprel == "ccomp" and word.xpos == "VB"):
            objects = by_relation(parse, head, "obj", "iobj")
            if objects and top.lemma not in SUBJECT_CONTROL:
                return with_conjuncts(parse, [antecedent(parse, o) for o in objects])
        accused = by_relation(parse, head, "obj") if word.deprel == "advcl" and word.xpos == "VBG" and "of" in cases(parse, index) else []
        if accused:  # "accused Rwanda of arming", "warned, convicted, cleared them of doing": the object did it
            return with_conjuncts(parse, [antecedent(parse, o) for o in accused])
        return surface_subjects(parse, head, depth + 1)
    if word.deprel == "amod" and word.xpos == "VBG":
        return [head]
    return []


def _shared_object(parse: Parse, index: int) -> list[int]:
    """The object that coordinated verbs share, written after the last one ("arrested, beat and later released two traders")."""
    word = parse.words[index - 1]
    first = word.head if word.deprel == "conj" else index
    later = [c for c in by_relation(parse, first, "conj") if c > index and parse.words[c - 1].upos == "VERB"]
    for verb in later:
        own = by_relation(parse, verb, "obj")
        if own and not by_relation(parse, verb, "nsubj") and not by_relation(parse, index, "obl", "ccomp", "xcomp"):
            return own
    return []


def _owner(parse: Parse, noun: int, depth: int) -> list[int]:
    """Who stands behind a noun with an infinitive ("Turkey's promise to withdraw", "Russia made an offer to …")."""
    owners = by_relation(parse, noun, "nmod:poss")
    if owners:
        return with_conjuncts(parse, owners)
    top = parse.words[noun - 1].head
    if not top and parse.words[noun - 1].upos in {"PROPN", "NOUN"}:
        return with_conjuncts(parse, [noun])  # a headline: "Iran to free sailors"
    if top and parse.words[noun - 1].deprel in {"obj", "obl", "nsubj:pass"}:
        return subjects(parse, top, depth + 1)
    return []


def surface_subjects(parse: Parse, index: int, depth: int = 0) -> list[int]:
    """The grammatical subject, active or passive: it controls infinitives ("was forced to withdraw")."""
    own = [antecedent(parse, c) for c in by_relation(parse, index, "nsubj", "nsubj:pass", "nsubj:outer")]
    if own:
        return with_conjuncts(parse, own)
    if is_passive(parse, index):
        return objects(parse, index)
    return subjects(parse, index, depth)


def objects(parse: Parse, index: int) -> list[int]:
    """Whom or what it is done to: the active object, the passive subject, the noun of a passive participle or relative gap."""
    word = parse.words[index - 1]
    if is_passive(parse, index):
        given = by_relation(parse, index, "obj")
        own = given or [antecedent(parse, c) for c in by_relation(parse, index, "nsubj:pass")]
        if own:
            return with_conjuncts(parse, own)
        if word.deprel in {"acl", "amod", "acl:relcl"}:
            return with_conjuncts(parse, [word.head])
        if word.deprel == "conj" and word.head:
            return objects(parse, word.head)
        if word.deprel in {"xcomp", "advcl"} and word.head:
            return surface_subjects(parse, word.head, 1)
        return []
    given = by_relation(parse, index, "obj") or by_relation(parse, index, "iobj") or _shared_object(parse, index)
    own = [antecedent(parse, c) for c in given]
    if own:
        return with_conjuncts(parse, own)
    if word.deprel == "acl:relcl" and word.head and by_relation(parse, index, "nsubj"):
        doers = {antecedent(parse, c) for c in by_relation(parse, index, "nsubj")}
        stranded = [c for c in by_relation(parse, index, "obl", "nmod") if antecedent(parse, c) == word.head]
        if word.head not in doers and not stranded:
            return [word.head]
    return []


def indirect_objects(parse: Parse, index: int) -> list[int]:
    """Who gets it: the indirect object, or the subject of "was handed a sentence"."""
    own = by_relation(parse, index, "iobj")
    if not own and is_passive(parse, index) and by_relation(parse, index, "obj"):
        own = [antecedent(parse, c) for c in by_relation(parse, index, "nsubj:pass")]
    return with_conjuncts(parse, own)


def obliques(parse: Parse, index: int, prepositions: frozenset[str]) -> list[int]:
    """Phrases with one of these prepositions under a verb; none named means any."""
    found = []
    for child in parse.children[index]:
        word = parse.words[child - 1]
        if word.deprel in {"obl", "obl:agent", "nmod", "advmod", "obl:unmarked"} or (word.deprel == "advcl" and word.upos in NOMINAL):
            own = cases(parse, child)
            if own & prepositions or (not prepositions and own):
                found.append(antecedent(parse, child))
    return with_conjuncts(parse, found)


def modifiers(parse: Parse, index: int, prepositions: frozenset[str]) -> list[int]:
    """Phrases with one of these prepositions under a noun; failing that, one level deeper ("the sale of ships to Russia")."""
    found, deeper = [], []
    for child in parse.children[index]:
        word = parse.words[child - 1]
        if word.deprel in {"nmod", "obl", "nmod:unmarked", "acl", "obl:agent"}:
            own = cases(parse, child)
            if own & prepositions:
                found.append(antecedent(parse, child))
            elif word.upos == "PROPN" or "of" in own:
                for below in by_relation(parse, child, "nmod"):
                    deeper += [below] if cases(parse, below) & prepositions else []
                    if "of" in cases(parse, below):  # "the displacement of thousands of villagers by the army"
                        deeper += [c for c in by_relation(parse, below, "nmod") if cases(parse, c) & prepositions]
    return with_conjuncts(parse, found or deeper)


WHITHER = frozenset({"home", "back"})  # "called home from Minsk": the parse hangs the place on the adverb


def particles(parse: Parse, index: int) -> list[int]:
    """Particles and bare adverbial prepositions of a verb ("shot down", "pulled out")."""
    return [
        c for c in parse.children[index]
        if parse.words[c - 1].deprel == "compound:prt"
        or (parse.words[c - 1].deprel == "advmod" and parse.words[c - 1].upos in {"ADP", "ADV"}
            and (not parse.children[c] or parse.words[c - 1].lemma.lower() in WHITHER))
    ]


def clause_of(parse: Parse, index: int) -> int:
    """The verb or predicate of the clause that a word stands in (the word itself if it heads one)."""
    clausal = {"root", "ccomp", "advcl", "acl", "acl:relcl", "parataxis", "xcomp", "csubj", "csubj:pass", "advcl:relcl"}
    for node in (index, *parse.ancestors(index)):
        word = parse.words[node - 1]
        if word.deprel in clausal or (word.deprel == "conj" and word.upos in {"VERB", "AUX"}):
            return node
    return index


def path_up(parse: Parse, low: int, high: int) -> list[int] | None:
    """Indices from a word up to one of its ancestors, both included; None if it is none."""
    if low == high:
        return [low]
    above = parse.ancestors(low)
    return [low, *above[: above.index(high) + 1]] if high in above else None


def noun_phrase(parse: Parse, index: int) -> list[int]:
    """A noun with its modifiers, without relative clauses, appositions, coordinated nouns and prepositions before it."""
    skip = {"acl:relcl", "appos", "conj", "cc", "case", "punct", "acl", "parataxis", "mark", "cop", "nsubj", "advcl", "ccomp", "csubj",
            "aux", "obl", "advmod", "nsubj:pass", "discourse", "obj", "xcomp", "aux:pass", "obl:agent", "nsubj:outer"}
    result = [index]
    head = parse.words[index - 1].head
    for child in parse.children[index]:
        relation = parse.words[child - 1].deprel
        if child < head < index and parse.words[head - 1].upos == "VERB":
            continue  # what stands beyond the verb is its subject
        if relation not in skip and not (relation == "nmod" and cases(parse, child) - {"of", "for"}):
            result.extend(parse.subtree(child))
    return sorted(dict.fromkeys(result))
