"""What a sentence tells, weighed: every trigger with its day, place, voice and status, and how likely it is an act.

In: a parse with its actors and times, the memory of the article, triggers. Out: claims that stand, and those too unlikely. Where a row's
claim falls, the event network may still tell what it reads there ("announced his resignation": no withdrawal yet, but a concession).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .flow.claims import ClaimFinder, Found
from .flow.dating import SAID, Around, dated, when_of
from .flow.learned import act_of, proposals, stands, weigh
from .flow.memory import Memory
from .flow.mentions import SentenceActors
from .flow.nameless import place_in_words
from .flow.places import place_of
from .flow.status import decide
from .flow.tenure import in_office
from .flow.voices import attribute
from .flow.weights import Weights
from .knowledge import Knowledge
from .records import Article, Claim, When


class Clock:
    """Adds the time since the last lap to a step."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds = seconds
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        """Ends a lap, which belongs to this step."""
        now = time.perf_counter()
        self._seconds[step] = self._seconds.get(step, 0.0) + now - self._last
        self._last = now


@dataclass(slots=True)
class Weighing:
    """The claims of one sentence: those that stand, each with the head word of its trigger, and those that fell."""

    article: Article
    actors: SentenceActors
    memory: Memory
    times: list[When]
    knowledge: Knowledge
    weights: Weights
    clock: Clock
    around: Around = field(init=False)
    stand: list[tuple[Claim, int]] = field(default_factory=list)
    fallen: list[Claim] = field(default_factory=list)

    def told(self, finder: ClaimFinder, rows: Sequence[Found]) -> Weighing:
        """Weighs what rows found and what the network proposes beside them, then what it proposes where rows have fallen.

        All triggers of the first round compete for days and places, fallen ones too: their words still tell something.
        """
        found = sorted([*rows, *proposals(finder, rows, self.knowledge, self.weights)], key=lambda item: item.word)
        triggers = finder.claims(found)
        self.around = self._around(triggers)
        self.clock.lap("claims")
        items = {item.word: item for item in found}
        stood = {word for claim, word in triggers if self._weighed(claim, items[word])}
        left = {item.word for item in rows} - stood
        if left:
            kept = [item for item in rows if item.word not in left]
            anew = proposals(finder, kept, self.knowledge, self.weights, items.keys() - left)
            items |= {item.word: item for item in anew}
            for claim, word in finder.claims(anew):
                self._weighed(claim, items[word])
            self.stand.sort(key=lambda item: item[1])
        return self

    def _around(self, triggers: Sequence[tuple[Claim, int]]) -> Around:
        parse = self.actors.parse
        speech = frozenset(w.index for w in parse.words if w.lemma.lower() in self.knowledge.speech.verbs)
        return Around(
            speech, frozenset(index for _, index in triggers), frozenset(index for found, index in triggers if found.event in SAID),
            frozenset(w.index for w in parse.words if w.upos == "NOUN" and self.knowledge.lexicon.at(w.lemma.lower(), "noun")),
            frozenset(w.index for w in parse.words if w.lemma.lower() in self.knowledge.place_words.elsewhere),
        )

    def _weighed(self, told: Claim, item: Found) -> bool:
        """Whether one claim stands, with all its fields; it is kept among those that stand or fell."""
        parse, trigger, knowledge = self.actors.parse, item.word, self.knowledge
        claim = replace(told, published=self.article.published)
        act = act_of(parse, item)
        claim = in_office(dated(claim, when_of(claim, parse, trigger, self.times, self.around, act)), knowledge)
        self.clock.lap("dates")
        claim = place_of(claim, parse, trigger, self.actors, self.around, act)
        self.clock.lap("places")
        claim = attribute(claim, parse, trigger, self.actors, knowledge)
        self.clock.lap("voices")
        weighed = weigh(decide(claim, parse, trigger, knowledge, self.memory.background), item, act, self.actors, self.weights)
        self.clock.lap("status")
        if weighed is None:
            return False
        if not stands(weighed, item, parse, knowledge, self.weights):
            self.fallen.append(weighed)
            return False
        weighed = self.memory.story.complete(weighed, parse, trigger, knowledge)
        self.stand.append((place_in_words(weighed, parse, trigger, self.actors, self.around, act), trigger))
        self.clock.lap("places")
        return True
