"""Broken reading: what adapters would tell that break the laws of reading."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from broken import Twist, each_time_another, remembered, rows_of

from agent.domain.advice import Advice
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, value_of
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Ambiguous, Refused
from agent.domain.ref import Kind, Ref
from agent.ports.platform import Adapter

DAY = timedelta(days=1)
YES, NO, DOUBT = Accepted(), Refused("no"), Ambiguous("who knows")
LATEST = np.datetime64(date(2026, 11, 21))


def of_own_account(levers: Sequence[tuple[Ref, Lever]], inner: Adapter) -> dict[tuple[Ref, Lever], Any]:
    home = inner.account().id
    own = {(home.ref(ref.kind, ref.id), lever): (ref, lever) for ref, lever in levers}
    return {own[key]: value for key, value in inner.read(list(own)).items()}


def with_zeros(inner: Adapter, levers: Sequence[tuple[Ref, Lever]]) -> Any:
    read = dict(inner.read(levers))
    return {key: read.get(key, value_of(key[1], 0, "EUR")) for key in levers}


def one_day_more(inner: Adapter, since: date, until: date) -> Any:
    return replace(inner.metrics(since - DAY, until), since=np.datetime64(since))


def as_ad_set(table: Any) -> Any:
    """Make the second campaign an ad set of the first."""
    kinds, parents = table.kinds.astype("U20"), table.parents.astype("U20")
    row = int(np.flatnonzero(kinds == Kind.CAMPAIGN.value)[1])
    kinds[row], parents[row] = Kind.AD_SET.value, table.ids[row - 1]
    return replace(table, kinds=kinds, parents=parents)


def ad_sets_that_cost_more(inner: Adapter, since: date, until: date) -> Any:
    table, entities = inner.metrics(since, until), as_ad_set(inner.entities())
    mine = np.isin(table.ids, entities.ids[entities.kinds == Kind.AD_SET.value])
    kinds = np.where(mine, Kind.AD_SET.value, table.kinds)
    return replace(table, kinds=kinds, cost_micros=table.cost_micros * np.where(mine, 100, 1))


def hours_of(*hours: str) -> HourlyMetrics:
    n = np.ones(len(hours), dtype=np.int64)
    kinds, ids = np.full(len(hours), Kind.CAMPAIGN.value), np.full(len(hours), "1")
    return HourlyMetrics(kinds, ids, np.array(hours, "datetime64[m]"), n, n, n, n.astype(float), n)


def both_budgets(inner: Adapter) -> Any:
    table = as_ad_set(inner.entities())
    column = table.levers[Lever.DAILY_BUDGET]
    everywhere = replace(column, present=np.ones(len(table), dtype=bool))
    return replace(table, levers={**table.levers, Lever.DAILY_BUDGET: everywhere})


BROKEN_READING: Mapping[str, Mapping[str, Twist]] = {
    # The account and its entities
    "an account tells all its facts": {"account": lambda inner: replace(inner.account(), unit_micros=1)},
    "currency and time zone are the accounts own": {
        "read": lambda inner, levers: {key: Money(1, "XXX") for key in inner.read(levers)}
    },
    "facts of an account do not change by themselves": {
        "account": each_time_another(lambda account, n: replace(account, name=str(n)), "account")
    },
    "entities are the same when nothing happened": {
        "entities": each_time_another(
            lambda table, n: replace(table, learning=np.full(len(table), n % 2 == 0)), "entities"
        )
    },
    "entities are sorted and each stands once": {
        "entities": lambda inner: inner.entities().take(np.arange(len(inner.entities()))[::-1])
    },
    "all columns have one length": {
        "entities": lambda inner: replace(inner.entities(), names=inner.entities().names[1:])
    },
    "refs lead back to their entities": {
        "entities": lambda inner: inner.entities().take(np.array([0, 0, 1]))
    },
    "parents are campaigns that exist": {
        "entities": lambda inner: replace(inner.entities(), parents=np.full(len(inner.entities()), "7"))
    },
    "no money has two levers": {"entities": both_budgets},
    "an account without campaigns can be read": {"rehearse": lambda inner, changes: [YES]},
    # Levers
    "every lever of the table can be read and is equal": {
        "read": lambda inner, levers: dict(list(inner.read(levers).items())[1:])
    },
    "levers that an entity does not have are left out": {"read": with_zeros},
    "unknown refs are left out": {"read": with_zeros},
    "refs of other accounts are left out": {"read": lambda inner, levers: of_own_account(levers, inner)},
    "asked for nothing it tells nothing": {
        "read": lambda inner, levers: inner.read(levers or [(inner.entities().ref(0), Lever.STATUS)])
    },
    "somebody elses edit is seen at once": {"read": remembered("read")},
    "reading follows one edit after the other": {"read": remembered("read")},
    # Figures
    "each entity and day stands once": {
        "metrics": lambda inner, *days: rows_of(inner.metrics(*days), np.array([0, 0, 1]))
    },
    "columns of metrics are of one length and hold what they promise": {
        "metrics": lambda inner, *days: replace(
            inner.metrics(*days), cost_micros=inner.metrics(*days).cost_micros / 1.0
        )
    },
    "conversions by their own date come as a pair": {
        "metrics": lambda inner, *days: replace(
            inner.metrics(*days),
            conversions_by_conversion_date=inner.metrics(*days).conversions,
            conversion_value_by_conversion_date_micros=None,
        )
    },
    "metrics are of entities that are told of": {
        "metrics": lambda inner, *days: replace(
            inner.metrics(*days), ids=np.char.add("x", inner.metrics(*days).ids)
        )
    },
    "only the days that were asked for are told": {"metrics": one_day_more},
    "today is told as incomplete": {
        "metrics": lambda inner, *days: replace(inner.metrics(*days), partial_since=None)
    },
    "days that are long over are complete": {
        "metrics": lambda inner, *days: replace(inner.metrics(*days), partial_since=np.datetime64(days[0]))
    },
    "days to come are not spoken for": {
        "metrics": lambda inner, *days: replace(inner.metrics(*days), until=np.datetime64(days[1]))
    },
    "a day without a row is zero once it is over": {
        "metrics": lambda inner, *days: replace(inner.metrics(*days), partial_since=np.datetime64(days[1]))
    },
    "a range asked for in two parts gives the same": {
        "metrics": lambda inner, *days: replace(
            inner.metrics(*days), clicks=inner.metrics(*days).clicks + (days[1] - days[0]).days
        )
    },
    "metrics are the same when nothing happened": {
        "metrics": each_time_another(lambda table, n: replace(table, clicks=table.clicks + n), "metrics")
    },
    "what is below a campaign never costs more than it": {
        "entities": lambda inner: as_ad_set(inner.entities()),
        "metrics": ad_sets_that_cost_more,
    },
    "an account without metrics can be read": {
        "metrics": lambda inner, *days: inner.metrics(date(2026, 11, 21), date(2026, 11, 21))
    },
    "cost is what the platform counted": {
        "metrics": lambda inner, *days: replace(
            inner.metrics(*days), cost_micros=inner.metrics(*days).cost_micros * 100
        )
    },
    "each entity and hour stands once": {
        "hours": lambda inner, *days: hours_of("2026-11-20T10", "2026-11-20T10")
    },
    "hours add up to their day": {"hours": lambda inner, *days: hours_of("2026-11-20T10")},
    "advice is well formed": {"advice": lambda inner: Advice(reported=(0.9, 0.5, 1.0))},
}
"""By the name of the check that must catch it."""
