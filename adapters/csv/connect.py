"""Connect: options from config.toml to a reader of a CSV export."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.csv.columns import Column
from adapters.csv.load import load
from adapters.csv.options import Options
from adapters.csv.reader import CsvReader
from agent.domain.entity import Account
from agent.domain.errors import Mistake, Mistakes
from agent.domain.ref import AccountId
from agent.ports.clock import Clock
from agent.ports.platform import Reader

CREDENTIALS: tuple[str, ...] = ()
_MORNING = time(6, 0)


def connect(
    account: str,
    options: Options,
    *,
    credentials: Mapping[str, str],
    clock: Clock,
    home: Path,
    state: Path | None = None,
) -> Reader:
    """Make a reader; the file is read once to see whether it can be.

    Args:
        account: Any name for it.
        credentials: None are needed.
        home: Directory that a relative path starts from.
        state: Not used: a file remembers by itself.

    Raises:
        Mistakes: What is wrong with the name and the file: the first 20 faults and a count.
    """
    if not account.strip() or set(account) & set("/:"):
        raise Mistakes(
            "the account cannot be used",
            [Mistake("account id", f"was {account!r}", "a name without '/' and ':' is right")],
        )
    _readable(options, home)
    facts = Account(
        AccountId("csv", account),
        options.path.name,
        options.currency,
        options.time_zone,
        options.unit_micros,
        options.over_delivery,
    )
    return CsvReader(facts, home / options.path, options, clock)


def fixed_now(options: Options, home: Path) -> datetime | None:
    """The moment at which this account stands still: 06:00 local of `as_of`; None: real time.

    Raises:
        Mistakes: `as_of` is "end" and the file cannot be read.
    """
    match options.as_of:
        case None:
            return None
        case date() as day:
            pass
        case "end":
            last = _readable(options, home)
            day = last + timedelta(days=1)
    return datetime.combine(day, _MORNING, ZoneInfo(options.time_zone)).astimezone(UTC)


def _readable(options: Options, home: Path) -> date:
    """Read the file to its last day, or say why it cannot be read."""
    path = home / options.path
    try:
        rows = load(path, options)
    except OSError as error:
        raise Mistakes(
            "the file cannot be read",
            [Mistake("options.path", f"{path}: {error.strerror}", "a CSV file is right")],
        ) from error
    last = rows[Column.DATE].max()
    assert isinstance(last, date)  # a file without rows is a fault
    return last
