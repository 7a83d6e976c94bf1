"""Where and when, told once for several sentences: a claim that tells of a happening named before takes its place and day.

In: a claim without a place of its own, the parse, what the article has told so far. Out: the claim with the earlier place, the day too
where it has none of its own. Only for violence and protest told as actual, and only where the words lead back: a definite word for the act
("the attack", "the clashes") or for those in it ("the attacker", "the victims"), the same person, a word for the place alone ("in the
city", "there"), or the same kind of act close by with nobody and no place named. `pipeline` calls it after the status is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..knowledge import Knowledge
from ..language.syntax import by_relation, cases
from ..records import Claim, Parse, Place, Reason, When

FAMILY = frozenset({"ASSAULT", "PROTEST", "MOBILIZE"})
SCENES = frozenset({"ASSAULT", "PROTEST"})
DEFINITE = frozenset({"the", "this", "that", "these", "those"})
REACH = 10  # sentences between the telling and the taking up
AGAIN = 5  # the same kind of act again, with nobody and no place in it that is named
# Rules that take an actor's country from the place or the story.
LOCAL = frozenset({"role-of-story-country", "role-in-place", "role-in-state", "role-named-before"})
TOLD = "+told-before"
NOUNS = frozenset({"NOUN", "PROPN"})


@dataclass(frozen=True, slots=True)
class Happening:
    """An act of violence or a protest that a sentence has placed."""

    event: str
    sentence: int
    place: Place
    when: When
    persons: frozenset[str]


class Story:
    """The happenings of one article, in the order of their telling."""

    def __init__(self) -> None:
        self._told: list[Happening] = []

    def note(self, claims: list[Claim]) -> None:
        """Remembers the claims of a sentence that tell a place of their own."""
        for claim in claims:
            if claim.event in SCENES and claim.status == "actual" and claim.place and not _in_words(claim):
                persons = frozenset(m.person for m in (*claim.actor, *claim.recipient) if m.person)
                self._told.append(Happening(claim.event, claim.sentence_index, claim.place, claim.when, persons))

    def complete(self, claim: Claim, parse: Parse, trigger: int, knowledge: Knowledge) -> Claim:
        """The claim with place, and day, of the happening that its words lead back to."""
        if claim.event not in FAMILY or claim.status != "actual" or claim.place:
            return claim
        last = self._last(claim)
        if last is None:
            return claim
        link = self._link(claim, parse, trigger, knowledge, last)
        if not link or self._elsewhere(claim, last):
            return claim
        why = [*claim.why, Reason("places", f"told-before-{link}", last.place.text)]
        when = claim.when
        same = link != "place" or self._goes_on(claim, parse, trigger, knowledge, last)
        if same and when.precision == "publication" and last.when.precision == "day":
            when = replace(last.when, rule=last.when.rule.removesuffix(TOLD) + TOLD)
            why.append(Reason("dates", when.rule, when.text or ""))
        return replace(claim, place=last.place, when=when, why=tuple(why))

    def _last(self, claim: Claim) -> Happening | None:
        """The latest happening in reach; the finest place of it where several claims told it."""
        near = [h for h in self._told if claim.sentence_index - h.sentence <= REACH]
        if not near:
            return None
        alike = [h for h in near if h.event == claim.event and claim.sentence_index - h.sentence <= AGAIN]
        last = (alike or near)[-1]
        same = [h for h in near if h.place.country == last.place.country]
        exact = [h for h in same if h.place.precision in {"site", "city"}]
        return exact[-1] if exact and last.place.precision in {"country", "region"} else last

    def _link(self, claim: Claim, parse: Parse, trigger: int, knowledge: Knowledge, last: Happening) -> str:
        """What leads back from a claim to a happening: "act", "party", "person", "place", "again", or nothing."""
        words = knowledge.place_words
        for node in (trigger, *parse.children[trigger]):
            if _is_definite(parse, node) and parse.word(node).lemma.lower() in words.acts_again:
                return "act"
        for node in _below(parse, trigger):
            word = parse.word(node)
            if word.upos in NOUNS and word.lemma.lower() in words.parties_again and _is_definite(parse, node):
                return "party"
            if word.lemma.lower() in words.places_again and (word.upos == "ADV" or (_is_definite(parse, node) and cases(parse, node))):
                return "place"
        if last.persons & {m.person for m in (*claim.actor, *claim.recipient) if m.person}:
            return "person"
        there = {h.event for h in self._told if h.place.name == last.place.name}
        again = claim.event in there or (claim.event == "ASSAULT" and "PROTEST" in there)  # force meets a protest
        return "again" if again and self._goes_on(claim, parse, trigger, knowledge, last) else ""

    def _goes_on(self, claim: Claim, parse: Parse, trigger: int, knowledge: Knowledge, last: Happening) -> bool:
        """Whether a claim near by tells of nobody and of no place that is new: the same scene, told further."""
        if claim.sentence_index - last.sentence > AGAIN or claim.when.precision not in {None, "publication"}:
            return False
        named = any(m.id and m.rule not in LOCAL and not m.rule.startswith("pronoun") for m in (*claim.actor, *claim.recipient))
        words = [parse.word(i) for i in _below(parse, trigger)]
        earlier = knowledge.status.historical.get("adjectives", frozenset()) | knowledge.status.historical.get("adverbs", frozenset())
        return not named and not any(word.name.endswith("LOC") or word.lemma.lower() in earlier for word in words)

    def _elsewhere(self, claim: Claim, last: Happening) -> bool:
        """Whether a claim is told with a day of another time or with a state that is not the place's."""
        own, then = claim.when, last.when
        if own.start and then.start and own.precision != "publication" and then.precision != "publication":
            return own.start > (then.end or then.start) or (own.end or own.start) < then.start
        return any(m.id and m.id == m.country and m.country != last.place.country for m in (*claim.actor, *claim.recipient))


def _in_words(claim: Claim) -> bool:
    """Whether a common noun told the place ("in the capital"): too little to place what comes after."""
    return any(r.step == "places" and r.rule.startswith("words-") for r in claim.why)


def _is_definite(parse: Parse, index: int) -> bool:
    """"the attack", "those attacks"; in a headline there are no articles, so there nothing is definite."""
    return any(parse.word(c).lemma.lower() in DEFINITE or parse.word(c).text.lower() in DEFINITE for c in by_relation(parse, index, "det"))


def _below(parse: Parse, trigger: int) -> list[int]:
    """The words of a trigger's clause."""
    result, open_nodes = [], [trigger]
    while open_nodes:
        node = open_nodes.pop()
        result.append(node)
        open_nodes += [c for c in parse.children[node] if parse.word(c).deprel not in {"ccomp", "parataxis", "acl:relcl", "conj", "advcl"}]
    return sorted(result)
