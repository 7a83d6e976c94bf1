"""How fast known names are found: a matcher of many names over running text, in megabytes of text a second.

    python bench/matcher.py PATH… [--names 100000] [--passes 5]

The names are those of the registry of actors, and towns of the gazetteer until there are enough. The text is that of the articles,
sentence by sentence, as the coder hands it over.
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import detente
from detente.flow.read import read
from detente.knowledge.atlas import Atlas
from detente.knowledge.names import NameIndex
from detente.language import load_parser
from detente.pipeline import Coder
from detente.settings import load_settings

DATA = Path(detente.__file__).parent / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module's first lines. Gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--passes", type=int, default=5)
    options = parser.parse_args(arguments)
    settings = load_settings()
    language = load_parser(settings)
    articles = read([str(path) for path in options.paths], on_reject=lambda _: None)
    sentences = [s.text for article in articles for s in language.sentences(article)]
    if not sentences:
        print("no articles")
        return 1
    index: NameIndex[str] = NameIndex()
    names = _names(settings.knowledge, options.names)
    for name in names:
        index.add(name, name)
    size = sum(len(s.encode()) for s in sentences) / 1e6
    best = 0.0
    for _ in range(options.passes):
        begin = time.perf_counter()
        hits = sum(len(index.find(s)) for s in sentences)
        best = max(best, size / (time.perf_counter() - begin))
    print(f"{len(names):,} names, {len(sentences):,} sentences, {size:.2f} MB, {hits:,} hits: {best:.1f} MB/s (best of {options.passes})")
    return 0


def _names(folder: Path | None, wanted: int) -> list[str]:
    """Distinct names: all actors first, then towns."""
    coder = Coder(load_settings(knowledge=folder))
    names = dict.fromkeys(actor.name for actor in coder.knowledge.registry.actors.values())
    atlas = Atlas(DATA / "places" / "places.npz")
    for row in range(len(atlas) - 1, -1, -1):
        if len(names) >= wanted:
            break
        names[atlas.entry(row).name] = None
    return list(names)[:wanted]


if __name__ == "__main__":
    raise SystemExit(main())
