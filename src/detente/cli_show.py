"""What the command line shows: progress, rejects, tables. Colour only on a terminal, and never colour alone."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from .ledger import Entry
from .records import Article, Claim, Mention, Reject, When

if TYPE_CHECKING:
    from .engine import Progress, Summary
    from .score.ledger_rows import LedgerFailure
    from .score.rows import RowFailure

PLAIN_WIDTH = 150  # columns where there is no terminal to ask
MOST_REJECTS = 20
AROUND = 26  # characters of the sentence shown on each side of a trigger
# Cooperation in blues, conflict in warm hues, which also colour-blind eyes tell apart; one sign for words, two for deeds.
QUADS = {
    "verbal cooperation": ("+", "cyan"),
    "material cooperation": ("++", "bold bright_blue"),
    "verbal conflict": ("-", "yellow"),
    "material conflict": ("--", "bold bright_red"),
}


def console(stream: TextIO | None = None) -> Console:
    """A console on standard output or another stream; a fixed width where there is no terminal."""
    target = stream or sys.stdout
    width = PLAIN_WIDTH if not target.isatty() and "COLUMNS" not in os.environ else None
    return Console(file=target, width=width, highlight=False, soft_wrap=False)


# -- a run --------------------------------------------------------------------------------------------------------------


@contextmanager
def progress(shown: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A line on standard error that moves while a run goes on; None where it is not to be shown."""
    if not shown:
        yield None
        return
    with Bar(SpinnerColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task("starting", total=None)

        def tell(state: Progress) -> None:
            speed = state.sentences / state.seconds if state.seconds and not state.resumed else 0.0
            counts = {"article": state.articles, "sentence": state.sentences, "claim": state.claims, "reject": state.rejects}
            words = [count(number, name) for name, number in counts.items()]
            words += [f"{speed:,.0f} sentences/s"] if speed else []
            words += [f"{state.resumed:,} articles taken over"] if state.resumed else []
            bar.update(line, description=" · ".join(words))

        yield tell


def show_rejects(rejects: Sequence[Reject]) -> None:
    """Rejects on standard error, one a line, at most twenty, then how many more."""
    for reject in rejects[:MOST_REJECTS]:
        place = f"{reject.file or 'text'}:{reject.line}" if reject.line else reject.file or "text"
        sys.stderr.write(f"{place}: {reject.reason}" + (f" ({reject.hint})" if reject.hint else "") + "\n")
    if len(rejects) > MOST_REJECTS:
        sys.stderr.write(f"… and {len(rejects) - MOST_REJECTS:,} more rejects\n")


class Undated:
    """Articles as they come, counting those without a day of publication."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = articles
        self.number = 0

    def __iter__(self) -> Iterator[Article]:
        for article in self._articles:
            self.number += article.published is None
            yield article

    def show(self) -> None:
        """A line on standard error, where there were any."""
        if self.number:
            sys.stderr.write(
                f"{count(self.number, 'article')} without a day of publication: \"on Monday\" and the like have no date there "
                "(give --date, a column with dates, or datelines with the year)\n"
            )


def show_summary(summary: Summary, out: Path | None) -> None:
    """A run in one line on standard error."""
    taken = f" ({summary.resumed:,} taken over)" if summary.resumed else ""
    sys.stderr.write(
        f"{count(summary.articles, 'article')}{taken}, {count(summary.sentences, 'sentence')}, {count(summary.claims, 'claim')}, "
        f"{count(summary.rejects, 'reject')}, "
        f"{summary.seconds:.1f} s, {summary.sentences_per_second:,.0f} sentences/s" + (f" → {out}" if out else "") + "\n"
    )


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 article", "2,000 articles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def show_profile(summary: Summary) -> None:
    """Seconds by step, summed over all processes, on standard error."""
    table = Table(title="Seconds by step", title_justify="left", box=None)
    for name in ("step", "seconds", "share"):
        table.add_column(name, justify="left" if name == "step" else "right")
    whole = sum(summary.steps.values()) or 1.0
    for step, seconds in summary.steps.items():
        table.add_row(step, f"{seconds:.3f}", f"{seconds / whole:.0%}")
    console(sys.stderr).print(table)


def show_figures(figures: Mapping[str, float | int]) -> None:
    """Figures of a measure, aligned."""
    widest = max(map(len, figures), default=0)
    for name, value in figures.items():
        shown = f"{value:,}" if isinstance(value, int) else f"{value:.4f}"
        sys.stdout.write(f"{name:<{widest}}  {shown:>12}\n")


def show_failure(failure: RowFailure | LedgerFailure) -> None:
    """A row that does not do as it promises: file and line, what was found, what was expected."""
    error = failure.error()
    sys.stdout.write(f"{error.path}:{error.line}: row {failure.rule.id}\n  in: {failure.sentence}\n")
    sys.stdout.write(f"  found: {failure.found}\n  expected: {failure.expected}\n")


# -- claims in words ------------------------------------------------------------------------------------------------------


def party(mention: Mention) -> str:
    """An actor in a few words: name, office or sectors, country code; its own words in quotes where nobody knows it."""
    if mention.id is None and mention.name is None and mention.person is None:
        return f"“{mention.text}”" + (f" ({mention.country})" if mention.country else "")
    name = mention.person or mention.name or mention.text
    rest = [mention.role or " ".join(mention.sector)]
    if mention.country and (mention.person or mention.country != mention.id) and mention.country not in mention.sector:
        rest.append(mention.country)
    inside = ", ".join(part for part in rest if part)
    return f"{name} ({inside})" if inside else name


def parties(claim: Claim) -> str:
    """Who did it to whom; several who act together have a double arrow between them."""
    if not claim.recipient:
        return " ↔ ".join(map(party, claim.actor)) or "?"
    return f"{', '.join(map(party, claim.actor)) or '?'} → {', '.join(map(party, claim.recipient))}"


def days(when: When) -> str:
    """A day, a whole month (2016-06), a whole year (2016) or an interval; a dash where nothing is known."""
    start, end = when.start, when.end
    if start is None and end is None:
        return "–"
    if start == end:
        return f"{start}"
    if start and end and start.day == 1 and (end + timedelta(days=1)).day == 1 and start.year == end.year:
        if start.month == end.month:
            return f"{start:%Y-%m}"
        if (start.month, end.month) == (1, 12):
            return f"{start:%Y}"
    return f"{start or '…'} – {end or '…'}"


def event(claim: Claim) -> Text:
    """Sign, event and mode, coloured by quad."""
    sign, style = QUADS.get(claim.quad, ("", ""))
    return Text(f"{sign:<2} {claim.event}" + (f"/{claim.mode}" if claim.mode else ""), style=style)


def word_of(claim: Claim | Entry) -> str:
    """On whose word: the speaker, the document, or the paper itself, and how it stands to what it says."""
    voice = claim.voice
    who = party(voice.speaker) if voice.speaker else {"outlet": "the paper", "document": "a document"}.get(voice.kind, voice.kind)
    return who if voice.stance == "asserts" else f"{who} {voice.stance}"


def snippet(claim: Claim) -> Text:
    """The trigger with some of the sentence around it."""
    start, end = claim.trigger_start - claim.start, claim.trigger_end - claim.start
    left, right = claim.sentence[:start], claim.sentence[end:]
    if len(left) > AROUND:
        left = "…" + re.sub(r"^\S*\s", "", left[-AROUND:])
    if len(right) > AROUND:
        right = re.sub(r"\s\S*$", "", right[:AROUND]) + "…"
    return Text.assemble(
        (" ".join(left.split()) + (" " if left[-1:].isspace() else ""), "dim"),
        (claim.sentence[start:end], "bold"),
        ((" " if right[:1].isspace() else "") + " ".join(right.split()), "dim"),
    )


# -- the demonstration ------------------------------------------------------------------------------------------------------


def show_demo(coded: Sequence[tuple[Article, Sequence[Claim]]], notes: Path, out: Path) -> None:
    """Each article with its claims as a table, then counts by event and what to do next. `notes` tells what kind of text each is."""
    screen = console()
    kinds = sample_kinds(notes)
    for article, claims in coded:
        title = article.title or next((line for line in article.text.splitlines() if line.strip()), "")
        day = f"{article.published}" + (" (inferred)" if article.published_inferred else "") if article.published else "no date"
        kind = kinds.get(Path(article.file or "").name, "")
        screen.print()
        screen.print(Text(title.strip(), style="bold"))
        screen.print(Text(" · ".join(part for part in (day, kind) if part), style="dim"))
        if claims:
            screen.print(_claims_table(claims))
        else:
            screen.print(Text("   no political event", style="dim"))
    _footer(screen, coded, out)


def sample_kinds(notes: Path) -> dict[str, str]:
    """Kind of text of each sample article by file name, from the table in the samples' own notes."""
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", notes.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: kind.strip().replace("**", "") for name, kind in rows}


def _claims_table(claims: Sequence[Claim]) -> Table:
    table = Table(box=None, pad_edge=True, header_style="dim", expand=False)
    table.add_column("date", min_width=10, max_width=13)
    table.add_column("who → whom", ratio=5, min_width=16)
    table.add_column("what", no_wrap=True)
    table.add_column("status")
    table.add_column("on whose word", ratio=3, min_width=9)
    table.add_column("words", ratio=5, min_width=14)
    for claim in claims:
        status = Text(claim.status, style="" if claim.status == "actual" else "italic")
        table.add_row(Text(days(claim.when)), Text(parties(claim)), event(claim), status, Text(word_of(claim)), snippet(claim))
    return table


def _footer(screen: Console, coded: Sequence[tuple[Article, Sequence[Claim]]], out: Path) -> None:
    claims = [claim for _, found in coded for claim in found]
    counts = Counter((claim.event, claim.quad) for claim in claims)
    screen.print()
    screen.rule(style="dim")
    line = Text(f"{len(claims)} claims in {len(coded)} articles:  ")
    for (name, quad), count in counts.most_common():
        sign, style = QUADS.get(quad, ("", ""))
        line.append(f"{sign}{name} {count}   ", style=style)
    screen.print(line)
    legend = Text("signs:  ", style="dim")
    for quad, (sign, style) in QUADS.items():
        legend.append(f"{sign} {quad}   ", style=style)
    screen.print(legend)
    screen.print()
    screen.print(Text(f"All claims, with places, numbers and reasons: {out}"))
    simple = [claim for claim in claims if claim.actor and claim.recipient and re.fullmatch(r"[^\"$`\\!]+", claim.sentence)]
    first = max(simple, key=lambda c: (c.status == "actual", c.confidence, -len(c.sentence)), default=None)
    if first:
        screen.print(Text(f'Why is that so?    detente explain "{" ".join(first.sentence.split())}"'), soft_wrap=True)
    screen.print(Text("Your own news:     detente code FOLDER --out claims.jsonl"))
