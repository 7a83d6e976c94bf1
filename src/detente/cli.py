"""The command line: parses arguments and calls what Python users call. Libraries are imported only inside the commands."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from . import cli_blocs, cli_exchange, cli_relations, cli_serve, cli_store
from .cli_cameo import cameo
from .cli_options import CoderOption, DateOption, KnowledgeFolders, columns_of, day_of, settings_of
from .cli_streams import forget_stdout, prepare_streams
from .errors import DetenteError, RunError, UnreadableFile
from .version import VERSION

if TYPE_CHECKING:
    from datetime import date as Day

    from .records import Article, Reject

PATHS = "Files (txt, html, json, jsonl, csv, tsv, parquet, warc; also .gz), folders, patterns, or - for standard input."
INTERRUPTED = 130  # what shells expect of a program that Ctrl-C ended


class FormatName(StrEnum):
    """Formats of the output."""

    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"


class ArticlesName(StrEnum):
    """How a plain text file is cut into articles."""

    auto = "auto"
    one = "one"
    blank_line = "blank-line"


class _Told(TyperGroup):
    """Tells every error of Détente as message and remedy, and ends without a trace when nobody reads on."""

    def invoke(self, ctx: Any) -> Any:
        prepare_streams()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except DetenteError as error:
            _tell(error)
            raise typer.Exit(1) from error
        except BrokenPipeError as error:
            forget_stdout()
            raise typer.Exit(0) from error
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            forget_stdout()
            _tell(RunError("standard output: no space is left where it goes", "free some space, or write it elsewhere"))
            raise typer.Exit(1) from error
        except KeyboardInterrupt as stop:
            typer.echo("\n".join(["detente: stopped", *(f"  {note}" for note in getattr(stop, "__notes__", ()))]), err=True)
            raise typer.Exit(INTERRUPTED) from stop
        return result


app = typer.Typer(
    cls=_Told,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Codes news text into political events: who did what to whom, when, where, on whose word, and why we think so.",
)
actors_app = typer.Typer(no_args_is_help=True, help="Look after the actors that the knowledge holds.")
app.add_typer(actors_app, name="actors")

def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"detente {VERSION}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    """What all commands share."""


@app.command()
def code(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help=PATHS)],
    date: DateOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write here, safe against crashes; else to standard output.")
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="FILE", help="Write stances, memberships and agreements here; needs --out.")
    ] = None,
    form: Annotated[FormatName | None, typer.Option("--format", help="Format of the output. Default: by the ending of FILE.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=256, help="Processes that work side by side.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was broken off; needs the same --out and input.")] = False,
    knowledge: KnowledgeFolders = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", metavar="FIELD=NAME", help="Column of text, title, date, publisher or url.")
    ] = None,
    articles: Annotated[ArticlesName, typer.Option("--articles", help="How many articles a plain text file holds.")] = ArticlesName.auto,
    threads: Annotated[int | None, typer.Option("--threads", min=1, max=256, help="Threads of the language model in each process.")] = None,
    coder: CoderOption = None,
    profile: Annotated[bool, typer.Option("--profile", help="Show the seconds that each step took.")] = False,
) -> None:
    """Code news articles into claims: JSON Lines on standard output, or a file with --out."""
    from .cli_show import Undated, progress, show_profile, show_rejects, show_summary
    from .engine import RunOptions, run_to_file, run_to_stream
    from .flow.read import ReadOptions, read

    chosen = form or _format_of(out)
    if out is None and (chosen is FormatName.parquet or resume or ledger):
        raise typer.BadParameter("Parquet, --ledger and --resume need --out FILE")
    settings = settings_of(knowledge, coder, threads)
    how = ReadOptions(day_of(date), columns_of(column or []), articles.value, settings.max_article_chars)
    for target in (out, ledger):
        if target:
            _keep_apart(target, paths)
    rejects: list[Reject] = []
    found = Undated(read(paths, how, rejects.append))
    options = RunOptions(chosen.value, jobs, resume, ledger=ledger)
    try:
        with progress(shown=sys.stderr.isatty() and (out is not None or not sys.stdout.isatty())) as tell:
            if out:
                summary = run_to_file(found, out, options, settings, rejects, tell)
            else:
                summary = run_to_stream(found, sys.stdout, options, settings, rejects, tell)
    finally:
        show_rejects(rejects)
    if profile:
        show_profile(summary)
    show_summary(summary, out)
    found.show()


@app.command()
def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT|FILE", help="A sentence in quotes, a file, or - for standard input.")],
    date: DateOption = None,
    knowledge: KnowledgeFolders = None,
    coder: CoderOption = None,
) -> None:
    """Show why: tree, names, actors, times, the rows tried on every trigger word, and the claims with their reasons."""
    from .cli_explain import show_sentence
    from .pipeline import Coder, make_article

    day = day_of(date)
    if text == "-" or os.path.isfile(text):
        found: Iterator[Article] = _read([text], day)
    elif not any(c.isspace() for c in text.strip()):
        raise UnreadableFile(text, 0, "no such file", "check the path, or put a sentence in quotes")
    else:
        found = iter([make_article(text, day, None)])
    own = Coder(settings_of(knowledge, coder))
    for article in found:
        for work in own.explain(article.text, article.published):
            show_sentence(work)


@app.command("read")
def read_command(
    paths: Annotated[list[str], typer.Argument(metavar="FILE...", help="What `detente code` takes too.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each article, with all its fields.")] = False,
) -> None:
    """Print articles exactly as they were read: all offsets in claims count the characters of this text."""
    import json
    from dataclasses import asdict

    ended = True
    for article in _read(paths, None):
        if as_json:
            sys.stdout.write(json.dumps(asdict(article), ensure_ascii=False, default=str) + "\n")
            continue
        sys.stdout.write(article.text if ended else "\n" + article.text)
        ended = article.text.endswith("\n")


@app.command()
def check(
    knowledge: KnowledgeFolders = None,
    row: Annotated[list[str] | None, typer.Option("--row", metavar="ID", help="Try only this row. May be repeated.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0 takes one for each processor.")] = 0,
    again: Annotated[bool, typer.Option("--again", help="Try all rows, though they were proved with these very files.")] = False,
) -> None:
    """Check all knowledge: the files' form, and whether every row of lexicon and ledger does to its own sentences as it promises."""
    from .cli_show import count, show_failure
    from .knowledge import Knowledge
    from .score.ledger_rows import all_rows, check_ledger, ledger_sentences
    from .score.proof import is_proved, is_shipped
    from .score.rows import check_rows, own_sentences, row_coder

    settings = settings_of(knowledge)
    if not (row or again) and is_shipped(settings):
        known = Knowledge()
        if is_proved(known.version):
            sentences = sum(1 for _ in (*own_sentences(known.lexicon), *ledger_sentences(known.ledger)))
            held = f"{count(len(known.lexicon.rules) + len(all_rows(known.ledger)), 'row')}, {count(sentences, 'sentence')}"
            typer.echo(f"{held}, proved before with these very files (--again tries them anew); knowledge {known.version}")
            return
    coder = row_coder(settings)
    coder.knowledge.read_rest()
    rules = {**coder.knowledge.lexicon.rules, **{rule.id: rule for rule in all_rows(coder.knowledge.ledger)}}
    only = frozenset(row or ())
    unknown = sorted(only - set(rules))
    if unknown:
        raise typer.BadParameter(f"no row is named {unknown[0]}")
    rows = [rule.row for name, rule in rules.items() if rule.row and (not only or name in only)]
    failures = 0
    for failure in check_rows(coder, only, jobs or os.cpu_count() or 1):
        show_failure(failure)
        failures += 1
    for beside in check_ledger(coder, only):
        show_failure(beside)
        failures += 1
    sentences = sum(len(r.matches) + len(r.refuses) for r in rows)
    counts = (count(len(rows), "row"), count(sentences, "sentence"), count(failures, "failure"))
    typer.echo(f"{', '.join(counts)}; knowledge {coder.knowledge.version}")
    if failures:
        raise typer.Exit(1)


