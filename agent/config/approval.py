"""Approval settings: who lets plans through, for how long, and what goes without being asked."""

from datetime import timedelta
from functools import cached_property
from typing import Annotated

from pydantic import Field

from agent.config.amounts import Growth, PositiveMoney, Share
from agent.config.durations import Duration
from agent.config.names import Count, Name, NotEmpty, Table
from agent.domain.board import Board
from agent.domain.calibration import USUAL
from agent.domain.lever import Lever
from agent.domain.role import Role
from agent.domain.tier import Tier


class AutoApproval(Table):
    """What the policy lets through at once; everything else waits for a person.

    Attributes:
        levers: Which levers may change unasked.
        max_step: Of each change; None: no change goes unasked.
        max_total_increase: Of one plan's daily spend; None: no change goes unasked.
    """

    levers: tuple[Lever, ...] = ()
    max_step: Share | None = None
    max_total_increase: PositiveMoney | None = None


class CalibrationSettings(Table):
    """When a decider's changes wait for a person, whatever `AutoApproval` says.

    Attributes:
        demote: False: its intervals are measured and told, and that is all.
        min_changes: Fewer measured changes say nothing.
        tolerated: Least share of 80 % intervals that must hold.
    """

    demote: bool = USUAL.demote
    min_changes: Count = USUAL.min_changes
    tolerated: Share = USUAL.tolerated


class TierSettings(Table):
    """Changes that ask for more than one person's word, or for that of certain people.

    Attributes:
        above, above_amount: Either makes a change large; neither: every change is.
        levers, portfolios, by: Left out: all.
        escalate_to: Who may approve as well once `escalate_after` is over.
    """

    name: Name
    above: Growth | None = None
    above_amount: PositiveMoney | None = None
    levers: Annotated[tuple[Lever, ...], NotEmpty] | None = None
    portfolios: Annotated[tuple[Name, ...], NotEmpty] | None = None
    approvals: Annotated[int, Field(strict=True, gt=0, le=20)] = 1
    by: Annotated[tuple[Name, ...], NotEmpty] | None = None
    escalate_after: Duration | None = None
    escalate_to: Annotated[tuple[Name, ...], NotEmpty] | None = None


class ApprovalSettings(Table):
    """How plans are let through.

    Attributes:
        approvers: Who may approve; where no list names anybody: whoever can run the command.
        admins: May do all that approvers may, and lift a stop.
        operators: May stop everything, and read.
        viewers: May read.
        anyone_may_stop: False: only who may by their role.
        author_may_approve: Whether who drew up a plan by hand may approve it too.
        remind_after: None: nobody is reminded.
        tiers: Each that covers a change asks for itself.
        auto: None: nothing goes unasked.
    """

    expires_after: Duration = timedelta(hours=24)
    approvers: tuple[Name, ...] = ()
    admins: tuple[Name, ...] = ()
    operators: tuple[Name, ...] = ()
    viewers: tuple[Name, ...] = ()
    anyone_may_stop: Annotated[bool, Field(strict=True)] = True
    author_may_approve: Annotated[bool, Field(strict=True)] = False
    remind_after: Duration | None = None
    tiers: Annotated[tuple[TierSettings, ...], Field(alias="tier")] = ()
    auto: AutoApproval | None = None
    calibration: CalibrationSettings = CalibrationSettings()

    @cached_property
    def board(self) -> Board:
        """Who is who, and what is asked of whom."""
        names = {
            Role.VIEWER: self.viewers,
            Role.OPERATOR: self.operators,
            Role.APPROVER: self.approvers,
            Role.ADMIN: self.admins,
        }
        return Board(
            {name: role for role, people in names.items() for name in people},
            tuple(_tier(tier) for tier in self.tiers),
            self.anyone_may_stop,
            self.author_may_approve,
            self.remind_after,
        )


def _tier(settings: TierSettings) -> Tier:
    return Tier(
        settings.name,
        settings.approvals,
        settings.above,
        settings.above_amount,
        frozenset(settings.levers or ()),
        frozenset(settings.portfolios or ()),
        frozenset(settings.by or ()),
        settings.escalate_after,
        frozenset(settings.escalate_to or ()),
    )
