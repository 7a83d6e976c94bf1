"""The outlet that web headlines end with ("… in Nigeria - Xinhua"): no part of the sentence.

In: an article's sentences, the registry. Out: the same, without a known outlet behind a dash or a bar at the end of the headline. What
stands there otherwise stays: "… will resume soon - minister" says who says so.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..knowledge import Registry
from ..records import Sentence

_TAIL = re.compile(r"\s+[-–—|]\s+(?:the\s+)?(?P<name>[^-–—|]{2,40}?)\s*$", re.IGNORECASE)


def without_mastheads(sentences: list[Sentence], registry: Registry) -> list[Sentence]:
    """Sentences in order; offsets stay those of the article."""
    if not sentences:
        return sentences
    head = sentences[0]
    tail = _TAIL.search(head.text)
    if tail is None or not _outlet(tail["name"], registry):
        return sentences
    end = head.start + tail.start()
    words = tuple(word for word in head.words if word[1] <= end)
    return [replace(head, end=end, text=head.text[: tail.start()], words=words), *sentences[1:]] if words else sentences


def _outlet(name: str, registry: Registry) -> bool:
    """Whether a name is that of a known outlet, and wholly so."""
    hits = registry.names.find(name)
    return any((hit.start, hit.end) == (0, len(name)) and any(n.kind == "outlet" for n in hit.targets) for hit in hits)
