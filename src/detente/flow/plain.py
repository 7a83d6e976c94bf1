"""Plain text: one article, or a digest of many parted by empty lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from .columns import Entry
from .encodings import Trouble, decode, junk

Articles = Literal["auto", "one", "blank-line"]
MAX_BYTES = 256 << 20
_TITLE = 200
_LONG = 80
_BLOCKS = 3
_WRAP_LINES = 4
_WRAP_WIDTH = 140
_WRAP_RAGGED = 20
_WRAP_SHARE = 0.7


def plain_entries(data: bytes, articles: Articles) -> Iterator[Entry | Trouble]:
    """Articles of a plain text file. Offsets count the decoded text, of a digest the block; `line` is the first line, from 1."""
    text = decode(data)
    if isinstance(text, Trouble):
        yield text
        return
    if not text.strip():
        yield Trouble(1, "the text is empty", "leave the file out")
        return
    if reason := junk(text):
        yield Trouble(1, reason, "leave the file out, or save it as UTF-8 text")
        return
    if articles == "blank-line" or (articles == "auto" and is_digest(text)):
        for line, block in blocks(text):
            first = block.split("\n", 1)[0].strip()
            yield Entry(line, block, first if len(first) < _TITLE else None)
    else:
        yield Entry(1, text, title_of(text))


def blocks(text: str) -> Iterator[tuple[int, str]]:
    """Blocks parted by empty lines: 1-based line of each in the file, and its text."""
    first, kept = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            first = first if kept else number
            kept.append(line)
        elif kept:
            yield first, "\n".join(kept)
            kept = []
    if kept:
        yield first, "\n".join(kept)


def is_digest(text: str) -> bool:
    """Whether a text is many articles: at least three blocks, most of three lines or more, lines long and not wrapped."""
    parts = [block.split("\n") for _, block in blocks(text)]
    following = [line for part in parts for line in part[1:]]
    return (
        len(parts) >= _BLOCKS
        and 2 * sum(len(part) >= _BLOCKS for part in parts) > len(parts)
        and 2 * sum(len(line) > _LONG for line in following) > len(following)
        and not is_wrapped([line for part in parts for line in part[:-1]])
    )


def is_wrapped(lines: list[str]) -> bool:
    """Whether lines (none of them the last of its paragraph) were broken at a fixed width: most end just before it."""
    if len(lines) < _WRAP_LINES:
        return False
    lengths = sorted(len(line.rstrip()) for line in lines)
    width = lengths[int(0.95 * (len(lengths) - 1))]
    return width <= _WRAP_WIDTH and sum(length >= width - _WRAP_RAGGED for length in lengths) > _WRAP_SHARE * len(lengths)


def title_of(text: str) -> str | None:
    """The first line of a text, if it is short and something follows; None within a paragraph broken at a fixed width."""
    first, _, rest = text.lstrip().partition("\n")
    if len(first) >= _TITLE or not rest.strip():
        return None
    paragraph = [first, *rest.split("\n\n", 1)[0].split("\n")]
    return None if is_wrapped(paragraph[:-1]) else first.strip()
