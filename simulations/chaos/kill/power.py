"""Power: the ledger's file after a power cut, as the fsyncs that SQLite asked for leave it."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, cast

from agent.domain.approval import Approval
from agent.domain.errors import LedgerError
from agent.domain.outcome import State, Step
from agent.domain.ref import AccountId
from agent.domain.seal import Seal
from agent.ledger.open import open_ledger
from agent.ledger.sql.ledger import SqlLedger
from agent.ports.ledger import Ledger
from simulations.chaos.chance import Luck
from simulations.chaos.kill.disk import Deleted, Disk, Operation, Synced, Told, Truncated, Wrote, can_record
from simulations.chaos.kill.server import temporary
from simulations.chaos.platform import ACCOUNT
from simulations.chaos.schedule import Schedule
from simulations.chaos.volume import Notes, Volume

KEPT = "no acknowledged commit is forgotten by a power cut"
WHOLE = "the ledger opens after a power cut and is whole"
CONTROL = "acknowledged commits lost with synchronous = NORMAL, where they may be"
_PER_RECORDING = 25
_CRASHES = 4
_SECTOR = 512
_CHECKPOINT_PAGES = 60
_SEAL = Seal(b"chaos")


@dataclass(frozen=True, slots=True)
class Entry:
    """A state of a change that the program was told is committed; of a lead, its epoch alone."""

    plan_id: str = ""
    change_id: str = ""
    state: State | None = None
    at: datetime | None = None
    epoch: int = 0

    def stands(self, ledger: Ledger) -> bool:
        if self.state is None:
            return ledger.epoch(ACCOUNT.id) >= self.epoch
        steps = ledger.steps(self.plan_id, self.change_id)
        return any((step.state, step.at) == (self.state, self.at) for step in steps)


@dataclass(frozen=True, slots=True)
class Recording:
    """What one run of the product asked of the disk."""

    path: str
    operations: Sequence[Operation]

    def told(self, cut: int) -> list[Entry]:
        """What the program had been told by then."""
        return [one.what for one in self.operations[:cut] if isinstance(one, Told)]


def trial(seed: int, notes: Notes) -> None:
    """Cut the power once, at the same moment of a run with FULL and of one with NORMAL."""
    if not can_record():
        notes.count("power cuts left out: this Python's SQLite is built in and cannot be watched")
        return
    lost, broken = cut_once(recording(seed // _PER_RECORDING, full=True), seed, notes)
    notes.check(KEPT, not lost, f"{len(lost)} of them, the first: {lost[:1]}")
    notes.check(WHOLE, not broken, "; ".join(broken))
    notes.count(CONTROL, len(cut_once(recording(seed // _PER_RECORDING, full=False), seed, notes)[0]))


POWER = Volume("power", trial, per_task=_PER_RECORDING)


def cut_once(run: Recording, seed: int, notes: Notes) -> tuple[list[Entry], list[str]]:
    """Where the power goes and what of the unsynced writes arrives is drawn from the seed.

    Returns: Entries that are lost, and what is broken of the file, in words.
    """
    random = Random(f"power cut {seed}")  # noqa: S311  # luck that can be had again, no secret
    cut = random.randrange(len(run.operations))
    share = random.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    notes.tell(
        lambda: f"cut at operation {cut} of {len(run.operations)}; {share:.0%} of the unsynced sectors arrive"
    )
    told = run.told(cut)
    with temporary("gebot-power-") as folder:
        for path, content in files(run.operations[:cut], share, random):
            (folder / Path(path).name).write_bytes(content)
        file = folder / Path(run.path).name
        if not file.exists():
            return told, []
        try:
            with closing(cast(SqlLedger, open_ledger(f"sqlite:///{file}", seal=_SEAL))) as ledger:
                return [one for one in told if not one.stands(ledger)], [*ledger.faults(), *_faults(file)]
        except LedgerError as error:
            return told, [str(error)] if told else []


def files(operations: Sequence[Operation], share: float, random: Random) -> Iterator[tuple[str, bytes]]:
    """Each file as it is found when the power is back: all up to its last fsync, of the rest some sectors.

    Within one write any sectors of 512 bytes may arrive and others not; a sector is whole. That a
    file was deleted is on the disk with the next fsync of any file, as journaling file systems have it.
    """
    last_sync = max((n for n, one in enumerate(operations) if isinstance(one, Synced)), default=-1)
    paths: dict[str, list[tuple[int, Operation]]] = {}
    for n, one in enumerate(operations):
        if isinstance(one, Deleted) and (n < last_sync or random.random() < share):
            paths.pop(one.path, None)
        elif not isinstance(one, Told | Deleted):
            paths.setdefault(one.path, []).append((n, one))
    for path, numbered in paths.items():
        own = [one for _, one in numbered]
        synced = max((n for n, one in enumerate(own) if isinstance(one, Synced)), default=-1)
        content = bytearray()
        for one in own[: max(0, synced)]:
            _do(content, one)
        for one in own[synced + 1 :]:
            for piece in _pieces(one):
                if random.random() < share:
                    _do(content, piece)
        if synced >= 0 or content:
            yield path, bytes(content)


def _pieces(one: Operation) -> Iterator[Operation]:
    """What arrives or does not, each for itself."""
    if not isinstance(one, Wrote):
        yield one
        return
    start = 0
    while start < len(one.content):
        end = min(len(one.content), start + _SECTOR - (one.offset + start) % _SECTOR)
        yield Wrote(one.path, one.offset + start, one.content[start:end])
        start = end


def _do(content: bytearray, one: Operation) -> None:
    match one:
        case Wrote(offset=offset, content=written):
            content.extend(bytes(max(0, offset + len(written) - len(content))))
            content[offset : offset + len(written)] = written
        case Truncated(size=size):
            del content[size:]


def _faults(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    return [one for one in found if one != "ok"]


@lru_cache(maxsize=4)
def recording(seed: int, *, full: bool) -> Recording:
    """A schedule by chance on a ledger file, from its making on; the program never closes it.

    Args:
        full: As the product opens it; False: with the weaker setting, to see that it would be found.
    """
    disk = Disk()
    with tempfile.TemporaryDirectory(prefix="gebot-power-") as folder:
        path = Path(folder) / "ledger.db"
        with disk.recording():
            ledger = cast(SqlLedger, open_ledger(f"sqlite:///{path}", seal=_SEAL))
            _prepare(ledger, full=full)
            with closing(ledger):
                Schedule(cast(Any, _Teller(ledger, disk)), Luck(seed), seed=seed, crashes=_CRASHES).run()
                operations = tuple(disk.operations)
    return Recording(str(path), operations)


def _prepare(ledger: SqlLedger, *, full: bool) -> None:
    """Let checkpoints come often, and perhaps let the one connection not wait for the disk at each commit."""
    with ledger._database.read() as session:
        driver = cast(Any, session.connection().connection.driver_connection)
        driver.execute("COMMIT")  # these are not to be changed within a transaction
        driver.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}").fetchall()
        if not full:
            driver.execute("PRAGMA synchronous = NORMAL")
        driver.execute("BEGIN")


class _Teller:
    """The ledger; what the program is told of it is put down with the disk's own work."""

    def __init__(self, ledger: SqlLedger, disk: Disk) -> None:
        self._ledger = ledger
        self._disk = disk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def take_lead(self, account: AccountId, host: str, pid: int, at: datetime) -> int:
        epoch = self._ledger.take_lead(account, host, pid, at)
        self._disk.operations.append(Told(Entry(epoch=epoch)))
        return epoch

    def advance(self, steps: Sequence[Step], at: datetime, *, epoch: int) -> None:
        self._ledger.advance(steps, at, epoch=epoch)
        self._told(steps, at)

    def record_approval(self, approval: Approval, steps: Sequence[Step], *, known: int | None = None) -> bool:
        stored = self._ledger.record_approval(approval, steps, known=known)
        self._told(steps if stored else (), approval.at)
        return stored

    def _told(self, steps: Sequence[Step], at: datetime) -> None:
        self._disk.operations += [Told(Entry(step.plan_id, step.change_id, step.state, at)) for step in steps]
