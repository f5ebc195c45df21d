"""Posts: changes as updates of one field of one object each. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from adapters.meta_ads.structure import Node, Structure
from adapters.meta_ads.units import ROAS_UNIT
from agent.domain.entity import Account
from agent.domain.lever import Lever, Ratio, Status, Value, number_of
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind
from agent.domain.value_fault import value_fault

_BUDGETS = {Lever.DAILY_BUDGET: "daily_budget", Lever.LIFETIME_BUDGET: "lifetime_budget"}
_BIDS = (Lever.BID_CAP, Lever.TARGET_CPA, Lever.TARGET_ROAS)
_STATUSES = {Status.ENABLED: "ACTIVE", Status.PAUSED: "PAUSED"}
_LEAST_FLOOR, _HIGHEST_FLOOR = 100, 10_000_000  # of roas_average_floor, times 10,000


@dataclass(frozen=True, slots=True)
class Post:
    """One field of one object and its new value.

    Attributes:
        position: Of the change in the batch of changes.
        budget_key: What its budget edits are counted under; "" when it changes no budget.
        value: As Meta wants it.
    """

    position: int
    id: str
    field: str
    value: int | str | Mapping[str, int]
    budget_key: str = ""

    def call(self, *, validate_only: bool) -> dict[str, str]:
        """The entry of a batch request."""
        params: dict[str, Any] = {self.field: self.value}
        if validate_only:
            params["execution_options"] = ["validate_only"]
        body = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()
        }
        return {"method": "POST", "relative_url": self.id, "body": urlencode(body)}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a batch of changes becomes.

    Attributes:
        settled: Receipts by position of what is not sent: refused, or standing already.
    """

    posts: tuple[Post, ...]
    settled: Mapping[int, Receipt]


def draft(changes: Sequence[Change], account: Account, structure: Structure) -> Draft:
    """Find the field of each change, and refuse what Meta must not be asked.

    Args:
        structure: As it stood a moment ago: all objects that the changes are about, and their campaigns.
    """
    posts: list[Post] = []
    settled: dict[int, Receipt] = {}
    seen: set[tuple[str, Lever]] = set()
    for position, change in enumerate(changes):
        node = None
        if change.ref.account_id == account.id:
            node = structure.node(change.ref.kind, change.ref.id)
        refused = _objection(change, account, node)
        if node is not None and not refused and (node.id, change.lever) in seen:
            refused = "another change of the same batch sets this lever"
        if refused or node is None:
            settled[position] = Refused(refused)
        elif node.levers()[change.lever] == number_of(change.after):
            settled[position] = Accepted()  # a write would cost one of the hour's four budget changes
        else:
            posts.append(_post(position, change, node, account))
        if node is not None:
            seen.add((node.id, change.lever))
    return Draft(tuple(posts), settled)


def _post(position: int, change: Change, node: Node, account: Account) -> Post:
    match change.after:
        case Status():
            return Post(position, node.id, "status", _STATUSES[change.after])
        case Ratio():
            floor = {"roas_average_floor": change.after.millionths // ROAS_UNIT}
            return Post(position, node.id, "bid_constraints", floor)
        case Money():
            amount = change.after.micros // account.unit_micros
            if change.lever in _BUDGETS:
                key = f"{node.kind}/{node.id}"
                return Post(position, node.id, _BUDGETS[change.lever], amount, budget_key=key)
            return Post(position, node.id, "bid_amount", amount)


def _objection(  # noqa: PLR0911  # one return for each reason
    change: Change, account: Account, node: Node | None
) -> str:
    """Why this change must not go on the wire; "" when it may."""
    lever, ref = change.lever, change.ref
    if ref.account_id != account.id:
        return f"{ref} belongs to another account"
    fault = value_fault(lever, change.after, account) or _range_fault(lever, change.after)
    if fault:
        return fault
    if node is None:
        return f"the account has no such {ref.kind}"
    if node.locked:
        return f"gebot leaves it alone: {node.locked}"
    if lever in node.levers():
        return ""
    if lever in _BUDGETS:
        other = "its ad sets" if node.kind is Kind.CAMPAIGN else "its campaign"
        if node.budget is None:
            return f"its budget is at {other}"
        return f"it has a {node.budget.lever}, not a {lever}"
    if lever in _BIDS:
        return f"its bid strategy ({node.bidding or 'none of its own'}) has no {lever}"
    return f"a {ref.kind} on Meta has no lever {lever} that gebot may set"


def _range_fault(lever: Lever, value: Value) -> str:
    """Why Meta would not take this value, which is one of its lever; "" when it would."""
    match value:
        case Ratio() if value.millionths % ROAS_UNIT:
            return f"{lever} was {value.millionths} millionths, Meta keeps four decimals"
        case Ratio() if not _LEAST_FLOOR <= value.millionths // ROAS_UNIT <= _HIGHEST_FLOOR:
            return f"{lever} was {value}, Meta allows 0.01 to 1000"
    return ""
