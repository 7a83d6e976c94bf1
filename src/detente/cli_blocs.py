"""Commands that look at many parties at once: blocs, and what is new in the ledgers between two days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from .cli_options import AsOf, StorePath, day_of, days_of
from .cli_relations import open_folded
from .errors import StoreError

if TYPE_CHECKING:
    from .relations.blocs import Balance, Blocs, Move
    from .relations.compare import Difference
    from .relations.signed import Network

Day = Annotated[str, typer.Option("--at", metavar="DATE", help="The day.")]
SIGNS = {"new": "+", "gone": "-", "moved": "~"}
MOST_TRIADS = 10


def blocs(
    store: StorePath, at: Day,
    window: Annotated[int, typer.Option("--window", metavar="DAYS", min=1, help="Who moved since so many days before.")] = 91,
    as_of: AsOf = None,
) -> None:
    """Who stands with whom on a day, as far as events tell: blocs, how sure each place is, tense triads, and who moved."""
    from .relations.blocs import balance, moves
    from .relations.blocs import blocs as found_blocs
    from .relations.constants import load_rules
    from .relations.signed import network

    day = day_of(at)
    if day is None:
        raise typer.BadParameter("--at needs a day")
    rules = load_rules()
    with open_folded(store, as_of) as world:
        pairs = world.table("pairs")
    nets = [network(pairs, day - timedelta(days=window * step), rules) for step in (2, 1, 0)]
    found = [found_blocs(net, rules.blocs) for net in nets]
    _show_blocs(nets[-1], found[-1])
    if nets[-1].edges:
        _show_balance(balance(nets[-1], rules.blocs))
    dark = max((place for place, net in enumerate(nets) if not net.edges), default=-1)  # nobody moves from, to or past an empty network
    told = moves(list(zip(nets, found, strict=True))[dark + 1 :], rules.blocs)
    _show_moves(told, window, compared=dark < len(nets) - 2)


def ledger(
    store: StorePath,
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="The day; without it, that of the newest article.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only what is new since this day.")] = None,
    between: Annotated[
        tuple[str, str] | None, typer.Option("--between", metavar="PARTY PARTY", help="Only what concerns these two.")
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Stances, agreements and memberships on a day; with --since what is new (+), ended (-) or at another stage (~)."""
    from .relations.compare import differences
    from .relations.rules import ledger_rules

    days_of(since, at)
    with open_folded(store, as_of) as world:
        at = at or world.sql("select max(published)::varchar as day from articles").to_pylist()[0]["day"]
        first, last = days_of(since, at)
        if last is None:
            raise StoreError(f"{store}: no article has a day", "give the day with --at")
        both = {world.party(name) for name in between} if between else set()
        if between and len(both) < 2:
            raise StoreError(f"{between[0]} and {between[1]} are one and the same party", "give two parties")
        found = [one for one in differences(world.table("facts"), ledger_rules(), first, last) if both <= set(one.parties)]
    for one in found:
        typer.echo(_line(one).removeprefix("" if first else "+ "))
    if not found:
        typer.echo(f"nothing new between {first} and {last}" if first else f"nothing is known on {last}")


def _line(one: Difference) -> str:
    told = f"{len(one.facts)} {'report' if len(one.facts) == 1 else 'reports'}"
    sign = SIGNS[one.news]
    if one.ledger == "agreement":
        from .relations.phrases import in_quotes

        course = f"{one.before} → {one.now}" if one.before else one.now
        return f"{sign} agreement   {', '.join(one.parties)}: {in_quotes(one.about)}  {course}  ({told})"
    ledger = "stance     " if one.ledger == "stance" else "membership "
    return f"{sign} {ledger} {' → '.join(one.parties)}  {one.now or one.before}  ({told})"


def _show_blocs(net: Network, found: Blocs) -> None:
    if not net.edges:
        typer.echo(f"{net.day}: no two parties have an index that is sure enough; more events with a day of their own are needed")
        return
    typer.echo(f"{net.day}: {len(net.actors)} parties, {len(net.edges)} pairs with a sure index, modularity {found.modularity:.2f}")
    for number, members in enumerate(found.members(), 1):
        typer.echo(f"bloc {number}: " + ", ".join(f"{name} ({found.sure[name]:.0%})" for name in members))


def _show_balance(found: Balance) -> None:
    if found.share is None or found.expected is None:
        typer.echo("no three parties are all linked: balance cannot be told")
        return
    z = "" if found.z is None else f", z {found.z:+.1f}"
    typer.echo(f"{found.balanced} of {found.triads} triads in balance ({found.share:.0%}; by chance {found.expected:.0%}{z})")
    for triad in found.tense[:MOST_TRIADS]:
        one, two, three = triad.actors
        first, second, third = triad.indices
        typer.echo(f"  tense: {one}–{two} {first:+.1f}, {two}–{three} {second:+.1f}, {one}–{three} {third:+.1f}")
    if len(found.tense) > MOST_TRIADS:
        typer.echo(f"  … and {len(found.tense) - MOST_TRIADS} more")


def _show_moves(found: Sequence[Move], window: int, compared: bool) -> None:
    if not compared:
        typer.echo(f"who moved cannot be told: {window} days before, no two parties have an index that is sure enough")
        return
    for move in found:
        later = {None: "", True: ", and stayed", False: ", and did not stay"}[move.confirmed]
        typer.echo(f"moved: {move.actor} between {move.before} and {move.after}, from {', '.join(move.origin) or 'nobody'} to "
                   f"{', '.join(move.goal) or 'nobody'} (in {move.share:.0%} of replicates{later})")
    if not found:
        typer.echo(f"nobody moved within the last two times {window} days")


__all__ = ["blocs", "ledger"]
