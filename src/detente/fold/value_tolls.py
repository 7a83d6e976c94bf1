"""How many: for each kind of toll the least, the best and the greatest figure that stands, by whom it counts.

Each voice has one figure, its latest. `low` is the least of these and `high` the greatest; "at least" leaves `high` open where nobody
names as much. `best` is the weighted median of those who name one number ("dozens" names none): a figure weighs by the class of its voice
and loses half its weight in `half_life` days, counted from the latest figure. Attackers and others of `apart` are never counted with the
whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .told import Said, Saying, Told
from .value_rules import ValueRules


@dataclass(frozen=True, slots=True)
class Scene:
    """What decides how far a voice is believed: the country where it happened, and the parties on either side."""

    country: str | None
    actors: Collection[str]
    recipients: Collection[str]


def group_of(quantity: Mapping[str, Any], rules: ValueRules) -> str:
    """Whom a number counts: a group of values.yml, the currency of money, "" for the whole."""
    words = (quantity["of"] or "").lower()
    if quantity["kind"] == "money" or not words:
        return quantity["of"] or ""
    known = rules.group_of
    if words in known:
        return known[words]
    pieces = words.replace("-", " ").split()
    return next((known[piece] for piece in (*reversed(pieces),) if piece in known), "")


def toll_sayings(told: Sequence[Told], rules: ValueRules) -> list[Said]:
    """What each claim says of each kind and group: its largest number, since smaller ones are parts of it."""
    found: list[Said] = []
    for one in told:
        quantities = one.row["quantities"]
        if not quantities:
            continue
        own: dict[tuple[str, str], Mapping[str, Any]] = {}
        for quantity in quantities:
            kind = quantity["kind"]
            if kind in rules.kinds:
                key = kind, group_of(quantity, rules)
                if key not in own or _size(quantity) > _size(own[key]):
                    own[key] = quantity
        found += [
            Said(one, kind, _words(q), _low(q), q["high"], group or None, "exact" if q["low"] == q["high"] else "bound", q["best"])
            for (kind, group), q in own.items()
        ]
    return found


def _low(quantity: Mapping[str, Any]) -> int | None:
    low, best = quantity["low"], quantity["best"]
    return int(low) if low is not None else int(best) if best is not None else None


def _size(quantity: Mapping[str, Any]) -> tuple[int, int, str]:
    values = [quantity[name] for name in ("low", "best", "high") if quantity[name] is not None]
    return max(values, default=-1), min(values, default=-1), str(quantity["text"])


def _words(quantity: Mapping[str, Any]) -> str:
    """"43", "36-40", "40+" for at least 40, "-40" for up to 40."""
    low, high = _low(quantity), quantity["high"]
    if low is not None and low == high:
        return str(low)
    return f"{'' if low is None else low}+" if high is None else f"{'' if low is None else low}-{high}"


def tolls_of(sayings: Sequence[Saying], scene: Scene, rules: ValueRules) -> list[dict[str, Any]]:
    """The tolls of an event, one TOLL per kind and group, from what is said of them (`standing_of`), in the order of values.yml."""
    figures: defaultdict[tuple[str, str], list[Said]] = defaultdict(list)
    for said, standing, _ in sayings:
        if standing == "stands":
            figures[said.field, said.unit or ""].append(said)
    order = sorted(figures, key=lambda key: (rules.kinds.index(key[0]), key[1]))
    return [_toll(kind, group, figures[kind, group], scene, rules) for kind, group in order]


def _toll(kind: str, group: str, figures: list[Said], scene: Scene, rules: ValueRules) -> dict[str, Any]:
    if len(figures) == 1:
        only = figures[0]
        return {"kind": kind, "low": only.low, "best": only.best, "high": only.high, "of": group or None}
    last = max((f.told.said for f in figures if f.told.said is not None), default=None)
    weighted = [
        (f.best, rules.classes[class_of(f.told, group, scene, rules)] * _fresh(f.told.said, last, rules))
        for f in figures if f.best is not None
    ]
    lows = [f.low for f in figures if f.low is not None]
    highs = [f.high for f in figures if f.high is not None]
    open_lows = [f.low for f in figures if f.high is None and f.low is not None]
    high = max(highs, default=None)
    if open_lows and (high is None or max(open_lows) > high):
        high = None
    return {"kind": kind, "low": min(lows, default=None), "best": median(weighted), "high": high, "of": group or None}


def median(weighted: Sequence[tuple[int, float]]) -> int | None:
    """The least value at which half of all weight is reached; None for none."""
    ordered = sorted(weighted)
    half = sum(weight for _, weight in ordered) / 2
    reached = 0.0
    for value, weight in ordered:
        reached += weight
        if reached >= half - 1e-12:
            return value
    return None


def _fresh(said: date | None, last: date | None, rules: ValueRules) -> float:
    age = (last - said).days if said is not None and last is not None else 0
    return float(2 ** (-age / rules.half_life))


def class_of(told: Told, group: str, scene: Scene, rules: ValueRules) -> str:
    """The class of a voice, as values.yml names them. `group`: whom the figure counts; attackers are the enemy of whoever was attacked."""
    if told.kind != "speaker":
        return told.kind if told.kind == "document" else "outlet"
    speaker = told.row["voice"]["speaker"]
    if speaker is None or (told.speaker == "" and not speaker["person"]):
        return "unnamed"
    sectors = set(speaker["sector"] or ())
    if not sectors.isdisjoint(rules.impartial_sectors):
        return "official"
    fights = not sectors.isdisjoint(rules.fighting_sectors) or ":" in told.speaker
    if not fights and not sectors.isdisjoint(rules.official) and speaker["country"] and scene.country in {speaker["country"], None}:
        return "official"
    if told.speaker in scene.recipients and group not in rules.apart:
        return "own_losses"
    if told.speaker in scene.actors or told.speaker in scene.recipients:
        return "own_losses" if group in rules.apart and told.speaker in scene.actors else "enemy_losses"
    return "official" if not fights and not sectors.isdisjoint(rules.official) else "other"
