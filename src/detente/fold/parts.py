"""Small tools for building Arrow columns of lists and structs out of numpy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]


def lists(owner: Ints, count: int, values: pa.Array) -> pa.Array:
    """A column of lists: the values of each owner, whose numbers must not fall; an empty list for one that has none."""
    return pa.ListArray.from_arrays(pa.array(np.searchsorted(owner, np.arange(count + 1)), pa.int32()), values)


def structs(kind: pa.StructType, values: dict[str, Any], valid: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """A column of structs out of columns by name."""
    given = [values[field.name] for field in kind]
    arrays = [value if isinstance(value, pa.Array) else pa.array(value, field.type) for value, field in zip(given, kind, strict=True)]
    arrays = [array if array.type == field.type else array.cast(field.type) for array, field in zip(arrays, kind, strict=True)]
    mask = pa.array(~valid) if valid is not None else None
    return pa.StructArray.from_arrays(arrays, fields=list(kind), mask=mask)


def days(values: Ints, absent: npt.NDArray[np.bool_]) -> pa.Array:
    """A column of dates out of days since 1970, null where absent."""
    return pa.array(np.where(absent, 0, values).astype(np.int32), pa.int32(), mask=absent).cast(pa.date32())
