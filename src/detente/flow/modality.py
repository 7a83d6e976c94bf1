"""Modality: plans, conditions, negation above and beside a trigger. Shared by `status` and `pairing`."""

from __future__ import annotations

from dataclasses import dataclass

from ..knowledge import Knowledge, Ontology, Rule
from ..knowledge.cues import StatusCues, Words
from ..language.syntax import by_relation, cases
from ..records import Parse, Status

NEGATIONS = frozenset({"not", "n't", "n’t", "never", "no", "neither", "nor", "nobody", "none", "without", "hardly"})
CONDITIONS = frozenset({"if", "unless", "whether", "provided", "lest"})
# Verbs that ask for what the clause below them says; a subjunctive looks like the plain present ("proposed that the fleets attack").
PROPOSED = "proposed"
PROPOSING = frozenset("propose demand request recommend urge insist ask suggest stipulate".split())
ABLE = frozenset({"can", "ca", "could"})  # "could not accept" refuses, "may not accept" only might
LINKS = frozenset({"xcomp", "ccomp", "obj", "nsubj:pass", "acl", "nmod", "obl", "advcl", "csubj"})


@dataclass(frozen=True, slots=True)
class Cue:
    """One word that speaks for a status."""

    status: Status
    rule: str
    text: str


def modality(parse: Parse, trigger: int, knowledge: Knowledge, event: str) -> Cue | None:
    """The strongest cue on the way from a trigger to the root: negation wins over condition, condition over plan; None = plain."""
    found: list[Cue] = []
    node = trigger
    for _ in range(12):
        found += _beside(parse, node, knowledge.status, node == trigger)
        found += _described(parse, node, knowledge) + _of_possible_subject(parse, node)
        word = parse.word(node)
        if not word.head:
            break
        if word.deprel == "conj":
            node = _conjunct_of(parse, node)
            continue
        above, settled = _above(parse, node, knowledge, event)
        found += above
        if settled or not _goes_on(parse, node, knowledge):
            break
        node = word.head
    by_status = {cue.status: cue for cue in reversed(found)}
    condition = next((c for c in found if c.rule == "condition"), None)
    if condition:
        return condition
    negated = by_status.get("negated")
    if negated and negated.rule == "negation" and (_willed(found) or _unanswered(parse, trigger, knowledge.status, found)):
        return Cue("negated", "refusal", negated.text)
    return negated or by_status.get("hypothetical") or by_status.get("future")


def _willed(found: list[Cue]) -> bool:
    return any(c.rule == "auxiliary" or c.text.lower() in {"would", "wo"} for c in found)


def _unanswered(parse: Parse, trigger: int, cues: StatusCues, found: list[Cue]) -> bool:
    """"did not accede to the demand": who is asked and gives no answer refuses; not "has not answered yet", "may not accept"."""
    word = parse.word(trigger)
    if word.upos != "VERB" or word.lemma.lower() not in cues.negated.get("answers", frozenset()):
        return False
    own = {parse.word(c).text.lower() for c in parse.children[trigger]}
    return bool(own & NEGATIONS) and "yet" not in own and all(c.status != "hypothetical" or c.text.lower() in ABLE for c in found)


def told(parse: Parse, trigger: int, rule: Rule, knowledge: Knowledge, event: str) -> Cue | None:
    """How a row's event is told here: by the words above and beside it; a row's own status where these say nothing stronger."""
    if by_saying := performed(parse, trigger, knowledge):
        return Cue("actual", "performed", by_saying)
    cue = modality(parse, trigger, knowledge, event)
    if rule.status and (cue is None or cue.status == "future"):
        return Cue(rule.status, "lexicon-row", parse.word(trigger).text)
    return cue


def fold_cue(ontology: Ontology, event: str, mode: str | None, cue: Cue) -> tuple[str, str | None, Status]:
    """Event, mode and status after PLOVER's folding. "Will not …" of something friendly is a refusal, and a refusal did happen."""
    if cue.rule == "refusal":
        refused = ontology.fold(event, mode, "refused")
        if refused != (event, mode):
            return (*refused, "actual")
    return (*ontology.fold(event, mode, cue.status), cue.status)


def _conjunct_of(parse: Parse, node: int) -> int:
    """The first of coordinated words, whose surroundings hold for all."""
    while parse.word(node).deprel == "conj" and parse.word(node).head:
        node = parse.word(node).head
    return node


def _goes_on(parse: Parse, node: int, knowledge: Knowledge) -> bool:
    """Whether what stands above a word still speaks of it: not across finite clauses of speech and not out of side clauses."""
    word = parse.word(node)
    if word.deprel == "acl" and parse.word(word.head).lemma.lower() in knowledge.speech.nouns:
        return False  # "no mention of a report that …": the report's content is not what is denied
    if word.deprel in {"xcomp", "obj", "nsubj:pass", "nmod", "acl", "amod", "compound", "nsubj"}:
        return word.deprel != "nsubj" or parse.word(word.head).upos != "VERB"
    if word.deprel == "advcl":
        infinite = word.xpos in {"VB", "VBG"} and not by_relation(parse, node, "nsubj")
        return infinite and not cases(parse, node) & {"after", "before", "since", "while", "when"}
    if word.deprel == "obl":
        top = parse.word(word.head)
        return top.upos == "VERB" and word.upos == "NOUN" and not top.deprel.startswith("acl")
    return False


