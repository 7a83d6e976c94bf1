"""Sides: who a sentence is about and whom they deal with, whether or not a row of the lexicon tells the act.

In: a parse with its actors, claims and times. Out: the phrases of both sides, as wide as a reader would mark them ("the rebel-held hills of
northern Idlib", "a UN draft resolution"). The acting side is the subject of the main clause, beside the actors of the chief claim; the
other side the recipients of the chief claim, failing these the nearest object that is or holds an actor. The chief claim stands highest in
the tree; known parties count for steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..knowledge import Knowledge
from ..language.syntax import NOMINAL, cases
from ..records import Claim, Mention, Parse, When, Word
from .calendar_words import MONTHS, WEEKDAYS
from .dating import span_head
from .mentions import SentenceActors

# A noun before or beside these belongs to a larger phrase: "Islamic State targets", "the OPCW visit".
INNER = frozenset({"nmod:poss", "compound", "amod", "nmod:desc", "flat"})
ASIDE = frozenset({"acl:relcl", "parataxis", "advcl", "discourse", "dep"})
OUTER = frozenset({"acl", "case", "mark", "punct", "cop", "nsubj", "cc", "conj"})
TIMES = frozenset({"nmod:tmod", "obl:tmod", "nmod:unmarked"})
WITHIN = frozenset({"of", "in", "at", "near", "on", "to", "with"})
OBJECTS = (frozenset({"obj"}), frozenset({"iobj"}), frozenset({"obl", "obl:agent"}), frozenset({"nmod", "nmod:poss"}))
BELOW = frozenset({"xcomp", "ccomp", "obj", "obl", "nmod"})
NAMING = frozenset({"NOUN", "PROPN", "PRON"})
CALENDAR = frozenset(name for name in (*WEEKDAYS, *MONTHS, "today", "yesterday") if len(name) > 5)  # not "may" and "sun"
KNOWN_SIDE, DEPTH = 3, 1


@dataclass(frozen=True, slots=True)
class Sides:
    """The phrases of those who act and of those whom they deal with; parties as far as they are known."""

    acting: tuple[Mention, ...]
    other: tuple[Mention, ...]


def sides_of(parse: Parse, actors: SentenceActors, claims: Sequence[Claim], times: Sequence[When], knowledge: Knowledge) -> Sides:
    """Both sides of one sentence; empty where it names nobody."""
    return _Finder(parse, actors, times, knowledge).sides(claims)


class _Finder:
    def __init__(self, parse: Parse, actors: SentenceActors, times: Sequence[When], knowledge: Knowledge) -> None:
        self.parse, self.actors, self.knowledge = parse, actors, knowledge
        self.times = [(t.text_start, t.text_end) for t in times if t.text_start is not None and t.text_end is not None]

    def sides(self, claims: Sequence[Claim]) -> Sides:
        root = self._root()
        subject = self._subject(root)
        chief = min(claims, key=self._height, default=None)
        acting = self._subjects(subject) if subject else []
        other: list[Mention] = []
        if chief:
            trigger = frozenset({span_head(self.parse, chief.trigger_start, chief.trigger_end) or 0})
            mutual = not chief.recipient and len(chief.actor) > 1
            first, second = (chief.actor[:1], chief.actor[1:]) if mutual else (chief.actor, chief.recipient)
            acting += self._claimed(first, trigger, target=False)
            other = self._claimed(second, trigger, target=True)
        if not other and root:
            head = self._object(root, subject)
            other = self._wide([head], target=True) if head else []
        return Sides(_apart(acting), _apart(other))

    def _height(self, claim: Claim) -> tuple[int, int]:
        head = span_head(self.parse, claim.trigger_start, claim.trigger_end)
        steps = len(self.parse.ancestors(head)) if head else len(self.parse.words)
        return steps - KNOWN_SIDE * bool(claim.actor) - KNOWN_SIDE * bool(claim.recipient), claim.trigger_start

    def _root(self) -> int:
        """The word that heads the main statement: not a verb of speech that only follows what was said ("…, a monitor said")."""
        root = next((w.index for w in self.parse.words if w.head == 0), 0)
        if root and self.parse.word(root).lemma.lower() in self.knowledge.speech.verbs:
            told = [c for c in self.parse.children[root] if self.parse.word(c).deprel in {"ccomp", "parataxis"} and c < root]
            speaker = [c for c in self.parse.children[root] if self.parse.word(c).deprel == "nsubj"]
            if told and speaker and speaker[0] > told[0]:
                return told[0]
        return root

    def _subject(self, verb: int) -> int | None:
        seen: set[int] = set()
        while verb and verb not in seen:
            seen.add(verb)
            found = next((c for c in self.parse.children[verb] if self.parse.word(c).deprel in {"nsubj", "nsubj:pass"}), None)
            if found:
                return found
            verb = self.parse.word(verb).head if self.parse.word(verb).deprel in {"xcomp", "conj", "advcl"} else 0
        return None

    def _subjects(self, subject: int) -> list[Mention]:
        """The subject with those joined to it, as one stretch."""
        joined = [c for c in self.parse.children[subject] if self.parse.word(c).deprel == "conj"]
        found = self._wide([subject, *joined], target=False)
        if not found:
            return []
        start, end = min(m.start for m in found), max(m.end for m in found)
        return [replace(found[0], text=self._text(start, end), start=start, end=end)]

    def _claimed(self, parties: Iterable[Mention], trigger: frozenset[int], target: bool) -> list[Mention]:
        heads = [span_head(self.parse, party.start, party.end) for party in parties]
        heads = [head for head in heads if head and not (target and self.parse.word(head).upos == "PRON")]
        return self._wide([self._whole(head, trigger) for head in heads if head], target)

    def _whole(self, head: int, trigger: frozenset[int]) -> int:
        """The noun that a party only describes, unless that is the trigger ("rebel attacks")."""
        word = self.parse.word(head)
        while word.deprel in INNER and word.head and word.head not in trigger and self.parse.word(word.head).upos in {"NOUN", "PROPN"}:
            head = word.head
            word = self.parse.word(head)
        return head

    def _object(self, root: int, subject: int | None) -> int | None:
        """The nearest object, oblique or complement below a verb that is an actor, or has one before its noun."""
        queue, seen = [(root, 0)], set[int]()
        while queue:
            node, deep = queue.pop(0)
            if node in seen or deep > DEPTH:
                continue
            seen.add(node)
            for relations in OBJECTS:
                for child in self.parse.children[node]:
                    if child != subject and self.parse.word(child).deprel in relations and self._may_be(child):
                        return child
            below = [c for c in self.parse.children[node] if self.parse.word(c).deprel in BELOW and c != subject]
            queue += [(c, deep + (self.parse.word(c).deprel != "xcomp")) for c in below]
        return None

    def _may_be(self, index: int) -> bool:
        word = self.parse.word(index)
        if word.upos not in NAMING or self._is_time(word):
            return False
        if word.upos == "PRON" and word.lemma.lower() in {"it", "itself", "themselves"}:
            return False
        inner = [c for c in self.parse.children[index] if self.parse.word(c).deprel in INNER]
        return bool(self.actors.resolve(index)) or any(self.actors.is_actor(c) or self.actors.hit_at(c) for c in inner)

    def _is_time(self, word: Word) -> bool:
        """Also a day or month that stands for no date here, since nothing says when the article appeared."""
        return word.lemma.lower() in CALENDAR or any(start <= word.start < end for start, end in self.times)

    def _wide(self, heads: Iterable[int], target: bool) -> list[Mention]:
        """The whole phrases of head words, with who is meant where that is known."""
        result = []
        for head in heads:
            known = self.actors.resolve(head)
            if not known and self.parse.word(head).upos not in NOMINAL:
                continue
            words = [self.parse.word(i) for i in self._phrase(head, target)]
            start, end = words[0].start, words[-1].end
            mention = known[0] if known else Mention(None, None, None, (), None, None, "", start, end, "unnamed")
            result.append(replace(mention, text=self._text(start, end), start=start, end=end))
        return result

    def _phrase(self, head: int, target: bool) -> list[int]:
        inside, stack = {head}, [head]
        while stack:
            node = stack.pop()
            for child in self.parse.children[node]:
                word = self.parse.word(child)
                top = node == head
                if word.deprel in ASIDE or (top and word.deprel in OUTER):
                    continue
                if word.deprel in TIMES or (word.deprel in {"nmod", "obl", "nmod:desc", "compound"} and self._is_time(word)):
                    continue
                if top and target and word.deprel == "nmod" and not cases(self.parse, child) <= WITHIN:
                    continue
                inside.add(child)
                stack.append(child)
        return list(range(min(inside), max(inside) + 1))

    def _text(self, start: int, end: int) -> str:
        base = self.parse.sentence.start
        return self.parse.sentence.text[start - base : end - base]


def _apart(found: Iterable[Mention]) -> tuple[Mention, ...]:
    """Without phrases that lie in another one."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: m.start - m.end):  # the longest first
        if not any(other.start <= mention.start and mention.end <= other.end for other in kept):
            kept.append(mention)
    return tuple(sorted(kept, key=lambda m: m.start))
