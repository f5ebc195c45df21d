"""Operations: changes as mutate operations with hand-written masks. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.ads.googleads.v26.services.types.campaign_budget_service import MutateCampaignBudgetsRequest
from google.ads.googleads.v26.services.types.campaign_service import MutateCampaignsRequest

from adapters.google_ads.campaigns import Campaign
from agent.domain.entity import Account
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import MICROS, Money
from agent.domain.outcome import Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind

MAX_OPERATIONS = 10_000  # in one request
_MUTABLE_RESOURCE = 2  # response_content_type: answer with what is stored now
_STATUS_NUMBERS = {Status.ENABLED: 2, Status.PAUSED: 3}


@dataclass(frozen=True, slots=True)
class Service:
    """A mutate call of the API, and what its operations are about."""

    name: str
    method: str
    request: Any
    resource: str


BUDGETS = Service(
    "CampaignBudgetService", "mutate_campaign_budgets", MutateCampaignBudgetsRequest, "campaign_budget"
)
CAMPAIGNS = Service("CampaignService", "mutate_campaigns", MutateCampaignsRequest, "campaign")


@dataclass(frozen=True, slots=True)
class Setting:
    """One leaf of one resource and the value it takes.

    Attributes:
        value: Micros, an enum number, or a ratio (the API wants a double).
    """

    service: Service
    resource_name: str
    path: str
    value: int | float


@dataclass(frozen=True, slots=True)
class Operation:
    """New values of one resource, which may stand in a request only once.

    Attributes:
        changes: Positions in the batch of the changes that it carries out.
    """

    service: Service
    resource_name: str
    settings: tuple[Setting, ...]
    changes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a batch of changes becomes.

    Attributes:
        operations: Budgets first.
        refused: By position in the batch; these are not sent.
    """

    operations: tuple[Operation, ...]
    refused: Mapping[int, Refused]


def draft(changes: Sequence[Change], account: Account, campaigns: Mapping[str, Campaign]) -> Draft:
    """Find the resource and leaf of each change, and refuse what Google must not be asked.

    Args:
        campaigns: By id, as they stood a moment ago; all that the changes are about.
    """
    budgets: dict[str, list[Campaign]] = {}
    for campaign in campaigns.values():
        if campaign.budget.shared:
            budgets.setdefault(campaign.budget.id, []).append(campaign)
    refused: dict[int, Refused] = {}
    parts: dict[str, dict[str, tuple[int, Setting]]] = {}
    for position, change in enumerate(changes):
        reason = value_fault(change.lever, change.after, account)
        if change.ref.account_id != account.id:
            reason = f"{change.ref} belongs to another account"
        setting = Refused(reason) if reason else _setting(change, campaigns, budgets)
        if isinstance(setting, Refused):
            refused[position] = setting
        elif setting.path in parts.get(setting.resource_name, {}):
            refused[position] = Refused("another change of the same batch sets this lever")
        else:
            parts.setdefault(setting.resource_name, {})[setting.path] = (position, setting)
    operations = [
        Operation(
            service=next(setting.service for _, setting in leaves.values()),
            resource_name=name,
            settings=tuple(setting for _, setting in leaves.values()),
            changes=tuple(position for position, _ in leaves.values()),
        )
        for name, leaves in parts.items()
    ]
    return Draft(tuple(sorted(operations, key=lambda each: each.service is CAMPAIGNS)), refused)


def value_fault(  # noqa: PLR0911  # one return for each fault
    lever: Lever, value: Value, account: Account
) -> str:
    """Why this value must not go on the wire; "" when it may."""
    match value:
        case Money() if not lever.is_money:
            return f"{lever} was money, which it cannot be"
        case Money() if value.currency != account.currency:
            return f"the value was in {value.currency}, the account is in {account.currency}"
        case Money() if value.micros <= 0:
            return f"{lever} was {value}, it must be above zero (to stop an entity, pause it)"
        case Money() if value.micros % account.unit_micros:
            unit = Money(account.unit_micros, account.currency)
            return f"{lever} was {value}, which is not a multiple of {unit}"
        case Ratio() if lever is not Lever.TARGET_ROAS:
            return f"{lever} was a ratio, which it cannot be"
        case Ratio() if not MICROS // 100 <= value.millionths <= 1000 * MICROS:
            return f"target_roas was {value}, Google allows 0.01 to 1000"
        case Status() if lever is not Lever.STATUS:
            return f"{lever} was a status, which it cannot be"
    return ""


def request_of(operations: Sequence[Operation], customer: str, *, validate_only: bool) -> Any:
    """A mutate request of operations of one service, with one leaf mask for each setting."""
    service = operations[0].service
    request = service.request.pb(service.request())
    request.customer_id = customer
    request.partial_failure = True
    request.validate_only = validate_only
    request.response_content_type = _MUTABLE_RESOURCE
    for operation in operations:
        message = request.operations.add()
        message.update.resource_name = operation.resource_name
        for setting in operation.settings:
            *parents, leaf = setting.path.split(".")
            holder = message.update
            for parent in parents:
                holder = getattr(holder, parent)
            setattr(holder, leaf, setting.value)
            message.update_mask.paths.append(setting.path)
    return service.request.wrap(request)


def stored_otherwise(operation: Operation, resource: Any) -> str:
    """Which setting Google stored with another value than asked; "" when all are as asked."""
    for setting in operation.settings:
        stored = resource
        for part in setting.path.split("."):
            stored = getattr(stored, part)
        if stored != setting.value:
            return f"Google stored {setting.path} = {stored}, {setting.value} was asked"
    return ""


def _setting(  # noqa: PLR0911  # one return for each answer
    change: Change, campaigns: Mapping[str, Campaign], budgets: Mapping[str, Sequence[Campaign]]
) -> Setting | Refused:
    ref, lever, after = change.ref, change.lever, change.after
    if ref.kind is Kind.CAMPAIGN_BUDGET:
        members = budgets.get(ref.id, ())
    else:
        members = [campaigns[ref.id]] if ref.kind is Kind.CAMPAIGN and ref.id in campaigns else []
    if not members:
        return Refused(f"the account has no such {ref.kind}, or it is of another kind now")
    campaign = members[0]
    budget_name = f"customers/{ref.account}/campaignBudgets/{campaign.budget.id}"
    campaign_name = f"customers/{ref.account}/campaigns/{campaign.id}"
    locked = next((each.locked for each in members if each.locked), "") or campaign.budget.locked
    match lever, after:
        case _ if locked:
            return Refused(f"gebot leaves it alone: {locked}")
        case Lever.DAILY_BUDGET, Money() if ref.kind is Kind.CAMPAIGN and campaign.budget.shared:
            return Refused(f"its budget is shared: change campaign_budget {campaign.budget.id} instead")
        case Lever.DAILY_BUDGET, Money():
            return Setting(BUDGETS, budget_name, "amount_micros", after.micros)
        case Lever.STATUS, Status() if ref.kind is Kind.CAMPAIGN:
            return Setting(CAMPAIGNS, campaign_name, "status", _STATUS_NUMBERS[after])
        case ((Lever.TARGET_CPA | Lever.TARGET_ROAS), (Money() | Ratio())) if ref.kind is Kind.CAMPAIGN:
            if campaign.target is None or campaign.target.lever is not lever:
                return Refused(f"its bidding strategy ({campaign.bidding}) has no {lever} of its own")
            value = after.micros if isinstance(after, Money) else after.millionths / MICROS
            return Setting(CAMPAIGNS, campaign_name, campaign.target.path, value)
    return Refused(f"a {ref.kind} on Google Ads has no lever {lever} that gebot may set")
