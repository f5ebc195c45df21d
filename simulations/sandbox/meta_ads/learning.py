"""Learning: what Meta tells of ad sets whose delivery is not yet settled."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from agent.domain.ref import Kind
from simulations.groups import Group
from simulations.platform import Platform
from simulations.sandbox.meta_ads.limits import Limits


class Learning:
    """The stage of each ad set; "FAIL" is Meta's word for too few conversions."""

    def __init__(self, platform: Platform, limits: Limits) -> None:
        self._platform = platform
        self._limits = limits
        self._counted: tuple[datetime, Mapping[str, float]] | None = None

    def info(
        self, group: Group, learners: frozenset[str], *, is_paused: bool, edited: datetime | None
    ) -> dict[str, Any]:
        """The field `learning_stage_info`; a paused ad set has no status.

        Args:
            learners: The platform's ids of campaigns that are learning.
            edited: When the ad set was edited last.
        """
        limits = self._limits
        conversions = self._conversions().get(group.id, 0.0)
        info: dict[str, Any] = {
            "conversions": int(conversions),
            "last_sig_edit_ts": round(edited.timestamp()) if edited is not None else 0,
            "attribution_windows": ["7d_click", "1d_view"],
            "dynamic_lp_conversions_threshold": limits.learning_conversions,
            "dynamic_lp_days_threshold": limits.learning_days,
        }
        if is_paused:
            return info
        if group.campaign_id in learners:
            return {**info, "status": "LEARNING"}
        return {**info, "status": "SUCCESS" if conversions >= limits.learning_conversions else "FAIL"}

    def _conversions(self) -> Mapping[str, float]:
        """Of each ad set in the last week; counted once a moment, as callers ask for many."""
        now, today = self._platform.now(), self._platform.today()
        if self._counted is not None and self._counted[0] == now:
            return self._counted[1]
        since = today - timedelta(days=self._limits.learning_days)
        table = self._platform.metrics(since, today, Kind.AD_SET)
        ids, place = np.unique(table.ids, return_inverse=True)
        sums = np.bincount(place, weights=table.conversions, minlength=len(ids))
        found = dict(zip(ids.tolist(), sums.tolist(), strict=True))
        self._counted = (now, found)
        return found
