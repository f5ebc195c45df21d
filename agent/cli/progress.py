"""Progress: a bar on standard error while long work goes on."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Item = TypeVar("Item")


def with_progress(items: Iterable[Item], total: int, description: str) -> list[Item]:
    """Collect the items, showing how many of `total` have come."""
    with _bar() as progress:
        return list(progress.track(items, total=total, description=description))


@contextmanager
def counted(total: int, description: str) -> Iterator[Callable[[int], None]]:
    """A bar for work that tells itself how many more of `total` are done."""
    with _bar() as progress:
        task = progress.add_task(description, total=total)
        yield lambda more: progress.advance(task, more)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))
