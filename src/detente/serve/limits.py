"""How often one address may ask for something costly: a bucket of tokens for each."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_MOST = 10_000  # addresses that are remembered


class Buckets:
    """A bucket per address that holds `size` tokens and gains `per_second`. For one thread."""

    def __init__(self, size: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._gain, self._clock = float(size), per_second, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Takes a token and gives 0; where none is left, the seconds until there is one."""
        now = self._clock()
        left, seen = self._left.pop(address, (self._size, now))
        left = min(self._size, left + (now - seen) * self._gain)
        short = max(0.0, 1.0 - left)
        self._left[address] = (left if short else left - 1.0, now)
        if len(self._left) > _MOST:
            self._left.popitem(last=False)
        return short / self._gain
