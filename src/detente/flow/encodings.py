"""From bytes to text: byte-order marks, UTF-8, older code pages, and what is not text at all.

Trouble is a value here, not an exception: what a reader cannot take stands between the things that it can.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LATIN = re.compile(
    r"cp(125[02478]|437|775|85[0278]|86[0135]|1140|500|037)|iso8859_(1|2|3|4|9|10|13|14|15|16)|latin_1|hp_roman8"
    r"|mac_(roman|latin2|iceland|turkish|croatian|romanian|centeuro)"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_JUNK = 0.3
_SAMPLE = 1 << 18
SAVE_AS_UTF8 = "save the file as UTF-8 text"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be read: 1-based line (or row), why, and what to do about it."""

    line: int
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line without its line end. With `trouble`, `text` is only a rough rendering."""

    number: int
    text: str
    trouble: Trouble | None = None


def normalise(text: str) -> str:
    """The text with every line end as one line feed, and half surrogate pairs, which no file can hold, as U+FFFD."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", text)


def junk(text: str) -> str | None:
    """Why a text is no text (more than 30 % control characters), or None where it is one."""
    count = len(text) - len(_CONTROL.sub("", text))
    if count <= _JUNK * len(text):
        return None
    first = _CONTROL.search(text)
    return f"{count} of {len(text)} characters are control characters, the first at character {first.start() if first else 0}"


def decode(data: bytes, declared: str | None = None, line: int = 1) -> str | Trouble:
    """Text of the bytes: by byte-order mark, as UTF-8, as `declared` (an HTML page's charset), else as the likeliest code page.

    Gives Trouble with the position of the first bad byte for what is not text. Line ends come out as line feeds.
    """
    marked = _marked(data)
    if not marked and (position := data.find(b"\0")) >= 0:
        return Trouble(line, f"byte {position} is NUL: this is not text", f"{SAVE_AS_UTF8}, or leave the file out")
    encoding = marked or "utf-8"
    try:
        return normalise(data.decode(encoding))
    except UnicodeDecodeError as error:
        if marked:
            return Trouble(line, f"byte {error.start} is not {marked.upper()}, though the file begins with that mark", SAVE_AS_UTF8)
        position = error.start
    guess = _declared(data, declared) or _guess(data)
    if guess is None:
        return Trouble(line, f"byte {position} is not UTF-8 and fits no other encoding", SAVE_AS_UTF8)
    try:
        return normalise(data.decode(guess))
    except (UnicodeDecodeError, LookupError):
        return Trouble(line, f"byte {position} is neither UTF-8 nor {guess}", SAVE_AS_UTF8)


def encoding_of(head: bytes) -> str:
    """Name of the encoding in which a stream that begins with these bytes is best read."""
    marked = _marked(head)
    if marked:
        return marked
    try:
        # Incremental: the head may end inside a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return _guess(head) or "utf-8"
    return "utf-8"


def lines(stream: io.BufferedReader, limit: int) -> Iterator[Line]:
    """Lines of a stream, one at a time; `limit` is the most bytes one line may have. Bad lines carry their trouble."""
    head = stream.peek(1)
    encoding = encoding_of(head)
    if encoding in {"utf-16", "utf-32"} or (b"\r" in head and b"\n" not in head):
        yield from _wide_lines(stream, encoding, limit)
        return
    fallback = None if encoding.startswith("utf-8") else encoding
    number = 0
    while data := stream.readline(limit):
        number += 1
        if number == 1 and encoding == "utf-8-sig":
            data = data.removeprefix(codecs.BOM_UTF8)
        if len(data) >= limit and not data.endswith(b"\n"):
            _skip_line(stream, limit)
            yield Line(number, "", Trouble(number, f"the line is longer than {limit} bytes", "split the record, or raise max_chars"))
            continue
        yield _line(data.rstrip(b"\r\n"), number, fallback)


def _line(data: bytes, number: int, fallback: str | None) -> Line:
    if b"\0" in data:
        trouble = Trouble(number, f"byte {data.index(0)} of the line is NUL: this is not text", "remove the damaged line")
        return Line(number, data.decode("utf-8", "replace"), trouble)
    try:
        return Line(number, data.decode("utf-8"))
    except UnicodeDecodeError:
        return _older_line(data, number, fallback)


def _older_line(data: bytes, number: int, fallback: str | None) -> Line:
    """A line that is not UTF-8: older files hold other code pages."""
    if fallback:
        try:
            return Line(number, data.decode(fallback))
        except UnicodeDecodeError as error:
            trouble = Trouble(number, f"byte {error.start} of the line is neither UTF-8 nor {fallback}", SAVE_AS_UTF8)
            return Line(number, data.decode("utf-8", "replace"), trouble)
    text = decode(data, line=number)
    return Line(number, data.decode("utf-8", "replace"), text) if isinstance(text, Trouble) else Line(number, text)


def _wide_lines(stream: io.BufferedReader, encoding: str, limit: int) -> Iterator[Line]:
    """Lines where one byte "\n" does not end a line: UTF-16, UTF-32 and files with bare carriage returns."""
    reader = io.TextIOWrapper(stream, encoding=encoding, newline=None)
    number = 0
    try:
        while text := reader.readline(limit):
            number += 1
            if len(text) >= limit and not text.endswith("\n"):
                while (rest := reader.readline(limit)) and not rest.endswith("\n"):
                    pass
                yield Line(
                    number, "", Trouble(number, f"the line is longer than {limit} characters", "split the record, or raise max_chars")
                )
                continue
            yield Line(number, text.rstrip("\n"))
    except UnicodeDecodeError as error:
        yield Line(number + 1, "", Trouble(number + 1, f"from here on the file is not {encoding.upper()}: {error.reason}", SAVE_AS_UTF8))
    finally:
        reader.detach()  # the stream is closed by whoever opened it


def _skip_line(stream: io.BufferedReader, limit: int) -> None:
    while (data := stream.readline(limit)) and not data.endswith(b"\n"):
        pass


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def _declared(data: bytes, declared: str | None) -> str | None:
    """The encoding that a page declares, if it exists and fits."""
    if not declared:
        return None
    try:
        data.decode(declared)
    except (UnicodeDecodeError, LookupError):
        return None
    return declared


def _guess(data: bytes) -> str | None:
    """The likeliest code page; None for UTF-8 with damaged bytes (guessing would garble all the rest) and for no text."""
    rough = data.decode("utf-8", "replace")
    bad = rough.count("\ufffd")
    if len(rough) - len(rough.encode("ascii", "ignore")) - bad > bad:
        return None
    first = next((i for i, byte in enumerate(data) if byte > 0x7F), 0)
    # Sampled around the first foreign byte: plain ASCII tells nothing, and guessing over megabytes is slow.
    sample = data[max(0, first - _SAMPLE // 2) : first + _SAMPLE // 2]
    if first + _SAMPLE // 2 < len(data) and b" " in sample:
        sample = sample[: sample.rindex(b" ")]  # not inside a character
    best = from_bytes(sample).best()
    if best is None:
        return None
    # Among the western code pages short texts tell little; Windows-1252 is by far the commonest for English news.
    return "cp1252" if _LATIN.fullmatch(best.encoding) and _declared(data, "cp1252") else best.encoding
