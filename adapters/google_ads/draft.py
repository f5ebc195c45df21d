"""Draft: changes as operations with hand-written masks, and what Google must not be asked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.google_ads.budgets import AMOUNT_PATHS
from adapters.google_ads.marking import marking
from adapters.google_ads.operations import (
    AD_GROUPS,
    BUDGETS,
    CAMPAIGNS,
    CRITERIA,
    SERVICES,
    STRATEGIES,
    Operation,
    Service,
    Setting,
)
from adapters.google_ads.structure import Structure
from adapters.google_ads.targets import Target
from adapters.google_ads.values import on_the_wire, range_fault
from agent.domain.entity import Account
from agent.domain.lever import Lever, number_of
from agent.domain.outcome import Accepted, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind, Ref
from agent.domain.value_fault import value_fault

_SERVICE_OF = {
    Kind.CAMPAIGN: CAMPAIGNS,
    Kind.CAMPAIGN_BUDGET: BUDGETS,
    Kind.BIDDING_STRATEGY: STRATEGIES,
    Kind.AD_GROUP: AD_GROUPS,
    Kind.KEYWORD: CRITERIA,
}
_TWICE = Refused("another change of the same batch sets this lever")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a batch of changes becomes.

    Attributes:
        operations: Budgets first; see `SERVICES`.
        settled: By position in the batch, what needs no operation: refused, or standing already.
    """

    operations: tuple[Operation, ...]
    settled: Mapping[int, Receipt]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """Where one change goes."""

    service: Service
    resource_name: str
    setting: Setting


def draft(changes: Sequence[Change], account: Account, structure: Structure) -> Draft:
    """Find the resource and leaf of each change, and refuse what Google must not be asked.

    A change to what stands already is accepted and costs no operation.

    Args:
        structure: As it stood a moment ago; all that the changes are about.
    """
    settled: dict[int, Receipt] = {}
    leaves: dict[str, dict[str, tuple[int, _Leaf]]] = {}
    operations: list[Operation] = []
    marked: set[Ref] = set()
    for position, change in enumerate(changes):
        verdict = _verdict(change, account, structure)
        step: Operation | _Leaf | Receipt
        if verdict is not None:
            step = verdict
        elif not change.lever.is_of_hours:
            step = _leaf(change, structure)
        elif change.ref in marked:
            step = _TWICE
        else:
            step = marking(change, structure, position)
            marked.add(change.ref)
        match step:
            case Operation():
                operations.append(step)
            case _Leaf(_, name, setting):
                if setting.path in leaves.get(name, {}):
                    settled[position] = _TWICE
                else:
                    leaves.setdefault(name, {})[setting.path] = (position, step)
            case _:
                settled[position] = step
    operations += [
        Operation(
            service=next(leaf.service for _, leaf in parts.values()),
            resource_name=name,
            settings=tuple(leaf.setting for _, leaf in parts.values()),
            changes=tuple(position for position, _ in parts.values()),
        )
        for name, parts in leaves.items()
    ]
    return Draft(tuple(sorted(operations, key=lambda each: SERVICES.index(each.service))), settled)


def _verdict(change: Change, account: Account, structure: Structure) -> Receipt | None:
    """What can be said of a change without asking Google; None: ask."""
    ref, lever = change.ref, change.lever
    if ref.account_id != account.id:
        return Refused(f"{ref} belongs to another account")
    fault = value_fault(lever, change.after, account) or range_fault(lever, change.after)
    if fault:
        return Refused(fault)
    levers = structure.levers(ref.kind, ref.id)
    if not levers:
        return Refused(f"the account has no such {ref.kind} with a lever, or it is of another kind now")
    locked = structure.locked(ref.kind, ref.id, account.currency)
    if locked:
        return Refused(f"gebot leaves it alone: {locked}")
    if lever not in levers:
        return Refused(_why_not(ref, lever, structure))
    return Accepted() if levers[lever] == number_of(change.after) else None


def _leaf(change: Change, structure: Structure) -> _Leaf:
    """Where a change of a lever that is there goes."""
    ref, lever = change.ref, change.lever
    service, id_ = _SERVICE_OF[ref.kind], ref.id
    if lever in AMOUNT_PATHS:
        path = AMOUNT_PATHS[lever]
        if ref.kind is Kind.CAMPAIGN:
            service, id_ = BUDGETS, structure.campaigns[ref.id].budget.id
    elif lever is Lever.CPC_BID:
        path = "cpc_bid_micros"
    elif lever is Lever.STATUS:
        path = "status"
    else:
        target = _target(ref, structure)
        path = "" if target is None else target.path
    name = f"customers/{ref.account}/{service.collection}/{id_}"
    return _Leaf(service, name, Setting(path, on_the_wire(change.after)))


def _target(ref: Ref, structure: Structure) -> Target | None:
    if ref.kind is Kind.AD_GROUP:
        group = structure.groups[ref.id]
        return group.target(structure.campaigns[group.campaign])
    holder = structure.campaigns if ref.kind is Kind.CAMPAIGN else structure.strategies
    return holder[ref.id].target


def _why_not(  # noqa: PLR0911  # one return for each reason
    ref: Ref, lever: Lever, structure: Structure
) -> str:
    """Why a thing that is there has no such lever."""
    campaign = structure.campaigns.get(ref.id) if ref.kind is Kind.CAMPAIGN else None
    above = structure.above(ref.kind, ref.id)
    if above is not None:
        if lever is Lever.CPC_BID and not above.bids_by_hand:
            return f"its campaign bids by {above.bidding or 'an unknown strategy'}: a bid would be ignored"
        if lever is Lever.CPC_BID:
            return "it has no bid of its own: the one above it counts"
        if lever in (Lever.TARGET_CPA, Lever.TARGET_ROAS):
            return f"it overrides no {lever} of its campaign, or its campaign has none of its own"
    if campaign is not None and lever in AMOUNT_PATHS:
        if campaign.budget.shared:
            return f"its budget is shared: change campaign_budget {campaign.budget.id} instead"
        return f"its budget is a {campaign.budget.lever}, not a {lever}"
    if campaign is not None and lever in (Lever.TARGET_CPA, Lever.TARGET_ROAS):
        if campaign.portfolio:
            id_ = campaign.portfolio.rsplit("/", 1)[-1]
            return f"it bids by a portfolio strategy: change bidding_strategy {id_} instead"
        return f"its bidding strategy ({campaign.bidding}) has no {lever} of its own"
    return f"a {ref.kind} on Google Ads has no lever {lever} that gebot may set"
