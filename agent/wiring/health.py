"""Health: what of an installation would keep gebot from working, or from standing still when it should."""

import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from agent import stop
from agent.config.settings import Settings
from agent.domain.errors import GebotError, Mistakes
from agent.guardrails.wording import duration
from agent.ports.ledger import Ledger
from agent.wiring import halts
from agent.wiring.finding import Finding, Grade, faults
from agent.wiring.memory import folders_of, ledger
from agent.wiring.parts import clock

_BUILT = datetime(2026, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(minutes=5)
_SILENT = timedelta(minutes=10)


def findings(settings: Settings) -> Iterator[Finding]:
    """One finding for each part; nothing is changed, and no platform is asked."""
    yield _state(settings.state)
    yield from _disk(settings)
    yield _stop(settings)
    yield from _memory(settings)
    yield _dependencies()


def _state(folder: Path) -> Finding:
    where = f"state folder {folder}"
    if not folder.is_dir():
        return Finding(where, Grade.WARNING, "is not there yet", "`gebot run` makes it")
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o022:
        return Finding(
            where, Grade.FAULT, f"others may write in it (mode {mode:o})", f"you: chmod 700 {folder}"
        )
    if mode & 0o055:
        return Finding(
            where, Grade.WARNING, f"others may read it (mode {mode:o})", f"you: chmod 700 {folder}"
        )
    return Finding(where, Grade.OK, f"only its owner may read and write it (mode {mode:o})")


def _disk(settings: Settings) -> Iterator[Finding]:
    for folder in dict.fromkeys((settings.state, *folders_of(settings))):
        if folder.is_dir():
            free = shutil.disk_usage(folder).free
            enough = free >= stop.LEAST_FREE_BYTES
            found = f"{free // 2**20:,} MB are free; below {stop.LEAST_FREE_BYTES // 2**20} MB gebot stops"
            yield Finding(f"disk of {folder}", Grade.OK if enough else Grade.FAULT, found)


def _stop(settings: Settings) -> Finding:
    if not settings.state.is_dir():
        return Finding("stop", Grade.OK, "nobody has stopped gebot")
    why = stop.reason_to_stop(settings.state, folders_of(settings))
    if why:
        return Finding(
            "stop", Grade.WARNING, f"gebot is stopped: {why}", "`gebot resume` when that is mended"
        )
    return Finding("stop", Grade.OK, "nobody has stopped gebot by its file")


def _memory(settings: Settings) -> Iterator[Finding]:
    """The ledger, which asserts how it is set up whenever it is opened, and what it says of daemons."""
    if not settings.state.is_dir():
        yield Finding("ledger", Grade.WARNING, "is not there yet", "`gebot run` makes it")
        return
    try:
        opened, now = ledger(settings, create=False), clock(settings).now()
        beats, in_force = opened.heartbeats(), opened.halts()
    except (GebotError, Mistakes) as error:
        yield from faults("ledger", error)
        return
    kept = "WAL and synchronous=FULL" if settings.ledger.startswith("sqlite") else "synchronous_commit=on"
    yield Finding("ledger", Grade.OK, f"opened and read; {kept}, so what is committed outlives a power cut")
    for halt in in_force:
        where = "halt" if halt.account is None else f"halt of {halt.account}"
        to_do = f"{halts.way_out(settings, halt)} when that is mended"
        yield Finding(where, Grade.WARNING, halts.words(halt), to_do)
    newest = max((beat.at for beat in beats), default=None)
    yield _clock(now, newest)
    yield _daemon(opened, now, newest, settings.clock.speed)


def _clock(now: datetime, newest: datetime | None) -> Finding:
    if now < _BUILT:
        return Finding("clock", Grade.FAULT, f"it is {now:%Y-%m-%d %H:%M} UTC there", "you: set the clock")
    if newest is not None and newest > now + _AHEAD:
        found = f"it is {duration(newest - now)} behind the last sign of life in the ledger"
        return Finding("clock", Grade.FAULT, found, "you: set this machine's clock, or the other one's")
    return Finding("clock", Grade.OK, f"it is {now:%Y-%m-%d %H:%M} UTC")


def _daemon(opened: Ledger, now: datetime, newest: datetime | None, speed: int) -> Finding:
    if newest is None or now - newest > _SILENT * speed:
        ago = "never" if newest is None else f"{duration(now - newest)} ago"
        return Finding("daemon", Grade.WARNING, f"its last sign of life was {ago}", "`gebot run` starts it")
    leads = sorted({str(account) for beat in opened.heartbeats() for account in beat.accounts})
    return Finding("daemon", Grade.OK, f"alive; accounts that are led: {', '.join(leads) or 'none'}")


def _dependencies() -> Finding:
    missing, found = [], 0
    for requirement in requires("gebot") or ():
        name, _, extra = requirement.partition(";")
        if "extra" in extra:
            continue
        plain = (
            name.split("[")[0].split("<")[0].split(">")[0].split("=")[0].split("!")[0].split("~")[0].strip()
        )
        try:
            version(plain)
            found += 1
        except PackageNotFoundError:
            missing.append(plain)
    if missing:
        return Finding("dependencies", Grade.FAULT, f"not installed: {', '.join(missing)}", "you: make setup")
    return Finding("dependencies", Grade.OK, f"all {found} are installed")
