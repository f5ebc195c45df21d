"""Ref: the full name of a thing on a platform."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a ref points at."""

    CAMPAIGN = "campaign"
    CAMPAIGN_BUDGET = "campaign_budget"  # a budget that several campaigns share
    AD_GROUP = "ad_group"
    AD_SET = "ad_set"  # Meta's word for what is below a campaign
    KEYWORD = "keyword"
    BIDDING_STRATEGY = "bidding_strategy"  # one that several campaigns share
    DATA_EXCLUSION = "data_exclusion"  # hours whose conversions bidding must not learn from
    SEASONALITY = "seasonality_adjustment"  # hours in which conversions are more or fewer than usual


@dataclass(frozen=True, slots=True, order=True)
class AccountId:
    """One account of one platform, such as ``google_ads:1234567890``."""

    platform: str
    account: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.account}"


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Platform, account, kind and id; totally ordered, so every loop has one order."""

    platform: str
    account: str
    kind: Kind
    id: str

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """Read what ``str(ref)`` wrote.

        Raises:
            ValueError: The text is no ref.
        """
        try:
            head, kind, id_ = text.split("/", 2)
            platform, account = head.split(":", 1)
            return cls(platform, account, Kind(kind), id_)
        except ValueError:
            raise ValueError(f"ref was {text!r}, 'platform:account/kind/id' is right") from None

    @property
    def account_id(self) -> AccountId:
        return AccountId(self.platform, self.account)

    def __str__(self) -> str:
        return f"{self.platform}:{self.account}/{self.kind}/{self.id}"
