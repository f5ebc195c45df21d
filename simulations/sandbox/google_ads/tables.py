"""Tables: what the simulated account holds, as rows of the API's resources."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from simulations.platform import Platform
from simulations.sandbox.google_ads import advice_rows
from simulations.sandbox.google_ads.account_rows import AccountRows
from simulations.sandbox.google_ads.changes import Changes
from simulations.sandbox.google_ads.entity_rows import EntityRows
from simulations.sandbox.google_ads.fields import row_field
from simulations.sandbox.google_ads.gaql import Query
from simulations.sandbox.google_ads.idle import IdleBids
from simulations.sandbox.google_ads.messages import message_class
from simulations.sandbox.google_ads.metric_rows import metric_rows
from simulations.sandbox.google_ads.resources import (
    AD_GROUPS,
    ADJUSTMENTS,
    BUDGETS,
    CAMPAIGNS,
    CRITERIA,
    EXCLUSIONS,
    STRATEGIES,
    Collection,
)
from simulations.sandbox.google_ads.search import Row


class Tables:
    """Rows of each resource at the moment of the call.

    Attributes:
        idle: Bids and targets that are kept without effect.
        window_names: What somebody called marked hours, by the API's id.
    """

    def __init__(
        self,
        platform: Platform,
        *,
        change_delay: timedelta = timedelta(0),
        manager: str | None = None,
        merged_targets: bool = False,
    ) -> None:
        """Read from this platform.

        Args:
            change_delay: How long a change takes to show in change_event (Google: up to 3 minutes).
            manager: Customer id of the manager account above this one; None: there is none.
            merged_targets: Targets stand inside of maximize_conversions and
                maximize_conversion_value, as in newer accounts.
        """
        self.idle = IdleBids()
        self.window_names: dict[str, str] = {}
        self.manager = manager
        self._platform = platform
        self._account = AccountRows(platform, manager)
        self._entities = EntityRows(platform, self._account, self.idle, merged_targets)
        self._changes = Changes(platform, delay=change_delay, merged=merged_targets)

    def rows(self, query: Query, customer: str | None = None) -> Iterator[Row]:
        """All rows of the query's resource, filtered by date only.

        Args:
            customer: Whose; the account's own when None.

        Raises:
            Refusal: The query lacks a filter that this resource needs.
        """
        asked = self._platform.account.id.account if customer is None else customer
        sources: Mapping[str, Callable[[], Iterator[Row]]] = {
            "customer": lambda: self._account.customers(asked),
            "customer_client": lambda: self._account.clients(asked),
            "currency_constant": self._account.currencies,
        }
        if query.resource in sources:
            return sources[query.resource]()
        if asked == self.manager:
            return iter(())
        if query.resource in ("campaign", "ad_group", "keyword_view") and any(
            path.startswith(("metrics.", "segments.")) for path in query.fields
        ):
            return metric_rows(self._platform, query, self._plain(query))
        return self._plain(query)

    def stored(self, collection: Collection) -> Mapping[str, Any]:
        """Each resource of a collection as a message, by its resource name."""
        sources = {
            BUDGETS.field: self._entities.budgets,
            CAMPAIGNS.field: self._entities.campaigns,
            AD_GROUPS.field: self._entities.ad_groups,
            CRITERIA.field: self._entities.criteria,
            STRATEGIES.field: self._entities.strategies,
            EXCLUSIONS.field: self._exclusions,
            ADJUSTMENTS.field: self._adjustments,
        }
        prefix = f"{collection.field}."
        found = {}
        for row in sources[collection.field]():
            holder = message_class("services.GoogleAdsRow")()
            for path, value in row.items():
                if path.startswith(prefix) and value is not None:
                    row_field(path).write(holder, value)
            found[str(row[f"{prefix}resource_name"])] = getattr(holder, collection.field)
        return found

    def _plain(self, query: Query) -> Iterator[Row]:
        """Rows without figures."""
        sources: Mapping[str, Callable[[], Iterator[Row]]] = {
            "campaign": self._entities.campaigns,
            "campaign_budget": self._entities.budgets,
            "bidding_strategy": self._entities.strategies,
            "ad_group": self._entities.ad_groups,
            "ad_group_criterion": self._entities.criteria,
            "keyword_view": self._entities.criteria,
            "label": self._account.labels,
            "conversion_action": self._account.conversion_actions,
            "recommendation": lambda: iter(()),
            "campaign_simulation": lambda: advice_rows.simulations(self._platform, self._account),
            "bidding_data_exclusion": self._exclusions,
            "bidding_seasonality_adjustment": self._adjustments,
            "change_event": lambda: self._changes.events(query),
            "change_status": lambda: self._changes.statuses(query),
        }
        return sources[query.resource]()

    def _exclusions(self) -> Iterator[Row]:
        return advice_rows.exclusions(self._platform, self._account, self.window_names)

    def _adjustments(self) -> Iterator[Row]:
        return advice_rows.adjustments(self._platform, self._account, self.window_names)
