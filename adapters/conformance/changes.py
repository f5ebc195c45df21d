"""Changes: small steps of the levers that an account has, to be applied and undone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from adapters.conformance.check import Breach, must
from adapters.conformance.stage import Scene
from agent.domain.entity import EntityTable
from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable
from agent.domain.lever import Lever, Ratio, Status, Value, number_of
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Ambiguous, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Ref

KINDS_OF_ERRORS = (Unreachable, RateLimited, AccessDenied, Misunderstood)
_RATIO_STEP = 100_000


def nudged(value: Value, unit_micros: int) -> Value:
    """A value near this one that a platform takes as well."""
    match value:
        case Money(micros=micros):
            tenth = micros // 10 // unit_micros * unit_micros
            return replace(value, micros=micros + max(unit_micros, tenth))
        case Ratio(millionths=millionths):
            return Ratio(millionths + _RATIO_STEP)
        case Status():
            return Status.PAUSED if value is Status.ENABLED else Status.ENABLED


def step(table: EntityTable, row: int, lever: Lever) -> Change:
    """A change of a lever that is present, by a little."""
    before = table.value(row, lever)
    if before is None:
        raise ValueError(f"row {row} has no {lever}")
    return Change(table.ref(row), lever, before, nudged(before, table.account.unit_micros))


def steps(table: EntityTable, *, of_each: int = 1, levers: Iterable[Lever] | None = None) -> list[Change]:
    """Changes of the first few unlocked entities of each kind, for each lever that the kind has."""
    found: list[Change] = []
    for lever in sorted(table.levers if levers is None else set(levers) & set(table.levers)):
        free = table.levers[lever].present & (table.locked == "")
        for kind in sorted(set(table.kinds[free].tolist())):
            rows = [row for row, here in enumerate((free & (table.kinds == kind)).tolist()) if here]
            found += [step(table, row, lever) for row in rows[:of_each]]
    return found


def budget_steps(scene: Scene, n: int) -> list[Change]:
    """Changes of `n` daily budgets.

    Raises:
        Breach: The account has fewer that gebot may set.
    """
    table = scene.reader.entities()
    column = table.levers.get(Lever.DAILY_BUDGET)
    must(column is not None, "no entity has a daily budget")
    assert column is not None
    free = (column.present & (table.locked == "")).tolist()
    rows = [row for row, here in enumerate(free) if here][:n]
    must(len(rows) == n, f"only {len(rows)} daily budgets may be set, {n} are needed for this check")
    return [step(table, row, Lever.DAILY_BUDGET) for row in rows]


def micros_of(change: Change) -> int:
    """What stands before the change of a lever that is money."""
    assert isinstance(change.before, Money)
    return change.before.micros


def to_micros(change: Change, micros: int) -> Change:
    """The change, to another amount in the same currency."""
    assert isinstance(change.before, Money)
    return replace(change, after=Money(micros, change.before.currency))


def stranger(change: Change) -> Change:
    """The same change of an entity that does not exist."""
    return replace(change, ref=replace(change.ref, id="9" * max(1, len(change.ref.id))))


def apply(scene: Scene, changes: Sequence[Change]) -> Sequence[Receipt]:
    """Apply, and see to it that the answer has the right form.

    Raises:
        Breach: Not one receipt for each change, or of another kind than the port's.
    """
    receipts = scene.writer.apply(changes)
    _check_form(receipts, changes)
    return receipts


def rehearse(scene: Scene, changes: Sequence[Change]) -> Sequence[Receipt]:
    """Rehearse, and see to it that the answer has the right form."""
    receipts = scene.reader.rehearse(changes)
    _check_form(receipts, changes)
    return receipts


def attempt(scene: Scene, changes: Sequence[Change]) -> Sequence[Receipt] | PlatformError:
    """Apply while there is trouble: the receipts, or the error that was raised.

    Raises:
        Breach: The error is none of the port's.
    """
    try:
        return apply(scene, changes)
    except KINDS_OF_ERRORS as error:
        return error
    except Breach:
        raise
    except Exception as error:
        raise Breach(f"apply raised {type(error).__name__}, which is none of the port's errors") from error


def stands(scene: Scene, change: Change, value: Value) -> bool:
    """True when the platform itself has this value for the change's lever."""
    return scene.standing(change.ref, change.lever) == number_of(value)


def check_stands(scene: Scene, change: Change, value: Value) -> None:
    """Must stand at the platform, and be what the adapter reads."""
    standing = scene.standing(change.ref, change.lever)
    must(
        standing == number_of(value),
        f"{change.ref} {change.lever} stands at {standing}, {number_of(value)} ({value}) is right",
    )
    read = scene.reader.read([(change.ref, change.lever)]).get((change.ref, change.lever))
    must(read == value, f"read told {change.lever} of {change.ref} as {read}, {value} is right")


def check_true(scene: Scene, changes: Sequence[Change], receipts: Sequence[Receipt]) -> None:
    """No receipt may say other than what the platform has done; `before` must have stood."""
    for change, receipt in zip(changes, receipts, strict=True):
        match receipt:
            case Accepted():
                must(stands(scene, change, change.after), f"{change.ref} was accepted and does not stand")
            case Refused(because=because):
                must(
                    stands(scene, change, change.before),
                    f"{change.ref} was refused ({because}) and changed all the same",
                )


def kinds_of(receipts: Sequence[Receipt]) -> list[str]:
    return [type(receipt).__name__ for receipt in receipts]


def refs(table: EntityTable) -> list[tuple[Ref, Lever]]:
    """Every lever of every entity."""
    return [
        (table.ref(row), lever)
        for lever, column in table.levers.items()
        for row, here in enumerate(column.present.tolist())
        if here
    ]


def _check_form(receipts: Sequence[Receipt], changes: Sequence[Change]) -> None:
    must(
        len(receipts) == len(changes),
        f"{len(receipts)} receipts for {len(changes)} changes, one for each is right",
    )
    for receipt in receipts:
        must(isinstance(receipt, Accepted | Refused | Ambiguous), f"{receipt!r} is no receipt")
        if not isinstance(receipt, Accepted):
            must(receipt.because.strip(), f"{type(receipt).__name__} says no reason")
