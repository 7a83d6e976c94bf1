"""Measuring files as numbered lines, and the one way to say that such a file is malformed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from ..errors import ScoreError, UnreadableFile

_LONGEST_QUOTE = 80


def malformed(path: Path, line: int, found: str, expected: str) -> ScoreError:
    """The error for a file without the form it must have. `line` is 1-based, 0 for the file as a whole."""
    where = f"{path}:{line}" if line else f"{path}"
    short = found if len(found) <= _LONGEST_QUOTE else found[:_LONGEST_QUOTE] + "…"
    return ScoreError(f"{where}: found {short}, expected {expected}", "bench/README.md describes the form of each measuring file")


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines of a UTF-8 file, plain or .gz, with their 1-based numbers and without their line ends.

    Raises UnreadableFile if it cannot be opened, ScoreError where it is no UTF-8 or its compression is broken.
    """
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            for number, raw in enumerate(stream, 1):
                yield number, raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise malformed(path, number, f"bytes that are no UTF-8 ({error.reason})", "UTF-8 text") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise malformed(path, number + 1, f"broken compression ({error})", "a whole .gz file") from error
    except OSError as error:
        raise UnreadableFile(path, 0, error.strerror or str(error), "give the path of a measuring file") from error
