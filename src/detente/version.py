"""The version of the package, written into every claim."""

from __future__ import annotations

VERSION = "0.1.0"
