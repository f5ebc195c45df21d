"""Parts: everything that a cycle on one account is made of; no part knows where it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from agent.domain.board import OPEN, Board
from agent.domain.calibration import USUAL, Tolerance
from agent.domain.points import Point, unwatched
from agent.domain.ref import AccountId
from agent.domain.seal import UNKEYED, Seal
from agent.ports.clock import Clock
from agent.ports.deciding import Approver
from agent.ports.ledger import Ledger
from agent.ports.platform import Adapter, Reader
from agent.steps.apply import Unrecorded, unheard
from agent.steps.decide import Desk
from agent.steps.guard import Fence


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a cycle on one account needs; the wiring chooses it.

    Attributes:
        writer: The way to change something; None where nothing may be changed.
        desks: Portfolios with their deciders, in the order of config.toml.
        policy: Digest of all that decides, for the plan.
        seed: From config.toml; each plan's own seed comes from it and the local date.
        max_age: Older metrics are stale; None: all are.
        grace: How long a change stays unknown before it is settled by reading.
        check_stop: Raises `Halted` when a person stopped gebot.
        tolerance: When a decider's changes wait for a person, whatever the policy says.
        code: Digest of the code that decides, for the plan.
        policy_body: What the policy's digest stands for, kept beside the plans; empty: nothing is.
        reached: Told of each point at which the process may die; for trying that it may.
        unrecorded: Told of outcomes that the ledger could not be told, and when they were seen.
        seal: What approvals are signed with, and must bear right before the send.
        board: Who may approve what, and with whom.
        pace: How many times faster than this machine works the clock runs, at least 1.
        knows_itself: Whether the platform tells gebot's edits from those of others who use its way in.
    """

    account: AccountId
    reader: Reader
    writer: Adapter | None
    ledger: Ledger
    clock: Clock
    desks: tuple[Desk, ...]
    fence: Fence
    approver: Approver
    policy: str
    seed: int
    history_days: int
    reread_days: int
    max_age: timedelta | None
    expires_after: timedelta
    grace: timedelta
    check_stop: Callable[[], None]
    tolerance: Tolerance = USUAL
    code: str = ""
    policy_body: bytes = b""
    reached: Callable[[Point], None] = unwatched
    unrecorded: Unrecorded = unheard
    seal: Seal = UNKEYED
    board: Board = OPEN
    knows_itself: bool = True
    pace: Callable[[], float] = lambda: 1.0