def _beside(parse: Parse, node: int, cues: StatusCues, own: bool) -> list[Cue]:
    """Auxiliaries, negation, conditions and adjectives on a word itself."""
    found: list[Cue] = []
    word = parse.word(node)
    for child in parse.children[node]:
        below = parse.word(child)
        text = below.text.lower()
        if below.deprel in {"aux", "cop"}:
            found += _auxiliary(parse, node, cues, below.text)
        elif below.deprel == "advmod" and text == "longer" and any(parse.word(c).text.lower() == "no" for c in parse.children[child]):
            found.append(Cue("negated", "negation", "no longer"))
        elif below.deprel == "advmod" and text == "not" and child < len(parse.words) and parse.word(child + 1).text.lower() == "only":
            continue
        elif (
            below.deprel in {"advmod", "det", "cc:preconj", "case", "mark"}
            and text in NEGATIONS
            and (own or word.upos in {"VERB", "ADJ", "AUX"})
        ):
            found.append(Cue("negated", "negation", below.text))
        elif below.deprel == "mark" and text in CONDITIONS:
            found.append(Cue("hypothetical", "condition", below.text))
        elif below.deprel == "advcl" and _under_if(parse, child):
            found.append(Cue("hypothetical", "conditional-clause", below.text))
    for subject in by_relation(parse, node, "nsubj", "nsubj:pass"):
        before = {parse.word(c).text.lower() for c in by_relation(parse, subject, "det", "cc:preconj", "advmod", "cc")}
        if parse.word(subject).lemma.lower() in {"nobody", "none", "neither"} or before & {"no", "neither"}:
            found.append(Cue("negated", "negated-subject", parse.word(subject).text))
    return found


def _auxiliary(parse: Parse, node: int, cues: StatusCues, shown: str) -> list[Cue]:
    word, text = parse.word(node), shown.lower().replace("’", "'")
    infinitive = any(parse.word(c).text.lower() == "to" for c in by_relation(parse, node, "mark"))
    if text in {"is", "are", "was", "were", "be", "'s"} and infinitive and word.xpos == "VB":
        return [Cue("future", "is-to", shown)]
    if text in cues.hypothetical["inversions"] and word.deprel == "advcl" and _before_subject(parse, node, text):
        return [Cue("hypothetical", "condition", shown)]
    if text in {"would", "'d"} and word.deprel == "ccomp" and parse.word(word.head).xpos in {"VBD", "VBN"}:
        return [Cue("future", "reported-future", shown)]
    if text in cues.future["auxiliaries"]:
        return [Cue("future", "auxiliary", shown)]
    if text in cues.hypothetical["modals"]:
        perfect = any(parse.word(c).text.lower() == "have" for c in by_relation(parse, node, "aux"))
        return [Cue("hypothetical", "modal-perfect" if perfect else "modal", shown)]
    return []


def _under_if(parse: Parse, clause: int) -> bool:
    return any(parse.word(c).text.lower() in {"if", "unless"} for c in by_relation(parse, clause, "mark"))


def performed(parse: Parse, trigger: int, knowledge: Knowledge) -> str:
    """The verb of one who does what he says by saying it ("I would urge both sides …", "we must condemn …"), else nothing."""
    word = parse.word(trigger)
    said = word.lemma.lower() in knowledge.status.actual.get("performed", frozenset())
    polite = any(parse.word(c).text.lower() in {"would", "'d", "’d", "must"} for c in by_relation(parse, trigger, "aux"))
    first = any(parse.word(c).text.lower() in {"i", "we"} for c in by_relation(parse, trigger, "nsubj"))
    below = [parse.word(c) for c in parse.children[trigger]]
    denied = any(w.text.lower() in NEGATIONS for w in below)
    bound = any(_under_if(parse, w.index) for w in below)
    return word.text if said and polite and first and word.xpos == "VB" and not denied and not bound else ""


def _subjunctive(parse: Parse, node: int) -> bool:
    """Whether a finite verb has the bare form of an infinitive and no auxiliary."""
    word = parse.word(node)
    return word.text.lower() == word.lemma.lower() and not by_relation(parse, node, "aux", "aux:pass", "cop")


def _before_subject(parse: Parse, node: int, text: str) -> bool:
    """"Had Burma expelled …": the auxiliary stands before the subject."""
    auxiliary = next((c for c in by_relation(parse, node, "aux", "aux:pass", "cop") if parse.word(c).text.lower() == text), 0)
    subject = next(iter(by_relation(parse, node, "nsubj", "nsubj:pass")), 0)
    return 0 < auxiliary < subject


