"""The signed network: a period's ties between the actors of most events, blocs, tense triads; the same as a matrix and as a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ....errors import UnknownName
from ....relations.blocs import Balance, Triad
from ....relations.signed import Edge, Network
from ...reading import Reading
from .. import signs
from ..asking import Asked
from ..draw.network import COLUMN, NARROW, WIDE, Node, Tie, drawn
from ..format import counted, percent, signed
from ..names import Names, path, shortened
from ..signs import Cast, Period, State

KEYS = ("at", "by", "focus", "moves")
TRIADS = 12
FEW = 14  # actors of the narrow picture
CODE, LONGEST = 3, 22  # letters of a state's code, and of a name under a mark
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ABOUT = ("Solid: cooperation outweighs. Dashed with a bar: conflict does. Dotted: it is not sure which. Width: how much is told. "
         "No line: too little is told.")


def view(reading: Reading, asked: Asked) -> Mapping[str, Any]:
    """Values of the page."""
    names, found = Names(reading.knowledge), signs.cast(reading)
    grain = asked.choice("by", signs.GRAINS, signs.usual(found))
    steps = signs.periods(found, grain)
    if not steps:
        return {"title": "Network", "steps": [], "period": None, "grain": grain, "grains": []}
    period = _chosen(asked, steps)
    number = steps.index(period)
    state = signs.at(reading, period.end)
    letters = _letters(state)
    nodes = _nodes(asked, names, found, state, letters)
    ties = ties_of(asked, names, nodes, state.all, period)
    focus = _focus(reading, asked, found)
    shown_nodes, shown_ties = _of(focus, nodes, ties) if focus else (nodes, ties)
    few = _first(shown_nodes, shown_ties, FEW)
    title = f"Network, {period.told}"
    before = steps[number - 1] if number else None
    return {
        "title": title, "period": period, "number": number, "steps": steps, "grain": grain, "focus": names.of(focus) if focus else "",
        "grains": [(told, asked.link(by=None if told == signs.usual(found) else told, at=None)) for told in signs.GRAINS],
        "links": [(step, asked.link(at=None if step is steps[-1] else step.key)) for step in steps], "before": before,
        "sentence": _sentence(found, state), "blocs": _members(names, state, letters),
        "pictures": [drawn(shown_nodes, shown_ties, title, ABOUT, size) for size in (WIDE, COLUMN)] + [drawn(*few, title, ABOUT, NARROW)],
        "matrix": _matrix(asked, names, found, state, letters, period), "ties": _listed(asked, names, state.all, period, letters),
        "balance": _balance(state.balance), "triads": [_triad(names, triad) for triad in state.balance.tense[:TRIADS]],
        "moves": _moves(reading, names, before, period) if before and asked.get("moves") else None,
        "few": len(nodes) - len(few[0]) if not focus else 0,
    }


def _chosen(asked: Asked, steps: Sequence[Period]) -> Period:
    """The period that an address names by its key, or by a day in it; the newest for none."""
    text = asked.get("at")
    if not text:
        return steps[-1]
    for step in steps:
        if step.key == text:
            return step
    day = asked.day("at", steps[-1].end)
    if day is None:
        return steps[-1]
    for step in steps:
        if step.begin <= day <= step.end:
            return step
    asked.wrong("at", f"nothing is known of that time (known: {steps[0].key} to {steps[-1].key})")
    return steps[-1]


def _focus(reading: Reading, asked: Asked, found: Cast) -> str:
    text = asked.get("focus")
    if not text:
        return ""
    try:
        root = reading.party(text)
    except UnknownName as error:
        asked.wrong("focus", f"nobody is called so ({error.hint})")
        return ""
    if root not in found.actors:
        asked.wrong("focus", "it is not among the actors shown here")
        return ""
    return root


# -- nodes and ties -----------------------------------------------------------------------------------------------------


def _letters(state: State) -> dict[str, str]:
    """The letter of each actor's bloc; none for a bloc of one, and past Z."""
    groups = [group for group in state.blocs.members() if len(group) > 1]
    return {name: letter for letter, group in zip(LETTERS, groups, strict=False) for name in group}


