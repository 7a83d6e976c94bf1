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
    arrays = [values[field.name] if isinstance(values[field.name], pa.Array) else pa.array(values[field.name], field.type) for field in kind]
    arrays = [array if array.type == field.type else array.cast(field.type) for array, field in zip(arrays, kind, strict=True)]
    mask = pa.array(~valid) if valid is not None else None
    return pa.StructArray.from_arrays(arrays, fields=list(kind), mask=mask)


def days(values: Ints, absent: npt.NDArray[np.bool_]) -> pa.Array:
    """A column of dates out of days since 1970, null where absent."""
    return pa.array(np.where(absent, 0, values).astype(np.int32), pa.int32(), mask=absent).cast(pa.date32())


def commonest(owner: Ints, value: Ints, weight: npt.NDArray[np.float64]) -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
    """Of each owner the value with the greatest sum of weights, then the smaller value: owners, values and sums. Values are not negative."""
    if not len(owner):
        return owner, value, weight
    base = int(value.max()) + 1
    whole, inverse = np.unique(owner * base + value, return_inverse=True)
    total = np.bincount(inverse, weight, len(whole))
    order = np.lexsort((whole % base, -np.round(total, 9), whole // base))
    first = order[np.r_[True, np.diff(whole[order] // base) != 0]]
    return whole[first] // base, whole[first] % base, total[first]


def distinct(owner: Ints, value: Ints, count: int) -> Ints:
    """How many different values each owner has."""
    if not len(owner):
        return np.zeros(count, np.int64)
    whole = np.unique(owner * (int(value.max(initial=0)) + 1) + value)
    return np.bincount(whole // (int(value.max(initial=0)) + 1), minlength=count)
