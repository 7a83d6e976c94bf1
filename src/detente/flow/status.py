"""Status: did it happen, will it, might it, did it not, or is it long past? Decided on what stands above and beside the trigger.

In: a claim (with its date), the parse, the cue words. Out: the same claim with status and reasons, folded as PLOVER says.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from ..knowledge import Knowledge
from ..knowledge.cues import StatusCues
from ..language.syntax import by_relation, cases, clause_of
from ..records import Claim, Parse, Reason
from .background import Background, goes_on
from .dating import UNDATED
from .modality import Cue, fold_cue, modality, told

BACKGROUND_DAYS = 60
LENGTHS = frozenset({"year", "decade", "month", "generation", "century", "week"})
# "the largest attack since 2012", "the first to resign since 1976": the year is compared with, not told of.
_RANKED = re.compile(r"\b(?:first|second|third|fourth|fifth|latest|last|only|\w{3,}est)\b(?:\W+\w+){0,7}\W*\Z")
TRIED = "tried"
SUBORDINATE = frozenset({"acl", "acl:relcl", "advcl", "ccomp", "parataxis"})
DEED_LINKS = frozenset({"advcl", "obl", "nmod", "obj", "conj", "xcomp", "ccomp"})


def decide(claim: Claim, parse: Parse, trigger: int, knowledge: Knowledge, background: Background = "") -> Claim:
    """The claim with its status; `event` and `mode` follow PLOVER's folding rules.

    `background`: the sentences before tell of former times.
    """
    cue = told(parse, trigger, knowledge.lexicon.rule(claim.rule), knowledge, claim.event)
    cue = cue or _tried(claim, parse, trigger, knowledge) or _past(claim, parse, trigger, knowledge)
    if cue is None and background and claim.when.text is None and goes_on(parse, background, knowledge):
        cue = Cue("historical", "background-goes-on", "")
    if cue is None:
        return replace(claim, status="actual")
    event, mode, status = fold_cue(knowledge.ontology, claim.event, claim.mode, cue)
    if knowledge.lexicon.rule(claim.rule).row is None:
        event, mode, status = claim.event, claim.mode, cue.status  # the network names the folded event
        if event == "REJECT" and cue.rule in {"negation", "refusal"} and not _says_no(parse, trigger, knowledge):
            status = "actual"  # "did not respond": the "not" makes the refusal
    why = [*claim.why, Reason("status", f"{cue.status}-{cue.rule}", cue.text)]
    if event != claim.event:
        why.append(Reason("status", f"fold-{claim.event}-{cue.status}-{event}", claim.trigger))
    if status == "historical" and (claim.when.precision == "publication" or cue.rule == TRIED):
        claim = replace(claim, when=UNDATED)  # long past: the article's own day is certainly wrong, and so is the verdict's
    return replace(claim, status=status, event=event, mode=mode, why=tuple(why))


def _tried(claim: Claim, parse: Parse, trigger: int, knowledge: Knowledge) -> Cue | None:
    """The deed behind a verdict, without a date of its own: "jailed on Monday for torturing prisoners"."""
    verdicts = knowledge.status.historical.get("verdicts", frozenset())
    for node in (trigger, *parse.ancestors(trigger)):
        word = parse.word(node)
        if not word.head or word.deprel not in DEED_LINKS:
            return None
        above = parse.word(word.head)
        if cases(parse, node) & {"for", "of", "over"} and above.lemma.lower() in verdicts:
            inside = [parse.word(i) for i in parse.subtree(node)]
            at = claim.when.text_start
            dated = at is not None and any(w.start <= at < w.end for w in inside)
            return None if dated else Cue("historical", TRIED, above.text)
    return None


def _says_no(parse: Parse, trigger: int, knowledge: Knowledge) -> bool:
    """Whether the trigger refuses by itself ("reject", "refusal"), so that a "not" beside it takes the refusal back."""
    word = parse.word(trigger)
    part = "verb" if word.upos == "VERB" else "noun"
    return knowledge.lexicon.names(word.lemma.lower(), part, "REJECT")


def _past(claim: Claim, parse: Parse, trigger: int, knowledge: Knowledge) -> Cue | None:
    """Told as background: dated well before the article, or by the words of the clause."""
    when, published = claim.when, claim.published
    if published and when.end and when.precision != "publication" and (published - when.end).days > BACKGROUND_DAYS and when.text:
        return Cue("historical", "dated-before", when.text)
    if when.text and when.end and published and 0 <= (published - when.end).days <= BACKGROUND_DAYS:
        return None
    clause = clause_of(parse, trigger)
    text = _own_text(claim, parse, trigger, clause)
    past = knowledge.status.historical
    for child in parse.children[trigger]:
        below = parse.word(child)
        if below.deprel == "amod" and below.lemma.lower() in past.get("adjectives", frozenset()):
            return Cue("historical", "adjective", below.text)
    for child in (*parse.children[clause], *parse.children[trigger]):
        below = parse.word(child)
        if below.deprel == "advmod" and below.lemma.lower() in past.get("adverbs", frozenset()):
            return Cue("historical", "adverb", below.text)
    match = knowledge.status.past_phrases.search(text)
    if match:
        return Cue("historical", "phrase", match.group(0))
    lasting = parse.word(trigger).xpos != "VBD" or bool(by_relation(parse, trigger, "aux"))
    return _pattern(text, knowledge.status, published, lasting)


def _own_text(claim: Claim, parse: Parse, trigger: int, clause: int) -> str:
    """The words of a trigger's clause in lower case, without those of clauses below it: "X, who fought Y in 1998, warned Z" warns today."""
    above = {trigger, *parse.ancestors(trigger)}
    own, open_nodes = set(), [clause]
    while open_nodes:
        node = open_nodes.pop()
        own.add(node)
        below = parse.children[node]
        open_nodes += [c for c in below if c in above or not _apart(parse, c)]
    words = [parse.word(i) for i in parse.subtree(clause)]
    letters = list(claim.sentence.lower())
    for word in words:
        if word.index not in own:
            letters[word.start - claim.start : word.end - claim.start] = "\0" * (word.end - word.start)
    return "".join(letters[words[0].start - claim.start : words[-1].end - claim.start])


