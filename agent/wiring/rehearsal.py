"""Rehearsal: the right to write, proved by changes that the platform only validates."""

from collections.abc import Iterator

from agent.domain.entity import EntityTable
from agent.domain.lever import Lever, Ratio, Value, value_of
from agent.domain.money import MICROS, Money
from agent.domain.outcome import Accepted, Receipt, Refused
from agent.domain.plan import Change
from agent.ports.platform import Reader
from agent.wiring.finding import Finding, Grade

# The smallest step of money is what would be done should a platform ever take a rehearsal for a
# deed; what stands already is not asked for, adapters answer that by themselves.
_LEVERS = (
    Lever.DAILY_BUDGET,
    Lever.CPC_BID,
    Lever.BID_CAP,
    Lever.TARGET_CPA,
    Lever.LIFETIME_BUDGET,
    Lever.TARGET_ROAS,
)
_SMALLEST_RATIO = MICROS // 100
_TRIES = 3


def rehearsal(where: str, link: Reader, table: EntityTable) -> list[Finding]:
    """Have the smallest step up of one lever validated; a refusal is tried on other entities.

    Raises:
        PlatformError: The platform does not let gebot write, or does not answer.
    """
    where = f"{where}: writing"
    refused: list[str] = []
    for change, name in _candidates(table):
        if len(refused) == _TRIES:
            break
        stands = link.read([(change.ref, change.lever)]).get((change.ref, change.lever))
        if stands != change.before:
            continue
        match _receipt(link, change):
            case Accepted():
                told = f"{change.lever} of {name!r} from {change.before} to {change.after} would be accepted"
                return [Finding(where, Grade.OK, f"rehearsed, nothing was changed: {told}")]
            case Refused(because=because):
                refused.append(f"{name!r}: {because}")
            case other:
                refused.append(f"{name!r}: {other.because}")
    if refused:
        to_do = "you: read the reasons; what the platform refuses here it refuses gebot, too"
        return [Finding(where, Grade.FAULT, f"the rehearsal was refused: {'; '.join(refused)}", to_do)]
    to_do = "nobody, if nothing should be steered here"
    return [Finding(where, Grade.WARNING, "not proved: nothing here has a lever that gebot may move", to_do)]


def _receipt(link: Reader, change: Change) -> Receipt:
    (receipt,) = link.rehearse([change])
    return receipt


def _candidates(table: EntityTable) -> Iterator[tuple[Change, str]]:
    """Changes by the smallest step up, and the names of what they are about."""
    for lever in _LEVERS:
        column = table.levers.get(lever)
        if column is None:
            continue
        free = column.present & (table.locked == "")
        for row in free.nonzero()[0].tolist():
            before = value_of(lever, int(column.numbers[row]), table.account.currency)
            change = Change(table.ref(row), lever, before, _step_up(before, table))
            yield change, str(table.names[row])


def _step_up(value: Value, table: EntityTable) -> Value:
    match value:
        case Money(micros=micros, currency=currency):
            return Money(micros + table.account.unit_micros, currency)
        case Ratio(millionths=millionths):
            return Ratio(millionths + _SMALLEST_RATIO)
    raise AssertionError("no lever of these is a status")
