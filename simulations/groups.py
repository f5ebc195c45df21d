"""Groups: ad groups and ad sets, keywords and portfolio strategies of a simulated account."""

from dataclasses import dataclass
from datetime import date

from agent.domain.ref import Kind
from simulations.journal import Field

OF_HOURS = {Kind.DATA_EXCLUSION: Field.EXCLUSION, Kind.SEASONALITY: Field.MODIFIER}
"""What can be marked of hours, and by which field."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one lever: of what, which, and what of it."""

    kind: Kind
    id: str
    field: Field


@dataclass(frozen=True, slots=True)
class Group:
    """What does not change of an ad group or an ad set.

    Attributes:
        kind: `Kind.AD_SET` on social campaigns, else `Kind.AD_GROUP`.
        ends: Last day of its own lifetime budget; None where it has none.
    """

    id: str
    name: str
    campaign_id: str
    kind: Kind = Kind.AD_GROUP
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Keyword:
    """What does not change of a keyword.

    Attributes:
        id: "group~criterion", as in Google's resource names.
        match_type: "exact", "phrase" or "broad".
    """

    id: str
    text: str
    match_type: str
    group_id: str


@dataclass(frozen=True, slots=True)
class BiddingStrategy:
    """A portfolio strategy: one target for several campaigns.

    Attributes:
        type: "target_cpa" or "target_roas".
        campaign_ids: Rising.
    """

    id: str
    name: str
    type: str
    campaign_ids: tuple[str, ...]