def _above(parse: Parse, node: int, knowledge: Knowledge, event: str) -> tuple[list[Cue], bool]:
    """Cues on the word that governs this one ("plan to", "failed to", "possible"), and adjectives on it."""
    cues = knowledge.status
    word = parse.word(node)
    found: list[Cue] = []
    top = parse.word(word.head)
    if word.deprel not in LINKS:
        return found, False
    if word.deprel == "csubj":
        return [*found, Cue("hypothetical", "said-in-general", word.text)], True
    if word.deprel == "advcl":
        return found, False
    kind = {"VERB": "verbs", "NOUN": "nouns", "PROPN": "nouns", "ADJ": "adjectives"}.get(top.upos)
    lemma = top.lemma.lower()
    if kind is None:
        return found, False
    clausal = word.upos in {"VERB", "AUX", "ADJ"}
    reported = word.deprel == "ccomp" and word.xpos not in {"VB", "VBG"} and lemma in knowledge.speech.verbs
    if reported and lemma in PROPOSING and word.xpos in {"VBP", "VBZ", "VBD"} and _subjunctive(parse, node):
        return [*found, Cue("hypothetical", PROPOSED, top.text)], False
    if reported and lemma not in cues.negated.get("verbs", frozenset()):
        return found, False
    if word.deprel == "nsubj:pass" and by_relation(parse, top.index, "xcomp"):
        return found, False
    if (lemma == "go" and top.xpos == "VBG" and word.deprel == "xcomp") or (lemma == "be" and word.deprel == "xcomp" and word.xpos == "VB"):
        return [*found, Cue("future", "going-to", top.text)], False
    if lemma == "have" and word.deprel == "xcomp" and any(parse.word(c).text.lower() == "yet" for c in parse.children[top.index]):
        return [*found, Cue("negated", "yet-to", "yet")], False
    if kind == "verbs":
        particle = next((parse.word(c).text.lower() for c in by_relation(parse, top.index, "compound:prt")), "")
        lemma = f"{lemma} {particle}".strip()
        if _in(cues.actual, lemma, "verbs", clausal):
            return found, False
        if lemma in cues.attempted.get("verbs", frozenset()):
            return (found if event in cues.attempt_counts else [*found, Cue(cues.attempt_else, "attempt", top.text)]), False
    if word.deprel == "obl" and kind == "verbs" and not clausal and "for" not in cases(parse, node):
        return found, False
    for level, words in _levels(cues):
        if _in(words, lemma, kind, clausal):
            found.append(Cue(level, f"governed-by-{kind[:-1]}", top.text))
            break
    return found, False


def _described(parse: Parse, node: int, knowledge: Knowledge) -> list[Cue]:
    """Adjectives and adverbs beside a word ("possible", "planned", "perhaps"), and a headline's bare infinitive."""
    cues, word, found = knowledge.status, parse.word(node), list[Cue]()
    for child in parse.children[node]:
        below = parse.word(child)
        if below.deprel in {"amod", "advmod", "nmod:desc"} and word.upos in {"NOUN", "PROPN", "VERB"}:
            kind = "adjectives" if below.deprel == "amod" else "adverbs"
            # "as soon as": an adverb with words of its own measures, it does not doubt.
            found += _lookup(cues, below.lemma.lower(), kind, below.text) if kind == "adjectives" or not parse.children[child] else []
            planned = cues.future.get("verbs", frozenset()) - {"agree", "decide", "order", "prepare"}
            if below.deprel == "amod" and below.xpos in {"VBN", "JJ"} and below.lemma.lower() in planned:
                found.append(Cue("future", "planned", below.text))
    if word.deprel == "acl" and word.xpos == "VB" and not parse.word(word.head).head and parse.word(word.head).upos in {"PROPN", "NOUN"}:
        found.append(Cue("future", "headline-infinitive", word.text))
    return found


def _of_possible_subject(parse: Parse, node: int) -> list[Cue]:
    """"A restoration may lead to …": an indefinite event that is the subject of a possibility is itself only possible."""
    word = parse.word(node)
    if word.deprel != "nsubj" or not any(parse.word(c).text.lower() in {"a", "an", "any"} for c in by_relation(parse, node, "det")):
        return []
    auxiliaries = [parse.word(c).text for c in by_relation(parse, word.head, "aux")]
    return [Cue("hypothetical", "possible-subject", text) for text in auxiliaries if text.lower() in {"may", "might", "could", "would"}]


def _levels(cues: StatusCues) -> tuple[tuple[Status, Words], ...]:
    """Cue words from the strongest status to the weakest."""
    return ("negated", cues.negated), ("hypothetical", cues.hypothetical), ("future", cues.future)


def _in(words: Words, lemma: str, kind: str, clausal: bool) -> bool:
    if lemma in words.get(kind, frozenset()):
        return clausal or lemma not in words.get("clause_only", frozenset())
    return clausal and lemma in words.get("clause_only", frozenset())


def _lookup(cues: StatusCues, lemma: str, kind: str, text: str) -> list[Cue]:
    status = next((level for level, words in _levels(cues) if lemma in words.get(kind, frozenset())), None)
    return [Cue(status, f"{kind[:-1]}-beside", text)] if status else []
