"""Exclusion: which days of which entities marked hours are about. Pure.

A day of which any hour is marked is left out whole: daily figures cannot be split.
"""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.advice import Window
from agent.domain.entity import Days, EntityTable, Flags
from agent.domain.marked_hours import MarkedHours
from agent.domain.ref import Kind

_SHARED = (Kind.CAMPAIGN_BUDGET.value, Kind.BIDDING_STRATEGY.value)
_MOMENT = timedelta(microseconds=1)


def excluded_days(windows: Sequence[Window], table: EntityTable, days: Days) -> Flags:
    """Where a day of an entity is touched by a data exclusion or a seasonality adjustment.

    Returns:
        Shape (n_entities, n_days); not to be written to.
    """
    if not windows:
        return np.broadcast_to(np.False_, (len(table), len(days)))
    excluded = np.zeros((len(table), len(days)), dtype=bool)
    for window in windows:
        excluded |= _about(window, table)[:, None] & touched_days([window], table.account.time_zone, days)
    return excluded


def touched_days(windows: Sequence[Window], time_zone: str, days: Days) -> Flags:
    """Which days any of these windows touches, whatever it is about; shape (n_days,)."""
    zone = ZoneInfo(time_zone)
    touched = np.zeros(len(days), dtype=bool)
    for window in windows:
        first = np.datetime64(window.since.astimezone(zone).date())
        last = np.datetime64((window.until - _MOMENT).astimezone(zone).date())
        touched |= (days >= first) & (days <= last)
    return touched


def _about(window: Window, table: EntityTable) -> Flags:
    """The entities that a window is about; in doubt, it is about them.

    Nobody tells which campaigns share a budget or a bidding strategy, so each such row may be
    meant by a window over some campaigns.
    """
    about = np.ones(len(table), dtype=bool)
    home, _, hours = window.id.partition("/")
    if MarkedHours.parse(hours) is not None:  # of a joint account: ids begin with whose they are
        about &= np.char.startswith(table.ids, f"{home}/")
    if window.campaigns:
        campaigns = list(window.campaigns)
        is_campaign = table.kinds == Kind.CAMPAIGN.value
        own = np.where(is_campaign, table.ids, table.parents)
        about &= np.isin(own, campaigns) | np.isin(table.kinds, _SHARED)
    if window.channels:
        about &= np.isin(table.channels, list(window.channels)) | (table.channels == "")
    return about
