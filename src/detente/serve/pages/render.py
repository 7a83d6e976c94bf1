"""Templates to documents. Everything that is put into a page is escaped; only our own drawings are marked as safe."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ...errors import MissingExtra
from ...relations.phrases import listed
from ...version import VERSION
from . import format as form
from . import names
from .bundle import bundle
from .grounds import contested, ground

HERE = Path(__file__).parent
SHEET = HERE / "static" / "detente.css"


@cache
def sheet() -> tuple[str, bytes]:
    """Address and bytes of the style sheet. The address changes with the bytes, so browsers may keep it for ever."""
    body = SHEET.read_bytes()
    return f"/static/pages/detente.{hashlib.blake2b(body, digest_size=6).hexdigest()}.css", body


@cache
def icon() -> tuple[str, bytes]:
    """Address and bytes of the picture that browsers show beside the title."""
    body = (HERE / "static" / "icon.svg").read_bytes()
    return f"/static/pages/icon.{hashlib.blake2b(body, digest_size=6).hexdigest()}.svg", body


@cache
def templates_tag() -> str:
    """A hash of all templates, the style sheet and the figures: documents of other ones are not the same."""
    digest = hashlib.blake2b(sheet()[1] + bundle().tag.encode(), digest_size=8)
    for path in sorted((HERE / "templates").rglob("*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _templates() -> Any:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise MissingExtra("jinja2", "serve") from error

    class Quick(Environment):
        """As Jinja's, but a record's own keys come before its methods: nearly all that templates ask for, and the usual order raises and
        catches an error for each of them, a fifth of the time that a page took to be written."""

        def getattr(self, obj: Any, attribute: str) -> Any:
            """The part of a record, or what Jinja gives."""
            if type(obj) is dict and attribute in obj:
                return obj[attribute]
            return super().getattr(obj, attribute)

    found = Quick(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters |= {
        "day": form.day, "span": form.span, "num": form.number, "signed": form.signed, "pct": form.percent, "toll": form.toll,
        "counted": form.counted, "listed": listed,
    }
    found.globals |= {
        "sheet": sheet()[0],
        "picture": icon()[0],
        "script": bundle().script,
        "near": bundle().address("near"),
        "contested": ",".join(f"{one} {other}" for one, other in sorted(contested())),
        "version": VERSION,
        "quad_code": names.code,
        "path": names.path,
        "root_link": names.root_link,
        "range_": form.range_,
        "LANES": names.LANE_WORDS,
        "STANDINGS": names.STANDING_WORDS,
        "STATUSES": names.STATUS_WORDS,
    }
    return found


def prepare() -> None:
    """Makes ready what the first pages would else wait for: templates and the shapes of maps."""
    found = _templates()
    for name in found.list_templates():
        found.get_template(name)
    for level in ("near", "world"):
        ground(level)


def render(template: str, values: Mapping[str, Any]) -> str:
    """A document."""
    page: str = _templates().get_template(template).render(**values)
    return page
