"""Event data in and out: the forms of POLECAT, ICEWS, GDELT, UCDP and PLOVER beside our own.

`export` and `manifest` write; `read_*` read. `codes` and `countries` hold the tables of data/exchange, `leaves` tells what of an event is
lost, each form has a module of its own (`polecat` `icews` `gdelt` `ucdp` `flat` `plover` `graph`).
"""

from .export import FORMS, LOSSLESS, Report, export
from .manifest import manifest, verify, write_manifest
from .reading import (
    READERS,
    Reading,
    Tally,
    read_csv,
    read_gdelt,
    read_icews,
    read_parquet,
    read_plover,
    read_polecat,
    read_ucdp,
)

__all__ = [
    "FORMS", "LOSSLESS", "READERS", "Reading", "Report", "Tally", "export", "manifest", "read_csv", "read_gdelt", "read_icews",
    "read_parquet", "read_plover", "read_polecat", "read_ucdp", "verify", "write_manifest",
]
