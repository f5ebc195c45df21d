"""Orders: what the parameters of a write ask for, by the rules that Meta checks before it stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.objections import Fault as PlatformFault
from simulations.platform import Platform
from simulations.sandbox.meta_ads.call import Call
from simulations.sandbox.meta_ads.ids import shown
from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.money import unit_micros, units
from simulations.sandbox.meta_ads.names import AD_SET, CAMPAIGN
from simulations.sandbox.meta_ads.nodes import ROAS_STEP, strategy_of
from simulations.sandbox.meta_ads.refusal import (
    BOTH_BUDGET_LEVELS,
    BUDGET_TOO_LOW,
    MISSING_OBJECT,
    PARAMETER,
    People,
    Refusal,
)
from simulations.structure import Campaign

BUDGETS: Mapping[str, Field] = {"daily_budget": Field.AMOUNT, "lifetime_budget": Field.LIFETIME_AMOUNT}

_BIDS = {"LOWEST_COST_WITH_BID_CAP": Field.BID_CAP, "COST_CAP": Field.TARGET_CPA}
_STATUSES = {"PAUSED": 0, "ACTIVE": 1}
_GONE = ("ARCHIVED", "DELETED")
_ROAS = "LOWEST_COST_WITH_MIN_ROAS"
_LEAST_ROAS, _MOST_ROAS = 100, 10_000_000


@dataclass(frozen=True, slots=True)
class Order:
    """A parameter that passed every check: set this lever to this number."""

    parameter: str
    field: Field
    number: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a write asks for, and the parameters that nobody knows."""

    orders: tuple[Order, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be changed."""

    kind: Kind
    id: str
    campaign: Campaign


class Orders:
    """Reads and checks parameters; stores nothing."""

    def __init__(self, platform: Platform, limits: Limits) -> None:
        self._platform = platform
        self._limits = limits

    def read(self, target: Target, asked: Mapping[str, str], call: Call) -> Asked:
        """Check every parameter.

        Raises:
            Refusal: One is refused, so nothing of the call may be stored.
        """
        if set(BUDGETS) <= set(asked):
            raise Refusal(PARAMETER, "Either a daily or a lifetime budget can be given", blame=list(BUDGETS))
        if target.campaign.locked:
            raise Refusal(PARAMETER, f"This object cannot be edited: {target.campaign.locked}", blame=["id"])
        orders: list[Order] = []
        unknown: list[str] = []
        for name, text in asked.items():
            order = self._order(target, name, text, call)
            if order is None:
                unknown.append(name)
            else:
                orders.append(order)
                self._check(target, order)
        if unknown and self._limits.unknown_parameters == "refuse":
            raise Refusal(
                PARAMETER, f"Param {unknown[0]} is unknown", blame=unknown, violation="unknown_field"
            )
        return Asked(tuple(orders), tuple(unknown))

    def standing(self, target: Target, name: str) -> str | None:
        """How a parameter stands, in Meta's form; None where the target has no such thing."""
        strategy = strategy_of(target.campaign)
        fields: Mapping[str, Field | None] = {
            **BUDGETS,
            "status": Field.STATUS,
            "bid_amount": _BIDS.get(strategy),
            "bid_constraints": Field.TARGET_ROAS if strategy == _ROAS else None,
        }
        field = fields.get(name)
        number = None if field is None else self._platform.standing(target.kind, target.id, field)
        if number is None or field is None:
            return None
        if field is Field.STATUS:
            return "ACTIVE" if number else "PAUSED"
        if field is Field.TARGET_ROAS:
            return str(number // ROAS_STEP)
        return str(units(number, self._platform.account.currency))

    def _order(self, target: Target, name: str, text: str, call: Call) -> Order | None:
        """What a parameter asks for; None when Meta knows no such parameter."""
        if name in BUDGETS:
            self._check_level(target, name)
            return Order(name, BUDGETS[name], self._micros(name, text))
        if name == "status":
            if text in _GONE:
                raise Refusal(PARAMETER, "The sandbox neither archives nor deletes", blame=[name])
            if text not in _STATUSES:
                right = "{ACTIVE, PAUSED, DELETED, ARCHIVED}"
                raise Refusal(PARAMETER, f"Param status must be one of {right}", blame=[name])
            return Order(name, Field.STATUS, _STATUSES[text])
        if target.kind is Kind.AD_SET and name == "bid_amount":
            return self._bid(target, text)
        if target.kind is Kind.AD_SET and name == "bid_constraints":
            return self._floor(target, call.parsed(name))
        if name in (AD_SET if target.kind is Kind.AD_SET else CAMPAIGN):
            raise Refusal(PARAMETER, f"The sandbox does not store {name}", blame=[name])
        return None

    def _bid(self, target: Target, text: str) -> Order:
        strategy = strategy_of(target.campaign)
        if strategy not in _BIDS:
            raise Refusal(
                PARAMETER, f"bid_amount cannot be set under bid strategy {strategy}", blame=["bid_amount"]
            )
        return Order("bid_amount", _BIDS[strategy], self._micros("bid_amount", text))

    def _floor(self, target: Target, given: Any) -> Order:
        strategy = strategy_of(target.campaign)
        floor = given.get("roas_average_floor") if isinstance(given, dict) else None
        if strategy != _ROAS:
            because = f"bid_constraints cannot be set under bid strategy {strategy}"
        elif not str(floor).isdigit() or not _LEAST_ROAS <= int(str(floor)) <= _MOST_ROAS:
            because = f"roas_average_floor must be within {_LEAST_ROAS} and {_MOST_ROAS}"
        else:
            return Order("bid_constraints", Field.TARGET_ROAS, int(str(floor)) * ROAS_STEP)
        raise Refusal(PARAMETER, because, blame=["bid_constraints"])

    def _check_level(self, target: Target, name: str) -> None:
        """Budgets are on the campaign or on its ad sets, never on both."""
        if (target.kind is Kind.AD_SET) != target.campaign.group_budgets:
            raise Refusal(
                BOTH_BUDGET_LEVELS,
                "Invalid parameter",
                blame=[name],
                people=People(
                    "Can't Set Budget Here", "You can only set an ad set budget or a campaign budget."
                ),
                violation="both_budget_levels",
            )

    def _micros(self, name: str, text: str) -> int:
        if not text.isdigit() or int(text) == 0:
            raise Refusal(PARAMETER, f"Param {name} must be an integer greater than zero", blame=[name])
        return int(text) * unit_micros(self._platform.account.currency)

    def _check(self, target: Target, order: Order) -> None:
        objection = self._platform.object_to(target.kind, target.id, order.field, order.number)
        if objection is None:
            return
        if objection.fault is PlatformFault.NOT_FOUND:
            raise Refusal(MISSING_OBJECT, f"Object with ID '{shown(target.id)}' does not exist")
        if objection.fault is PlatformFault.BELOW_MINIMUM and order.field in BUDGETS.values():
            account = self._platform.account
            least = units(self._platform.minimum_micros, account.currency)
            raise Refusal(
                BUDGET_TOO_LOW,
                "Invalid parameter",
                blame=[order.parameter],
                people=People(
                    "Your Budget Is Too Low",
                    f"Your budget must be at least {least} hundredths of {account.currency}",
                ),
            )
        raise Refusal(PARAMETER, objection.because, blame=[order.parameter])
