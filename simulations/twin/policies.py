"""Policies: who decides on a twin, and within which guardrails."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from agent.config.accounts import AccountSettings
from agent.config.faults import meant
from agent.config.settings import Settings
from agent.domain.errors import Mistake, Mistakes
from agent.domain.portfolio import Limits
from agent.guardrails.permission import LeverAllowed, Protected, StatusAllowed
from agent.guardrails.sane import Sane
from agent.steps.decide import Desk
from agent.steps.guard import Fence
from agent.wiring.fencing import fence
from agent.wiring.parts import desks
from agent.wiring.plugins import strategy_kinds
from simulations.living import alone

PEOPLE = "people"
HOLD = "hold"
CONFIGURED = "as configured"
UNGUARDED = "without guardrails"

_KEPT = (Sane, LeverAllowed, StatusAllowed, Protected)
_MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class Policy:
    """Who decides, by the settings that its desks and guardrails come from.

    Attributes:
        name: `PEOPLE` (the shares that people really used), `CONFIGURED`, `UNGUARDED` (as configured,
            but only permission, pots and ceilings hold), a decider of the settings or a kind of
            strategy alone.
        label: What it is called where another configuration is meant; "" for its name.
    """

    name: str
    settings: Settings
    account: AccountSettings
    label: str = ""

    @property
    def called(self) -> str:
        return self.label or self.name


def policies(
    names: Sequence[str], settings: Settings, account: AccountSettings, others: Sequence[Policy] = ()
) -> list[Policy]:
    """The policies of these names, then the other configurations, and what all are held against.

    Args:
        names: Empty: as configured, without guardrails, each decider alone, and each kind of
            strategy that shares a pot without options of its own.

    Raises:
        Mistakes: Names that nobody knows, all of them.
    """
    own = [name for one in settings.portfolios if one.account == account.name for name in one.deciders]
    known = [CONFIGURED, UNGUARDED, PEOPLE, *own, *strategy_kinds()]
    faults = [
        Mistake("--policies", f"was {name!r}", meant(name, known)) for name in names if name not in known
    ]
    if faults:
        raise Mistakes("no such policy", faults)
    usual = [CONFIGURED, UNGUARDED, *own, *_USUAL]
    chosen = dict.fromkeys([*(names or usual), HOLD, PEOPLE])
    return [*(Policy(name, settings, account) for name in chosen), *others]


_USUAL = ("thompson_budget", "proportional_roas", "equal_split")


def desks_of(policy: Policy) -> tuple[Desk, ...]:
    """The account's portfolios with the deciders of the policy."""
    limits = policy.settings.guardrails_of(policy.account)
    made = desks(policy.settings, policy.account, limits)
    if policy.name in (CONFIGURED, UNGUARDED):
        return tuple(_unlimited(desk) for desk in made) if policy.name == UNGUARDED else made
    deciders = {decider.name: decider for desk in made for decider in desk.deciders}
    one = deciders.get(policy.name) or alone(policy.name)
    return tuple(replace(desk, deciders=(one,)) for desk in made)


def fence_of(policy: Policy) -> Fence:
    """The guardrails of the policy's settings."""
    made = fence(policy.settings.guardrails_of(policy.account))
    if policy.name != UNGUARDED:
        return made
    kept = tuple(one for one in made.guardrails if isinstance(one, _KEPT))
    return Fence(kept, _MANY, Fraction(1), made.account_ceiling, _MANY, Fraction(1))


def _unlimited(desk: Desk) -> Desk:
    return replace(desk, portfolio=replace(desk.portfolio, limits=Limits()))
