"""Which time expression of a sentence belongs to which claim; the article's date where none does.

In: claims of one sentence, its time expressions (from `dates`), the parse. Out: `When` of each claim, with the rule that chose it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from ..language.syntax import by_relation, cases, clause_of, words_at
from ..records import Act, Claim, Parse, Reason, When
from .calendar_words import COARSE, Anchor


@dataclass(frozen=True, slots=True)
class Around:
    """What else stands in the sentence: words of speech, and the triggers of all its claims. `sayings`: triggers that tell what somebody
    says or asks; `nouns`: nouns that can name events; `behind`: nouns such as "anniversary", behind which older things lie."""

    speech: frozenset[int]
    triggers: frozenset[int]
    sayings: frozenset[int] = frozenset()
    nouns: frozenset[int] = frozenset()
    behind: frozenset[int] = frozenset()


FAR = 7
UNDATED = When(None, None, None, None, "historical-undated")  # of long ago, nobody says when
# Events that are words, not deeds: what they speak of happened at another time.
SAID = frozenset({"ACCUSE", "CONCEDE", "REJECT", "REQUEST", "SUPPORT", "THREATEN"})
# Done in a moment: "until" tells how long the outcome lasts.
MOMENTARY = frozenset({"arrest", "release", "convict", "resign"})
ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth latest last only".split())
LONG_PAST = 60  # days
LATELY = 7  # days
DOUBTED = 0.1  # the event network's probability below which a phrase is no date of an act
PLANNED = frozenset({"schedule", "plan", "expect", "set", "slate", "propose"})
OTHER_TENSE = frozenset({"have", "had", "has", "would", "could", "might", "may", "will"})
NOMINAL_TAGS = frozenset({"NOUN", "PROPN"})
CLAUSE_COST = 2
SPEECH_COST = 3


def tree_distance(parse: Parse, one: int, two: int) -> int:
    """Number of edges between two words of a tree."""
    up = [one, *parse.ancestors(one)]
    other = [two, *parse.ancestors(two)]
    for steps, node in enumerate(up):
        if node in other:
            return steps + other.index(node)
    return len(up) + len(other)


def span_head(parse: Parse, start: int, end: int) -> int | None:
    """The topmost word of a stretch of text, or None where no word lies in it."""
    indices = words_at(parse, start, end)
    if not indices:
        return None
    tops = [i for i in sorted(indices) if parse.word(i).head not in indices]
    return min(tops, key=lambda i: len(parse.ancestors(i)))


def cost(parse: Parse, trigger: int, head: int, speech: frozenset[int]) -> int:
    """How far a phrase is from a trigger, with extra for another clause and for the clause that only reports."""
    distance = tree_distance(parse, trigger, head)
    if trigger in parse.ancestors(head):
        return distance
    clause = clause_of(parse, head)
    if clause != clause_of(parse, trigger):
        distance += CLAUSE_COST
        if clause in speech:
            distance += SPEECH_COST
    return distance


def when_of(claim: Claim, parse: Parse, trigger: int, found: list[When], around: Around, act: Act | None = None) -> When:
    """The nearest time expression that can belong to a trigger, or the article's own date (precision "publication"), or nothing.

    `act`: what the event network reads at the trigger; an expression that it holds for another's date counts only where it is near enough.
    """
    best: tuple[int, int, When] | None = None
    said: When | None = None
    for number, when in enumerate(found):
        if when.text_start is None or when.text_end is None:
            continue
        head = span_head(parse, when.text_start, when.text_end)
        if head is None or not may_belong(parse, trigger, head, around) or not _tells_when(claim, parse, trigger, head, when, around):
            continue
        if _of_saying(parse, trigger, head, around):
            said = when
            continue
        doubted = act and act.seen and act.likely("date", words_at(parse, when.text_start, when.text_end)) < DOUBTED
        if doubted and not _near_enough(when, claim, parse.word(head).deprel):
            continue
        far = cost(parse, trigger, head, around.speech)
        if best is None or (far, number) < best[:2]:
            best = (far, number, when)
    if best:
        return _since_noun(best[2], parse, trigger, claim)
    if said and said.end and claim.published and (claim.published - said.end).days > LONG_PAST:
        return replace(said, start=None, precision="before", rule=f"{said.rule}+before")  # what is long spoken of is longer past
    return said_today(claim.published) if claim.published else When(None, None, None, None, "no-date")


def said_today(published: date) -> When:
    """The article's own day, which stands where no words tell another."""
    return When(published, published, "publication", None, "publication-date")


