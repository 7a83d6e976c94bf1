"""Datelines: where a report was written, in front of its first sentence ("BEIRUT (Reuters) -", "CAIRO: …"). Neither place nor speaker.

In: the parse of a sentence. Out: where its own words begin.
"""

from __future__ import annotations

import re

from ..records import Parse

_AGENCY = r"\([A-Z][\w .,&/-]{1,30}\)\s*"
_CITY = r"[A-Z][A-Z.'’ -]+(?:[,/]\s?[A-Z][\w.'’ -]+){0,2}\s*"
_LOUD = r"[A-ZÀ-Þ][A-ZÀ-Þ'’-]+(?: [A-ZÀ-Þ'’-]+){0,3}(?<=\w{4}):\s"  # "CAIRO: ", not "US: "
_DATELINE = re.compile(rf"\s*(?:(?:{_CITY}(?:{_AGENCY})?|[A-Z][\w.'’, /-]{{1,40}}{_AGENCY})(?:--|[—–-])(?:\s|\Z)|{_LOUD})")


def dateline_end(parse: Parse) -> int:
    """Offset behind the dateline that a sentence begins with; the sentence's start where it has none."""
    match = _DATELINE.match(parse.sentence.text)
    return parse.sentence.start + (match.end() if match else 0)
