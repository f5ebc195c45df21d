"""gebot restore: back to where gebot's levers stood at a moment, as a plan to approve like any other."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from agent import cycle
from agent.cli.options import DEFAULT_CONFIG, ME, AccountName, By, ConfigPath, Json
from agent.cli.output import print_json
from agent.cli.taking_back import edits_since, observed, taken_back
from agent.clock import SteppedClock
from agent.config.faults import meant
from agent.config.may import check_may
from agent.domain.errors import Mistake, Mistakes
from agent.domain.lever import Lever
from agent.domain.role import Act
from agent.domain.snapshot import Snapshot
from agent.office import open_office
from agent.parts import Parts
from agent.steps.undo import restore as restored

_LOCAL = "local time of the account such as 2026-11-20T06:00 is right"


def restore(
    before: Annotated[
        str, typer.Option("--before", help="Back to how it stood then; local time of the account.")
    ],
    account: AccountName = None,
    levers: Annotated[str | None, typer.Option(help="These alone, separated by commas.")] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Let it through at once, in your name.")] = False,
    by: By = ME,
    config: ConfigPath = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    moment, chosen = _moment(before), None if levers is None else _levers(levers)
    office = open_office(config, account, create=False)
    by = check_may(office.settings, by, Act.DRAW_UP)
    told = []
    for _, parts in office.parts(write=False):
        snapshot = observed(parts)
        then = _then(parts, snapshot, moment)
        history = parts.ledger.applied(parts.account, then.as_of)
        found = restored(then, history, snapshot, edits_since(parts, history), levers=chosen)
        one = taken_back(
            office,
            parts,
            snapshot,
            found,
            headline=f"back to how {parts.account} stood on {then.as_of:%Y-%m-%d %H:%M} UTC",
            approve=approve,
            by=by,
            json=json,
        )
        told.append(one)
    if json:
        print_json([row for one in told for row in one.rows])
    if not all(one.whole for one in told):
        raise typer.Exit(1)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Mistake("--before", f"was {text!r}", _LOCAL) from None


def _levers(text: str) -> frozenset[Lever]:
    """The levers that a person named; nothing never means everything."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = [lever.value for lever in Lever]
    faults = [
        Mistake("--levers", f"{name!r} is no lever", meant(name, known))
        for name in names or [""]
        if name not in known
    ]
    if faults:
        raise Mistakes("nothing was restored", faults)
    return frozenset(map(Lever, names))


def _then(parts: Parts, snapshot: Snapshot, moment: datetime) -> Snapshot:
    """What was known of the account at that moment.

    Raises:
        Mistake: It has not come yet, or nothing was known then.
    """
    zone = ZoneInfo(snapshot.entities.account.time_zone)
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    local = f"was {moment.astimezone(zone):%Y-%m-%d %H:%M} in {zone.key}"
    if moment >= snapshot.as_of:
        raise Mistake("--before", f"{local}, which has not come yet", "a time that has passed is right")
    then = cycle.known(replace(parts, clock=SteppedClock(moment)))
    if then is None:
        first = parts.ledger.coverages(parts.account, snapshot.as_of)[0].observed_at.astimezone(zone)
        known = f"{parts.account} is known since {first:%Y-%m-%d %H:%M}"
        raise Mistake("--before", local, f"{known}: a later time is right")
    return then
