"""The streams of the command line: what goes into files and pipes, and how to end without a trace."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress


def prepare_streams() -> None:
    """UTF-8 and bare line feeds into files and pipes; on a terminal, an escape for what it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def forget_stdout() -> None:
    """Points standard output nowhere, so that the interpreter's last flush does not complain."""
    with suppress(OSError, ValueError):  # a stream without a file of its own needs no pointing
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
