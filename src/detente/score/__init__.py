"""Measuring on public benchmarks: each measure reads one file and gives figures by name.

`SCORES` holds the measures by name. Each takes the file (plain or .gz) and the settings and returns its figures: shares of
"ud" in percent, distances of "geo" in km, all others between 0 and 1, counts as whole numbers. Raises ScoreError for a file
that does not have the form it must have (file, line, what was expected) and UnreadableFile for one that cannot be opened.
"plv-end" reads the file of "plv", but no pair is given: the bare sentence is coded and the pair is looked for in the claims.
"corpus" measures on the test part of the project's own corpus (a folder), "corpus-dev" on its development part.
"fold" measures folding on the stories that never set a point, from their mark-up; "fold-points" on those that did; "fold-coded" and
"fold-points-coded" on the same stories as the coder reads them.
"geo-no-context" is the figure to compare "geo" with: every name means the largest place that bears it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..settings import Settings

Figures = dict[str, float | int]


def _ud(path: Path, settings: Settings) -> Figures:
    from .ud import score

    return score(path, settings)


def _plv(path: Path, settings: Settings) -> Figures:
    from .plv import score

    return score(path, settings)


def _plv_end(path: Path, settings: Settings) -> Figures:
    from .plv_end import score_end

    return score_end(path, settings)


def _cameo_class(path: Path, settings: Settings) -> Figures:
    from .cameo import score_classes

    return score_classes(path, settings)


def _cameo_ner(path: Path, settings: Settings) -> Figures:
    from .cameo import score_actors

    return score_actors(path, settings)


def _geo(path: Path, settings: Settings) -> Figures:
    from .geo import score

    return score(path, settings)


def _geo_without_context(path: Path, settings: Settings) -> Figures:
    from .geo import score

    return score(path, settings, context=False)


def _corpus(path: Path, settings: Settings) -> Figures:
    from .corpus import score

    return score(path, settings)


def _corpus_dev(path: Path, settings: Settings) -> Figures:
    from .corpus import score

    return score(path, settings, "dev")


def _calibration(path: Path, settings: Settings) -> Figures:
    from .calibration import score

    return score(path, settings)


def _folding(part: str, real: bool = False) -> Callable[[Path, Settings], Figures]:
    """The measure of folding one part of the stories, from their mark-up or (`real`) as the coder reads them."""
    def measure(path: Path, settings: Settings) -> Figures:
        from .fold import score

        return score(path, settings, part=part, real=real)

    return measure


SCORES: dict[str, Callable[[Path, Settings], Figures]] = {
    "ud": _ud, "plv": _plv, "plv-end": _plv_end, "cameo-class": _cameo_class, "cameo-ner": _cameo_ner,
    "geo": _geo, "geo-no-context": _geo_without_context, "corpus": _corpus, "corpus-dev": _corpus_dev, "calibration": _calibration,
    "fold": _folding("fresh"), "fold-last": _folding("last"), "fold-late": _folding("late"), "fold-points": _folding("points"),
    "fold-coded": _folding("fresh", real=True), "fold-points-coded": _folding("points", real=True),
}

__all__ = ["SCORES", "Figures"]
