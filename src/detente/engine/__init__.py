"""The pipeline over many articles: in local processes, safe against crashes, with bounded memory.

`run_to_file` writes a file and can take up a run that was broken off; `run_to_stream` writes to an open stream, in order.
"""

from __future__ import annotations

from .local import Progress, RunOptions, Summary, run_to_file, run_to_stream
from .parts import Format

__all__ = ["Format", "Progress", "RunOptions", "Summary", "run_to_file", "run_to_stream"]
