"""Plan lines: each decision of a plan as a reviewer reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.domain.asking import Asked, sentence
from agent.domain.entity import EntityTable
from agent.domain.lever import Lever
from agent.domain.outcome import State
from agent.domain.plan import Decision
from agent.domain.record import PlanRecord
from agent.report.rows import DecisionRow, decision_rows, names_of, plain

_SIZES = ((0.2, "1 · above 20 %"), (0.1, "2 · 10 to 20 %"), (0.0, "3 · up to 10 %"))
_NO_SIZE = "4 · no share"
_VALUE = "conversion value in "


@dataclass(frozen=True, slots=True)
class Effect:
    """What is expected to change a day; `unit` is a currency or "conversions"."""

    mean: float
    low: float
    high: float
    unit: str


@dataclass(frozen=True, slots=True)
class Objection:
    """A guardrail that did not just let it pass; `verdict` is "clamp" or "deny"."""

    guardrail: str
    verdict: str
    to: str
    because: str


@dataclass(frozen=True, slots=True)
class Line:
    """One decision.

    Attributes:
        change: Id; "" where nothing changes.
        entity: Text of the ref.
        campaign: Name of the campaign that it is in.
        percent: Share by which the lever moves; None where it has none, or nothing changes.
        move_micros: By how much a daily budget moves, a day; None for every other lever.
        state: Of the change; "denied", "not heard" or "stands" where there is none.
        needs: What it still waits for, a sentence for each tier.
        waits: Whether a person may decide on it now.
        yes_helps: Whether this reader's yes brings it nearer.
    """

    number: int
    change: str
    entity: str
    name: str
    campaign: str
    lever: str
    before: str
    after: str
    wished: str
    percent: float | None
    move_micros: int | None
    currency: str
    effect: Effect | None
    because: str
    source: str
    portfolio: str
    state: str
    state_because: str
    objections: tuple[Objection, ...]
    needs: tuple[str, ...]
    waits: bool
    yes_helps: bool

    @property
    def held_back(self) -> bool:
        """Whether a guardrail denied it or let it go less far."""
        return bool(self.objections)

    @property
    def size(self) -> str:
        """Which of a few sizes the change has."""
        if self.percent is None:
            return _NO_SIZE
        return next(name for least, name in _SIZES if abs(self.percent) > least or not least)


@dataclass(frozen=True, slots=True)
class Lookout:
    """Where lines are looked at from: what each still needs, who reads, and when.

    Attributes:
        asked: Of changes that wait, by id.
        yes_helps: Ids of changes.
    """

    asked: Mapping[str, Asked]
    yes_helps: frozenset[str]
    now: datetime
    zone: str


def plan_lines(record: PlanRecord, table: EntityTable | None, lookout: Lookout) -> list[Line]:
    """All decisions of a plan, in its order.

    Args:
        table: What the account held when the plan was drawn up; None: nobody knows.
    """
    rows = decision_rows(record, names_of(table))
    decisions = record.plan.decisions
    return [_line(row, decision, table, lookout) for row, decision in zip(rows, decisions, strict=True)]


def _line(row: DecisionRow, decision: Decision, table: EntityTable | None, lookout: Lookout) -> Line:
    before, after = row["before_number"], row["after_number"]
    moved = None if before is None or after is None else after - before
    switch = decision.proposal.lever.is_switch
    asked = lookout.asked.get(row["change"] or "")
    return Line(
        number=row["number"],
        change=row["change"] or "",
        entity=row["entity"],
        name=row["name"],
        campaign=_campaign(decision, table, row["name"]),
        lever=row["lever"].replace("_", " "),
        before=row["before"] or "?",
        after=row["after"] or "",
        wished=row["wished"],
        percent=None if moved is None or not before or switch else moved / before,
        move_micros=moved if decision.proposal.lever is Lever.DAILY_BUDGET else None,
        currency="" if table is None else table.account.currency,
        effect=effect_of(row),
        because=row["because"],
        source=row["source"],
        portfolio=decision.portfolio or decision.proposal.group,
        state=row["state"].replace("_", " "),
        state_because=row["state_because"],
        objections=tuple(
            Objection(word["guardrail"], word["verdict"], word["to"] or "", plain(word["because"]))
            for word in row["guardrails"]
            if word["verdict"] != "allow"
        ),
        needs=() if asked is None else _needs(asked, lookout),
        waits=row["state"] == State.PROPOSED,
        yes_helps=row["change"] in lookout.yes_helps,
    )


def effect_of(row: DecisionRow) -> Effect | None:
    """What is expected to change a day; None where no model said so."""
    mean, low, high = row["effect_mean"], row["effect_low"], row["effect_high"]
    if mean is None or low is None or high is None:
        return None
    of = row["posterior_of"]
    unit = of.removeprefix(_VALUE).partition(" ")[0] if of.startswith(_VALUE) else "conversions"
    return Effect(mean, low, high, unit)


def _campaign(decision: Decision, table: EntityTable | None, otherwise: str) -> str:
    row = None if table is None else table.row(decision.proposal.ref)
    if table is None or row is None:
        return otherwise
    return plain(str(table.names[table.campaign_rows[row]]))


def _needs(asked: Asked, lookout: Lookout) -> tuple[str, ...]:
    """A sentence for each tier that is not content; none where it just waits for anybody."""
    zone = ZoneInfo(lookout.zone)
    told = []
    for need in asked.needs:
        if not need.missing or not (need.tier or need.given):
            continue
        at = need.escalates_at
        local = need if at is None else replace(need, escalates_at=at.astimezone(zone))
        named = f"{need.tier}: " if need.tier else ""
        told.append(f"{named}{sentence(local, lookout.now, clock='%H:%M')}")
    return tuple(told)
