"""Insights: figures of the simulated account as rows of Meta's reports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
from simulations.platform import Platform
from simulations.sandbox.meta_ads.actions import action_values, actions, roas
from simulations.sandbox.meta_ads.fields import Row, chosen
from simulations.sandbox.meta_ads.ids import shown
from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.money import decimal
from simulations.sandbox.meta_ads.question import HOUR, Question
from simulations.sandbox.meta_ads.refusal import PARAMETER, Refusal

_CENT = 10_000
_ALWAYS = ("date_start", "date_stop")
_REACH = 0.7  # people for each impression; the market does not know people


@dataclass(frozen=True, slots=True)
class _Figures:
    """Columns of the same length; `hours` is -1 where a row is of a day."""

    ids: NDArray[np.str_]
    days: NDArray[np.datetime64]
    hours: NDArray[np.int64]
    cost: NDArray[np.int64]
    impressions: NDArray[np.int64]
    clicks: NDArray[np.int64]
    conversions: NDArray[np.float64]
    value: NDArray[np.int64]


class Insights:
    """Reports of what the account's campaigns and ad sets brought."""

    def __init__(self, platform: Platform, limits: Limits) -> None:
        self._platform = platform
        self._limits = limits
        self._zone = ZoneInfo(platform.account.time_zone)
        self._campaigns = {campaign.id: campaign for campaign in platform.campaigns}
        self._groups = {group.id: group for group in platform.groups}

    def rows(self, question: Question, *, campaign: str = "", ad_set: str = "") -> list[Row]:
        """The report's rows, by object and day; what had no delivery has none.

        Args:
            campaign, ad_set: The platform's id of the one that is asked about; "" for all.
        """
        figures = self._figures(question)
        owners = {id_: group.campaign_id for id_, group in self._groups.items()}
        wanted = [
            id_
            for id_ in np.unique(figures.ids).tolist()
            if _is_wanted(question, id_, owners.get(id_, id_), campaign, ad_set)
        ]
        keep = np.isin(figures.ids, wanted)
        return list(self._told(question, figures, keep))

    def _told(self, question: Question, figures: _Figures, keep: NDArray[np.bool_]) -> Iterator[Row]:
        ids = np.where(keep, "" if question.level == "account" else figures.ids, "-")
        first = np.datetime64(question.since, "D")
        buckets = (figures.days.astype("datetime64[D]") - first).astype(np.int64) // question.step_days
        keys = np.array(
            [
                f"{id_} {bucket:06d} {hour:02d}"
                for id_, bucket, hour in zip(ids, buckets, figures.hours, strict=True)
            ]
        )
        unique, index, group = np.unique(keys, return_index=True, return_inverse=True)
        n = len(unique)
        columns = (figures.cost, figures.impressions, figures.clicks, figures.conversions, figures.value)
        sums = [np.bincount(group, weights=column, minlength=n).tolist() for column in columns]
        for number, row in enumerate(index.tolist()):
            cost, impressions, clicks, conversions, value = (column[number] for column in sums)
            if not keep[row] or not (cost or impressions or conversions):
                continue
            since = question.since + timedelta(days=int(buckets[row]) * question.step_days)
            until = min(since + timedelta(days=question.step_days - 1), question.until)
            entry = {
                **self._object(question.level, str(ids[row])),
                **_dates(since, until, int(figures.hours[row])),
                **self._counted(question, round(cost), round(impressions), round(clicks)),
                "actions": partial(actions, round(clicks), conversions, question.windows),
                "action_values": partial(action_values, round(value / _CENT), question.windows),
                "purchase_roas": partial(roas, round(value), round(cost)),
            }
            always = (*_ALWAYS, HOUR) if question.is_hourly else _ALWAYS
            yield chosen(entry, question.fields, always=always)

    def _figures(self, question: Question) -> _Figures:
        if question.is_hourly:
            return self._hourly(question)
        kind = Kind.AD_SET if question.level == "adset" else Kind.CAMPAIGN
        table = self._platform.metrics(question.since, question.until, kind)
        conversions, value = self._conversions(table)
        return _Figures(
            ids=table.ids,
            days=table.days,
            hours=np.full(len(table), -1),
            cost=table.cost_micros,
            impressions=table.impressions,
            clicks=table.clicks,
            conversions=conversions,
            value=value,
        )

    def _conversions(self, table: MetricsTable) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        by_date = table.conversions_by_conversion_date
        value_by_date = table.conversion_value_by_conversion_date_micros
        if self._limits.actions_by == "click" or by_date is None or value_by_date is None:
            return table.conversions, table.conversion_value_micros
        return np.nan_to_num(by_date), value_by_date

    def _hourly(self, question: Question) -> _Figures:
        if question.level == "adset":
            raise Refusal(PARAMETER, "The sandbox has hours of campaigns, not of ad sets", blame=["level"])
        table = self._platform.hours(question.since, question.until)
        offset = self._offsets(table.hours)
        local = table.hours + offset
        return _Figures(
            ids=table.ids,
            days=local.astype("datetime64[D]"),
            hours=(local - local.astype("datetime64[D]")).astype("timedelta64[h]").astype(np.int64),
            cost=table.cost_micros,
            impressions=table.impressions,
            clicks=table.clicks,
            conversions=table.conversions,
            value=table.conversion_value_micros,
        )

    def _offsets(self, hours: NDArray[np.datetime64]) -> NDArray[np.timedelta64]:
        """What the account's zone is ahead of UTC at each hour, in minutes."""
        unique, place = np.unique(hours, return_inverse=True)
        ahead = [
            round(
                (moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(self._zone).utcoffset() or timedelta())
                / timedelta(minutes=1)
            )
            for moment in unique.astype("datetime64[s]").tolist()
        ]
        return np.array(ahead, dtype="timedelta64[m]")[place]

    def _object(self, level: str, id_: str) -> Mapping[str, Any]:
        account = self._platform.account
        row = {
            "account_id": account.id.account,
            "account_name": account.name,
            "account_currency": account.currency,
            "attribution_setting": "7d_click_1d_view",
        }
        if level == "account":
            return row
        if level == "adset":
            group = self._groups[id_]
            row |= {"adset_id": shown(group.id), "adset_name": group.name}
            id_ = group.campaign_id
        campaign = self._campaigns[id_]
        return {
            **row,
            "campaign_id": shown(campaign.id),
            "campaign_name": campaign.name,
            "objective": "OUTCOME_SALES",
            "buying_type": "AUCTION",
        }

    def _counted(self, question: Question, cost: int, impressions: int, clicks: int) -> Mapping[str, Any]:
        currency = self._platform.account.currency
        reach = max(1, round(impressions * _REACH)) if impressions else 0
        return {
            "spend": decimal(cost, currency),
            "impressions": str(impressions),
            "clicks": str(clicks),
            "inline_link_clicks": str(clicks),
            "reach": str(reach),
            "frequency": f"{impressions / reach:.6f}" if reach else None,
            "ctr": f"{100 * clicks / impressions:.6f}" if impressions else None,
            "cpc": f"{cost / clicks / 1e6:.6f}" if clicks else None,
            "cpm": f"{cost / impressions / 1e3:.6f}" if impressions else None,
        }


def _is_wanted(question: Question, id_: str, owner: str, campaign: str, ad_set: str) -> bool:
    if (campaign and owner != campaign) or (ad_set and id_ != ad_set):
        return False
    by_field = {"campaign.id": shown(owner), "adset.id": shown(id_)}
    return all(by_field[each.field] in each.values for each in question.filters)


def _dates(since: date, until: date, hour: int) -> Mapping[str, str]:
    row = {"date_start": since.isoformat(), "date_stop": until.isoformat()}
    return row if hour < 0 else {**row, HOUR: f"{hour:02d}:00:00 - {hour:02d}:59:59"}
