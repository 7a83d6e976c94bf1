"""An event: its values with who says what, the reports side by side, why they were put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from ...moved import elsewhere
from ...reading import Reading
from .. import rows
from ..asking import Asked, parse_day
from ..decided import decided, on_event
from ..draw.small import strip
from ..format import day, percent, signed, toll
from ..names import Names, path, root_link, source_of
from ..spots import Where, fitted, keys, pictures
from ..spots import of_event as place_of
from .deciding import choices

Row = Mapping[str, Any]
_SIZES = ((640, 420), (360, 280))
FIELDS = {"event": "what", "mode": "how", "actor": "who", "recipient": "to whom", "date": "when", "place": "where"}
ORDER = ("event", "mode", "actor", "recipient", "date", "place")


def view_with(writes: bool) -> Callable[[Reading, Asked, str], Mapping[str, Any]]:
    """The view. `writes`: whether people may correct what they see."""
    return lambda reading, asked, ident: view(reading, asked, ident, writes)


def view(reading: Reading, asked: Asked, ident: str, writes: bool) -> Mapping[str, Any]:
    """Values of the page."""
    found = reading.by("events", ident) or reading.rows("SELECT * FROM imported WHERE id = ?", [ident])
    if not found:
        raise elsewhere(reading, ident, "/event")
    event, names = found[0], Names(reading.knowledge)
    links = reading.by("links", ident)
    claims = {row["id"]: row for row in reading.by_each("claims", (link["claim"] for link in links))}
    links = sorted((link for link in links if link["claim"] in claims), key=lambda row: (not row["founder"], row["claim"]))
    variants = reading.by("variants", ident)
    may = writes and not asked.as_of and not event["dataset"]
    titles = {row["article"]: source_of(row) for row in claims.values()}
    actors, others = names.sides(event)
    told = rows.as_row(event, names, asked)
    return {
        "title": told["told"], "row": told, "event": event, "sides": [(p.name, root_link(p.root)) for p in (*actors, *others)],
        "pairs": _pairs([p.root for p in actors], [p.root for p in others]), "confidence": percent(event["confidence"]),
        "values": _values(event, variants, claims, titles, names), "groups": _groups(reading, asked, links, claims, names),
        **_map(event, reading, names), "why": _why(links, claims), "dataset": event["dataset"], "score": signed(event["score"]),
        "decisions": decided(reading, asked, on_event(reading, ident, [link["mention"] for link in links])),
        "writes": may, "choices": choices(reading) if may else {}, "done": asked.get("done"), "several": len(links) > 1,
        "best": _best_said(event, claims, asked),
        "contexts": [reading.knowledge.ontology.contexts[c].label if c in reading.knowledge.ontology.contexts else c
                     for c in event["context"] or ()],
    }


def _best_said(event: Row, claims: Mapping[str, Row], asked: Asked) -> Row | None:
    """Where the sentence stands by which the event is told."""
    claim = claims.get(event["headline_claim"] or "")
    if claim is None or not event["headline"]:
        return None
    link = asked.to(f"{path('article', claim['article'])}#at", claim=claim["id"])
    return {"link": link, "source": source_of(claim), "day": day(claim["published"])}


def _pairs(actors: Sequence[str], others: Sequence[str]) -> list[tuple[str, str]]:
    """The relations that this event is part of."""
    found = {(min(a, b), max(a, b)) for a in actors for b in others or actors if a and b and a != b}
    return sorted(found)[:6]


def _map(event: Row, reading: Reading, names: Names) -> dict[str, Any]:
    """The map of its region; what is known less exactly than that has none."""
    found = place_of(event, reading.knowledge, names, lambda row, key: "#values")
    place = rows.where_told(event["place"], names)
    drawn = [] if found.is_empty else pictures(found, names, place, fitted(found), _SIZES)
    return {"map": drawn, "map_told": _exactly(found), "map_keys": keys(found)}


def _exactly(found: Where) -> str:
    """How exactly the place is known."""
    for spot in found.spots:
        if spot.reach is not None:
            return f"Known to the region: somewhere within some {max(10, round(spot.reach, -1)):.0f} km."
        return "Known to the place itself."
    return "Known only to the country: anywhere in it." if found.lands else ""


# -- values -----------------------------------------------------------------------------------------------------------


def _values(
    event: Row, variants: Sequence[Row], claims: Mapping[str, Row], titles: Mapping[str, str], names: Names
) -> list[Row]:
    """One row for each field: the best value, and every value that some claim gives with those who say so."""
    fields: dict[str, list[Row]] = defaultdict(list)
    for row in variants:
        fields[row["field"]].append(row)
    best = _best(event, names)
    order = [*ORDER, *sorted(set(fields) - set(ORDER))]
    found: list[Row] = []
    for field in order:
        own = fields.get(field, [])
        if not own and field not in best:
            continue
        tolls = [q for q in event["quantities"] or () if q["kind"] == field]
        found.append({
            "field": FIELDS.get(field, field), "name": field, "now": _now(event, field),
            "best": best.get(field) or "; ".join(_toll(q) for q in tolls) or "not stated",
            "variants": _said(field, own, claims, titles, names),
            "strip": _strip(field, own, tolls), "agree": len({_value(field, row, names) for row in own}) == 1,
        })
    return found


def _now(event: Row, field: str) -> str:
    """A value as forms have it."""
    return str(event[field] or "") if field in {"event", "mode", "date"} else ""


def _toll(row: Row) -> str:
    return toll(row["low"], row["best"], row["high"]) + (f" {row['of']}" if row["of"] else "")


def _best(event: Row, names: Names) -> dict[str, str]:
    actors, others = names.sides(event)
    return {
        "event": names.kind(event["event"], None),
        "mode": names.kind(event["event"], event["mode"]).partition(": ")[2] if event["mode"] else "",
        "actor": ", ".join(p.name for p in actors) or "not stated",
        "recipient": ", ".join(p.name for p in others) or ("one another" if event["mutual"] else "not stated"),
        "date": rows.when(event),
        "place": rows.where_told(event["place"], names) or "not stated",
    }


def _value(field: str, row: Row, names: Names) -> str:
    if field == "date":
        return day(_as_day(row["value"]), row["precision"]) if row["value"] else "not stated"
    if row["low"] is not None or row["high"] is not None:
        return toll(row["low"], None, row["high"]) + (f" {row['unit']}" if row["unit"] else "")
    if field in {"actor", "recipient"} and row["precision"]:
        return names.of(row["precision"])
    if field == "event":
        return names.kind(row["value"], None)
    text, _, country = (row["value"] or "").rpartition(", ")
    if field == "place" and text:
        return f"{text}, {names.of(country)}"
    return (row["value"] or "not stated").partition("/")[0]


def _as_day(text: str) -> Any:
    return parse_day(text[:10])


def _said(field: str, own: Sequence[Row], claims: Mapping[str, Row], titles: Mapping[str, str], names: Names) -> list[Row]:
    """Values with their voices, those that most say first."""
    by_value: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in own:
        by_value[_value(field, row, names), row["standing"]].append(row)
    found: list[Row] = []
    for (value, standing), same in by_value.items():
        who: dict[str, Any] = {}
        for row in sorted(same, key=lambda r: (str(r["said"]), r["claim"])):
            who.setdefault(names.voice_key(row["voice"], titles), (row["said"], row["claim"] if row["claim"] in claims else ""))
        found.append({"value": value, "standing": standing, "who": [(name, day(said), claim) for name, (said, claim) in who.items()],
                      "n": len(same)})
    return sorted(found, key=lambda v: (v["standing"] != "stands", -v["n"], v["value"]))


def _strip(field: str, own: Sequence[Row], tolls: Sequence[Row]) -> str:
    """The spread of a number at a glance, where there is one."""
    ends = [(row["low"] if row["low"] is not None else row["high"], row["high"] if row["high"] is not None else row["low"])
            for row in own if row["low"] is not None or row["high"] is not None]
    if len(set(ends)) < 2:
        return ""
    best = max((q["best"] for q in tolls if q["best"] is not None), default=None)
    return strip(ends, best, f"{field}: what the reports say", f"v-{''.join(c for c in field if c.isalnum())}")


# -- reports ----------------------------------------------------------------------------------------------------------


def _groups(reading: Reading, asked: Asked, links: Sequence[Row], claims: Mapping[str, Row], names: Names) -> list[Row]:
    """Articles under the origin that they go back to: one independent source each, its copies beneath."""
    articles: dict[str, list[Row]] = defaultdict(list)
    for link in links:
        articles[link["article"]].append(link)
    kin = {row["article"]: row for row in reading.by_each("families", sorted(articles))}
    origins: dict[str, list[str]] = defaultdict(list)
    for article, own in articles.items():
        origins[own[0]["origin"] or article].append(article)
    found: list[Row] = []
    for origin, members in origins.items():
        members.sort(key=lambda a: (bool((kin.get(a) or {}).get("copy_of")), str(claims[articles[a][0]["claim"]]["published"]), a))
        first = [claims[link["claim"]] for link in articles[members[0]]]
        cards = [_card(asked, articles[article], claims, names, kin.get(article), first if place else None)
                 for place, article in enumerate(members)]
        found.append({"origin": origin, "cards": cards, "day": cards[0]["iso"], "founder": any(c["founder"] for c in cards)})
    return sorted(found, key=lambda g: (not g["founder"], str(g["day"]), g["origin"]))


def _card(
    asked: Asked, links: Sequence[Row], claims: Mapping[str, Row], names: Names, kin: Row | None, first: Sequence[Row] | None
) -> Row:
    own = sorted((claims[link["claim"]] for link in links), key=lambda c: (c["sentence_index"], c["trigger_start"]))
    head = own[0]
    parts = {link["claim"]: link for link in links}
    return {
        "article": head["article"],
        "source": source_of(head),
        "iso": head["published"],
        "title": head["title"] if head["publisher"] else "",
        "published": day(head["published"]),
        "link": asked.to(path("article", head["article"])),
        "url": head["url"] if (head["url"] or "").startswith(("https://", "http://")) else "",
        "is_copy": bool(kin and kin["copy_of"]),
        "overlap": percent(kin["overlap"]) if kin and kin["copy_of"] else "",
        "founder": any(parts[claim["id"]]["founder"] for claim in own),
        "claims": [
            {
                "id": claim["id"],
                "link": asked.to(f"{path('article', claim['article'])}#at", claim=claim["id"]),
                "voice": names.voice(claim["voice"]),
                "part": parts[claim["id"]]["part"],
                "words": _words(claim, first),
                "kind": names.kind(claim["event"], claim["mode"]),
                "confidence": percent(claim["confidence"]),
                "status": claim["status"],
            }
            for claim in own
        ],
    }


def _words(claim: Row, first: Sequence[Row] | None) -> list[tuple[str, str]]:
    """A sentence in pieces: the trigger marked; in a copy, the words that its origin does not have."""
    text, start = claim["sentence"] or "", claim["start"]
    if first:
        told = {row["sentence"] or "": None for row in first}
        if text in told:
            return [(" ".join(text.split()) + " ", "")] if text.split() else []
        best = max(told, key=lambda other: SequenceMatcher(None, other, text).ratio()) if len(told) > 1 else next(iter(told))
        here, there = text.split(), best.split()
        pieces = []
        for tag, _, _, left, right in SequenceMatcher(None, there, here).get_opcodes():
            if right > left:
                pieces.append((" ".join(here[left:right]) + " ", "" if tag == "equal" else "diff"))
        return pieces
    left, right = claim["trigger_start"] - start, claim["trigger_end"] - start
    if not 0 <= left < right <= len(text):
        return [(text, "")]
    return [(text[:left], ""), (text[left:right], "mark"), (text[right:], "")]


def _why(links: Sequence[Row], claims: Mapping[str, Row]) -> list[Row]:
    """For each claim that others were compared with: the tests, their points, the sum, and what came second."""
    found: list[Row] = []
    for link in links:
        if link["partner"] and link["partner"] in claims:
            found.append({
                "claim": link["claim"], "sentence": _short(claims[link["claim"]]), "partner": link["partner"],
                "other": _short(claims[link["partner"]]), "points": signed(link["points"]), "part": link["part"],
                "tests": [(point["feature"], point["value"], signed(point["points"])) for point in link["why"] or ()],
                "runner_up": signed(link["runner_up_points"]) if link["runner_up"] else "",
            })
    return found


def _short(claim: Row) -> str:
    text = " ".join((claim["sentence"] or "").split())
    return text if len(text) <= 90 else text[:89].rsplit(" ", 1)[0] + "…"
