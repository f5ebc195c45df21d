"""Plans: every plan there is, newest first."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from agent.domain.outcome import State
from agent.domain.record import PlanRecord
from agent.office import Office
from agent.web.views.today import Stake, stakes_of
from agent.web.words import ago
from agent.wiring.joined import joined_of

MOST_PLANS = 100


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan; `held_back` counts decisions that changed nothing."""

    id: str
    account: str
    zone: str
    drawn_up_at: datetime
    expires_in: str
    open: bool
    waiting: int
    counts: tuple[tuple[str, int], ...]
    held_back: int
    stakes: tuple[Stake, ...]
    by: str


@dataclass(frozen=True, slots=True)
class PlansView:
    """The newest plans; those that wait come first.

    Attributes:
        more: Whether there are older ones that are not shown.
    """

    waiting: tuple[PlanLine, ...]
    others: tuple[PlanLine, ...]
    more: bool


def plans_view(office: Office) -> PlansView:
    """Ask the ledger.

    Raises:
        LedgerError: It did not answer.
    """
    names = {joined_of(office.settings, one).id: one.name for one in office.accounts}
    facts = {id_: office.memory.facts(id_, office.clock.now()) for id_ in names}
    zones = {id_: "UTC" if account is None else account.time_zone for id_, account in facts.items()}
    records = list(office.memory.plans(limit=MOST_PLANS))
    known = {record.plan.fingerprint for record in records}
    older = [one for one in office.memory.plans(only_open=True) if one.plan.fingerprint not in known]
    lines = [
        _line(
            office,
            record,
            names.get(record.plan.account, str(record.plan.account)),
            zones.get(record.plan.account, "UTC"),
        )
        for record in [*records, *older]
    ]
    return PlansView(
        tuple(line for line in lines if line.waiting),
        tuple(line for line in lines if not line.waiting),
        len(records) >= MOST_PLANS,
    )


def _line(office: Office, record: PlanRecord, account: str, zone: str) -> PlanLine:
    plan, now = record.plan, office.clock.now()
    counts = Counter(item.state for item in record.changes.values())
    stale = now >= plan.expires_at
    return PlanLine(
        plan.id,
        account,
        zone,
        plan.drawn_up_at,
        ago(plan.expires_at, now, office.clock.speed),
        record.open,
        0 if stale else counts[State.PROPOSED],
        tuple((state.value.replace("_", " "), counts[state]) for state in State if counts[state]),
        len(plan.decisions) - len(plan.changes),
        stakes_of(plan.changes),
        plan.author or ("a person" if plan.by_hand else "gebot"),
    )
