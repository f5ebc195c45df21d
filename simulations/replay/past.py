"""Past: what was seen of an account and when, whatever it is kept in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import Mistake
from agent.domain.metrics import MetricsTable
from agent.domain.reading import Reading
from agent.domain.ref import AccountId
from agent.ports.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Past:
    """An account as it was observed.

    Attributes:
        account: Its facts as seen last.
        source: Where it comes from, for people.
        readings: In the order in which they were made.
        first_day: The first day that has figures, where a decision looks back no further than to
            it; None: as far as the account's schedule says, whatever is missing.
        levers_watched: False where levers are assumed anew each morning, so that nobody knows when
            they were changed.
        assumptions: What a reader must know of this past, in sentences.
        files: Where it is kept on disk; a decider has no business there.
    """

    account: Account
    source: str
    readings: tuple[Reading, ...]
    first_day: date | None
    levers_watched: bool
    assumptions: tuple[str, ...]
    files: tuple[str, ...] = ()


def account_of(readings: Sequence[Reading]) -> Account | None:
    """The facts as the last look at the entities found them; None when nobody looked."""
    return next((one.seen.account for one in reversed(readings) if isinstance(one.seen, EntityTable)), None)


def record(ledger: Ledger, account: AccountId, reading: Reading) -> None:
    """Take one reading into a ledger, as it was handed in."""
    match reading.seen:
        case EntityTable() as entities:
            ledger.record_entities(entities, reading.at)
        case MetricsTable() as metrics:
            ledger.record_metrics(account, metrics, reading.at)
        case Advice() as advice:
            ledger.record_advice(account, advice, reading.at)


def mornings(
    past: Past, decide_at: time, *, since: date | None = None, until: date | None = None
) -> list[datetime]:
    """The moments (UTC) at which the account would have been decided on, oldest first.

    From the first local morning by which it had been observed to the last that was.

    Raises:
        Mistake: There is none between these days.
    """
    zone = ZoneInfo(past.account.time_zone)
    first, last = past.readings[0].at.astimezone(zone), past.readings[-1].at.astimezone(zone)
    opens = first.date() if first.timetz().replace(tzinfo=None) <= decide_at else first.date() + timedelta(1)
    found = [opens + timedelta(days=n) for n in range((last.date() - opens).days + 1)]
    chosen = [day for day in found if (since or opens) <= day <= (until or last.date())]
    if not chosen:
        span = f"{found[0]} to {found[-1]}" if found else "none"
        raise Mistake("--since and --until", f"leave no morning of {past.source}", f"it has {span}")
    return [datetime.combine(day, decide_at, zone).astimezone(ZoneInfo("UTC")) for day in chosen]
