"""Served: one platform of a sandbox, as those who run the sandbox see it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from simulations.journal import Field
from simulations.platform import Platform
from simulations.sandbox.shared.edit import Edit
from simulations.sandbox.shared.faults import Faults
from simulations.sandbox.shared.journal import Journal
from simulations.sandbox.shared.violations import Violations


@dataclass(frozen=True, slots=True)
class Served:
    """What is behind one platform's port, and what came through it.

    Attributes:
        name: "google_ads", as in the control port's paths.
        shown, own: From the platform's ids to those that its clients see, and back.
    """

    name: str
    platform: Platform
    journal: Journal
    faults: Faults
    violations: Violations
    shown: Callable[[str], str] = str
    own: Callable[[str], str] = str

    def edit(self, edit: Edit) -> None:
        """Change something as somebody else.

        Raises:
            Mistake: It makes no sense, or the platform refuses it.
        """
        edit.make(self.platform, self.own)

    def state(self) -> dict[str, object]:
        """The time, campaigns and budgets as they stand, faults that are on."""
        platform, shown = self.platform, self.shown
        return {
            "time": platform.now().isoformat(),
            "customer": platform.account.id.account,
            "currency": platform.account.currency,
            "time_zone": platform.account.time_zone,
            "campaigns": [
                {
                    "id": shown(campaign.id),
                    "name": campaign.name,
                    "status": str(platform.status(campaign.id)),
                    "campaign_budget": shown(campaign.budget_id) if campaign.budget_id else None,
                    "locked": campaign.locked,
                }
                for campaign in platform.campaigns
            ],
            "campaign_budgets": [
                {
                    "id": shown(budget.id),
                    "amount_micros": platform.budget_micros(budget.id),
                    "shared": budget.shared,
                    "campaigns": [shown(id_) for id_ in budget.campaign_ids],
                }
                for budget in platform.budgets
            ],
            "groups": [
                {
                    "id": shown(group.id),
                    "kind": group.kind,
                    "name": group.name,
                    "campaign": shown(group.campaign_id),
                    **{
                        field.value: number
                        for field in Field
                        if (number := platform.standing(group.kind, group.id, field)) is not None
                    },
                }
                for group in platform.groups
            ],
            "faults": [fault.model_dump(mode="json") for fault in self.faults.armed()],
        }

    def mutations(self) -> list[dict[str, object]]:
        return [asdict(mutation) for mutation in self.journal.mutations()]

    def requests(self) -> list[dict[str, object]]:
        return [asdict(request) for request in self.journal.requests()]

    def broken(self) -> list[dict[str, object]]:
        return [asdict(violation) for violation in self.violations.found()]
