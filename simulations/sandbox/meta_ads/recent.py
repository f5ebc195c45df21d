"""Recent: reports that are being read page by page, so that their pages are of one moment."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, timedelta

from simulations.sandbox.meta_ads.fields import Row

_KEPT = 8
_LASTS = timedelta(minutes=10)


class Recent:
    """The latest few. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reports: OrderedDict[Hashable, tuple[datetime, Sequence[Row]]] = OrderedDict()

    def rows(
        self, key: Hashable, now: datetime, make: Callable[[], Sequence[Row]], *, is_first: bool
    ) -> Sequence[Row]:
        """The report's rows, made anew for a first page and when the last are too old.

        Args:
            key: What was asked.
        """
        with self._lock:
            found = self._reports.get(key)
            if found is not None and not is_first and now - found[0] < _LASTS:
                return found[1]
            rows = make()
            self._reports[key] = (now, rows)
            self._reports.move_to_end(key)
            if len(self._reports) > _KEPT:
                self._reports.popitem(last=False)
            return rows
