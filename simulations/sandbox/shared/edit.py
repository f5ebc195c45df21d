"""Edit: what somebody else changes in a sandbox's account, past gebot."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.domain.errors import Mistake
from agent.domain.lever import Status
from agent.domain.money import Money
from simulations.platform import Objection, Platform


class Edit(BaseModel):
    """Somebody else's edit: a budget (named itself, or by its campaign) or a campaign's status."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    campaign: str | None = None
    campaign_budget: str | None = None
    budget: str | None = None
    status: Literal["enabled", "paused"] | None = None
    user: str = "somebody@sandbox.example"
    client: Literal["api", "web", "editor", "rule", "scripts"] = "web"

    def make(self, platform: Platform) -> None:
        """Let it take effect.

        Raises:
            Mistake: It makes no sense, or the platform refuses it.
        """
        if (self.campaign is None) == (self.campaign_budget is None):
            raise Mistake("edit", "needs either campaign or campaign_budget")
        if (self.budget is None) == (self.status is None):
            raise Mistake("edit", "needs either budget or status")
        objection = self._set_budget(platform) if self.budget is not None else self._set_status(platform)
        if objection is not None:
            raise Mistake("edit", objection.because)

    def _set_budget(self, platform: Platform) -> Objection | None:
        try:
            amount = Money.parse(self.budget or "")
        except ValueError as error:
            raise Mistake("edit.budget", str(error)) from None
        if amount.currency != platform.account.currency:
            raise Mistake("edit.budget", f"was {amount}", f"{platform.account.currency} is right")
        campaign = platform.campaign(self.campaign) if self.campaign is not None else None
        if self.campaign is not None and campaign is None:
            raise Mistake("edit.campaign", f"there is no campaign {self.campaign}")
        budget_id = campaign.budget_id if campaign is not None else self.campaign_budget or ""
        return platform.set_budget(budget_id, amount.micros, by=self.user, client=self.client)

    def _set_status(self, platform: Platform) -> Objection | None:
        if self.campaign is None:
            raise Mistake("edit.status", "a budget has no status", "name a campaign")
        status = Status[(self.status or "").upper()]
        return platform.set_status(self.campaign, status, by=self.user, client=self.client)
