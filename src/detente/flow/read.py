"""First step: paths to articles. Lazy, in a fixed order; what cannot be read becomes a reject and the rest goes on."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ..errors import BadRecord, UnreadableFile
from ..records import Article, Reject, content_id
from .columns import Columns, Entry, columns_of
from .encodings import Trouble, junk, normalise
from .formats import json_entries, line_limit, parquet_entries, table_entries
from .pages import MAX_BYTES as MAX_PAGE_BYTES
from .pages import page_entry, warc_entries
from .plain import MAX_BYTES as MAX_PLAIN_BYTES
from .plain import Articles, plain_entries
from .published import parse_stamp, publication_date
from .sources import Kind, Source, expand, opened, sniff

_BYTES_PER_CHAR = 4

OnReject = Callable[[Reject], None]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read. `published` and `publisher` win over what the input says.

    `columns` says which column of the input holds which field: (("text", "body"), ("date", "day")); fields are text, title,
    date, publisher, url. `articles`: whether a plain text file is one article or several parted by empty lines.
    """

    published: date | None = None
    columns: tuple[tuple[str, str], ...] = ()
    articles: Articles = "auto"
    max_chars: int = 5_000_000
    publisher: str | None = None


_DEFAULTS = ReadOptions()


def read(
    paths: Iterable[str | Path] | str | Path, options: ReadOptions = _DEFAULTS, on_reject: OnReject | None = None
) -> Iterator[Article]:
    """Articles of files (txt, html, json, jsonl, csv, tsv, parquet, warc, each also .gz), folders, globs and "-" (standard input).

    An article's text is the decoded file, or title, empty line and body of a row, with line ends as line feeds; all offsets
    count its characters. A row, page or article that cannot be taken, and a file met inside a folder or glob, goes to
    `on_reject`; without it BadRecord (or UnreadableFile) is raised. Raises UnreadableFile for a path given directly,
    SettingsError for an unknown field in `columns`, MissingExtra for a WARC file without its reader.
    """
    columns = columns_of(options.columns)
    listed = [paths] if isinstance(paths, str | Path) else paths
    return _articles(listed, options, columns, on_reject)


def _articles(paths: Iterable[str | Path], options: ReadOptions, columns: Columns, on_reject: OnReject | None) -> Iterator[Article]:
    for path in paths:
        for source in expand(path):
            if isinstance(source, UnreadableFile):
                _reject_file(source, on_reject)
                continue
            try:
                for found in _entries(source, options, columns):
                    article = found if isinstance(found, Trouble) else _article(found, source.path, options)
                    if isinstance(article, Article):
                        yield article
                    else:
                        _reject(source.path, article, on_reject)
            except UnreadableFile as error:
                if source.named:
                    raise
                _reject_file(error, on_reject)


def _reject(path: str, trouble: Trouble, on_reject: OnReject | None) -> None:
    if on_reject is None:
        raise BadRecord(path, trouble.line, trouble.reason, trouble.hint)
    on_reject(Reject(path, trouble.line, None, "read", trouble.reason, trouble.hint))


def _reject_file(error: UnreadableFile, on_reject: OnReject | None) -> None:
    if on_reject is None:
        raise error
    on_reject(Reject(error.path, error.line, None, "read", error.reason, error.hint))


def _entries(source: Source, options: ReadOptions, columns: Columns) -> Iterator[Entry | Trouble]:
    with opened(source.path) as stream:
        kind: Kind = source.kind or sniff(stream.peek(1))
        match kind:
            case "txt":
                most = options.max_chars * _BYTES_PER_CHAR + _BYTES_PER_CHAR if options.articles == "one" else MAX_PLAIN_BYTES
                data = _whole(stream, most)
                yield from [data] if isinstance(data, Trouble) else plain_entries(data, options.articles)
            case "html":
                data = _whole(stream, MAX_PAGE_BYTES)
                yield data if isinstance(data, Trouble) else page_entry(data)
            case "json" | "jsonl":
                yield from json_entries(stream, source.path, columns, options.max_chars, by_line=kind == "jsonl")
            case "csv" | "tsv":
                yield from table_entries(stream, source.path, columns, options.max_chars, tabs=kind == "tsv")
            case "parquet":
                yield from parquet_entries(stream, source.path, columns)
            case "warc":
                yield from warc_entries(stream, source.path, line_limit(options.max_chars))


def _whole(stream: io.BufferedReader, most: int) -> bytes | Trouble:
    data = stream.read(most + 1)
    if len(data) > most:
        return Trouble(1, f"the file is longer than {most} bytes", "split it, or write its articles as JSON Lines")
    return data


def _article(entry: Entry, path: str, options: ReadOptions) -> Article | Trouble:
    """The article with its text put together and its date read, or why there is none."""
    title = normalise(entry.title).strip() if entry.title else None
    body = normalise(entry.text)
    if not body.strip():
        return Trouble(entry.line, "the text is empty", "fill it or drop it")
    text = body if not title or body.lstrip().startswith(title) else f"{title}\n\n{body}"
    if len(text) > options.max_chars:
        return Trouble(entry.line, f"the article has {len(text)} characters, more than {options.max_chars}", "split it, or raise max_chars")
    if reason := junk(text):
        return Trouble(entry.line, reason, "leave it out, or save it as text")
    try:
        published, rule, inferred = _published(entry.stamp, text, title, options)
    except (ValueError, OverflowError) as error:
        return Trouble(entry.line, f"the date cannot be taken: {error}", "write dates as 2016-07-05, or give the date as an option")
    return Article(
        id=content_id("a", entry.url or "", title or "", text),
        text=text,
        title=title,
        publisher=options.publisher or entry.publisher,
        url=entry.url,
        published=published,
        published_inferred=inferred,
        published_rule=rule,
        file=path,
        line=entry.line,
    )


def _published(stamp: object, text: str, title: str | None, options: ReadOptions) -> tuple[date | None, str, bool]:
    if options.published:
        return options.published, "option", False
    if isinstance(stamp, datetime):
        return stamp.date(), "metadata", False
    if isinstance(stamp, date):
        return stamp, "metadata", False
    # Numbers are seconds or milliseconds since 1970, or 20160705; none of them needs its fraction.
    words = str(int(stamp)) if isinstance(stamp, int | float) else str(stamp or "")
    given = parse_stamp(words)
    return (given, "metadata", False) if given else publication_date(text, title)
