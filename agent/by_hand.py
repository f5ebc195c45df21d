"""By hand: plans of what a person wishes, through the same guardrails as any other."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.money import Money
from agent.domain.month.pot import with_todays_pot
from agent.domain.plan import Plan
from agent.domain.proposal import Proposal
from agent.domain.ref import Ref
from agent.domain.snapshot import Snapshot
from agent.parts import Parts
from agent.steps.decide import members
from agent.steps.guard import guard
from agent.steps.plan import plan
from agent.steps.recall import digest


def drawn_up(
    parts: Parts, snapshot: Snapshot, wishes: Sequence[Proposal], notes: Sequence[str] = (), *, by: str = ""
) -> Plan:
    """Draw up the plan of these wishes; nothing is recorded or sent, and no decider is asked.

    The same ledger, parts, moment and wishes give the same fingerprint.

    Args:
        snapshot: What is known now, of the whole account.
        notes: For the reader.
        by: Who wishes for it, and so may not approve it.
    """
    cuts = [
        with_todays_pot(snapshot.only(rows, desk.portfolio))
        for desk, rows in zip(parts.desks, members(snapshot, parts.desks), strict=True)
    ]
    reserved = parts.ledger.in_flight(parts.account, snapshot.as_of)
    return plan(
        snapshot,
        guard(snapshot, cuts, wishes, parts.fence, reserved),
        policy=parts.policy,
        snapshot_digest=digest(snapshot),
        seed=parts.seed,
        expires_after=parts.expires_after,
        notes=notes,
        code=parts.code,
        author=by,
        cuts=cuts,
    )


def spent_since(parts: Parts, snapshot: Snapshot, since: Mapping[Ref, datetime]) -> Money:
    """What these entities have cost since, read just now: from the start of each one's local day.

    Of something within a campaign that is named too, the campaign's cost alone counts.

    Raises:
        PlatformError: It could not be read.
    """
    table = snapshot.entities
    zone = ZoneInfo(table.account.time_zone)
    first_days = {
        row: np.datetime64(moment.astimezone(zone).date(), "D")
        for ref, moment in since.items()
        if (row := table.row(ref)) is not None
    }
    above = table.campaign_rows
    first_days = {
        row: day for row, day in first_days.items() if above[row] == row or above[row] not in first_days
    }
    if not first_days:
        return Money(0, snapshot.currency)
    told = parts.reader.metrics(min(first_days.values()).item(), snapshot.today)
    total = 0
    for row, day in first_days.items():
        mine = (told.kinds == table.kinds[row]) & (told.ids == table.ids[row]) & (told.days >= day)
        total += int(told.cost_micros[mine].sum())
    return Money(total, snapshot.currency)
