"""Objections: which values a platform lets stand, and its words for those that it does not."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from agent.domain.entity import Account
from agent.domain.marked_hours import MarkedHours
from agent.domain.ref import Kind
from simulations.bidding import WORDS, lever_of
from simulations.groups import OF_HOURS, Slot
from simulations.journal import Field
from simulations.structure import Campaign, Structure

_MONEY = (Field.AMOUNT, Field.LIFETIME_AMOUNT, Field.CPC_BID, Field.BID_CAP, Field.TARGET_CPA)
_BUDGETS = (Field.AMOUNT, Field.LIFETIME_AMOUNT)
_SWITCHES = (Field.STATUS, Field.EXCLUSION)
_LOWEST = {Field.TARGET_ROAS: 10_000, Field.MODIFIER: 100_000}
_HIGHEST = {Field.TARGET_ROAS: 1_000_000_000, Field.MODIFIER: 10_000_000}
_LONGEST_WINDOW = timedelta(days=14)
_WORDS = {
    Kind.CAMPAIGN: "campaign",
    Kind.CAMPAIGN_BUDGET: "budget",
    Kind.AD_GROUP: "ad group",
    Kind.AD_SET: "ad set",
    Kind.KEYWORD: "keyword",
    Kind.BIDDING_STRATEGY: "bidding strategy",
    Kind.DATA_EXCLUSION: "data exclusion",
    Kind.SEASONALITY: "seasonality adjustment",
}


class Fault(StrEnum):
    """Why the platform refuses an edit."""

    NOT_FOUND = "not_found"
    NOT_ABOVE_ZERO = "not_above_zero"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"
    NOT_MULTIPLE_OF_UNIT = "not_multiple_of_unit"
    LOCKED = "locked"
    WRONG_LEVEL = "wrong_level"  # the budget or target is on something above or below it
    DOES_NOTHING = "does_nothing"  # its bidding takes no notice of such a value
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Objection:
    """A refusal, with words for people."""

    fault: Fault
    because: str


class Rulebook:
    """Which levers an account has, and what may be set. Knows no time and no standing value.

    Attributes:
        manual: Ids of the campaigns that people bid for.
    """

    def __init__(self, account: Account, structure: Structure, minimum_micros: int) -> None:
        self._unit = account.unit_micros
        self._minimum = minimum_micros
        self._slots = structure.slots
        self._fields = {slot.field for slot in structure.slots}
        self._campaigns = {one.id: one for one in structure.campaigns}
        self._budgets = {one.id: one for one in structure.budgets}
        self.manual = frozenset(one.id for one in structure.campaigns if one.bidding == "manual_cpc")
        groups = {one.id: one for one in structure.groups}
        self._owners: dict[tuple[Kind, str], tuple[str, ...]] = {
            (Kind.CAMPAIGN, id_): (id_,) for id_ in self._campaigns
        }
        self._owners |= {(Kind.CAMPAIGN_BUDGET, one.id): one.campaign_ids for one in structure.budgets}
        self._owners |= {(one.kind, one.id): (one.campaign_id,) for one in structure.groups}
        self._owners |= {
            (Kind.KEYWORD, one.id): (groups[one.group_id].campaign_id,) for one in structure.keywords
        }
        self._owners |= {(Kind.BIDDING_STRATEGY, one.id): one.campaign_ids for one in structure.strategies}

    def owners(self, kind: Kind, id_: str) -> tuple[str, ...]:
        """Ids of the campaigns that feel it when this is edited; none where there is no such thing."""
        return self._owners.get((kind, id_), ())

    def slot(self, kind: Kind, id_: str, field: Field) -> Slot | None:
        """Where the lever is kept; None where there is none.

        The amount of a campaign is that of its budget, unless it shares it.
        """
        if kind in OF_HOURS:
            well_formed = field is OF_HOURS[kind] and MarkedHours.parse(id_) is not None
            return Slot(kind, id_, field) if well_formed else None
        if kind is Kind.CAMPAIGN and field in _BUDGETS and id_ in self._campaigns:
            budget = self._budgets.get(self._campaigns[id_].budget_id)
            if budget is None or budget.shared:
                return None
            kind, id_ = Kind.CAMPAIGN_BUDGET, budget.id
        if kind is Kind.CAMPAIGN_BUDGET:
            if id_ not in self._budgets:
                return None
            daily = self._budgets[id_].ends is None
            own = Field.AMOUNT if daily else Field.LIFETIME_AMOUNT
            return Slot(kind, id_, field) if field is own else None
        if kind is Kind.CAMPAIGN and field is Field.STATUS:
            return Slot(kind, id_, field) if id_ in self._campaigns else None
        slot = Slot(kind, id_, field)
        return slot if slot in self._slots else None

    def object_to(self, kind: Kind, id_: str, field: Field, number: int) -> Objection | None:
        """Why this value would be refused; None when it would be accepted."""
        slot = self.slot(kind, id_, field)
        if kind not in OF_HOURS:
            campaigns = [self._campaigns[owner] for owner in self.owners(kind, id_)]
            if not campaigns:
                return Objection(Fault.NOT_FOUND, f"there is no {_WORDS[kind]} {id_}")
            for campaign in campaigns:
                if campaign.locked:
                    return Objection(Fault.LOCKED, _locked(kind, id_, campaign))
            if slot is None:
                return self._no_lever(kind, id_, field, campaigns[0])
        elif slot is None:
            right = '"2026-11-10T08:00/2026-11-10T14:00" is right'
            return Objection(Fault.MALFORMED, f"{_WORDS[kind]} was {id_!r}, {right}")
        else:
            hours = MarkedHours.parse(id_)
            assert hours is not None, "its slot was found"
            if hours.until - hours.since > _LONGEST_WINDOW:
                right = f"at most {_LONGEST_WINDOW.days} days are right"
                return Objection(Fault.ABOVE_MAXIMUM, f"{_WORDS[kind]} was {id_}, {right}")
        return self._value(slot.field, number)

    def _value(self, field: Field, number: int) -> Objection | None:
        word = "amount" if field in _BUDGETS else field.value
        found = f"{word} was {number} {'micros' if field in _MONEY else 'millionths'}"
        if field in _SWITCHES:
            return None if number in (0, 1) else Objection(Fault.MALFORMED, f"{found}, 0 or 1 is right")
        lowest = self._minimum if field in _BUDGETS else _LOWEST.get(field, self._unit)
        highest = _HIGHEST.get(field, number)
        step = self._unit if field in _MONEY else 1
        if number <= 0:
            return Objection(Fault.NOT_ABOVE_ZERO, f"{found}, more than 0 is right")
        if number < lowest:
            return Objection(Fault.BELOW_MINIMUM, f"{found}, at least {lowest} is right")
        if number > highest:
            return Objection(Fault.ABOVE_MAXIMUM, f"{found}, at most {highest} is right")
        if number % step:
            return Objection(Fault.NOT_MULTIPLE_OF_UNIT, f"{found}, a multiple of {step} is right")
        return None

    def _no_lever(self, kind: Kind, id_: str, field: Field, campaign: Campaign) -> Objection:
        what = f"{_WORDS[kind]} {id_}"
        if field in _BUDGETS:
            return self._no_budget(kind, what, field, campaign)
        if field not in WORDS:
            return Objection(Fault.DOES_NOTHING, f"there is no {field} of {what}")
        if field not in self._fields:
            return Objection(Fault.DOES_NOTHING, f"on this account {WORDS[field]} does nothing")
        if lever_of(campaign.bidding) is not field:
            because = f"its bidding is {campaign.bidding}, {WORDS[field]} does nothing"
            return Objection(Fault.DOES_NOTHING, because)
        because = f"{what} has not {WORDS[field]} of its own"
        if campaign.strategy_id:
            because = f"the target of {what} is that of bidding strategy {campaign.strategy_id}"
        elif kind is Kind.CAMPAIGN:
            because = f"{WORDS[field]} of {what} is set below it"
        return Objection(Fault.WRONG_LEVEL, because)

    def _no_budget(self, kind: Kind, what: str, field: Field, campaign: Campaign) -> Objection:
        budget = self._budgets.get(campaign.budget_id)
        if kind is Kind.CAMPAIGN and budget is None:
            return Objection(Fault.WRONG_LEVEL, f"the budgets of {what} are on its groups")
        if kind is Kind.CAMPAIGN and budget is not None and budget.shared:
            return Objection(Fault.WRONG_LEVEL, f"the budget of {what} is shared: {budget.id}")
        if kind in (Kind.CAMPAIGN, Kind.CAMPAIGN_BUDGET) or (budget is None and kind is not Kind.KEYWORD):
            other = "daily" if field is Field.LIFETIME_AMOUNT else "lifetime"
            return Objection(Fault.DOES_NOTHING, f"the budget of {what} is a {other} budget")
        return Objection(Fault.WRONG_LEVEL, f"the budget of {what} is on its campaign")


def _locked(kind: Kind, id_: str, campaign: Campaign) -> str:
    if kind is Kind.CAMPAIGN:
        return f"campaign {id_} is locked: {campaign.locked}"
    return f"a campaign of {_WORDS[kind]} {id_} is locked: {campaign.locked}"
