"""Approval settings: who lets plans through, for how long, and what goes without being asked."""

from datetime import timedelta

from agent.config.amounts import PositiveMoney, Share
from agent.config.durations import Duration
from agent.config.names import Count, Name, Table
from agent.domain.calibration import USUAL
from agent.domain.lever import Lever


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


class ApprovalSettings(Table):
    """How plans are let through.

    Attributes:
        approvers: Who may approve; empty: whoever can run the command.
        auto: None: nothing goes unasked.
    """

    expires_after: Duration = timedelta(hours=24)
    approvers: tuple[Name, ...] = ()
    auto: AutoApproval | None = None
    calibration: CalibrationSettings = CalibrationSettings()
