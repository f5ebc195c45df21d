"""Tables of what was decided, who ran, and who stopped it. Moments are microseconds (UTC)."""

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import SQLModel

from agent.ledger.sql.columns import PACKED, STRICT, content, real, text, whole


class PlanRow(SQLModel, table=True):
    """A plan as it was drawn up; `body` is what `codec.encode` made of it."""

    __tablename__ = "plan"
    __table_args__ = (
        ForeignKeyConstraint(["account"], ["account.number"]),
        Index("ix_plan_drawn_up", "drawn_up_at_us"),
        STRICT,
    )

    number: int | None = whole(default=None, primary_key=True)
    fingerprint: str = text(unique=True)
    id: str = text(unique=True)
    account: int = whole()
    drawn_up_at_us: int = whole()
    body: bytes = content()


class ChangeRow(SQLModel, table=True):
    """Where a change stands now; how it came there is in `change_step`."""

    __tablename__ = "change"
    __table_args__ = (
        ForeignKeyConstraint(["plan"], ["plan.number"]),
        Index("ix_change_state", "state", "plan"),
        Index("ix_change_since", "since_us"),
        PACKED,
    )

    plan: int = whole(primary_key=True)
    id: str = text(primary_key=True)
    position: int = whole()
    state: str = text()
    since_us: int = whole()
    because: str = text()
    sent_at_us: int | None = whole(default=None, nullable=True)


class ChangeStepRow(SQLModel, table=True):
    """One step in the life of a change; append-only. `epoch` is null for a reviewer's word."""

    __tablename__ = "change_step"
    __table_args__ = (
        ForeignKeyConstraint(["plan", "change"], ["change.plan", "change.id"]),
        Index("ix_change_step_change", "plan", "change"),
        STRICT,
    )

    number: int | None = whole(default=None, primary_key=True)
    plan: int = whole()
    change: str = text()
    state: str = text()
    at_us: int = whole()
    because: str = text()
    epoch: int | None = whole(default=None, nullable=True)


class SentRow(SQLModel, table=True):
    """Where a lever was to stand by a change that was about to be sent; append-only."""

    __tablename__ = "sent"
    __table_args__ = (
        ForeignKeyConstraint(["account"], ["account.number"]),
        Index("ix_sent_at", "account", "at_us"),
        STRICT,
    )

    number: int | None = whole(default=None, primary_key=True)
    account: int = whole()
    at_us: int = whole()
    kind: str = text()
    id: str = text()
    lever: str = text()
    target: int = whole()


class ForecastRow(SQLModel, table=True):
    """What a model said of a change; beside the plan's body, so that many are read at once."""

    __tablename__ = "forecast"
    __table_args__ = (ForeignKeyConstraint(["plan", "change"], ["change.plan", "change.id"]), PACKED)

    plan: int = whole(primary_key=True)
    change: str = text(primary_key=True)
    source: str = text()
    kind: str = text()
    entity: str = text()
    lever: str = text()
    before: int = whole()
    after: int = whole()
    of_what: str = text()
    mean: float = real()
    low: float = real()
    high: float = real()
    effect: float | None = real(default=None, nullable=True)


class ChangeFactRow(SQLModel, table=True):
    """What a change is about; says nothing that the plan's body does not say, for views to read."""

    __tablename__ = "change_fact"
    __table_args__ = (ForeignKeyConstraint(["plan", "change"], ["change.plan", "change.id"]), PACKED)

    plan: int = whole(primary_key=True)
    change: str = text(primary_key=True)
    kind: str = text()
    entity: str = text()
    lever: str = text()
    currency: str = text()
    before: int = whole()
    after: int = whole()
    source: str = text()
    portfolio: str = text()
    because: str = text()
    effect_of: str = text()
    effect_mean: float | None = real(default=None, nullable=True)
    effect_low: float | None = real(default=None, nullable=True)
    effect_high: float | None = real(default=None, nullable=True)


class ApprovalRow(SQLModel, table=True):
    """A word on a plan; `approved` and `rejected` are change ids, parted by spaces."""

    __tablename__ = "approval"
    __table_args__ = (
        ForeignKeyConstraint(["plan"], ["plan.number"]),
        Index("ix_approval_plan", "plan"),
        STRICT,
    )

    number: int | None = whole(default=None, primary_key=True)
    plan: int = whole()
    decided_by: str = text()
    at_us: int = whole()
    comment: str = text()
    approved: str = text()
    rejected: str = text()
    signature: str = text(default="")


class RunRow(SQLModel, table=True):
    """One run for each account, kind and slot."""

    __tablename__ = "run"
    __table_args__ = (ForeignKeyConstraint(["account"], ["account.number"]), PACKED)

    account: int = whole(primary_key=True)
    kind: str = text(primary_key=True)
    slot: str = text(primary_key=True)
    started_at_us: int = whole()
    finished_at_us: int | None = whole(default=None, nullable=True)
    error: str = text(default="")


class LeadRow(SQLModel, table=True):
    """Who took the lead of an account, and with which epoch; append-only, the highest epoch leads."""

    __tablename__ = "lead"
    __table_args__ = (ForeignKeyConstraint(["account"], ["account.number"]), PACKED)

    account: int = whole(primary_key=True)
    epoch: int = whole(primary_key=True)
    host: str = text()
    pid: int = whole()
    at_us: int = whole()


class HeartbeatRow(SQLModel, table=True):
    """The last sign of life of a process; `accounts` are those that it leads, parted by line feeds."""

    __tablename__ = "heartbeat"
    __table_args__ = STRICT

    host: str = text(primary_key=True)
    pid: int = whole(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at_us: int = whole()
    accounts: str = text()


class FreezeRow(SQLModel, table=True):
    """An account whose conversions cannot be believed; `ended_us` is null while that is so."""

    __tablename__ = "tracking_freeze"
    __table_args__ = (ForeignKeyConstraint(["account"], ["account.number"]), STRICT)

    number: int | None = whole(default=None, primary_key=True)
    account: int = whole()
    begins_us: int = whole()
    at_us: int = whole()
    because: str = text()
    ended_us: int | None = whole(default=None, nullable=True)
    ended_by: str = text(default="")


class PolicyRow(SQLModel, table=True):
    """What the digest of a policy stands for."""

    __tablename__ = "policy"
    __table_args__ = STRICT

    digest: str = text(primary_key=True)
    body: bytes = content()


class AuditRow(SQLModel, table=True):
    """One transaction that decided something; `seal` is over this row and the seal before it."""

    __tablename__ = "audit"
    __table_args__ = STRICT

    number: int = whole(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at_us: int = whole()
    what: str = text()
    body: bytes = content()
    seal: str = text()


class StopRow(SQLModel, table=True):
    """A halt (`stopped` is 1) or a resume (0); append-only, the last one of its account is in force.

    `account` is null for what stops everything.
    """

    __tablename__ = "stop"
    __table_args__ = STRICT

    number: int | None = whole(default=None, primary_key=True)
    stopped: int = whole()
    decided_by: str = text()
    at_us: int = whole()
    because: str = text()
    account: int | None = whole(default=None, nullable=True)
