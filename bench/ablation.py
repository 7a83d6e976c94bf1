"""What each weight of the pairing scheme is worth: macro-F1 on a PLV file with that weight set to zero.

    python bench/ablation.py FILE.tsv
"""

from __future__ import annotations

import argparse
from pathlib import Path
from unittest import mock

from detente.flow import pairing
from detente.score.plv import score
from detente.settings import Settings

WEIGHTS = ("ACTOR", "RECIPIENT", "SWAPPED", "ON_PATH", "NEAR_ROOT", "DISTANCE", "SPECIFIC", "LOOSE")


def main() -> None:
    """Command line; see the module's first lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    path = parser.parse_args().file
    whole = score(path, Settings())
    print(f"{'all weights':<14}{whole['macro_f1']:.3f}")  # noqa: T201 - a command
    for name in WEIGHTS:
        with mock.patch.object(pairing, name, 0.0):
            print(f"without {name:<10}{score(path, Settings())['macro_f1'] - whole['macro_f1']:+.3f}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
