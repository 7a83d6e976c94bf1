"""Former times that several sentences tell of: "In 1998 he led a revolt. He was later arrested."

In: the claims of a sentence with their status, its tree, what the sentences before it told. Out: what kind of background is open behind it,
and whether a sentence goes on in it. `pipeline` keeps the answer in the article's memory; `status` asks it.
"""

from __future__ import annotations

from typing import Literal

from ..knowledge import Knowledge
from ..language.syntax import by_relation
from ..records import Claim, Parse

# What opened it: nothing; words ("previously"), which hold for what follows; a date of long ago, which holds only for what is tied to it.
Background = Literal["", "words", "date"]
LONG = 365  # days; what is nearer may still be the story of the day
PERSONAL = frozenset({"he", "she", "they", "it", "him", "them", "his", "her", "their", "its"})
LATER = frozenset("later then subsequently eventually thereafter afterwards afterward meanwhile soon".split())


def goes_on(parse: Parse, background: Background, knowledge: Knowledge) -> bool:
    """Whether a sentence without a time of its own still tells of former times: in the past tense, and behind a mere date only where a
    pronoun or a word such as "later" ties it."""
    root = next((w.index for w in parse.words if w.head == 0), 0)
    if not root or not _in_past(parse, root) or parse.word(root).lemma.lower() in knowledge.speech.verbs:
        return False  # what somebody says is said now
    return background == "words" or _tied(parse, root)


def opened(parse: Parse, claims: list[Claim], before: Background, has_time: bool, knowledge: Knowledge) -> Background:
    """The background behind a sentence: opened by "previously" and the like, or by an act of long ago that its main clause tells with its
    date; closed by a new time or tense."""
    rules = {r.rule for c in claims for r in c.why if r.step == "status"}
    if rules & {"historical-adverb", "historical-phrase"}:
        return "words"
    root = next((w.index for w in parse.words if w.head == 0), 0)
    if not root:
        return ""
    main = [c for c in claims if c.trigger_start <= parse.word(root).start < c.trigger_end and _long_ago(c)]
    if main and goes_on(parse, "words", knowledge):
        return "date"
    return before if before and not has_time and goes_on(parse, before, knowledge) else ""


def _long_ago(claim: Claim) -> bool:
    when, published = claim.when, claim.published
    if claim.status != "historical" or when.text is None or when.end is None or published is None:
        return False
    return (published - when.end).days > LONG


def _in_past(parse: Parse, root: int) -> bool:
    """The simple past, active or passive."""
    helpers = {parse.word(c).text.lower() for c in by_relation(parse, root, "aux", "aux:pass", "cop")}
    return parse.word(root).xpos == "VBD" or bool(helpers & {"was", "were"})


def _tied(parse: Parse, root: int) -> bool:
    if any(w.upos == "PRON" and w.text.lower() in PERSONAL for w in parse.words):
        return True
    return any(parse.word(c).lemma.lower() in LATER for c in by_relation(parse, root, "advmod"))