@actors_app.command("suggest")
def suggest_command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="What `detente code` takes too.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="A table to paste from; without it, the screen.")] = None,
    least: Annotated[int, typer.Option("--least", min=1, help="Only people named in so many sentences.")] = 1,
    knowledge: KnowledgeFolders = None,
) -> None:
    """List office holders whom the knowledge lacks, as rows of persons.tsv with their evidence."""
    from .engine.parts import refuse_odd_target
    from .pipeline import Coder
    from .suggest import header, suggest

    if out:
        refuse_odd_target(out)
    found = suggest(_read(paths, None), Coder(settings_of(knowledge)), least)
    text = "\n".join([header(), *(suggestion.row() for suggestion in found)]) + "\n"
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise RunError(f"{out}: cannot be written: {error.strerror or error}", "give another --out") from error
    typer.echo(f"{len(found)} suggestions → {out}", err=True)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where the claims go, as JSON Lines.")] = Path(
        "detente-demo.jsonl"
    ),
) -> None:
    """Code the shipped sample articles, fold those on one story into a store, and show what comes out."""
    from .cli_show import show_demo
    from .engine.parts import refuse_odd_target
    from .flow.write import claims_to_jsonl
    from .knowledge import DATA
    from .knowledge.files import read_yaml
    from .pipeline import Coder

    refuse_odd_target(out)
    samples = DATA / "samples"
    found = list(_read([str(path) for path in sorted(samples.glob("*.txt"))], None))
    coder = Coder(settings_of(None))
    coded = coder.code_each(found)
    try:
        out.write_text(claims_to_jsonl(claim for claims in coded for claim in claims), encoding="utf-8", newline="\n")
    except OSError as error:
        raise RunError(f"{out}: cannot be written: {error.strerror or error}", "give another --out") from error
    show_demo(list(zip(found, coded, strict=True)), samples / "README.md", out)
    one, other = read_yaml(samples / "thaw" / "about.yml")["pair"]
    cli_relations.show_story(list(_read([str(samples / "thaw")], None)), (one, other), coder, out.with_suffix(""))


