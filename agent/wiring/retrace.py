"""Retrace: the parts of a cycle as they were when a plan was drawn up, to draw it up once more."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from agent.clock import SteppedClock
from agent.config.accounts import AccountSettings
from agent.config.settings import Settings
from agent.config.stored import StoredPolicy
from agent.domain.calibration import Tolerance
from agent.domain.errors import Mistake
from agent.domain.plan import Plan
from agent.parts import Parts
from agent.ports.ledger import Ledger
from agent.ports.platform import Reader
from agent.steps.approve import Nobody
from agent.wiring.code import code_version
from agent.wiring.fencing import fence
from agent.wiring.parts import desks


def parts_then(settings: Settings, account: AccountSettings, memory: Ledger, plan: Plan) -> Parts:
    """Everything that decided then: the kept policy, the plan's moment, the ledger; no platform.

    Args:
        settings: Of today; only the account's name is taken from them.

    Raises:
        Mistake: The ledger does not keep what the plan was decided by, or it cannot be read.
        Mistakes: What this version finds wrong with strategies and rule files of then.
    """
    body = memory.policy(plan.policy)
    if body is None:
        found = f"the ledger does not keep the policy {plan.policy[:8]} that it was drawn up under"
        raise Mistake(f"plan {plan.id}", found, "those of an older gebot have none")
    with TemporaryDirectory(prefix="gebot-") as folder:
        then = StoredPolicy.read(plan.policy, body).settings(settings, Path(folder))
        account = next(one for one in then.accounts if one.name == account.name)
        limits, held = then.guardrails_of(account), then.approval.calibration
        return Parts(
            account=plan.account,
            reader=cast(Reader, _NoPlatform()),
            writer=None,
            ledger=memory,
            clock=SteppedClock(plan.drawn_up_at),
            desks=desks(then, account, limits),
            fence=fence(limits),
            approver=Nobody(),
            policy=plan.policy,
            seed=then.seed,
            history_days=account.schedule.history_days,
            reread_days=account.schedule.reread_days,
            max_age=limits.max_metrics_age,
            expires_after=then.approval.expires_after,
            grace=timedelta(),
            check_stop=lambda: None,
            tolerance=Tolerance(held.demote, held.min_changes, held.tolerated),
            code=code_version(),
        )


class _NoPlatform:
    """A decision that is made again rests on the ledger alone."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"a platform was asked for its {name}")
