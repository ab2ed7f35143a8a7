"""Lines put together by what they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DENSE: Final = 1 << 22
"""Keys below this are counted in a table; others are sorted."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """n things in k groups.

    Attributes:
        keys: The key of each group, ascending (k, int64).
        counts: How many things each has (k).
        of: The group of each thing (n).
        order: The things group by group, those of a group in their order (n).
    """

    keys: NDArray[np.int64]
    counts: NDArray[np.int64]
    of: NDArray[np.int64]
    order: NDArray[np.int64]

    def largest(self, most: int) -> list[int]:
        """Return the groups with most things, the largest first."""
        return np.argsort(-self.counts, kind="stable")[:most].tolist()

    def members(self, group: int) -> NDArray[np.int64]:
        """Return the indices of the things of a group, in their order."""
        stop = int(self.counts[: group + 1].sum())
        return self.order[stop - int(self.counts[group]) : stop]


def group_by(keys: NDArray[np.int64]) -> Grouped:
    """Put n things together that have the same key (not negative)."""
    if len(keys) and int(keys.max()) < _DENSE:
        table = np.bincount(keys)
        kinds = np.flatnonzero(table)
        places = np.cumsum(table > 0) - 1
        counts, of = table[kinds], places[keys]
    else:
        kinds, of, counts = np.unique(keys, return_inverse=True, return_counts=True)
    # Numbers of 16 bits are sorted in linear time.
    narrow = of.astype(np.uint16) if len(kinds) <= 1 << 16 else of
    return Grouped(kinds, counts, of, np.argsort(narrow, kind="stable"))
