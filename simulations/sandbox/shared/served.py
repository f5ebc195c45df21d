"""Served: one platform of a sandbox, as those who run the sandbox see it."""

from dataclasses import asdict, dataclass

from simulations.platform import Platform
from simulations.sandbox.shared.faults import Faults
from simulations.sandbox.shared.journal import Journal
from simulations.sandbox.shared.violations import Violations


@dataclass(frozen=True, slots=True)
class Served:
    """What is behind one platform's port, and what came through it.

    Attributes:
        name: "google_ads", as in the control port's paths.
    """

    name: str
    platform: Platform
    journal: Journal
    faults: Faults
    violations: Violations

    def state(self) -> dict[str, object]:
        """The time, campaigns and budgets as they stand, faults that are on."""
        platform = self.platform
        return {
            "time": platform.now().isoformat(),
            "customer": platform.account.id.account,
            "currency": platform.account.currency,
            "time_zone": platform.account.time_zone,
            "campaigns": [
                {
                    "id": campaign.id,
                    "name": campaign.name,
                    "status": str(platform.status(campaign.id)),
                    "campaign_budget": campaign.budget_id,
                    "locked": campaign.locked,
                }
                for campaign in platform.campaigns
            ],
            "campaign_budgets": [
                {
                    "id": budget.id,
                    "amount_micros": platform.budget_micros(budget.id),
                    "shared": budget.shared,
                    "campaigns": budget.campaign_ids,
                }
                for budget in platform.budgets
            ],
            "faults": [fault.model_dump(mode="json") for fault in self.faults.armed()],
        }

    def mutations(self) -> list[dict[str, object]]:
        return [asdict(mutation) for mutation in self.journal.mutations()]

    def requests(self) -> list[dict[str, object]]:
        return [asdict(request) for request in self.journal.requests()]

    def broken(self) -> list[dict[str, object]]:
        return [asdict(violation) for violation in self.violations.found()]
