"""Wires: what a platform's client would be handed for an amount, as drafts of the adapters say it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from google.ads.googleads.v26.services.types.google_ads_service import GoogleAdsRow

from adapters.google_ads.campaigns import campaign_of
from adapters.google_ads.draft import draft as google_draft
from adapters.google_ads.structure import Structure as GoogleStructure
from adapters.meta_ads.posts import draft as meta_draft
from adapters.meta_ads.structure import structure_of
from agent.domain.entity import Account
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.plan import Change
from agent.domain.ref import AccountId, Kind, Ref

_NOW = datetime(2026, 11, 21, tzinfo=UTC)


def to_google(amount: Money, currency: str, unit: int) -> list[int]:
    """A daily budget in micros on Google's wire; empty when it is refused."""
    account = Account(AccountId("google_ads", "1234567890"), "Shop", currency, "UTC", unit)
    row = GoogleAdsRow.pb(GoogleAdsRow())
    row.campaign.id, row.campaign.status, row.campaign.experiment_type = 7, 2, 2
    row.campaign_budget.id, row.campaign_budget.period, row.campaign_budget.reference_count = 9, 2, 1
    row.campaign_budget.amount_micros = 123 * unit
    ref = Ref("google_ads", account.id.account, Kind.CAMPAIGN, "7")
    structure = GoogleStructure(account.id.account, {"7": campaign_of(row)})
    batch = google_draft([Change(ref, Lever.DAILY_BUDGET, amount, amount)], account, structure)
    settings = [setting for operation in batch.operations for setting in operation.settings]
    return [setting.value for setting in settings if isinstance(setting.value, int)]


def to_meta(amount: Money, currency: str, unit: int) -> list[int]:
    """The same on Meta's, which counts in the account's smallest units."""
    account = Account(AccountId("meta_ads", "123"), "Shop", currency, "UTC", unit)
    campaign = {"id": "11", "name": "Sales", "status": "ACTIVE", "daily_budget": "123"}
    structure = structure_of([campaign], [], unit=unit, zone=ZoneInfo("UTC"), now=_NOW)
    ref = Ref("meta_ads", "123", Kind.CAMPAIGN, "11")
    batch = meta_draft([Change(ref, Lever.DAILY_BUDGET, amount, amount)], account, structure)
    return [int(str(post.value)) * unit for post in batch.posts]
