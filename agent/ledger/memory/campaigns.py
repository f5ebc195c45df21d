"""Campaigns: every campaign that was ever seen, with the channel that it was last told to be of."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import EntityTable, Strings
from agent.domain.ref import Kind


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Shape (n_campaigns,) each; what was removed stays, for its conversions still arrive."""

    ids: Strings
    channels: Strings

    def seen(self, table: EntityTable) -> "Campaigns":
        """With those of this table as it calls them; itself where nothing differs."""
        rows = table.kinds == Kind.CAMPAIGN.value
        ids, channels = table.ids[rows], table.channels[rows]
        if np.array_equal(ids, self.ids) and np.array_equal(channels, self.channels):
            return self
        merged = dict(zip(self.ids.tolist(), self.channels.tolist(), strict=True))
        before = dict(merged)
        merged |= dict(zip(ids.tolist(), channels.tolist(), strict=True))
        if merged == before:
            return self
        return Campaigns(
            np.array(list(merged), dtype=np.str_), np.array(list(merged.values()), dtype=np.str_)
        )

    @property
    def kinds(self) -> Strings:
        """Shape (n_campaigns,), of what kind each is."""
        return np.full(len(self.ids), Kind.CAMPAIGN.value)


NO_CAMPAIGNS = Campaigns(np.array([], dtype=np.str_), np.array([], dtype=np.str_))
