"""Jobs: one configuration on one market, what came of it, and the name both are kept under."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.config.accounts import AccountSettings
from agent.config.digest import policy_digest
from agent.config.settings import Settings
from simulations.backtest import CONFIGURED, Task, fitting_pot, run
from simulations.summary import WARM_UP_DAYS
from simulations.sweep.code import code_digest
from simulations.sweep.configurations import Configuration
from simulations.sweep.file import Sweep
from simulations.sweep.parameters import Value


@dataclass(frozen=True, slots=True)
class Job:
    """One configuration on one market.

    Attributes:
        key: Digest of everything that shapes the result, the code included.
        values: Of the configuration, for people.
    """

    key: str
    values: Mapping[str, Value]
    settings: Settings
    account: AccountSettings
    task: Task


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a job; values are shares of what a clairvoyant gets.

    Attributes:
        mean_d15: From day 15 on.
    """

    key: str
    values: Mapping[str, Value]
    world: str
    seed: int
    mean_d15: float
    mean_all: float
    changes_per_day: float
    over_pot_days: int
    cpu_ms_per_day: float


def jobs(sweep: Sweep, chosen: Sequence[Configuration]) -> list[Job]:
    """Every configuration on every market, market by market: what is cut short is still a fair comparison.

    All meet the markets of the base, so a limit that is varied does not change the pot.
    """
    base = chosen[0]
    pot = fitting_pot(base.settings, base.account)
    policies = [policy_digest(one.settings) for one in chosen]
    found = []
    for seed in range(sweep.first_seed, sweep.first_seed + sweep.seeds):
        for world in dict.fromkeys(sweep.worlds):
            task = Task(CONFIGURED, world, sweep.campaigns, seed, sweep.days, pot)
            found += [
                Job(_key(policy, one.account, task), one.values, one.settings, one.account, task)
                for policy, one in zip(policies, chosen, strict=True)
            ]
    return found


def carry_out(job: Job) -> Found:
    """Live through it. A function of a module, so that other processes find it."""
    done = run(job.settings, job.account, job.task)
    task = job.task
    return Found(
        key=job.key,
        values=job.values,
        world=task.world,
        seed=task.seed,
        mean_d15=float(done.value[WARM_UP_DAYS:].mean()),
        mean_all=float(done.value.mean()),
        changes_per_day=done.changes / task.days,
        over_pot_days=done.over_pot_days,
        cpu_ms_per_day=1000 * done.cpu_s / task.days,
    )


def _key(policy: str, account: AccountSettings, task: Task) -> str:
    schedule = account.schedule.model_dump(mode="json")
    market = [task.world, task.campaigns, task.seed, task.days, str(task.pot)]
    text = json.dumps([code_digest(), policy, account.name, schedule, market], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
