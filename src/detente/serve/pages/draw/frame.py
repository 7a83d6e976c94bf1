"""A drawing as a file of its own: its title above, a key of its marks and its sources below, so that it can be passed on alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from textwrap import wrap

from .svg import LINE_HEIGHT, kind, mark, text

MARGIN = 12
TITLE = 'font-size="17" font-weight="600" fill="#1A1F26"'
_LETTER, _TITLE_LETTER = 6.0, 9.2  # pixels, about
QUADS = (("mc", "deed of cooperation"), ("vc", "word of cooperation"), ("vx", "word of conflict"), ("mx", "deed of conflict"))
_SIZE = re.compile(r'viewBox="0 0 (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)"')


def framed(picture: str, title: str, source: Sequence[str], with_key: bool = True) -> str:
    """An SVG with its title, the key of the four marks, and lines that say where its data are from."""
    size = _SIZE.search(picture)
    if size is None:
        raise ValueError("a drawing without a view box has no size")  # a fault of ours
    wide, tall = float(size[1]), float(size[2])
    heads = wrap(title, int((wide - 2 * MARGIN) / _TITLE_LETTER)) or [""]
    feet = [part for line in source for part in wrap(line, int((wide - 2 * MARGIN) / _LETTER))]
    top = MARGIN + 22 * len(heads)
    base = top + tall + (26 if with_key else 6)
    whole = base + LINE_HEIGHT * len(feet) + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {whole:g}" width="{wide:g}" height="{whole:g}" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect {kind("ground")} width="{wide:g}" height="{whole:g}"/>',
        *(f'<text x="{MARGIN}" y="{MARGIN + 16 + 22 * row}" {TITLE}>{escape(line)}</text>' for row, line in enumerate(heads)),
        picture.replace("<svg ", f'<svg x="0" y="{top:g}" ', 1),
        *(_key(top + tall + 16, wide) if with_key else ()),
        *(text(MARGIN, base + LINE_HEIGHT * (row + 1) - 3, line) for row, line in enumerate(feet)),
        "</svg>",
    ]
    return "".join(parts)


def _key(y: float, wide: float) -> list[str]:
    parts, step = [], min(170.0, (wide - 2 * MARGIN) / len(QUADS))
    for place, (quad, words) in enumerate(QUADS):
        left = MARGIN + step * place
        told = words if step > 130 else words.replace("cooperation", "coop.").replace("deed of ", "deed, ").replace("word of ", "word, ")
        parts += [f'<path {kind(quad)} d="{mark(quad, left, y - 8)}"/>', text(left + 12, y, told)]
    return parts
