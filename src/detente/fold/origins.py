"""How many independent sources stand behind a happening: articles, origins as a range, voices.

The upper end counts families of verified copies. The lower end joins whatever may come from one desk: families that share a *key*. Keys
of an article are its outlet, its outlet on its day, and each agency or paper that it names as a source on its day. Translated copies share
no words and are found only through such keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from .credits import label_of

_label = lru_cache(maxsize=10_000)(label_of)


def keys_of(publisher: str | None, credits: Sequence[str], day: int) -> list[str]:
    """The keys by which an article may share its source with others; `day`: days since 1970."""
    outlet = _label(publisher)
    own = [outlet, f"{outlet}@{day}"] if outlet else []
    return list(dict.fromkeys([*own, *(f"{name}@{day}" for name in credits)]))


def source_of(publisher: str | None, credits: Sequence[str], day: int, article: str) -> str:
    """Whose word a text is where it names no speaker: the agency or paper that it rests on first, else its outlet, else the article itself.

    An outlet that names itself ("told the BBC", in a text of the BBC) is its own source. `day` is not looked at.
    """
    outlet = _label(publisher)
    if outlet in credits or not credits:
        return outlet or article
    return credits[0]


def key_of(publisher: str | None, credits: Sequence[str], day: int, article: str) -> str:
    """One key for an article, where a single word must do: its source and day. Counts by it are a little above `origins`' lower end."""
    source = source_of(publisher, credits, day, article)
    return source if source == article else f"{source}@{day}"


def components(rows: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Family → first family (by name) of all that are joined with it by some key; rows are (family, keys) of articles."""
    parent: dict[str, str] = {}

    def top(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    holder: dict[str, str] = {}
    for family, keys in rows:
        parent.setdefault(family, family)
        for key in keys:
            one, other = top(family), top(holder.setdefault(key, family))
            if one != other:
                parent[max(one, other)] = min(one, other)
    return {family: top(family) for family in parent}


def origins(rows: Iterable[tuple[str, Sequence[str]]]) -> tuple[int, int]:
    """Fewest and most independent origins among articles given as (family, keys); (0, 0) for none."""
    joined = components(rows)
    return len(set(joined.values())), len(joined)


def voice_of(voice: Mapping[str, Any] | None, family: str, source: str) -> str:
    """A name for whoever vouches for a claim, the same for the same speaker, document or outlet.

    `voice`: the claim's column; `family`, `source`: of its article. Speakers who are known by no name are one voice within a family only.
    """
    kind = voice["kind"] if voice else "outlet"
    speaker = voice.get("speaker") if voice else None
    if kind == "document":
        return f"document:{((voice and voice.get('text')) or family).lower()}"
    if not speaker:
        return f"outlet:{source}" if kind == "outlet" else f"unnamed:{((voice and voice.get('text')) or '').lower()}@{family}"
    if kind == "outlet":
        return f"outlet:{_label(speaker.get('name') or speaker.get('text'))}"
    if speaker.get("person"):
        return f"person:{speaker['person']}"
    if speaker.get("id"):
        return f"{speaker['id']}:{speaker.get('role') or '|'.join(speaker.get('sector') or ())}"
    return f"unnamed:{(speaker.get('text') or '').lower()}@{family}"


def voices(claims: Iterable[tuple[Mapping[str, Any] | None, str, str]]) -> int:
    """How many speakers, documents and outlets on their own word stand behind claims given as (voice, family, source)."""
    return len({voice_of(*claim) for claim in claims})
