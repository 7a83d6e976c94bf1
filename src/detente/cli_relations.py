"""Commands that look at relations: events, event, relation, stances, memberships, agreements, shifts, brief."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date as Day
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .cli_options import AsOf, StorePath, day_of, days_of
from .cli_store import Shape, ShapeOption, show_rows
from .errors import MissingExtra, RunError, StoreError, UnknownName

if TYPE_CHECKING:
    from .pipeline import Coder
    from .records import Article
    from .relations.of_pair import Relation
    from .relations.stances import Period
    from .world import World

Party = Annotated[
    str, typer.Argument(metavar="PARTY", help="A state's three letters, another id (al-nusra-front), a name, or a sector (*:REB).")
]
OtherParty = Annotated[str, typer.Argument(metavar="PARTY", help="The other one.")]
MaybeParty = Annotated[str | None, typer.Argument(metavar="PARTY", help="The other one; without it, all.")]
FirstParty = Annotated[str | None, typer.Argument(metavar="PARTY", help="One that took part, by three letters, id or name.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="From this day on.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Up to this day.")]
At = Annotated[str | None, typer.Option("--at", metavar="DATE", help="As it stood on this day, by what had been said by then.")]
DASH = "–"


class Lane(StrEnum):
    """Lanes of events."""

    happened = "happened"
    planned = "planned"
    supposed = "supposed"
    denied = "denied"


class Level(StrEnum):
    """Length of a period."""

    day = "day"
    week = "week"
    month = "month"


class PageForm(StrEnum):
    """Forms of a page."""

    md = "md"
    html = "html"


def events(
    store: StorePath, a: FirstParty = None, b: MaybeParty = None, since: Since = None, until: Until = None,
    event: Annotated[str | None, typer.Option("--event", metavar="EVENT", help="Only this PLOVER event.")] = None,
    lane: Annotated[Lane, typer.Option("--lane", help="What happened, was planned, only supposed, or denied.")] = Lane.happened,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, the newest.")] = 50,
    shape: ShapeOption = Shape.table, as_of: AsOf = None,
) -> None:
    """List events: who did what to whom, when, told by how many independent articles."""
    from .tables import quoted

    days = days_of(since, until)
    with open_folded(store, as_of) as world:
        where = [f"lane = {quoted(lane.value)}", *(f"list_contains(parties, {quoted(world.party(p))})" for p in (a, b) if p)]
        where += [f"event = {quoted(_event_name(event, world))}"] if event else []
        where += [f"date {sign} DATE {quoted(day.isoformat())}" for sign, day in zip((">=", "<="), days, strict=True) if day]
        sides = (f"[coalesce(nullif(p.root, ''), p.name) for p in {side}] AS {side}" for side in ("actor", "recipient"))
        show_rows(world.sql(
            f"SELECT id, date, date_precision AS precision, concat_ws('/', event, mode) AS event, {', '.join(sides)}, place.name AS place, "
            "standing, articles, origins_low AS independent, headline"
            f" FROM events WHERE {' AND '.join(where)} ORDER BY date DESC NULLS LAST, id LIMIT {limit}"
        ), shape)


def event(
    store: StorePath, ident: Annotated[str, typer.Argument(metavar="EVENT", help="Id of an event (e_…).")], as_of: AsOf = None
) -> None:
    """Show one event: its values with all variants, the claims that make it, and why they were folded."""
    with open_folded(store, as_of) as world:
        found = world.table("events", where={"id": ident}).to_pylist()
        if not found:
            raise StoreError(f"no event has the id {ident}", "`detente events STORE` lists them; a merged one is found by its claims")
        _show_event(found[0], world)


def relation(
    store: StorePath, a: Party, b: OtherParty, since: Since = None, until: Until = None,
    level: Annotated[Level, typer.Option("--level", help="Length of the periods.")] = Level.month,
    directed: Annotated[bool, typer.Option("--directed", help="Only what the first does to the second.")] = False,
    shape: ShapeOption = Shape.table, as_of: AsOf = None,
) -> None:
    """The time line of two parties: events of each kind per period, mean score, how much was read, and the index with its formula."""
    days = days_of(since, until)
    with open_folded(store, as_of) as world:
        pair = _two(world, a, b, directed)
        line = pair.timeline(*days)
        show_rows(line.counts(level.value), shape)
        if shape is Shape.table:
            for half_life in line.rules.half_lives:
                now = line.standing(half_life)
                told = "not covered" if now.index is None else f"{now.index:+.2f} (80 % band {now.low:+.2f} to {now.high:+.2f})"
                typer.echo(f"index of {now.half_life} days on {now.day}: {told}\n  {now.formula}")


def shifts(store: StorePath, a: Party, b: OtherParty, as_of: AsOf = None) -> None:
    """Where a relation turned: between which days, how far, how sure, by which events."""
    with open_folded(store, as_of) as world:
        pair = _two(world, a, b)
        found = pair.shifts()
        told = {row["id"]: row for row in pair.events.to_pylist()}
        for shift in found:
            way = "cooperation" if shift.towards > 0 else "conflict"
            typer.echo(f"{_span(shift.first, shift.last)}: towards {way}, {shift.size:+.2f} ({shift.unit}), sureness {shift.sureness:.0%}, "
                       f"{shift.state}; found by {', '.join((shift.method, *shift.also))}; false alarms: {shift.rate}")
            for cause in shift.events:
                row = told.get(cause.event, {})
                typer.echo(f"  {cause.day} {row.get('event', '')} {cause.event} “{str(row.get('headline') or '')[:90]}”")
        if not found:
            typer.echo("no shift: nothing that chance would not often make")


def stances(store: StorePath, a: Party, b: MaybeParty = None, at: At = None, as_of: AsOf = None) -> None:
    """How a party stands to another, or to all: since when, until when, on whose word; changes and contradictions."""
    with open_folded(store, as_of) as world:
        pair = world.relation(a, b or a)
        found = pair.stances(day_of(at))
        only = world.party(b) if b else None
        for period in (p for p in found.periods if p.holder == pair.a and only in (None, p.other)):
            typer.echo(f"{period.holder} → {period.other}  {period.dimension}: {period.value}  {_lasting(period)}  ({period.line}; "
                       f"{_count(period.facts)})")
        for change in (c for c in found.changes if c.now.holder == pair.a and only in (None, c.now.other)):
            typer.echo(f"changed: {change.before.holder} → {change.before.other}  {change.before.value} → {change.now.value}, after "
                       f"{change.after or 'an unknown day'}, by {change.by or 'an unknown day'}")
        for one, two in (d for d in found.disputes if d[0].holder == pair.a and only in (None, d[0].other)):
            typer.echo(f"disputed: {one.holder} → {one.other}  {one.value} ({one.line}) against {two.value} ({two.line})")


def memberships(store: StorePath, a: Party, at: At = None, as_of: AsOf = None) -> None:
    """What a party belongs to: by the knowledge, by articles, and where these contradict each other."""
    with open_folded(store, as_of) as world:
        day = day_of(at)
        pair = world.relation(a, a)
        told_as = {row["id"]: row["value"] for row in pair.facts.select(["id", "value"]).to_pylist()}
        for held in pair.memberships(day):
            if held.member == world.party(a) and (day is None or held.held(day) or held.lane != "happened"):
                source = "knowledge" if held.known else "articles"
                told = f"; told by {_count(held.facts)}" if held.facts else ""
                others = sorted({f"articles: {told_as[other]}" if other in told_as else other for other in held.disputed_by})
                against = f"; DISPUTED by {', '.join(others)}" if others else ""
                lasted = f"since {held.since or DASH}" + (f" until {held.until}" if held.until else "")
                typer.echo(f"{held.body}: {held.value}  {lasted}  ({held.lane}, {source}{told}{against})")


def agreements(store: StorePath, a: Party, b: MaybeParty = None, at: At = None, as_of: AsOf = None) -> None:
    """Agreements of a party, or between two: matter, stages with their days, conditions."""
    from .relations.phrases import in_quotes

    with open_folded(store, as_of) as world:
        day = day_of(at)
        for deal in world.relation(a, b or a).agreements(day):
            typer.echo(f"{deal.id}  {', '.join(deal.parties)}: {in_quotes(deal.matter)}  {deal.stage(day)}")
            for step in deal.steps:
                told = f"{step.stage} {'on' if step.exact else 'reported'} {step.day or DASH}"
                typer.echo(f"  {told}  {step.lane}, by {', '.join(step.by)}{'' if step.usual else '  (unusual here)'}")
            for condition in deal.conditions:
                typer.echo(f"  if: {condition.text}")


def brief(
    store: StorePath, a: Party, b: OtherParty,
    at: Annotated[str, typer.Option("--at", metavar="DATE", help="The day of the brief.")],
    since: Since = None,
    form: Annotated[PageForm | None, typer.Option("--format", help="md or html; by the ending of --out.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write here; else to standard output.")] = None,
    as_of: AsOf = None,
) -> None:
    """One page on a relation, made of records: state, changes, events, stances, agreements, what is disputed, what is not known."""
    from .relations.brief_text import to_html, to_markdown

    day = day_of(at)
    if day is None:
        raise typer.BadParameter("--at needs a day")
    chosen = form or (PageForm.html if out and out.suffix in {".html", ".htm"} else PageForm.md)
    begin = days_of(since, at)[0]
    with open_folded(store, as_of) as world:
        pair = _two(world, a, b)
        page = pair.brief(day, begin)
        text = to_markdown(page) if chosen is PageForm.md else to_html(page, _figure(pair, page.since, page.at))
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise RunError(f"{out}: cannot be written: {error.strerror or error}", "give another --out") from error


def show_story(articles: Sequence[Article], sides: tuple[str, str], coder: Coder, target: Path) -> None:
    """The second half of `detente demo`: articles on one story in a store beside `target`, what they add up to, and a brief."""
    from .relations.brief_text import to_html
    from .relations.of_pair import name_of
    from .world import open_world

    store, page = target.with_name(f"{target.name}-store"), target.with_name(f"{target.name}-brief.html")
    try:
        world = open_world(store)
    except MissingExtra as error:
        typer.echo(f"\nWhat articles add up to needs a store: {error.hint}")
        return
    world.add(articles, coder)
    done = world.fold()
    pair = world.relation(*sides)
    last = max(article.published for article in articles if article.published)
    names = " and ".join(name_of(side, world.knowledge) for side in sides)
    typer.echo(f"\n{len(articles)} articles on {names}: {done.claims:,} claims of {done.events:,} events → {store}")
    for shift in pair.shifts():
        way = "cooperation" if shift.towards > 0 else "conflict"
        typer.echo(f"  the relation turned towards {way}: {shift.first} … {shift.last}, {shift.size:+.1f} ({shift.unit})")
    page.write_text(to_html(pair.brief(last), _figure(pair, last - timedelta(days=270), last)), encoding="utf-8", newline="\n")
    typer.echo(f"  a brief, each sentence with its evidence: {page}")
    typer.echo(f"Ask further:       detente events {store} {' '.join(sides)}    detente stances {store} {sides[0]}")


# -- showing ------------------------------------------------------------------------------------------------------------


def open_folded(store: str, as_of: str | None) -> World:
    """The world at a place, for commands that ask what is worked out. Raises StoreError where nothing is folded yet."""
    from .world import open_world

    world = open_world(store, create=False, as_of=as_of)
    if world.state() is None:
        if as_of is not None:
            raise StoreError(f"{store}: nothing had been folded by {as_of}", "give a later --as-of, or leave it out")
        raise StoreError(f"{store}: nothing is folded yet", f"detente fold {store}")
    return world


def _two(world: World, a: str, b: str, directed: bool = False) -> Relation:
    if world.party(a) == world.party(b):
        raise StoreError(f"{a} and {b} are one and the same party", "a relation is between two")
    return world.relation(a, b, directed)


def _event_name(name: str, world: World) -> str:
    known = world.knowledge.ontology.events
    if name.upper() not in known:
        raise UnknownName(f"no PLOVER event is named {name}", f"one of {', '.join(known)}")
    return name.upper()


def _figure(pair: Relation, since: Day, until: Day) -> str:
    from .relations.draw import draw

    return draw(pair.timeline(since, until), pair.shifts(until))


def _show_event(found: dict[str, Any], world: World) -> None:
    sides = [", ".join(p["root"] or p["name"] or "?" for p in found[side] or ()) or DASH for side in ("actor", "recipient")]
    mode = f"/{found['mode']}" if found["mode"] else ""
    typer.echo(f"{found['id']}@{found['revision'][-8:]}  {found['event']}{mode}  {' → '.join(sides)}  {found['lane']}, {found['standing']}")
    when = _span(found["date"], found["date_end"] or found["date"])
    typer.echo(f"when: {when} ({found['date_precision'] or DASH})"
               f"  where: {(found['place'] or {}).get('name') or DASH}")
    alone = f"{found['origins_low']}–{found['origins_high']}"
    typer.echo(f"told by {found['articles']} articles, {alone} independent, {found['voices']} voices")
    for row in world.table("variants", where={"event": found["id"]}).sort_by("field").to_pylist():
        bounds = ["" if bound is None else str(bound) for bound in (row["low"], row["high"])]
        told = f"{row['value'] or ''}{' ' + '–'.join(bounds) if any(bounds) else ''}"
        typer.echo(f"  {row['field']}: {told}  ({row['voice'] or DASH}, said {row['said'] or DASH}, {row['standing']})")
    links = world.table("links", where={"event": found["id"]}).to_pylist()
    claims = {row["id"]: row for row in world.table("claims", ["id", "sentence", "publisher", "title", "published"],
                                                     where={"id": [link["claim"] for link in links]}).to_pylist()}
    for link in sorted(links, key=lambda row: (not row["founder"], row["claim"])):
        claim = claims[link["claim"]]
        why = " ".join(f"{point['feature']} {point['value']} {point['points']:+g}" for point in link["why"] or ())
        typer.echo(f"  {link['claim']} {link['part']}{' (founder)' if link['founder'] else ''}  {claim['published']} "
                   f"{claim['publisher'] or claim['title'] or ''}: “{' '.join(claim['sentence'].split())}”")
        if why:
            typer.echo(f"    with {link['partner']}: {why}")


def _lasting(period: Period) -> str:
    """From when to when. What only a report of a day says was so by then, whenever it began."""
    if period.over:
        begun = f"from {_span(period.from_low, period.from_high)} " if period.from_low or period.from_high else ""
        return f"{begun}ended {_span(period.to_low, period.to_high) if period.to_low else f'by {period.to_high}'}"
    if period.from_low or period.from_high is None:
        return f"since {_span(period.from_low, period.from_high)}"
    return f"told on {_span(period.from_high, max(period.last_seen or period.from_high, period.from_high))}"


def _span(first: Day | None, last: Day | None) -> str:
    if first is None and last is None:
        return DASH
    return str(first) if first == last else f"{first or '…'}…{last or '…'}"


def _count(facts: Sequence[str] | Iterable[str]) -> str:
    number = len(list(facts))
    return f"{number} {'report' if number == 1 else 'reports'}"
