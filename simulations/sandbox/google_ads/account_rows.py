"""Account rows: the customer, its manager, its currency, labels and conversion actions."""

from collections.abc import Iterator

from simulations.platform import Platform
from simulations.sandbox.google_ads.search import Row

CONVERSION_ACTION = 90_000_000_001
_LOOKBACK_DAYS = 30
_DEMAND_GEN_MINIMUM = 5  # a budget of Demand Gen is at least so many smallest budgets


class AccountRows:
    """Facts of the account that nobody edits."""

    def __init__(self, platform: Platform, manager: str | None) -> None:
        """Read from this platform.

        Args:
            manager: Customer id of the manager account above it; None: there is none.
        """
        self._account = platform.account
        self._minimum_micros = platform.minimum_micros
        self._manager = manager
        self._customer = platform.account.id.account
        labels = sorted({label for campaign in platform.campaigns for label in campaign.labels})
        self.label_names = {
            label: f"customers/{self._customer}/labels/{number}" for number, label in enumerate(labels, 1)
        }
        self.customer: Row = self._facts(self._customer, is_manager=False)

    def customers(self, customer: str) -> Iterator[Row]:
        """The customer that was asked."""
        yield self._facts(customer, is_manager=customer == self._manager)

    def clients(self, customer: str) -> Iterator[Row]:
        """The customer that was asked, and those below it."""
        below = [self._customer] if customer == self._manager else []
        for level, client in enumerate([customer, *below]):
            facts = self._facts(client, is_manager=client == self._manager)
            yield {
                **self._facts(customer, is_manager=customer == self._manager),
                "customer_client.resource_name": f"customers/{customer}/customerClients/{client}",
                "customer_client.client_customer": f"customers/{client}",
                "customer_client.id": int(client),
                "customer_client.level": level,
                "customer_client.hidden": False,
                **{
                    f"customer_client.{name}": facts[f"customer.{name}"]
                    for name in (
                        "manager",
                        "descriptive_name",
                        "currency_code",
                        "time_zone",
                        "test_account",
                        "status",
                    )
                },
            }

    def currencies(self) -> Iterator[Row]:
        code = self._account.currency
        yield {
            "currency_constant.resource_name": f"currencyConstants/{code}",
            "currency_constant.code": code,
            "currency_constant.name": code,
            "currency_constant.symbol": code,
            "currency_constant.billable_unit_micros": self._account.unit_micros,
            "currency_constant.demand_gen_info.minimum_budget_per_day_micros": self._minimum_micros
            * _DEMAND_GEN_MINIMUM,
        }

    def labels(self) -> Iterator[Row]:
        for name, resource_name in self.label_names.items():
            yield {
                **self.customer,
                "label.resource_name": resource_name,
                "label.id": int(resource_name.rsplit("/", 1)[-1]),
                "label.name": name,
                "label.status": "ENABLED",
            }

    def conversion_actions(self) -> Iterator[Row]:
        """The one that the market's orders are counted by."""
        yield {
            **self.customer,
            "conversion_action.resource_name": (
                f"customers/{self._customer}/conversionActions/{CONVERSION_ACTION}"
            ),
            "conversion_action.id": CONVERSION_ACTION,
            "conversion_action.name": "Purchase",
            "conversion_action.status": "ENABLED",
            "conversion_action.type": "WEBPAGE",
            "conversion_action.category": "PURCHASE",
            "conversion_action.counting_type": "MANY_PER_CLICK",
            "conversion_action.primary_for_goal": True,
            "conversion_action.include_in_conversions_metric": True,
            "conversion_action.click_through_lookback_window_days": _LOOKBACK_DAYS,
            "conversion_action.attribution_model_settings.attribution_model": (
                "GOOGLE_SEARCH_ATTRIBUTION_DATA_DRIVEN"
            ),
            "conversion_action.value_settings.default_value": 0.0,
            "conversion_action.value_settings.always_use_default_value": False,
        }

    def _facts(self, customer: str, *, is_manager: bool) -> Row:
        account = self._account
        return {
            "customer.resource_name": f"customers/{customer}",
            "customer.id": int(customer),
            "customer.descriptive_name": f"Manager of {account.name}" if is_manager else account.name,
            "customer.currency_code": account.currency,
            "customer.time_zone": account.time_zone,
            "customer.manager": is_manager,
            "customer.test_account": True,
            "customer.status": "ENABLED",
            "customer.auto_tagging_enabled": True,
        }
