"""What one article has said so far: who was named, with which role, who was spoken of last. Made anew for each article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from ..knowledge import GazetteerEntry, Role
from ..records import Claim, Mention
from .background import Background
from .calendar_words import Anchor
from .deals import Deals
from .geography import Geography
from .happenings import Story
from .repeated import Repeated

ARMED = frozenset({"REB", "UAF", "PRM"})


def _told(mention: Mention) -> int:
    """How much is known of a person."""
    return bool(mention.country) + bool(mention.sector) + bool(mention.role)


def _surnames(name: str) -> str:
    """All but the first name: "Abu Bakr" of "Yasin Abu Bakr"."""
    return " ".join(name.split()[1:])


def _unknown(_: str) -> float:
    return 0.0


class Memory:
    """Actors of an article in the order of their naming. Later sentences look back into it; nothing looks ahead."""

    def __init__(self, published: date | None = None, geography: Geography | None = None) -> None:
        self.published = published
        self.geography = geography
        self.story = Story()
        self.deals = Deals()
        self.located: dict[int, tuple[GazetteerEntry, int, int] | None] = {}
        self.anchor: Anchor | None = None
        self.people: dict[str, Mention] = {}
        self.roles: dict[str, Mention] = {}
        self.last_person: Mention | None = None
        self.last_subject_person: Mention | None = None
        self.last_body: Mention | None = None
        self.last_subject: Mention | None = None
        self.office_at = -9  # the sentence whose subject was last a person or an office
        self.crowd: tuple[Mention, ...] = ()
        self.crowd_at = -9
        self.met: tuple[Mention, ...] = ()
        self.met_at = -9
        self.last_group: Mention | None = None
        self.last_state: Mention | None = None
        self.bodies: list[Mention] = []
        self.short: dict[str, Mention] = {}
        self.last_pair: tuple[Mention, ...] = ()
        self.last_two: tuple[Mention, ...] = ()
        self.last_plural: tuple[Mention, ...] = ()
        self.plural_age = 0
        self.plural_joined = False
        self.subject_age = 0
        self.speaker: Mention | None = None
        self.teller: Mention | None = None  # the state or body that last said something as the subject of a sentence, and in which one
        self.teller_at = -9
        self.spoke: Mention | None = None
        self.in_quote = False
        self.quoted_at = -9  # the last sentence with a quotation whose speaker is known
        self.background: Background = ""
        self.scene: str | None = None
        self.tells: Callable[[str], float] = _unknown  # log-odds, by words alone, that a sentence of the article tells an act
        self.heard: Callable[[str], bool] = bool  # whether a word of a trigger names acts in the corpus
        self.repeated = Repeated()
        self.deed: Claim | None = None  # the last act of force told, for tolls told alone
        self.countries: Counter[str] = Counter()

    def note(self, mention: Mention, head: str, many: bool = False) -> None:
        """Remembers a mention; `head` is the lemma of its head word ("minister"), `many`: it is in the plural, so never "he"."""
        if mention.person:
            self.last_person = mention
            for part in (*(mention.person.split()[1:] or [mention.person]), _surnames(mention.person), mention.person):
                earlier = self.people.get(part)
                poorer = earlier is not None and _told(mention) < _told(earlier)
                if len(part) > 2 and not (poorer and earlier and mention.person in (earlier.person or "")):
                    self.people[part] = mention
        if mention.role:
            if not mention.person and not many and not (self.last_person and self.last_person.person):
                self.last_person = mention
            for word in (head, mention.role.split()[-1]):
                earlier = self.roles.get(word)
                named = earlier and earlier.person and not mention.person and (earlier.id, earlier.role) == (mention.id, mention.role)
                if not named:  # an office keeps the holder that it was told with
                    self.roles[word] = mention
        elif mention.id and not mention.person:
            self.last_body = mention
        if mention.id and mention.id != mention.country and not mention.person:
            self.last_group = mention
            if not mention.role:
                self.bodies = [*(m for m in self.bodies if m.id != mention.id), mention]
        if mention.id and mention.id == mention.country and not mention.role and not mention.person:
            self.last_state = mention
        if mention.country and len(mention.country) == 3 and mention.id == mention.country:
            self.countries[mention.country] += 1

    def state_spoken_of(self) -> Mention | None:
        """For "the country": the state that the sentence before was about, else the one named last."""
        subject = self.last_subject if self.subject_age <= 1 else None
        return subject if subject and subject.id == subject.country else self.last_state

    def note_pair(self, mentions: tuple[Mention, ...], joined: bool = True) -> None:
        """Remembers parties that a sentence set side by side, for "both sides" and "the two leaders"; `joined`: by an "and"."""
        distinct = tuple({m.id: m for m in mentions if m.id and m.rule != "place-of-country"}.values())
        if len(distinct) >= 2:
            self.last_plural, self.plural_age, self.plural_joined = distinct, 0, joined
            if len(distinct) == 2:
                self.last_pair = self.last_two = distinct

    def note_met(self, mentions: tuple[Mention, ...], sentence: int) -> None:
        """Remembers two states, bodies or officials, or more, who did something together, for "their meeting"; no armed groups."""
        distinct = tuple({(m.id, m.person, m.role): m for m in mentions if m.id and not ARMED & set(m.sector)}.values())
        if len({m.id for m in distinct}) >= 2:
            self.met, self.met_at = distinct, sentence

    def holder(self, actor: str | None, role: Role) -> Mention | None:
        """Who was named before in this office of a state or body, or as its leader; None for nobody or for several."""
        same = {m.person: m for m in self.people.values() if m.id == actor and m.role
                and role.phrase in {m.role, "leader"}}
        return next(iter(same.values())) if actor and role.kind == "office" and len(same) == 1 else None

    def home(self) -> str | None:
        """The country that the story is about so far: named most often, at least twice as often as the next."""
        common = self.countries.most_common(2)
        if not common or (len(common) == 2 and common[0][1] < 2 * common[1][1]):
            return None
        return common[0][0]

    def goes_on(self, sentence: int, opens: bool) -> bool:
        """Whether a quotation goes on in this sentence: it is still open, or it `opens` anew right behind one whose speaker is known."""
        return self.in_quote or (opens and self.quoted_at == sentence - 1)

    @staticmethod
    def again(mention: Mention, text: str, start: int, end: int, rule: str) -> Mention:
        """An earlier actor under new words."""
        return replace(mention, text=text, start=start, end=end, rule=rule)
