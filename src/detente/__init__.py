"""Détente codes news text into political events: who did what to whom, when, where, on whose word, and why we think so.

    coder = detente.Coder()
    claims = coder.code("Turkey's foreign minister met his Russian counterpart in Sochi on July 1.", published="2016-07-04")

    with detente.open("world") as store:
        store.add(detente.read("news/*.jsonl"), coder)
        store.fold()
        pair = store.relation("TUR", "RUS")
        pair.timeline(), pair.stances(), pair.shifts()

The names below are the public ones. They are loaded when first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .version import VERSION as __version__

if TYPE_CHECKING:
    from .errors import DetenteError
    from .flow.read import ReadOptions, read
    from .flow.write import to_frame
    from .knowledge.cameo import load_cameo
    from .ledger import Agreement, Membership, Stance
    from .pipeline import Coder
    from .records import Article, Claim, Mention, Place, Quantity, Reason, Reject, Voice, When
    from .settings import Settings, load_settings
    from .world import open_world as open

_HOMES = {
    "Agreement": "ledger",
    "Article": "records",
    "Claim": "records",
    "Coder": "pipeline",
    "DetenteError": "errors",
    "Membership": "ledger",
    "Mention": "records",
    "Place": "records",
    "Quantity": "records",
    "ReadOptions": "flow.read",
    "Reason": "records",
    "Reject": "records",
    "Settings": "settings",
    "Stance": "ledger",
    "ToldAct": "records",
    "Voice": "records",
    "When": "records",
    "acts": "flow.told_acts",
    "load_cameo": "knowledge.cameo",
    "load_settings": "settings",
    "open": "world",
    "read": "flow.read",
    "to_frame": "flow.write",
}

__all__ = [
    "Agreement",
    "Article",
    "Claim",
    "Coder",
    "DetenteError",
    "Membership",
    "Mention",
    "Place",
    "Quantity",
    "ReadOptions",
    "Reason",
    "Reject",
    "Settings",
    "Stance",
    "ToldAct",
    "Voice",
    "When",
    "__version__",
    "acts",
    "load_cameo",
    "load_settings",
    "open",
    "read",
    "to_frame",
]


def __getattr__(name: str) -> object:
    """A public name, from the module where it lives."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    """The public names and the module's own."""
    return sorted({*globals(), *__all__})
