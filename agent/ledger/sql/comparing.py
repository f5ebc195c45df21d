"""Comparing: the rows of a table as they stand, against those that the audit chain tells of."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from agent.ledger.sql.told import ToldRow

Values = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that stands where another was told (both), that no entry tells of, or that is missing."""

    told: ToldRow | None
    stands: Values | None


def compared(
    expected: Sequence[ToldRow],
    rows: Iterable[Values],
    *,
    comes_by_itself: Callable[[Values], bool] = lambda _: False,
) -> Iterator[Difference]:
    """Where the two part, in order: what stands behind a row too many or too few is not taken for another.

    Rows are held in memory from the first difference on.

    Args:
        comes_by_itself: Such a row that no entry tells of stands in no other's place.
    """
    standing = iter(rows)
    for place, told in enumerate(expected):
        row = next(standing, None)
        if row != told.values:
            first = [] if row is None else [row]
            yield from _parted(expected[place:], [*first, *standing], comes_by_itself)
            return
    yield from (Difference(None, row) for row in standing)


def _parted(
    expected: Sequence[ToldRow], rows: Sequence[Values], comes_by_itself: Callable[[Values], bool]
) -> Iterator[Difference]:
    told_left, rows_left = Counter(told.values for told in expected), Counter(rows)
    i = j = 0
    while i < len(expected) and j < len(rows):
        told, row = expected[i], rows[j]
        too_many, missing = not told_left[row], not rows_left[told.values]
        alone = too_many and comes_by_itself(row)
        takes_told, takes_row = not alone and (missing or not too_many), too_many or not missing
        if told.values != row:
            yield Difference(told if takes_told else None, row if takes_row else None)
        if takes_told:
            told_left[told.values] -= 1
            i += 1
        if takes_row:
            rows_left[row] -= 1
            j += 1
    yield from (Difference(told, None) for told in expected[i:])
    yield from (Difference(None, row) for row in rows[j:])