def _apart(parse: Parse, node: int) -> bool:
    """Whether a word heads a clause with a time of its own: not "since …", nor what is asked for ("asked that it be done")."""
    word = parse.word(node)
    return word.deprel in SUBORDINATE and "since" not in cases(parse, node) and not (word.deprel == "ccomp" and _bare(parse, node))


def _bare(parse: Parse, node: int) -> bool:
    helpers = {parse.word(c).text.lower() for c in by_relation(parse, node, "aux", "aux:pass", "cop")}
    return "be" in helpers or parse.word(node).xpos == "VB"


def _pattern(text: str, cues: StatusCues, published: date | None, lasting: bool) -> Cue | None:
    """A pattern that names a year counts only where that year lies before the one before the report; "since 2011" only of what lasts."""
    for pattern in cues.past_patterns:
        match = pattern.search(text)
        since = match is not None and match.group(0).startswith("since ")
        if match and not (since and (not lasting or _RANKED.search(text[: match.start()]))):
            year = match.groupdict().get("year")
            if year is None or (published is not None and int(year) < published.year - 1):
                return Cue("historical", "pattern", match.group(0))
    return None


def is_idle(claim: Claim, knowledge: Knowledge) -> bool:
    """Whether a merely possible act of force is named by a noun and aimed at nobody ("territory for preparing attacks"): no event."""
    rule = knowledge.lexicon.rule(claim.rule)
    return rule.part == "noun" and rule.event == "ASSAULT" and claim.status == "hypothetical" and not claim.recipient and not rule.mutual


def as_told(claim: Claim, parse: Parse, trigger: int, knowledge: Knowledge, background: Background = "", lasting: bool = False) -> Claim:
    """The claim with its status and nothing folded: for entries of the ledger, which are no events. `lasting`: a stance, which in the
    simple past with an end in sight ("for five years", "when …") is over.

    A condition that hangs on the words leaves them as they stand: who offers something on a condition does offer it.
    """
    cue = modality(parse, trigger, knowledge, claim.event)
    if cue and cue.rule == "conditional-clause":
        cue = _by_auxiliary(parse, trigger, knowledge)
    cue = cue or _past(claim, parse, trigger, knowledge) or (_over(parse, trigger) if lasting else None)
    if cue is None and background and claim.when.text is None and goes_on(parse, background, knowledge):
        cue = Cue("historical", "background-goes-on", "")
    if cue is None:
        return replace(claim, status="actual")
    why = Reason("status", f"{cue.status}-{cue.rule}", cue.text)
    when = UNDATED if cue.status == "historical" and claim.when.precision == "publication" else claim.when
    return replace(claim, status=cue.status, when=when, why=(*claim.why, why))


def _over(parse: Parse, trigger: int) -> Cue | None:
    """A state told in the simple past with how long it lasted, or with another past happening of its time."""
    if parse.word(trigger).xpos != "VBD" or by_relation(parse, trigger, "aux"):
        return None
    first = trigger
    while parse.word(first).deprel == "conj" and parse.word(first).head:
        first = parse.word(first).head
    for child in (*parse.children[trigger], *parse.children[first]):
        word = parse.word(child)
        if word.deprel in {"obl", "obl:unmarked"} and word.lemma.lower() in LENGTHS and "for" in cases(parse, child):
            return Cue("historical", "lasted", f"for {word.text}")
        marks = {parse.word(c).text.lower() for c in by_relation(parse, child, "mark", "advmod")} if word.deprel == "advcl" else set()
        if "when" in marks and word.xpos == "VBD":
            return Cue("historical", "lasted", "when")
    return None


def _by_auxiliary(parse: Parse, trigger: int, knowledge: Knowledge) -> Cue | None:
    for child in by_relation(parse, trigger, "aux"):
        text = parse.word(child).text
        if text.lower() in knowledge.status.future["auxiliaries"]:
            return Cue("future", "auxiliary", text)
        if text.lower() in knowledge.status.hypothetical["modals"]:
            return Cue("hypothetical", "modal", text)
    return None