def _nodes(asked: Asked, names: Names, found: Cast, state: State, letters: Mapping[str, str]) -> list[Node]:
    here = set(state.all.actors)
    nodes = []
    for name, events, (x, y) in zip(found.actors, found.events, found.places.tolist(), strict=True):
        told = f"{names.of(name)}: {counted(events, 'event')}"
        told += f", bloc {letters[name]}" if name in letters else "" if name in here else ", nothing is told in this period"
        link, letter = asked.to(path("actor", name)), letters.get(name, "")
        nodes.append(Node(name, short(names, name), names.of(name), told, link, x, y, events, letter, name in here, not is_code(name)))
    return nodes


def is_code(name: str) -> bool:
    """Whether an id is a state's three letters, which fit into a circle; all others stand in squares."""
    return len(name) == CODE and name.isupper()


def short(names: Names, name: str) -> str:
    """What stands in or under the mark of an actor."""
    return name if is_code(name) else shortened(names.of(name), LONGEST)


def ties_of(asked: Asked, names: Names, nodes: Sequence[Node], found: Network, period: Period) -> list[Tie]:
    """Ties of a network between nodes that are shown, each with the address of its relation in the year up to a period's end."""
    place = {node.ident: number for number, node in enumerate(nodes)}
    weights = sorted(edge.weight for edge in found.edges)
    ties = []
    for edge in found.edges:
        a, b = found.actors[edge.one], found.actors[edge.other]
        if a not in place or b not in place:
            continue
        strength = 0 if not weights else sum(edge.weight >= weights[int(len(weights) * share)] for share in (1 / 3, 2 / 3))
        ties.append(Tie(place[a], place[b], edge.sign, strength, _told(names, found, edge), _link(asked, a, b, period)))
    return ties


def _told(names: Names, found: Network, edge: Edge) -> str:
    words = {1: "cooperation", -1: "conflict", 0: "not sure which sign"}[edge.sign]
    pair = f"{names.of(found.actors[edge.one])} and {names.of(found.actors[edge.other])}"
    return f"{pair}: index {signed(edge.index)} ({signed(edge.low)} to {signed(edge.high)}), {words}"


def _link(asked: Asked, a: str, b: str, period: Period) -> str:
    one, other = sorted((a, b))
    days = {"from": (period.end - timedelta(days=365)).isoformat(), "to": period.end.isoformat()}
    return asked.to(path("relation", one, other), **days)


def _of(focus: str, nodes: Sequence[Node], ties: Sequence[Tie]) -> tuple[list[Node], list[Tie]]:
    """An actor with those it has a tie with."""
    centre = next(number for number, node in enumerate(nodes) if node.ident == focus)
    near = {centre, *(tie.one if tie.other == centre else tie.other for tie in ties if centre in (tie.one, tie.other))}
    return _kept(nodes, ties, sorted(near))


def _first(nodes: Sequence[Node], ties: Sequence[Tie], most: int) -> tuple[list[Node], list[Tie]]:
    """The first of them, those with most events, spread over the whole square."""
    kept, between = _kept(nodes, ties, range(min(most, len(nodes))))
    low, high = ([side(node.x for node in kept), side(node.y for node in kept)] for side in (min, max))
    wide = [max(1e-9, one - other) for one, other in zip(high, low, strict=True)]
    return [replace(node, x=(node.x - low[0]) / wide[0], y=(node.y - low[1]) / wide[1]) for node in kept], between


def _kept(nodes: Sequence[Node], ties: Sequence[Tie], places: Sequence[int]) -> tuple[list[Node], list[Tie]]:
    new = {old: number for number, old in enumerate(places)}
    kept = [Tie(new[t.one], new[t.other], t.sign, t.strength, t.told, t.link) for t in ties if t.one in new and t.other in new]
    return [nodes[old] for old in places], kept


# -- words and tables ---------------------------------------------------------------------------------------------------


def _sentence(found: Cast, state: State) -> str:
    up = sum(edge.sign > 0 for edge in state.all.edges)
    down = sum(edge.sign < 0 for edge in state.all.edges)
    unsure = len(state.all.edges) - up - down
    more = f" The {len(found.actors)} actors with most events are shown, of {len(found.actors) + found.left:,}." if found.left else ""
    if not state.all.edges:
        return f"Too little is told of any two actors for a tie in this period.{more}"
    return (f"{counted(up, 'tie')} of cooperation, {down} of conflict, {unsure} whose sign is not sure, between "
            f"{counted(len(state.all.actors), 'actor')}.{more}")


