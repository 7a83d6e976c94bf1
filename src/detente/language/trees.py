"""Arc scores to a tree: every word has one head, exactly one word hangs on the root, no cycle.

Most sentences need only the best head of each word. The rest go through Chu-Liu-Edmonds; a single root is made
certain by trying the best root candidates (Zmigrod et al. 2020 describe why a mere penalty on the root would not do).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ROOTS_TRIED = 4


def heads_of(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """scores [n+1, n+1], row = dependent, column = head, index 0 = root → heads [n+1] (heads[0] = 0)."""
    scores = scores.copy()
    np.fill_diagonal(scores, -np.inf)
    scores[0] = -np.inf
    heads: NDArray[np.int64] = scores.argmax(1)
    heads[0] = 0
    if is_tree(heads):
        return heads
    best: tuple[float, NDArray[np.int64]] | None = None
    gain = scores[1:, 0] - np.where(np.isfinite(scores[1:, 1:]), scores[1:, 1:], -1e9).max(1, initial=-1e9)
    for root in np.argsort(-gain)[:ROOTS_TRIED] + 1:
        limited = scores.copy()
        limited[1:, 0] = -np.inf
        limited[root] = -np.inf
        limited[root, 0] = scores[root, 0]
        tree = _chu_liu_edmonds(limited)
        total = float(scores[np.arange(1, len(tree)), tree[1:]].sum())
        if best is None or total > best[0]:
            best = (total, tree)
    assert best is not None
    return best[1]


def is_tree(heads: NDArray[np.int64]) -> bool:
    """Whether heads (index 0 = root) form a tree with exactly one word under the root."""
    count = len(heads)
    if (heads[1:] == 0).sum() != 1:
        return False
    reached = heads.copy()
    for _ in range(count.bit_length()):
        reached = reached[reached]
    return not reached.any()


def _chu_liu_edmonds(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Maximum spanning arborescence rooted at 0; each dependent's row holds its heads' scores."""
    size = len(scores)
    heads: NDArray[np.int64] = scores.argmax(1)
    heads[0] = 0
    found = _find_cycle(heads)
    if not found:
        return heads
    cycle = np.array(found, dtype=np.int64)
    inside = np.zeros(size, dtype=bool)
    inside[cycle] = True
    outside = np.flatnonzero(~inside)
    own = scores[cycle, heads[cycle]]
    small = np.full((len(outside) + 1, len(outside) + 1), -np.inf, dtype=scores.dtype)
    small[:-1, :-1] = scores[np.ix_(outside, outside)]
    # Leaving the cycle: the best inner head for each outer word. Entering it: the inner word that costs least to re-hang.
    leave = scores[np.ix_(outside, cycle)]
    small[:-1, -1] = leave.max(1)
    enter = scores[np.ix_(cycle, outside)] - own[:, None]
    small[-1, :-1] = enter.max(0)
    small[0] = -np.inf
    tree = _chu_liu_edmonds(small)
    result = heads.copy()
    for place, node in enumerate(outside):
        if node:
            chosen = tree[place]
            result[node] = cycle[int(leave[place].argmax())] if chosen == len(outside) else outside[chosen]
    entered = int(tree[-1])
    result[cycle[int(enter[:, entered].argmax())]] = outside[entered]
    result[0] = 0
    return result


def _find_cycle(heads: NDArray[np.int64]) -> list[int]:
    state = [0] * len(heads)
    state[0] = 2
    for start in range(1, len(heads)):
        path, node = [], start
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = int(heads[node])
        if state[node] == 1:
            return path[path.index(node) :]
        for seen in path:
            state[seen] = 2
    return []
