"""Articles of web pages and of WARC archives of web pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import MissingExtra, UnreadableFile
from .columns import Entry
from .encodings import Trouble, decode, normalise
from .plain import title_of

if TYPE_CHECKING:
    from trafilatura.settings import Document

MAX_BYTES = 64 << 20
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]+)", re.IGNORECASE)
_HEAD = 4096
_WORDS = 5
_NO_MAIN_TEXT = "save the article's text as plain text or JSON Lines"


def page_entry(data: bytes, line: int = 1, url: str | None = None, charset: str | None = None) -> Entry | Trouble:
    """The article of one HTML page: main text, title, date, publisher and address as far as the page tells them."""
    declared = _CHARSET.search(data[:_HEAD])
    html = decode(data, declared[1].decode("ascii") if declared else charset, line)
    if isinstance(html, Trouble):
        return html
    if not html.strip():
        return Trouble(line, "the page is empty", "leave the file out")
    try:
        page = _extract(html, url)
    except ImportError:
        raise  # a broken installation is no fault of the page
    except Exception as error:  # the page may be anything, and the extractor promises nothing about what it raises
        return Trouble(line, f"the page cannot be taken apart: {type(error).__name__}: {error}", _NO_MAIN_TEXT)
    text = normalise(page.text or "") if page else ""
    if page is None or len(text.split()) < _WORDS:
        return Trouble(line, "the page has no main text", _NO_MAIN_TEXT)
    return Entry(line, text, page.title or None, page.sitename or page.hostname or None, page.url or url, page.date or None)


def _extract(html: str, url: str | None) -> Document | None:
    # Here and not above: loading the extractor takes longer than reading a thousand rows.
    import trafilatura

    # Dates only from where pages state them: a date from anywhere in the text may be that of an event.
    dates = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}
    # The declaration contradicts a text that is decoded already; lxml refuses such text.
    html = re.sub(r"\A\s*<\?xml[^>]*\?>", "", html)
    page = trafilatura.bare_extraction(html, url=url, include_comments=False, with_metadata=True, date_extraction_params=dates)
    if isinstance(page, dict):
        raise TypeError("the extractor gave a dictionary")
    return page


class _Forward:
    """A stream that tells its position and moves on only: the archive reader asks for both, and unzipped streams have neither.

    gzip is undone before, because the archive reader takes one that ends too early for a whole one.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream, self._position = stream, 0

    def read(self, size: int = -1) -> bytes:
        # Not more than there is: what stands before a damaged place must come out.
        data = self._stream.read1(size)
        self._position += len(data)
        return data

    def close(self) -> None:
        """Nothing: the stream is closed by whoever opened it."""

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        target = offset if whence == io.SEEK_SET else self._position + offset
        if whence == io.SEEK_END or target < self._position:
            raise io.UnsupportedOperation("an archive is read forwards")
        while self._position < target and self.read(min(target - self._position, 1 << 18)):
            pass
        return self._position


def warc_entries(stream: io.BufferedReader, path: str, max_bytes: int) -> Iterator[Entry | Trouble]:
    """Articles of a WARC file: HTML pages of its responses, and its plain text conversions; `line` is the record, from 1.

    Raises MissingExtra without `fastwarc`, UnreadableFile for a damaged archive.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        raise MissingExtra("reading WARC files", "warc") from error
    try:
        archive = ArchiveIterator(_Forward(stream), parse_http=True, auto_decode="all")
        for number, record in enumerate(archive, 1):
            page = record.record_type == WarcRecordType.response and "html" in (record.http_content_type or "").lower()
            plain = record.record_type == WarcRecordType.conversion
            if not (page or plain):
                continue
            url = record.headers.get("WARC-Target-URI")
            try:
                data = record.reader.read(max_bytes + 1)
            except (OSError, ValueError) as error:
                yield Trouble(number, f"the record {url} cannot be unpacked: {error}", "crawl the page again")
                continue
            if len(data) > max_bytes:
                yield Trouble(number, f"the record {url} is longer than {max_bytes} bytes", "raise max_chars")
            elif page:
                yield page_entry(data, number, url, record.http_charset)
            else:
                text = decode(data, line=number)
                yield text if isinstance(text, Trouble) else Entry(number, text, title_of(text), url=url)
    except (OSError, ValueError) as error:
        raise UnreadableFile(path, 0, f"damaged WARC file: {error}", "copy or download the file again") from error
