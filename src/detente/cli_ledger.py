"""`detente explain`, the part about the ledger: rows tried, conditions, entries with their reasons."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from .cli_show import days, party, word_of
from .flow.ledger import Tried
from .ledger import Entry
from .pipeline import SentenceWork


def show_ledger(screen: Console, work: SentenceWork) -> None:
    """Prints what the ledger's rows made of a sentence; nothing where no row was tried and no condition found."""
    finder = work.ledger
    if finder is None or not (finder.tried or finder.hanging or work.entries):
        return
    screen.print(Text("  ledger", style="bold"))
    used = {entry.rule for entry in work.entries}
    for tried in finder.tried:
        if tried.rule.phrases != (("*",),) or tried.rule.id in used:
            screen.print(Padding(_tried(work, tried, tried.rule.id in used), (0, 0, 0, 4), expand=False))
    for hung in finder.hanging:
        line = Text.assemble(f"condition: “{hung.words.text}” hangs on “{work.parse.word(hung.host).text}”", (f"  {hung.opener.id}", "dim"))
        screen.print(Padding(line, (0, 0, 0, 4), expand=False))
    for entry in work.entries:
        screen.print(Padding(_entry(entry), (0, 0, 0, 4), expand=False))


def _tried(work: SentenceWork, tried: Tried, used: bool) -> Text:
    word, rule = work.parse.word(tried.word).text, tried.rule
    if tried.obstacle:
        return Text.assemble(("no   ", "dim"), f"{rule.id} ", (f"“{word}” {rule.sort} {rule.kind}: {tried.obstacle}", "dim"))
    without = "" if used else "  fits, but gave no entry of its own: another row ranks higher, or nobody is named"
    return Text.assemble(("yes  ", "bold"), f"{rule.id} ", (f"“{word}” {rule.sort} {rule.kind}", "dim"), without)


def _entry(entry: Entry) -> Tree:
    sides = ", ".join(map(party, entry.actor)) or "?"
    if entry.recipient:
        sides += f" → {', '.join(map(party, entry.recipient))}"
    what, sure = f"{entry.sort} {entry.kind}", f"  {entry.confidence:.2f}"
    head = Text.assemble((what, "bold"), f"  {sides}  ", (entry.status, "italic"), (sure, "dim"))
    tree = Tree(head, guide_style="dim")
    if entry.about:
        tree.add(Text(f"about: “{entry.about.text}”"))
    for condition in entry.conditions:
        tree.add(Text(f"condition: “{condition.text}”"))
    tree.add(Text(f"when: {days(entry.when)}" + (f" “{entry.when.text}”" if entry.when.text else "") + f"  {entry.when.rule}"))
    tree.add(Text(f"on whose word: {word_of(entry)}" + (f" “{entry.voice.cue}”" if entry.voice.cue else "")))
    for reason in entry.why:
        tree.add(Text(f"{reason.step}: {reason.rule}" + (f" “{reason.text}”" if reason.text else ""), style="dim"))
    return tree
