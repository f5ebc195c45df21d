"""gebot exclude: mark hours that bidding must not learn from, or in which more is sold than usual."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from agent import by_hand, cycle
from agent.cli.options import DEFAULT_CONFIG, ME, By, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.cli.said import next_move
from agent.config.faults import meant
from agent.config.may import check_may
from agent.domain.errors import Mistake, Mistakes
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.marked_hours import MarkedHours
from agent.domain.outcome import Refused, State
from agent.domain.plan import Plan
from agent.domain.proposal import Proposal
from agent.domain.record import PlanRecord
from agent.domain.ref import AccountId, Kind
from agent.domain.role import Act
from agent.domain.snapshot import Snapshot
from agent.office import Office, open_office
from agent.parts import Parts
from agent.report.plan_table import plan_table
from agent.report.rows import decision_rows
from agent.wiring.joined import joined_of

SOURCE = "person"

_LOCAL = "local time of the account such as 2026-11-10T08:00 is right"


def exclude(
    account: Annotated[str, typer.Argument(help="The account, by its name in the configuration.")],
    since: Annotated[str, typer.Option("--from", help="First of the hours, local time of the account.")],
    until: Annotated[str, typer.Option("--until", help="When they end; not in it.")],
    channels: Annotated[str, typer.Option(help="Of these alone, separated by commas; none: all.")] = "",
    modifier: Annotated[
        str | None,
        typer.Option(
            help="Not wrong but unusual: so many times as many conversions for each click; 1: none."
        ),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the data exclusion away again.")] = False,
    because: Annotated[str, typer.Option(help="Why, for the record.")] = "hours marked by hand",
    by: By = ME,
    config: ConfigPath = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    hours = _hours(since, until, channels)
    target = _target(modifier, remove=remove)
    office = open_office(config, account)
    by = check_may(office.settings, by, Act.DRAW_UP)
    (settings, parts), *_ = office.parts(write=False)
    cycle.look(parts)
    snapshot = cycle.known(parts)
    assert snapshot is not None, "observed just now"
    _check_channels(hours, snapshot)
    homes = [platform.id for platform in joined_of(office.settings, settings).platforms]
    drawn_up = by_hand.drawn_up(parts, snapshot, _wishes(parts, homes, hours, target, because), by=by)
    _check_new(office, drawn_up)
    _check_with_platform(parts, drawn_up)
    if drawn_up.changes:
        cycle.keep(parts, drawn_up)
    record = PlanRecord.fresh(drawn_up)
    rows = decision_rows(record, {})
    if json:
        print_json(rows)
    else:
        console().print(plan_table(record, rows, full=True))
        say(next_move(office, record, rows) if drawn_up.changes else "there is nothing to do")
    if any(row["state"] == "denied" for row in rows):
        raise typer.Exit(1)


def _hours(since: str, until: str, channels: str) -> MarkedHours:
    """The hours that a person named; all that is wrong with them at once."""
    moments, faults = [], []
    for option, text in (("--from", since), ("--until", until)):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            faults.append(Mistake(option, f"was {text!r}", _LOCAL))
            continue
        if moment.tzinfo is not None or moment.second or moment.microsecond:
            faults.append(Mistake(option, f"was {text!r}", f"{_LOCAL}, in whole minutes"))
        moments.append(moment)
    if not faults and moments[1] <= moments[0]:
        faults.append(Mistake("--until", f"was {until}", f"later than {since} is right"))
    if faults:
        raise Mistakes("the hours cannot be marked", faults)
    named = {channel.strip().lower() for channel in channels.split(",") if channel.strip()}
    return MarkedHours(moments[0], moments[1], tuple(sorted(named)))


def _target(modifier: str | None, *, remove: bool) -> Value:
    if modifier is None:
        return Status.PAUSED if remove else Status.ENABLED
    if remove:
        raise Mistake("--remove", "is of data exclusions", "--modifier 1 takes an adjustment away")
    try:
        factor = Decimal(modifier)
    except InvalidOperation:
        factor = Decimal(0)
    if not (factor.is_finite() and factor > 0):
        raise Mistake("--modifier", f"was {modifier!r}", "a number above zero such as 1.3 is right")
    return Ratio.of(factor)


def _check_channels(hours: MarkedHours, snapshot: Snapshot) -> None:
    """Refuse names that no campaign of the account has."""
    known = sorted(set(snapshot.entities.channels.tolist()) - {""})
    faults = [
        Mistake("--channels", f"{name!r} is no channel of the account", meant(name, known))
        for name in hours.channels
        if name not in known
    ]
    if faults:
        raise Mistakes("the hours cannot be marked", faults)


def _wishes(
    parts: Parts, homes: Sequence[AccountId], hours: MarkedHours, target: Value, because: str
) -> list[Proposal]:
    """One for each platform behind the account that can mark hours at all.

    Raises:
        Mistake: None can.
    """
    excludes = isinstance(target, Status)
    kind = Kind.DATA_EXCLUSION if excludes else Kind.SEASONALITY
    lever = Lever.DATA_EXCLUSION if excludes else Lever.CONVERSION_RATE_MODIFIER
    refs = [home.ref(kind, hours.id) for home in homes]
    standing = parts.reader.read([(ref, lever) for ref in refs])
    able = [ref for ref in refs if (ref, lever) in standing]
    if not able:
        word = "data exclusion" if excludes else "seasonality adjustment"
        raise Mistake(
            str(parts.account),
            f"its platform knows no {word} of {hours.id}",
            "Google Ads has them, of 14 days at most, and of the channels search, display and shopping",
        )
    return [Proposal(ref, lever, target, because, SOURCE) for ref in able]


def _check_new(office: Office, drawn_up: Plan) -> None:
    """Refuse to propose a second time what waits already."""
    wanted = {change.id for change in drawn_up.changes}
    for record in office.memory.plans(drawn_up.account, only_open=True):
        waiting = {
            id_ for id_, item in record.changes.items() if item.state in (State.PROPOSED, State.APPROVED)
        }
        if wanted & waiting and record.plan.expires_at > drawn_up.drawn_up_at:
            raise Mistake("these hours", "wait in a plan already", f"gebot review {record.plan.id}")


def _check_with_platform(parts: Parts, drawn_up: Plan) -> None:
    """Let the platform validate it, so that nobody approves what cannot be done."""
    receipts = parts.reader.rehearse(drawn_up.changes) if drawn_up.changes else []
    faults = [
        Mistake(str(change.ref), f"would be refused: {receipt.because}", "other hours are right")
        for change, receipt in zip(drawn_up.changes, receipts, strict=True)
        if isinstance(receipt, Refused)
    ]
    if faults:
        raise Mistakes("the hours cannot be marked", faults)