def _near_enough(when: When, claim: Claim, relation: str) -> bool:
    """Whether a date that may be another act's is still nearer to this one than the article's day: one of the week before, or of long ago
    where it is no noun's date ("the treaty of 1960")."""
    days = (claim.published - when.end).days if claim.published and when.end else -1
    return 0 <= days <= LATELY or (days > LONG_PAST and not relation.startswith(("nmod", "compound", "nummod", "amod")))


def _tells_when(claim: Claim, parse: Parse, trigger: int, head: int, when: When, around: Around) -> bool:
    """Whether a phrase near enough to a trigger is its date, not that of something which the clause compares with or speaks of."""
    if claim.mode in MOMENTARY and when.text and when.text.lower().startswith(("until ", "till ")):
        return False
    if _of_what_comes(claim, parse, trigger, head, when) or _of_what_lasts(claim, parse, trigger, when):
        return False
    path = _way(parse, trigger, head)
    if any("since" in cases(parse, n) and _compares(parse, parse.word(n).head) for n in path if n != trigger and parse.word(n).head):
        return False  # "the fourth since April"
    inner, noun = parse.word(head), parse.word(head).head
    if inner.deprel in {"nmod:poss", "compound", "nummod"} and noun not in {0, trigger} and noun not in parse.ancestors(trigger):
        above = parse.word(noun)
        stage = above.deprel == "obl" and above.head == trigger and bool(cases(parse, noun) & {"in", "at", "during", "on"})
        if not (stage or above.deprel.startswith("nsubj") or when.text in {None, parse.sentence.text}):
            return False  # "condemned Sunday's launch"
    if head in parse.subtree(trigger) and any(n in around.nouns and parse.word(n).deprel == "nmod" for n in path[1:] if n != trigger):
        return False  # "subpoenaed the record of a call in July"
    up = [trigger, *parse.ancestors(trigger)]
    if any(n in around.behind and head not in parse.subtree(branch) for branch, n in pairwise(up)):
        return False  # "yesterday was the anniversary of the coup"
    return not _other_tense(parse, trigger, head)


def _of_what_comes(claim: Claim, parse: Parse, trigger: int, head: int, when: When) -> bool:
    """Whether a phrase is the day on which something is due, and the trigger came before it ("urged them to leave by Monday"); or the
    day of a count that another word tells ("as of June 3, 90 people had fled")."""
    word = parse.word(trigger)
    if {"as of", "as"} & cases(parse, head) or _behind_as_of(parse, head):
        return trigger not in {head, parse.word(head).head}
    if not when.rule.endswith("+by") or by_relation(parse, trigger, "aux"):
        return False
    due = when.end is not None and claim.published is not None and when.end > claim.published
    return (due and word.xpos == "VBD") or (claim.event in SAID and word.xpos in {"VBD", "VBZ", "VBG", "NN"})


def _behind_as_of(parse: Parse, head: int) -> bool:
    first = min(parse.subtree(head))
    before = [w.text.lower() for w in parse.words[max(0, first - 3) : first + 2]]
    return any(pair == ("as", "of") for pair in pairwise(before))


def _of_what_lasts(claim: Claim, parse: Parse, trigger: int, when: When) -> bool:
    """Whether a phrase says since when something lasts, and the trigger is told in the simple past, or is said at one time ("the party, in
    power since 2011, condemned …")."""
    if not when.rule.endswith("+since"):
        return False
    tag, helped = parse.word(trigger).xpos, by_relation(parse, trigger, "aux", "aux:pass")
    return not helped and (tag == "VBD" or (tag in {"VBZ", "VBP"} and claim.event in SAID))


def _of_saying(parse: Parse, trigger: int, head: int, around: Around) -> bool:
    """Whether a phrase dates the words about an act, not the act ("on Monday the minister condemned the attack")."""
    if parse.word(trigger).upos not in NOMINAL_TAGS:
        return False
    verb = parse.word(head).head
    saying = next((n for n in parse.ancestors(trigger) if parse.word(n).upos == "VERB"), 0)
    return saying in around.sayings and (verb == saying or verb in parse.ancestors(saying)) and not _subject_of(parse, trigger, saying)


def _way(parse: Parse, one: int, two: int) -> list[int]:
    """The words from the second up to the first or to the clause that holds both."""
    up = [two, *parse.ancestors(two)]
    meeting = next((n for n in up if n == one or n in parse.ancestors(one)), up[-1])
    return up[: up.index(meeting) + 1]


def _compares(parse: Parse, index: int) -> bool:
    """"first", "the largest", "the fourth attack": what comes with "since" only says among which it is so."""
    ranks = [parse.word(index), *(parse.word(c) for c in by_relation(parse, index, "amod", "acl"))]
    ranks += [parse.word(parse.word(index).head)] if parse.word(index).deprel == "acl" else []
    return any(w.xpos == "JJS" or w.lemma.lower() in ORDINALS or w.text.lower() in ORDINALS for w in ranks)


