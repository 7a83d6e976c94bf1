"""What rows and event network are worth: F1 of each event and of each field with the rows alone, the network alone, and both.

    python bench/coders.py corpus/articles [test|dev]
"""

from __future__ import annotations

import sys
from pathlib import Path

from detente.score.corpus import score
from detente.settings import load_settings

CODERS = ("rules", "network", "both")


def main() -> None:
    """Command line; see the module's first lines."""
    path, part = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "test"
    found = {coder: score(path, load_settings(coder=coder), part) for coder in CODERS}
    print("| | " + " | ".join(CODERS) + " |\n|---|---|---|---|")  # noqa: T201 - a command
    for name in found["both"]:
        print(f"| {name.removeprefix('f1_')} | " + " | ".join(f"{found[coder].get(name, 0)}" for coder in CODERS) + " |")  # noqa: T201


if __name__ == "__main__":
    main()