def _members(names: Names, state: State, letters: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = []
    for group in state.blocs.members():
        if len(group) > 1 and group[0] in letters:
            own = sorted(group, key=lambda name: (-state.blocs.margin[name], name))
            rows.append({"letter": letters[group[0]], "names": [(names.of(name), name, percent(state.blocs.sure[name])) for name in own]})
    return rows


def _matrix(
    asked: Asked, names: Names, found: Cast, state: State, letters: Mapping[str, str], period: Period
) -> dict[str, Any]:
    """Actors by actors, those that have a tie with a sign: sign and index of each tie; those of one bloc stand together."""
    here = [name for name in found.actors if name in state.sure.actors]
    here.sort(key=lambda name: (letters.get(name, "~"), found.actors.index(name)))
    place = {name: number for number, name in enumerate(state.all.actors)}
    edges = {(edge.one, edge.other): edge for edge in state.all.edges}
    rows = []
    for one in here:
        cells = []
        for other in here:
            ends = (place[one], place[other]) if place[one] < place[other] else (place[other], place[one])
            edge = edges.get(ends)
            if one == other or edge is None:
                cells.append({"name": "self" if one == other else "none", "words": "", "link": "", "told": ""})
                continue
            name = {1: "up", -1: "down", 0: "unsure"}[edge.sign]
            strong = "" if name == "unsure" else "2" if abs(edge.index) >= 2 else "1"
            words = signed(edge.index) if edge.sign else "±"
            cells.append({"name": name + strong, "words": words, "link": _link(asked, one, other, period),
                          "told": _told(names, state.all, edge)})
        rows.append({"name": names.of(one), "code": one, "letter": letters.get(one, ""), "cells": cells})
    return {"heads": [(short(names, name), names.of(name)) for name in here], "rows": rows}


def _listed(asked: Asked, names: Names, found: Network, period: Period, letters: Mapping[str, str]) -> list[dict[str, Any]]:
    """Ties as rows, the strongest first."""
    rows = []
    for edge in sorted(found.edges, key=lambda edge: -abs(edge.index)):
        a, b = found.actors[edge.one], found.actors[edge.other]
        one, other = letters.get(a, ""), letters.get(b, "")
        rows.append({
            "name": f"{names.of(a)} and {names.of(b)}", "link": _link(asked, a, b, period), "shown": signed(edge.index),
            "band": f"{signed(edge.low)} to {signed(edge.high)}", "weight": f"{edge.weight:.1f}",
            "bloc": f"both in {one}" if one and one == other else f"{one} and {other}" if one and other else "",
        })
    return rows


def _balance(found: Balance) -> str:
    if not found.triads:
        return "No three actors have a tie with one another."
    chance = f"; with signs dealt out by chance it would be {percent(found.expected)}" if found.expected is not None else ""
    return f"{found.balanced} of {counted(found.triads, 'triad')} are in balance ({percent(found.share)}){chance}."


def _triad(names: Names, found: Triad) -> dict[str, Any]:
    a, b, c = found.actors
    sides = list(zip(((a, b), (b, c), (a, c)), found.indices, strict=True))
    foes = sum(value < 0 for _, value in sides)
    (one, other), weakest = min(sides, key=lambda side: abs(side[1]))
    return {
        "actors": found.actors, "name": ", ".join(names.of(name) for name in found.actors),
        "sides": [(f"{names.of(x)} and {names.of(y)}", signed(value), value > 0) for (x, y), value in sides],
        "kind": "all three at odds" if foes == 3 else "two friends of a third are at odds",
        "weakest": f"{names.of(one)} and {names.of(other)}, {signed(weakest)}",
    }


def _moves(reading: Reading, names: Names, before: Period, period: Period) -> list[dict[str, str]]:
    """Who changed its bloc between two periods."""
    return [{"name": names.of(move.actor), "share": percent(move.share), "left": _several(names, move.origin),
             "joined": _several(names, move.goal)} for move in signs.moved(reading, before.end, period.end)]


def _several(names: Names, ids: Sequence[str]) -> str:
    more = f" and {len(ids) - 6} more" if len(ids) > 6 else ""
    return (", ".join(names.of(one) for one in ids[:6]) or "nobody") + more