@app.command()
def score(
    name: Annotated[str, typer.Argument(metavar="NAME", help="ud, plv, geo, corpus, fold …; a name that is not there lists all.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The benchmark's file, plain or .gz.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    no_context: Annotated[bool, typer.Option("--no-context", help="Of geo: every name means the largest place that bears it.")] = False,
    knowledge: KnowledgeFolders = None,
    coder: CoderOption = None,
) -> None:
    """Measure on a public benchmark."""
    import json

    from .cli_show import show_figures
    from .score import SCORES

    name = f"{name}-no-context" if no_context else name
    if name not in SCORES:
        raise typer.BadParameter(f"no measure is named {name}; known: {', '.join(SCORES)}")
    figures = SCORES[name](file, settings_of(knowledge, coder))
    if as_json:
        typer.echo(json.dumps(figures))
    else:
        show_figures(figures)


app.command()(cameo)
for _command in (
    cli_store.add, cli_store.fold, cli_relations.events, cli_relations.event, cli_relations.relation, cli_relations.shifts,
    cli_relations.stances, cli_relations.memberships, cli_relations.agreements, cli_relations.brief, cli_blocs.blocs, cli_blocs.ledger,
    cli_store.query, cli_store.decide, cli_store.audit, cli_store.compact, cli_store.vacuum, cli_exchange.export, cli_exchange.verify,
):
    app.command()(_command)
app.command("import")(cli_exchange.import_events)
app.command()(cli_serve.serve)


# -- arguments to values ----------------------------------------------------------------------------------------------


def _format_of(out: Path | None) -> FormatName:
    ending = out.suffix.lstrip(".").lower() if out else ""
    return FormatName(ending) if ending in FormatName.__members__ else FormatName.jsonl


def _read(paths: list[str], day: Day | None) -> Iterator[Article]:
    from .cli_show import show_rejects
    from .flow.read import ReadOptions, read

    tell: Callable[[Reject], None] = lambda reject: show_rejects([reject])  # noqa: E731  # a name only for the type checker
    return read(paths, ReadOptions(published=day), tell)


def _keep_apart(out: Path, paths: list[str]) -> None:
    """Raises RunError where the output would be read as input: by this run, or by the same command the next time."""
    from .flow.sources import Source, expand

    target = out.resolve()
    for path in paths:
        if path == "-":
            continue
        place = Path(path)
        if place.is_dir():
            met = place.resolve() in target.parents
        else:
            met = target.exists() and any(isinstance(s, Source) and Path(s.path).resolve() == target for s in expand(path))
        if met:
            hint = f"give --out a place outside, or name the input more closely, such as '{place / '*.txt'}'"
            raise RunError(f"{out} would be read as a part of {path}", hint)


# -- streams ------------------------------------------------------------------------------------------------------------


def _tell(error: DetenteError) -> None:
    typer.echo(f"detente: {error.message}" + (f"\n  remedy: {error.hint}" if error.hint else ""), err=True)


def main() -> None:
    """Entry point of the `detente` command."""
    app()


if __name__ == "__main__":
    main()
