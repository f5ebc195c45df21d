"""Accounts: which ad accounts gebot works for, how it reaches them and when it looks."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated

from pydantic import Field

from agent.config.durations import Duration, LocalTime, Rhythm
from agent.config.guardrails import GuardrailSettings
from agent.config.names import Identifier, Name, PlatformAccount, Table
from agent.config.places import Reference
from agent.domain.ref import JOINT, AccountId


class Schedule(Table):
    """When an account is read and decided on, in its own time zone.

    Attributes:
        observe_every: From one reading to the next; divides a day.
        decide_at: Once a day.
        history_days: How many past days a decision looks at.
        reread_days: How many past days each reading asks for again, because platforms restate.
        settle_after: How long a change whose outcome nobody knows waits before it is settled
            by reading; longer than the platform takes to process and show it.
    """

    observe_every: Rhythm = timedelta(hours=1)
    decide_at: LocalTime = time(6, 0)
    history_days: Annotated[int, Field(strict=True, ge=28, le=1095)] = 90
    reread_days: Annotated[int, Field(strict=True, ge=1, le=1095)] = 30
    settle_after: Duration = timedelta(minutes=10)


class AccountSettings(Table):
    """One account of one platform, or several that are joined into one.

    Attributes:
        platform: Name of the adapter's folder; left out where `joins` is given.
        id: As the platform names the account; left out likewise, the name stands for it.
        joins: Names of accounts whose entities may share portfolios; they are then read, decided on
            and changed as parts of this one, under its schedule and guardrails.
        options: The adapter's own; it checks them.
        credentials: Name to reference; the adapter says which names it needs.
        write_credentials: Used in place of the same names by whatever writes; dry-run never
            resolves them.
        guardrails: Stand instead of the file's own, as a whole; None: the file's own.
    """

    name: Name
    platform: Identifier = JOINT
    id: PlatformAccount = ""
    joins: tuple[Name, ...] = ()
    options: Mapping[str, object] = Field(default_factory=dict)
    credentials: Mapping[str, Reference] = Field(default_factory=dict)
    write_credentials: Mapping[str, Reference] = Field(default_factory=dict)
    schedule: Schedule = Schedule()
    guardrails: GuardrailSettings | None = None

    @property
    def account_id(self) -> AccountId:
        return AccountId(self.platform, self.id or self.name)
