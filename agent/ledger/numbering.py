"""Numbering: short numbers for the entities of an account."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Strings

_Key = tuple[str, str]


class Numbering:
    """Numbers entities 0, 1, 2, ... as they are first seen; a number never changes.

    Tables tell of the same entities in the same order again and again, so the last answer is
    kept and given again when the question is the same.
    """

    def __init__(self, keys: Sequence[_Key] = ()) -> None:
        self._numbers = {key: number for number, key in enumerate(keys)}
        self._asked: tuple[Strings, Strings] | None = None
        self._answer = np.empty(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def keys(self) -> list[_Key]:
        """Kind and id of each number, in order."""
        return list(self._numbers)

    def known(self, kinds: Strings, ids: Strings) -> NDArray[np.int64]:
        """The number of each row's entity; -1 where it was never seen."""
        if self._is_same_question(kinds, ids):
            return self._answer
        keys = zip(kinds.tolist(), ids.tolist(), strict=True)
        return np.fromiter((self._numbers.get(key, -1) for key in keys), dtype=np.int64, count=len(ids))

    def sure(self, kinds: Strings, ids: Strings) -> NDArray[np.int64]:
        """The number of each row's entity, given now where it had none."""
        if self._is_same_question(kinds, ids):
            return self._answer
        numbers = self._numbers
        keys = zip(kinds.tolist(), ids.tolist(), strict=True)
        given = (numbers.setdefault(key, len(numbers)) for key in keys)
        self._answer = np.fromiter(given, dtype=np.int64, count=len(ids))
        self._asked = (kinds.copy(), ids.copy())
        return self._answer

    def _is_same_question(self, kinds: Strings, ids: Strings) -> bool:
        if self._asked is None or len(ids) != len(self._answer):
            return False
        return np.array_equal(ids, self._asked[1]) and np.array_equal(kinds, self._asked[0])
