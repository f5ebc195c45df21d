"""Conduct: how Google behaves towards an account, where accounts differ or nobody knows for sure."""

from dataclasses import dataclass, field
from datetime import timedelta

from simulations.sandbox.google_ads.quota import Allowance


@dataclass(frozen=True, slots=True)
class Strictness:
    """What is let through of bids and targets.

    Attributes:
        refuses_idle_bids: CPC bids and targets that the bidding strategy ignores are refused; else
            they are accepted and have no effect.
        minimum_cpc_micros: Smallest CPC bid, and a budget must be that large as well; 0: one
            unit of the account.
        merged_targets: Targets stand inside of maximize_conversions and
            maximize_conversion_value, as in newer accounts.
    """

    refuses_idle_bids: bool = False
    minimum_cpc_micros: int = 0
    merged_targets: bool = False


@dataclass(frozen=True, slots=True)
class Conduct:
    """How an account is treated.

    Attributes:
        manager: Customer id of the manager account above it; None: there is none.
        sign_in: Tokens are given out on a port of their own.
        strict_tokens: No other tokens are let in.
        token_lasts: How long a token is good, by the sandbox's clock.
        keeps_replies: Queries are answered from memory while nothing changes: for tests of load.
    """

    strictness: Strictness = field(default_factory=Strictness)
    allowance: Allowance = field(default_factory=Allowance)
    manager: str | None = None
    sign_in: bool = False
    strict_tokens: bool = False
    token_lasts: timedelta = timedelta(hours=1)
    keeps_replies: bool = False


EASY = Conduct()
"""Any token is good, nothing is rationed."""


def conduct_of(
    *,
    manager: str | None = None,
    sign_in: bool = False,
    operations_per_day: int | None = None,
    operations_per_minute: int | None = None,
    merged_targets: bool = False,
    refuses_idle_bids: bool = False,
    keeps_replies: bool = False,
) -> Conduct:
    """Conduct from what somebody typed; who signs in here takes no other tokens."""
    return Conduct(
        strictness=Strictness(refuses_idle_bids=refuses_idle_bids, merged_targets=merged_targets),
        allowance=Allowance(operations_per_day, operations_per_minute),
        manager=manager,
        sign_in=sign_in,
        strict_tokens=sign_in,
        keeps_replies=keeps_replies,
    )
