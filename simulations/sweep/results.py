"""Results: a file of JSON lines that grows as results come, so that nothing is run twice."""

import fcntl
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TextIO

from agent.domain.errors import Mistake
from simulations.sweep.jobs import Found, Job

_BEGINNING = '{"key": '


class Results:
    """What was found so far, by key, and the file that it is written to."""

    def __init__(self, file: TextIO, known: Mapping[str, Found]) -> None:
        self._file = file
        self.known = known

    def missing(self, work: Sequence[Job]) -> list[Job]:
        """Jobs that are still to be run; of jobs that come to the same, one."""
        return list({job.key: job for job in work if job.key not in self.known}.values())

    def of(self, work: Sequence[Job], fresh: Iterable[Found]) -> list[Found]:
        """What came of each job that was run at some time, in order."""
        known = {**self.known, **{one.key: one for one in fresh}}
        # Jobs that come to the same share a key; each keeps its own values.
        return [replace(known[job.key], values=job.values) for job in work if job.key in known]

    def keep(self, found: Iterable[Found]) -> Iterator[Found]:
        """Write each down before it is handed on; whoever is killed then loses only what was under way."""
        for one in found:
            self._file.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
            self._file.flush()
            yield one


@contextmanager
def open_results(path: Path) -> Iterator[Results]:
    """Read what is there and hold the file until the end.

    A last line that was cut off by a kill is left out.

    Raises:
        Mistake: The file cannot be written, holds something else, or another sweep has it.
    """
    try:
        # The path is a person's choice; "a+" keeps what is there.
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise Mistake(str(path), f"could not be opened: {error.strerror}") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Mistake(str(path), "is in use by another sweep", "--results names another file") from None
        file.seek(0)
        try:
            text = file.read()
        except UnicodeDecodeError:
            raise Mistake(str(path), "is no text", "--results names another file") from None
        known = _known(text, path)
        if text and not text.endswith("\n"):
            file.write("\n")
        yield Results(file, known)


def _known(text: str, path: Path) -> dict[str, Found]:
    found = {}
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            one = Found(**json.loads(line))
        except (ValueError, TypeError):
            if not line or _is_cut_off(line):
                continue
            where = f"{path}: line {number}"
            raise Mistake(where, "is no result of a sweep", "--results names another file") from None
        found[one.key] = one
    return found


def _is_cut_off(line: str) -> bool:
    """Whether a kill can have left this: the beginning of a result, and no JSON yet."""
    try:
        json.loads(line)
    except ValueError:
        return line.startswith(_BEGINNING[: len(line)])
    return False
