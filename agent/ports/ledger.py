"""Ledger: what the agent asks of its memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agent.domain.advice import Advice, Window
from agent.domain.approval import Approval
from agent.domain.audit import Entry, Gap, Head
from agent.domain.entity import Account, Days, EntityTable
from agent.domain.forecast import Forecasts
from agent.domain.lever import Lever
from agent.domain.maturity import Development
from agent.domain.metrics import DailyMetrics, MetricsTable
from agent.domain.outcome import Step
from agent.domain.plan import Plan
from agent.domain.record import Coverage, Freeze, Halt, Halting, Heartbeat, PlanRecord, Run, RunKind
from agent.domain.ref import AccountId, Ref
from agent.domain.snapshot import LeverMemory
from agent.domain.story import AppliedChange, Stepped
from agent.domain.tracking_due import Arrivals


class Ledger(Protocol):
    """The memory. Append-only for what was seen and decided; the word is written before the deed.

    Every method is one transaction: it happened whole or not at all. Raises `LedgerError`
    when the store is locked, unreachable or damaged; nothing was written then.
    """

    # What was seen

    def record_entities(self, table: EntityTable, at: datetime) -> None:
        """Append the entities whose name, labels, levers or anything else differ from what was known."""
        ...

    def record_metrics(self, account: AccountId, table: MetricsTable, at: datetime) -> int:
        """Append the figures that differ from what was known, with the time they were seen.

        A row that is absent inside the table's days where an earlier observation was not zero
        is an observation of zero. Returns: the number of rows appended.
        """
        ...

    def record_advice(self, account: AccountId, advice: Advice, at: datetime) -> None:
        """Append what the platform told, where it differs from what was known."""
        ...

    def entities(self, account: AccountId, as_of: datetime) -> EntityTable | None:
        """What was known at that moment; None when nothing was. Removed entities are left out."""
        ...

    def facts(self, account: AccountId, as_of: datetime) -> Account | None:
        """The account's own facts as known at that moment; None when it was never observed."""
        ...

    def metrics(self, table: EntityTable, days: Days, as_of: datetime) -> DailyMetrics:
        """Figures of these entities (rows) and consecutive days (columns) as known at `as_of`."""
        ...

    def advice(self, account: AccountId, as_of: datetime) -> Advice:
        """What the platform had told by that moment; `NO_ADVICE` before it was first asked."""
        ...

    def lever_memory(self, table: EntityTable, days: Days, as_of: datetime) -> Mapping[Lever, LeverMemory]:
        """When each lever last changed, and where it stood 7 days before `as_of` and on these days.

        With it go its moves, gebot's own told from those of others by what gebot has sent.

        Args:
            days: Consecutive days of the account's time zone, up to that of `as_of`.
        """
        ...

    def coverages(self, account: AccountId, as_of: datetime) -> Sequence[Coverage]:
        """Readings of the metrics up to `as_of`, oldest first."""
        ...

    def development(
        self, account: AccountId, as_of: datetime, n_ages: int, windows: Sequence[Window] = ()
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Conversions known at age a, and of the same days at age a + 1 (see `chain_ladder`).

        Two arrays of shape (n_ages - 1,), summed over entities and over the days that were
        seen at both ages by `as_of`. The age of an observation is the number of local days
        from the day it speaks for to the day on which it was made.

        Args:
            windows: Days that any of these touches are left out, whatever they are about: the
                sums are of the whole account.
        """
        ...

    def channel_development(
        self, account: AccountId, as_of: datetime, n_ages: int, windows: Sequence[Window] = ()
    ) -> Mapping[str, Development]:
        """The same of the campaigns of each channel, as they were called when they were read.

        What was removed belongs to the channel that it was last of: its conversions still arrive.
        Of readings that found more than one channel; empty where there was none.
        """
        ...

    def arrivals(self, account: AccountId, since: datetime, as_of: datetime) -> Mapping[str, Arrivals]:
        """Conversions as each reading from `since` to `as_of` told them for the first time.

        Of all under "", and of the campaigns of each channel where readings found more than one.
        """
        ...

    # What was decided

    def record_plan(self, plan: Plan) -> None:
        """Store the plan with its changes PROPOSED. Storing the same plan again does nothing."""
        ...

    def plan(self, prefix: str) -> PlanRecord | None:
        """The plan whose fingerprint begins so; None when there is none or more than one."""
        ...

    def plans(
        self, account: AccountId | None = None, *, only_open: bool = False, limit: int = 100
    ) -> Sequence[PlanRecord]:
        """Newest first: the last `limit` of them, or all that are open, however many."""
        ...

    def plans_between(self, account: AccountId, since: datetime, until: datetime) -> Sequence[PlanRecord]:
        """Drawn up from `since` until before `until`, oldest first, however many."""
        ...

    def plans_with(self, change: str, limit: int = 20) -> Sequence[PlanRecord]:
        """Plans with a change whose id begins so, newest first."""
        ...

    def steps(self, plan_id: str, change_id: str) -> Sequence[Stepped]:
        """All that befell a change, oldest first; empty when there is no such change."""
        ...

    def applied(self, account: AccountId, since: datetime) -> Sequence[AppliedChange]:
        """Changes that were found applied from then on, oldest first."""
        ...

    def record_approval(self, approval: Approval, steps: Sequence[Step], *, known: int | None = None) -> bool:
        """Store the approval and the states that follow from it, together.

        Args:
            known: How many words there were on the plan when the steps were worked out; None: it
                makes no difference to them.

        Returns: False when there are more by now; nothing was stored.

        Raises:
            Mistake: The plan or a change is unknown, the fingerprint is another's, or a change
                no longer waits. Nothing was stored.
        """
        ...

    def advance(self, steps: Sequence[Step], at: datetime, *, epoch: int) -> None:
        """Append new states of changes.

        Raises:
            Deposed: The epoch is no longer the account's. Nothing was written.
            LedgerError: A step is not legal from the state that stands. Nothing was written.
            Halted: A step is to SENDING while a halt is in force. Nothing was written.
        """
        ...

    def in_flight(self, account: AccountId, as_of: datetime) -> Mapping[tuple[Ref, Lever], int]:
        """The highest target of each lever that may come to stand: what was SENDING or UNKNOWN then."""
        ...

    def sent(self, account: AccountId, since: datetime, as_of: datetime) -> int:
        """How many changes were sent from `since` until before `as_of`, whatever became of them."""
        ...

    def record_policy(self, digest: str, body: bytes, at: datetime | None = None) -> None:
        """Keep what a policy's digest stands for; keeping it again does nothing."""
        ...

    def policy(self, digest: str) -> bytes | None:
        """What was kept under this digest; None when nothing was."""
        ...

    def forecasts(
        self, account: AccountId, since: datetime, as_of: datetime, limit: int = 20_000
    ) -> Forecasts:
        """What models said of changes that were found applied from `since` to `as_of`.

        Where there are more than `limit`, about so many: those whose ids begin lowest, which is
        a sample by chance, and the same one for the same changes.
        """
        ...

    # Who runs, and who stopped it

    def begin_run(self, account: AccountId, kind: RunKind, slot: str, at: datetime) -> bool:
        """Claim a slot; False when it was claimed before (finished or not)."""
        ...

    def finish_run(
        self, account: AccountId, kind: RunKind, slot: str, at: datetime, error: str = ""
    ) -> None: ...

    def runs(self, account: AccountId, kind: RunKind, limit: int = 10) -> Sequence[Run]:
        """Newest first."""
        ...

    def take_lead(self, account: AccountId, host: str, pid: int, at: datetime) -> int:
        """Raise the account's epoch; from now on no holder of an older one can send there."""
        ...

    def epoch(self, account: AccountId) -> int:
        """The epoch of whoever leads the account; 0 before anybody did."""
        ...

    def beat(self, heartbeat: Heartbeat) -> None:
        """Keep the sign of life in the place of the last one of this host and process."""
        ...

    def leave(self, host: str, pid: int) -> None:
        """Forget the sign of life of a process that ends."""
        ...

    def heartbeats(self) -> Sequence[Heartbeat]:
        """The last sign of life of each daemon, newest first; none that is weeks older than the newest."""
        ...

    def halt(self, halt: Halt) -> None: ...

    def resume(self, by: str, at: datetime, account: AccountId | None = None) -> None:
        """End the halt of this account, or the one of everything."""
        ...

    def halted(self, account: AccountId | None = None) -> Halt | None:
        """The stop in force for everything, else for this account; None when gebot may send."""
        ...

    def halts(self) -> Sequence[Halt]:
        """Every stop in force: the one of everything first, then those of accounts in their order."""
        ...

    def haltings(self, account: AccountId) -> Sequence[Halting]:
        """All that ever stopped this account or everything, in the order of their begin."""
        ...

    def freeze(self, freeze: Freeze) -> None:
        """Nothing of the account is steered from now on; a freeze that is in force stays as it is."""
        ...

    def thaw(self, account: AccountId, by: str, at: datetime) -> None:
        """Lift the freeze in force, if there is one."""
        ...

    def freezes(self, account: AccountId, as_of: datetime) -> Sequence[Freeze]:
        """All that were known by then, as they were known, oldest first; only the last may be in force."""
        ...

    def close(self) -> None:
        """Close the connections; what was recorded is safe either way."""
        ...

    # What vouches for all this

    def head(self) -> Head | None:
        """Where the audit chain ends; None where there is none."""
        ...

    def entries(self, plan_id: str | None = None) -> Sequence[Entry]:
        """The audit chain, or what of it is about one plan, oldest first."""
        ...

    def doubts(self, plan_id: str) -> Mapping[str, str]:
        """Why approved changes of the plan must not be sent: the audit chain says otherwise."""
        ...

    def gap(self) -> Gap | None:
        """Where this is not the ledger that was written last, by what was anchored outside of it."""
        ...

    def take_up(self, because: str, at: datetime) -> None:
        """Go on from the ledger as it stands, after a gap; the chain keeps that there was one."""
        ...

    def faults(self) -> Sequence[str]:
        """Where the ledger is not as it was written, in words; the whole chain is gone through."""
        ...

    def notes(self) -> Sequence[str]:
        """What the audit chain does not tell of and may be true, in words: halts said without its key."""
        ...
