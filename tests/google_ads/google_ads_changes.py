"""Changes for tests: refs and absolute budgets on the sandbox's account."""

from agent.domain.lever import Lever, Status
from agent.domain.money import Money
from agent.domain.plan import Change
from agent.domain.ref import Kind, Ref
from simulations.sandbox.google_ads.serve import Sandbox

ACCOUNT = "1234567890"


def campaign(sandbox: Sandbox, row: int) -> Ref:
    """Campaigns 0 and 1 share a budget, 7 is an experiment, the others are alone."""
    return Ref("google_ads", ACCOUNT, Kind.CAMPAIGN, sandbox.platform.campaigns[row].id)


def shared_budget(sandbox: Sandbox) -> Ref:
    return Ref("google_ads", ACCOUNT, Kind.CAMPAIGN_BUDGET, sandbox.platform.budgets[0].id)


def to_budget(ref: Ref, amount: str) -> Change:
    return Change(ref, Lever.DAILY_BUDGET, Money.of("1.00", "EUR"), Money.of(amount, "EUR"))


def to_status(ref: Ref, status: Status) -> Change:
    return Change(ref, Lever.STATUS, Status.ENABLED, status)


def stands(sandbox: Sandbox, row: int) -> int:
    """The amount of the budget of this campaign, micros."""
    return sandbox.platform.budget_micros(sandbox.platform.campaigns[row].budget_id)
