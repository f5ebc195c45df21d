"""Journal: every mutation that reached the sandbox, and every request, for those who check."""

import json
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

_REQUESTS_KEPT = 10_000


class Result(StrEnum):
    """What became of a mutation."""

    COMMITTED = "committed"
    VALIDATED = "validated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One field of one resource that somebody wanted to set.

    Attributes:
        time: ISO 8601, UTC, by the sandbox's clock.
        before, after: None when the resource or the value is not known.
        why: The error code of a refusal, "" otherwise.
        reply_lost: True when the sender was not told.
    """

    time: str
    customer: str
    resource: str
    mask: str
    before: int | str | None
    after: int | str | None
    who: str
    request_id: str
    result: Result
    why: str = ""
    reply_lost: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One call.

    Attributes:
        text: The query, or what was mutated in short.
        status: That it ended with, in the platform's words.
    """

    time: str
    method: str
    customer: str
    who: str
    request_id: str
    text: str
    status: str


class Journal:
    """Mutations on disk (JSON lines, synced) and in memory; the latest requests in memory only."""

    def __init__(self, path: Path) -> None:
        """Open the journal; what an earlier run wrote stays in the file and is read back."""
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("a+", encoding="utf-8")
        self._file.seek(0)
        self._mutations = [_mutation(line) for line in self._file]
        self._requests: deque[Request] = deque(maxlen=_REQUESTS_KEPT)

    def add(self, mutations: Sequence[Mutation]) -> None:
        with self._lock:
            self._file.writelines(json.dumps(asdict(mutation)) + "\n" for mutation in mutations)
            self._file.flush()
            self._mutations.extend(mutations)

    def note(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def mutations(self) -> tuple[Mutation, ...]:
        """Oldest first."""
        with self._lock:
            return tuple(self._mutations)

    def requests(self) -> tuple[Request, ...]:
        """Oldest first."""
        with self._lock:
            return tuple(self._requests)

    def close(self) -> None:
        self._file.close()


def _mutation(line: str) -> Mutation:
    entry = json.loads(line)
    return Mutation(**{**entry, "result": Result(entry["result"])})
