"""Memory: a small file of numbers by name that processes share."""

import fcntl
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from agent.domain.errors import Mistake

T = TypeVar("T")
Numbers = dict[str, float]
_LARGEST = 10**18


class Memory:
    """Numbers by name. Writers keep each other out, and a reader never sees half of a page.

    A page that cannot be understood is begun anew: nothing in it is worth more than a refusal
    by Google, which is what would follow.
    """

    def __init__(self, path: Path | None) -> None:
        """Remember in this file; None: in this process alone."""
        self._path = path
        self._page: Numbers = {}
        self._lock = threading.Lock()

    def read(self) -> Numbers:
        if self._path is None:
            return dict(self._page)
        try:
            found = json.loads(self._path.read_text())
        except (FileNotFoundError, ValueError, RecursionError):
            return {}
        items = found.items() if isinstance(found, dict) else ()
        return {name: number for name, number in items if _is_number(number)}

    def change(self, edit: Callable[[Numbers], T]) -> T:
        """Let `edit` change the numbers while nobody else can; what it returns.

        Raises:
            Mistake: The file cannot be written. It is as it was.
        """
        with self._lock:
            if self._path is None:
                return edit(self._page)
            try:
                with _alone(self._path):
                    page = self.read()
                    result = edit(page)
                    draft = self._path.with_suffix(".tmp")
                    draft.write_text(json.dumps(page))
                    draft.replace(self._path)
            except OSError as error:
                raise Mistake(str(self._path), f"cannot be written: {error.strerror}") from error
            return result


def _is_number(value: object) -> bool:
    """True for what an account or a clock may hold; neither NaN nor a number without end is."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