def _subject_of(parse: Parse, noun: int, verb: int) -> bool:
    """Whether a noun stands in the subject of a verb above it."""
    return any(parse.word(n).head == verb and parse.word(n).deprel.startswith("nsubj") for n in (noun, *parse.ancestors(noun)))


def _other_tense(parse: Parse, trigger: int, head: int) -> bool:
    """Whether a trigger lies in a relative clause of another tense below the clause that the phrase dates ("a law that would allow …")."""
    if head in parse.subtree(trigger):
        return False
    for node in (trigger, *parse.ancestors(trigger)):
        word = parse.word(node)
        if head in parse.subtree(node):
            return False
        if word.deprel == "acl:relcl" and any(parse.word(c).lemma.lower() in OTHER_TENSE for c in by_relation(parse, node, "aux")):
            return True
    return False


def _since_noun(when: When, parse: Parse, trigger: int, claim: Claim) -> When:
    """"since the campaign of May 20": from that day on."""
    head = span_head(parse, when.text_start or 0, when.text_end or 0)
    noun = parse.word(head).head if head else 0
    far = noun and noun != trigger and parse.word(noun).upos in NOMINAL_TAGS and "since" in cases(parse, noun)
    if not far or when.start is None or "+" in when.rule or claim.published is None or claim.published < when.start:
        return when
    return replace(when, end=claim.published, precision="range", rule=f"{when.rule}+since")


def may_belong(parse: Parse, trigger: int, head: int, around: Around) -> bool:
    """A phrase belongs to triggers of its own clause or of clauses below it; one inside another event's noun phrase to that noun only."""
    if head == trigger:
        return True
    clause = clause_of(parse, head)
    for node in parse.ancestors(head):
        if node == trigger:
            break
        if node in around.triggers and parse.word(node).upos in {"NOUN", "PROPN"}:
            return False
        if node == clause:
            break
    if clause == clause_of(parse, trigger) or clause in parse.ancestors(trigger):
        return True
    return trigger in parse.ancestors(head) and _own_modifier(parse, trigger, head)


def _own_modifier(parse: Parse, trigger: int, head: int) -> bool:
    """Whether nothing clausal stands between a trigger and a phrase below it."""
    node = head
    while node and node != trigger:
        word = parse.word(node)
        done = word.deprel == "acl" and word.xpos == "VBN" and word.head == trigger and word.lemma.lower() not in PLANNED
        if done or (word.deprel == "advcl" and _same_time(parse, node)):
            pass  # "when opening the fair on Monday, the minister said"; "a call made on Monday"
        elif word.deprel in {"advcl", "ccomp", "acl:relcl", "parataxis", "csubj", "acl"}:
            return False
        elif word.deprel == "conj" and word.upos == "VERB" and head < node and by_relation(parse, node, "nsubj", "nsubj:pass"):
            return False  # "rockets struck the town, and on Saturday shells hit the port"
        elif word.deprel == "xcomp" and parse.word(word.head).deprel == "conj" and word.head != trigger:
            return False  # "were released and told to come back on Monday"
        node = word.head
    return True


def _same_time(parse: Parse, clause: int) -> bool:
    """A participle with "when" or "while" and no subject of its own."""
    marks = {parse.word(c).text.lower() for c in by_relation(parse, clause, "mark", "advmod")}
    return parse.word(clause).xpos == "VBG" and bool(marks & {"when", "while"}) and not by_relation(parse, clause, "nsubj", "nsubj:pass")


def dated(claim: Claim, when: When) -> Claim:
    """The claim with its date and the reason."""
    return replace(claim, when=when, why=(*claim.why, Reason("dates", when.rule, when.text or "")))


def anchor_after(found: list[When], before: Anchor | None) -> Anchor | None:
    """What later sentences refer back to with "the next day" or "that month": the last day or period named.

    The day of a dateline and the order of day and month, once seen, stay for the whole article.
    """
    for when in found:
        if when.start is None or when.precision is None:
            continue
        told, order = (before.told, before.day_first) if before else (None, None)
        if when.rule.endswith("+dateline"):
            told = when.start
        if "numeric-day-first" in when.rule or "numeric-month-first" in when.rule:
            order = order if when.rule.endswith("unsure") else "day-first" in when.rule
        if when.precision == "day":
            before = Anchor(when.start, when.start, "day", told, order)
        elif when.precision in COARSE:
            before = Anchor(None, when.start, when.precision, told, order)
    return before
