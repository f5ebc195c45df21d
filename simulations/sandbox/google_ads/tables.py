"""Tables: what the simulated account holds, as rows of the API's resources."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.domain.money import MICROS
from simulations.platform import Platform
from simulations.sandbox.google_ads.changes import change_rows
from simulations.sandbox.google_ads.dates import DATE, date_range
from simulations.sandbox.google_ads.gaql import Query
from simulations.sandbox.google_ads.refusal import Refusal
from simulations.sandbox.google_ads.search import Row

_CHANNELS = {"search": "SEARCH", "shopping": "SHOPPING", "social": "DEMAND_GEN", "video": "VIDEO"}


class Tables:
    """Rows of each resource at the moment of the call."""

    def __init__(self, platform: Platform, *, change_delay: timedelta = timedelta(0)) -> None:
        """Read from this platform.

        Args:
            change_delay: How long a change takes to show in change_event (Google: up to 3 minutes).
        """
        self._platform = platform
        self._change_delay = change_delay
        self._customer = platform.account.id.account
        labels = sorted({label for campaign in platform.campaigns for label in campaign.labels})
        self._labels = {
            label: f"customers/{self._customer}/labels/{number}" for number, label in enumerate(labels, 1)
        }

    def rows(self, query: Query) -> Iterator[Row]:
        """All rows of the query's resource, filtered by date only.

        Raises:
            Refusal: The query lacks a filter that this resource needs.
        """
        if query.resource == "campaign" and any(
            path.startswith(("metrics.", "segments.")) for path in query.fields
        ):
            return self._daily(query)
        if query.resource == "change_event":
            return change_rows(self._platform, query, self._change_delay)
        return {
            "customer": self._customers,
            "campaign": self._campaigns,
            "campaign_budget": self._budgets,
            "currency_constant": self._currencies,
            "label": self._label_rows,
        }[query.resource]()

    def _customers(self) -> Iterator[Row]:
        account = self._platform.account
        yield {
            "customer.resource_name": f"customers/{self._customer}",
            "customer.id": int(self._customer),
            "customer.descriptive_name": account.name,
            "customer.currency_code": account.currency,
            "customer.time_zone": account.time_zone,
            "customer.manager": False,
            "customer.test_account": True,
            "customer.status": "ENABLED",
            "customer.auto_tagging_enabled": True,
        }

    def _currencies(self) -> Iterator[Row]:
        account = self._platform.account
        yield {
            "currency_constant.resource_name": f"currencyConstants/{account.currency}",
            "currency_constant.code": account.currency,
            "currency_constant.billable_unit_micros": account.unit_micros,
        }

    def _label_rows(self) -> Iterator[Row]:
        for name, resource_name in self._labels.items():
            yield {
                "label.resource_name": resource_name,
                "label.id": int(resource_name.rsplit("/", 1)[-1]),
                "label.name": name,
                "label.status": "ENABLED",
            }

    def _budgets(self) -> Iterator[Row]:
        amounts = self._platform.levers().amounts.tolist()
        for budget, amount in zip(self._platform.budgets, amounts, strict=True):
            yield {
                "campaign_budget.resource_name": f"customers/{self._customer}/campaignBudgets/{budget.id}",
                "campaign_budget.id": int(budget.id),
                "campaign_budget.name": budget.name,
                "campaign_budget.amount_micros": amount,
                "campaign_budget.period": "DAILY",
                "campaign_budget.type": "STANDARD",
                "campaign_budget.status": "ENABLED",
                "campaign_budget.delivery_method": "STANDARD",
                "campaign_budget.explicitly_shared": budget.shared,
                "campaign_budget.reference_count": len(budget.campaign_ids),
            }

    def _campaigns(self) -> Iterator[Row]:
        budgets = {str(row["campaign_budget.id"]): row for row in self._budgets()}
        enabled = self._platform.levers().enabled.tolist()
        customer = next(self._customers())
        for campaign, is_enabled in zip(self._platform.campaigns, enabled, strict=True):
            budget = budgets[campaign.budget_id]
            yield {
                **customer,
                **budget,
                "campaign.resource_name": f"customers/{self._customer}/campaigns/{campaign.id}",
                "campaign.id": int(campaign.id),
                "campaign.name": campaign.name,
                "campaign.status": "ENABLED" if is_enabled else "PAUSED",
                "campaign.serving_status": "SERVING",
                "campaign.advertising_channel_type": _CHANNELS[campaign.channel],
                "campaign.experiment_type": "EXPERIMENT" if campaign.locked else "BASE",
                "campaign.start_date_time": f"{campaign.started} 00:00:00",
                "campaign.labels": sorted(self._labels[label] for label in campaign.labels),
                "campaign.bidding_strategy_type": campaign.bidding.upper(),
                "campaign.bidding_strategy_system_status": "ENABLED",
                "campaign.campaign_budget": budget["campaign_budget.resource_name"],
            }

    def _daily(self, query: Query) -> Iterator[Row]:
        """One row for each campaign and day; for each campaign when the day is not selected."""
        days = date_range(query, self._platform.today())
        if days is None:
            raise Refusal(
                "query_error.EXPECTED_FILTERS_ON_DATE_RANGE",
                "The sandbox reports metrics for a finite range of 'segments.date' only.",
            )
        table = self._platform.metrics(days.since, days.until)
        campaigns = {row["campaign.id"]: row for row in self._campaigns()}
        columns = {
            "metrics.cost_micros": table.cost_micros,
            "metrics.impressions": table.impressions,
            "metrics.clicks": table.clicks,
            "metrics.conversions": table.conversions,
            "metrics.conversions_value": table.conversion_value_micros / MICROS,
        }
        if DATE not in query.select:
            ids, group = np.unique(table.ids, return_inverse=True)
            for number, campaign_id in enumerate(ids.tolist()):
                sums = {path: column[group == number].sum().item() for path, column in columns.items()}
                yield {**campaigns[int(campaign_id)], **sums}
            return
        columns["metrics.search_impression_share"] = table.search_impression_share
        columns["metrics.search_budget_lost_impression_share"] = table.search_budget_lost_impression_share
        columns["metrics.search_rank_lost_impression_share"] = table.search_rank_lost_impression_share
        order = np.lexsort((table.days, table.ids))
        figures = zip(*(_values(column[order]) for column in columns.values()), strict=True)
        keys = zip(table.ids[order].tolist(), table.days[order].astype(str).tolist(), strict=True)
        for (campaign_id, day), values in zip(keys, figures, strict=True):
            row: dict[str, Any] = dict(campaigns[int(campaign_id)])
            row[DATE] = day
            row.update(zip(columns, values, strict=True))
            yield row


def _values(column: NDArray[Any]) -> list[Any]:
    """The column's values, None for NaN: the platform has no such figure."""
    values = column.astype(object)
    values[np.isnan(column)] = None
    return list(values)
