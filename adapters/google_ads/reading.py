"""Reading: which queries an account's structure takes, or a part of it. Few wide ones."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol, TypeVar

from adapters.google_ads import queries
from adapters.google_ads.campaigns import campaign_of
from adapters.google_ads.client import Client
from adapters.google_ads.groups import ad_group_of, keyword_of
from adapters.google_ads.portfolios import strategy_of
from adapters.google_ads.structure import Structure
from adapters.google_ads.windows import Marked, marked_of
from agent.domain.ref import Kind, Ref


class _Part(Protocol):
    """Whatever has an id."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Part)
_WINDOWS = {Kind.DATA_EXCLUSION: queries.EXCLUSIONS, Kind.SEASONALITY: queries.SEASONALITY}


def whole(client: Client, levels: Collection[Kind]) -> Structure:
    """All of the account, and of ad groups and keywords what is asked for.

    Takes one query, and one more each for: labels if there are any, portfolio strategies if any
    campaign is attached to one, ad groups, keywords.
    """
    campaigns = _by_id(map(campaign_of, client.rows(queries.campaign_state())))
    groups = (
        _by_id(map(ad_group_of, client.rows(queries.ad_group_state()))) if Kind.AD_GROUP in levels else {}
    )
    keywords = _by_id(map(keyword_of, client.rows(queries.keyword_state()))) if Kind.KEYWORD in levels else {}
    attached = any(campaign.portfolio for campaign in campaigns.values())
    strategies = _by_id(map(strategy_of, client.rows(queries.strategy_state()))) if attached else {}
    labelled = any(campaign.labels for campaign in campaigns.values())
    labelled |= any(group.labels for group in groups.values())
    labelled |= any(keyword.labels for keyword in keywords.values())
    return Structure(
        customer=client.customer,
        campaigns=campaigns,
        strategies=strategies,
        groups=groups,
        keywords=keywords,
        labels={row.label.resource_name: row.label.name for row in client.rows(queries.LABELS)}
        if labelled
        else {},
    )


def about(client: Client, refs: Collection[Ref]) -> Structure:
    """What must be known of these refs, all of this account, to read or set their levers, read now.

    Takes one query for campaigns and budgets, and one more each for ad groups, keywords, portfolio
    strategies and each kind of marked hours, where any is asked for.
    """
    ids: dict[Kind, set[str]] = {}
    for ref in refs:
        ids.setdefault(ref.kind, set()).add(ref.id)

    def rows(query: str) -> Iterable[Any]:
        return client.rows(query, urgent=True)

    def some(kind: Kind, query: Callable[[Collection[str]], str], read: Callable[[Any], T]) -> dict[str, T]:
        return _by_id(map(read, rows(query(ids[kind])))) if kind in ids else {}

    keywords = some(Kind.KEYWORD, queries.keyword_state, keyword_of)
    groups = some(Kind.AD_GROUP, queries.ad_group_state, ad_group_of)
    strategies = some(Kind.BIDDING_STRATEGY, queries.strategy_state, strategy_of)
    campaigns = ids.get(Kind.CAMPAIGN, set()) | {each.campaign for each in keywords.values()}
    campaigns |= {each.campaign for each in groups.values()}
    budgets = ids.get(Kind.CAMPAIGN_BUDGET, set())
    query = ""
    if strategies:  # any campaign may be attached
        query = queries.campaign_state()
    elif campaigns or budgets:
        query = queries.campaign_state(campaigns, budgets)
    return Structure(
        customer=client.customer,
        campaigns=_by_id(map(campaign_of, rows(query))) if query else {},
        strategies=strategies,
        groups=groups,
        keywords=keywords,
        windows={kind: marked_of(rows(_WINDOWS[kind]), kind) for kind in _WINDOWS if kind in ids},
    )


def windows(client: Client) -> list[Marked]:
    """All marked hours; two queries."""
    return [
        marked for kind, query in _WINDOWS.items() for marked in marked_of(client.rows(query), kind).values()
    ]


def is_well_formed(ref: Ref) -> bool:
    """True for an id that may stand in a query, or never does."""
    if ref.kind in _WINDOWS:
        return True
    parts = ref.id.split("~") if ref.kind is Kind.KEYWORD else [ref.id]
    digits = all(part.isascii() and part.isdigit() for part in parts)
    return digits and len(parts) == (2 if ref.kind is Kind.KEYWORD else 1)


def _by_id(parts: Iterable[T]) -> dict[str, T]:
    return {part.id: part for part in parts}
