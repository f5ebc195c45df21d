"""Edit: what somebody else changes in a sandbox's account, past gebot."""

from collections.abc import Callable
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.domain.errors import Mistake
from agent.domain.lever import Status
from agent.domain.money import MICROS, Money
from agent.domain.ref import Kind
from simulations.journal import Field as Lever
from simulations.platform import Platform

_KINDS = {
    "campaign": Kind.CAMPAIGN,
    "campaign_budget": Kind.CAMPAIGN_BUDGET,
    "ad_group": Kind.AD_GROUP,
    "ad_set": Kind.AD_SET,
    "keyword": Kind.KEYWORD,
    "bidding_strategy": Kind.BIDDING_STRATEGY,
}
_AMOUNTS = {
    "budget": Lever.AMOUNT,
    "lifetime_budget": Lever.LIFETIME_AMOUNT,
    "cpc_bid": Lever.CPC_BID,
    "bid_cap": Lever.BID_CAP,
    "target_cpa": Lever.TARGET_CPA,
}
_VALUES = (*_AMOUNTS, "target_roas", "status")


class Edit(BaseModel):
    """Somebody else's edit: one thing, by its id, and one value of it.

    Attributes:
        campaign_budget: A budget itself; with `campaign`, a budget is the one that it is on.
        budget, lifetime_budget, cpc_bid, bid_cap, target_cpa: Money, such as "25.00 EUR".
        target_roas: 3.5 is 3.50 of value for each 1.00 spent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    campaign: str | None = None
    campaign_budget: str | None = None
    ad_group: str | None = None
    ad_set: str | None = None
    keyword: str | None = None
    bidding_strategy: str | None = None
    budget: str | None = None
    lifetime_budget: str | None = None
    cpc_bid: str | None = None
    bid_cap: str | None = None
    target_cpa: str | None = None
    target_roas: Decimal | None = Field(default=None, gt=0)
    status: Literal["enabled", "paused"] | None = None
    user: str = "somebody@sandbox.example"
    client: Literal["api", "web", "editor", "rule", "scripts"] = "web"

    def make(self, platform: Platform, own: Callable[[str], str]) -> None:
        """Let it take effect.

        Args:
            own: From an id as it is shown to the platform's own.

        Raises:
            Mistake: It makes no sense, or the platform refuses it.
        """
        what = self._only(tuple(_KINDS), "one thing")
        value = self._only(_VALUES, "one value")
        kind, id_ = _KINDS[what], own(str(getattr(self, what)))
        lever, number = self._number(value, platform.account.currency)
        campaign = platform.campaign(id_) if lever in (Lever.AMOUNT, Lever.LIFETIME_AMOUNT) else None
        if kind is Kind.CAMPAIGN and campaign is not None and campaign.budget_id:
            # It may be shared, and then the edit is of all that share it.
            kind, id_ = Kind.CAMPAIGN_BUDGET, campaign.budget_id
        objection = platform.set(kind, id_, lever, number, by=self.user, client=self.client)
        if objection is not None:
            raise Mistake("edit", objection.because)

    def _only(self, names: tuple[str, ...], what: str) -> str:
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            raise Mistake(
                "edit", f"named {', '.join(given) or 'none'}", f"{what} of {', '.join(names)} is right"
            )
        return given[0]

    def _number(self, name: str, currency: str) -> tuple[Lever, int]:
        if name == "status":
            return Lever.STATUS, Status[str(self.status).upper()].value
        if name == "target_roas":
            return Lever.TARGET_ROAS, int(Decimal(self.target_roas or 0) * MICROS)
        try:
            amount = Money.parse(getattr(self, name))
        except ValueError as error:
            raise Mistake(f"edit.{name}", str(error)) from None
        if amount.currency != currency:
            raise Mistake(f"edit.{name}", f"was {amount}", f"{currency} is right")
        return _AMOUNTS[name], amount.micros
