"""`detente explain`: one sentence with everything that was found and tried in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from .cli_ledger import show_ledger
from .cli_show import console, days, event, parties, party, word_of
from .flow.claims import Attempt
from .knowledge import Naming
from .pipeline import SentenceWork
from .records import Claim, Mention, Parse


def show_sentence(work: SentenceWork) -> None:
    """Prints a sentence: its tree, names, actors, times, rows, claims and entries of the ledger. Offsets count characters of the text."""
    screen = console()
    sentence = work.parse.sentence
    screen.print()
    place = f"  {sentence.start}–{sentence.end}"
    screen.print(Text.assemble((f"{sentence.index}  ", "dim"), (" ".join(sentence.text.split()), "bold"), (place, "dim")))
    root = next((w.index for w in work.parse.words if w.head == 0), None)
    if root is not None:
        screen.print(Padding(_branch(work.parse, root, None), (0, 0, 0, 2), expand=False))
    parts = (("names", _names), ("actors", _actors), ("times", _times), ("rows", _rows), ("network", _acts), ("sides", _sides))
    for title, part in parts:
        _section(screen, title, list(part(work)))
    _section(screen, "claims", [])
    for claim in work.claims:
        screen.print(Padding(_claim(claim), (0, 0, 0, 4), expand=False))
    if not work.claims:
        screen.print(Text("    none", style="dim"))
    if work.fallen:
        _section(screen, "too unlikely", list(_fallen(work)))
    show_ledger(screen, work)


def _section(screen: Console, title: str, lines: list[Text]) -> None:
    screen.print(Text(f"  {title}", style="bold"))
    for line in lines:
        screen.print(Padding(line, (0, 0, 0, 4), expand=False))
    if not lines and title != "claims":
        screen.print(Text("    none", style="dim"))


def _branch(parse: Parse, index: int, above: Tree | None) -> Tree:
    word = parse.word(index)
    lemma = f" ({word.lemma})" if word.lemma.lower() != word.text.lower() else ""
    label = Text.assemble((word.text, "bold"), (lemma, "dim"), f"  {word.deprel}", (f"  {word.upos} {word.xpos}", "dim"))
    tree = above.add(label) if above else Tree(label, guide_style="dim")
    for child in parse.children[index]:
        _branch(parse, child, tree)
    return tree


def _names(work: SentenceWork) -> Iterator[Text]:
    text = work.parse.sentence.text
    for hit in work.actors.hits:
        yield Text(f"“{text[hit.start : hit.end]}” → {'; '.join(dict.fromkeys(map(_naming, hit.targets)))}")


def _naming(naming: Naming) -> str:
    if naming.actor:
        return f"{naming.actor.id} ({naming.actor.name}, {naming.kind})"
    told = [naming.label, naming.country or "", naming.kind]
    return ", ".join(part for part in told if part)


def _actors(work: SentenceWork) -> Iterator[Text]:
    seen: set[tuple[str | None, str, int]] = set()
    for word in work.parse.words:
        for mention in work.actors.resolve(word.index):
            key = (mention.id, mention.rule, mention.start)
            if key not in seen:
                seen.add(key)
                yield Text.assemble(f"“{mention.text}” → {_identity(mention)}", (f"  {mention.rule}", "dim"))


def _identity(mention: Mention) -> str:
    known = mention.id or "not known"
    told = party(mention)
    return known if told == known else f"{known}: {told}"


def _times(work: SentenceWork) -> Iterator[Text]:
    for when in work.dates:
        yield Text.assemble(f"“{when.text}” → {days(when)}", (f"  {when.precision or ''} {when.rule}", "dim"))


def _rows(work: SentenceWork) -> Iterator[Text]:
    attempts = sorted(work.finder.attempts, key=lambda a: a.word)
    for index, group in groupby(attempts, key=lambda a: a.word):
        word = work.parse.word(index)
        yield Text(word.text, style="bold")
        for attempt in sorted(group, key=lambda a: (not a.fits, -a.rule.rank)):
            used, fallen = (
                [c for c in claims if c.rule == attempt.rule.id and c.trigger_start <= word.start and word.end <= c.trigger_end]
                for claims in (work.claims, work.fallen)
            )
            yield _attempt(attempt, bool(used), fallen[0].confidence if fallen else None)


def _sides(work: SentenceWork) -> Iterator[Text]:
    for title, side in (("acting", work.sides.acting), ("other side", work.sides.other)):
        for mention in side:
            yield Text(f"{title}: “{mention.text}” → {_identity(mention)}")


def _acts(work: SentenceWork) -> Iterator[Text]:
    parse = work.parse
    for act in parse.acts or ():
        mode, _ = act.modes[act.best]
        status = max(act.statuses, key=lambda name: act.statuses[name])
        line = Text.assemble((parse.word(act.word).text, "bold"), f"  {act.best}{f'/{mode}' if mode else ''} {act.events[act.best]:.2f}",
                             (f"  no act {act.nothing:.2f}, {status} {act.statuses[status]:.2f}", "dim"))
        for role, heads in act.roles.items():
            if heads:
                line.append(f"  {role} " + ", ".join(f"{parse.word(w).text} {p:.2f}" for w, p in heads), style="dim")
        yield line


def _attempt(attempt: Attempt, used: bool, fell: float | None) -> Text:
    rule = attempt.rule
    what = rule.event + (f"/{rule.mode}" if rule.mode else "")
    if not attempt.fits:
        return Text.assemble(("  no   ", "dim"), f"{rule.id} ", (f"{what}: {attempt.why_not}", "dim"))
    without = "" if used else "  fits, but gave no claim of its own: another row ranks higher, or nobody acts"
    without = without if fell is None else f"  fits, but rows and network together find it too unlikely: {fell:.2f}"
    return Text.assemble(("  yes  ", "bold"), f"{rule.id} ", (what, "dim"), without)


def _fallen(work: SentenceWork) -> Iterator[Text]:
    for claim in work.fallen:
        counted = next((reason.text for reason in reversed(claim.why) if reason.step == "confidence"), "")
        yield Text.assemble(f"“{claim.trigger}” ", event(claim), f"  {parties(claim)}  {claim.confidence:.2f}", (f"  {counted}", "dim"))


def _claim(claim: Claim) -> Tree:
    head = Text.assemble(event(claim), f"  {parties(claim)}  ", (claim.status, "italic"), (f"  {claim.confidence:.2f}", "dim"))
    tree = Tree(head, guide_style="dim")
    tree.add(Text(f"when: {days(claim.when)}" + (f" “{claim.when.text}”" if claim.when.text else "") + f"  {claim.when.rule}"))
    if claim.place:
        tree.add(Text(f"where: {claim.place.name}, {claim.place.country or 'country not known'} ({claim.place.precision})"))
    tree.add(Text(f"on whose word: {word_of(claim)}" + (f" “{claim.voice.cue}”" if claim.voice.cue else "")))
    for quantity in claim.quantities:
        exact = quantity.low == quantity.high
        low, high = ("…" if value is None else f"{value}" for value in (quantity.low, quantity.high))
        amount = low if exact else f"{low}–{high}"
        tree.add(Text(f"how many: {quantity.kind} {amount} “{quantity.text}”"))
    for reason in claim.why:
        tree.add(Text(f"{reason.step}: {reason.rule}" + (f" “{reason.text}”" if reason.text else ""), style="dim"))
    return tree
