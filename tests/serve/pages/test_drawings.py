"""Drawings: labels never lie over one another; the colours of pictures that stand alone are those of the tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.relations import parties
from detente.relations.coverage import Coverage
from detente.serve.pages.draw.labels import GAP, Label, cut, placed
from detente.serve.pages.draw.panels import LEAST_BAR, Box, axis, coverage
from detente.serve.pages.draw.svg import LIGHT, TEXT
from detente.serve.pages.render import SHEET

ROOT = Path(__file__).parents[3]


@given(
    st.lists(st.tuples(st.floats(0, 365), st.text("abc ", min_size=1, max_size=40)), max_size=12),
    st.sampled_from([360, 480, 768, 960, 1400]),
)
def test_labels_never_overlap(given_: list[tuple[float, str]], wide: int) -> None:
    labels = [Label(number, day, cut(words)) for number, (day, words) in enumerate(given_, 1)]
    boxes = placed(labels, lambda day: 40 + (wide - 50) * day / 365, 40, wide - 10, 3)
    for number, one in enumerate(boxes):
        assert 40 <= one.left <= one.left + one.wide <= wide - 10 + 1e-6
        for other in boxes[number + 1 :]:
            assert (
                one.row != other.row or one.left + one.wide + GAP <= other.left + 1e-6 or other.left + other.wide + GAP <= one.left + 1e-6
            )
    assert boxes == placed(labels, lambda day: 40 + (wide - 50) * day / 365, 40, wide - 10, 3)


@pytest.mark.parametrize(("years", "wide", "together"), [(1, 886, 1), (25, 886, 3), (25, 318, 7)])
def test_bars_of_coverage_are_never_narrower_than_they_can_be_drawn(years: int, wide: int, together: int) -> None:
    first, days = date(1996, 1, 1), 364 * years  # a Monday; whole weeks
    either = np.zeros(days, np.int64)
    either[::7] = 1 + np.arange(days // 7) % 5
    read = Coverage(parties.number(first), either, either, np.zeros(days, np.int64))
    span = (first, first + timedelta(days=days - 1))
    line = SimpleNamespace(coverage=read, span=span)
    parts, most = coverage(line, axis(span, 10, 10 + wide), Box(10, 10 + wide, 0, 100))  # type: ignore[arg-type]
    assert most == 5
    bars = re.findall(r"M([\d.]+) 100.0v-([\d.]+)h([\d.]+)V", parts[1])
    weeks = [max(either[::7][at : at + together]) for at in range(0, days // 7, together)]
    assert [float(tall) for _, tall, _ in bars] == pytest.approx([100 * (week / 5) ** 0.5 for week in weeks], abs=0.06)
    assert all(float(one[2]) >= LEAST_BAR for one in bars)
    assert len(parts) == 2, "no week names both: no bars of them"


def test_pictures_have_the_colours_of_the_tokens() -> None:
    known = set(json.loads((ROOT / "web" / "tokens.json").read_text("utf-8"))["light"].values())
    used = {colour for words in (*LIGHT.values(), *TEXT.values()) for colour in re.findall(r"#[0-9A-F]{6}", words)}
    assert used <= known


def test_the_style_sheet_is_made_from_its_sources(program: Callable[[str], ModuleType]) -> None:
    assert SHEET.read_text("utf-8") == program("scripts/make_css.py").made(), "run python scripts/make_css.py"


def test_text_colours_are_readable() -> None:
    """Contrast as WCAG has it: 4.5 for text on its ground, 3 for marks."""
    for colours in (json.loads((ROOT / "web" / "tokens.json").read_text("utf-8"))[theme] for theme in ("light", "dark")):
        for name, ground, least in [
            *((name, "page", 4.5) for name in "text muted coop-text conf-text actor place date quantity voice".split()),
            *((name, "coop-tint", 4.5) for name in ("text", "coop-text", "conf-text", "muted")),
            ("warn", "warn-ground", 4.5),
            ("error", "error-ground", 4.5),
            ("text", "conf-tint", 4.5),
            *((name, "page", 3.0) for name in "coop-soft conf-soft axis focus".split()),
        ]:
            assert _contrast(colours[name], colours[ground]) >= least, (name, ground)


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
