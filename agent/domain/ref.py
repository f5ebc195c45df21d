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


JOINT = "joint"
"""The platform of an account that is made of others."""


@dataclass(frozen=True, slots=True, order=True)
class AccountId:
    """One account of one platform, such as ``google_ads:1234567890``, or several joined into one."""

    platform: str
    account: str

    @property
    def is_joint(self) -> bool:
        return self.platform == JOINT

    def ref(self, kind: str, id_: str) -> "Ref":
        """The ref of what stands in this account's tables under this id.

        In a joint account an id begins with its home, ``google_ads:1234567890/20001``, and the
        ref is the home's own.
        """
        if not self.is_joint:
            return Ref(self.platform, self.account, Kind(kind), id_)
        home, _, own = id_.partition("/")
        platform, _, account = home.partition(":")
        return Ref(platform, account, Kind(kind), own)

    def id_of(self, ref: "Ref") -> str | None:
        """Under which id it stands in this account's tables; None where it is of another account."""
        if self.is_joint:
            return f"{ref.account_id}/{ref.id}"
        return ref.id if ref.account == self.account and ref.platform == self.platform else None

    @classmethod
    def parse(cls, text: str) -> "AccountId":
        """Read what ``str(account)`` wrote.

        Raises:
            ValueError: The text is no account.
        """
        platform, colon, account = text.partition(":")
        if not (platform and colon and account):
            raise ValueError(f"account was {text!r}, 'platform:account' is right")
        return cls(platform, account)

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
