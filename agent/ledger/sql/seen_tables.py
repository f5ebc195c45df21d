"""Tables of what was seen: append-only, keyed by the reading at which it was seen.

An account's readings are numbered in the order of their time, so "as of T" is "up to reading
number R". Days are whole numbers since 1970, moments are microseconds since 1970 in UTC.
"""

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import SQLModel

from agent.ledger.sql.columns import PACKED, STRICT, content, real, text, whole


def _to_reading() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["account", "reading"], ["reading.account", "reading.number"])


class AccountRow(SQLModel, table=True):
    """The short number of an account."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("platform", "account"), STRICT)

    number: int | None = whole(default=None, primary_key=True)
    platform: str = text()
    account: str = text()


class ReadingRow(SQLModel, table=True):
    """One look at an account; `about` is "entities", "metrics" or "advice"."""

    __tablename__ = "reading"
    __table_args__ = (ForeignKeyConstraint(["account"], ["account.number"]), PACKED)

    account: int = whole(primary_key=True)
    number: int = whole(primary_key=True)
    about: str = text()
    observed_at_us: int = whole()


class CoverageRow(SQLModel, table=True):
    """The days that a reading of metrics spoke for.

    `conversions` holds what was known right after it, summed over all entities: one
    little-endian double for each day from `since_day` to `until_day`.
    """

    __tablename__ = "coverage"
    __table_args__ = (_to_reading(), STRICT)

    account: int = whole(primary_key=True)
    reading: int = whole(primary_key=True)
    since_day: int = whole()
    until_day: int = whole()
    complete_until_day: int | None = whole(default=None, nullable=True)
    conversions: bytes = content()


class ChannelCoverageRow(SQLModel, table=True):
    """The same of the campaigns of one channel, where a reading found more than one."""

    __tablename__ = "channel_coverage"
    __table_args__ = (_to_reading(), STRICT)

    account: int = whole(primary_key=True)
    channel: str = text(primary_key=True)
    reading: int = whole(primary_key=True)
    conversions: bytes = content()


class AccountSeenRow(SQLModel, table=True):
    """Facts of an account from this reading on."""

    __tablename__ = "account_seen"
    __table_args__ = (_to_reading(), STRICT)

    account: int = whole(primary_key=True)
    reading: int = whole(primary_key=True)
    name: str = text()
    currency: str = text()
    time_zone: str = text()
    unit_micros: int = whole()
    over_delivery: float = real()
    min_daily_budget_micros: int = whole()


class EntityRow(SQLModel, table=True):
    """The short number of an entity: 0, 1, 2, ... within its account, as first seen."""

    __tablename__ = "entity"
    __table_args__ = (
        UniqueConstraint("account", "kind", "id"),
        ForeignKeyConstraint(["account"], ["account.number"]),
        PACKED,
    )

    account: int = whole(primary_key=True)
    number: int = whole(primary_key=True)
    kind: str = text()
    id: str = text()


class EntitySeenRow(SQLModel, table=True):
    """Facts of an entity from this reading on; `removed` is 1 when it was gone."""

    __tablename__ = "entity_seen"
    __table_args__ = (
        ForeignKeyConstraint(["account", "entity"], ["entity.account", "entity.number"]),
        _to_reading(),
        PACKED,
    )

    account: int = whole(primary_key=True)
    entity: int = whole(primary_key=True)
    reading: int = whole(primary_key=True)
    name: str = text()
    parent: str = text()
    channel: str = text()
    bidding: str = text()
    labels: str = text()
    started_day: int | None = whole(default=None, nullable=True)
    learning: int = whole()
    locked: str = text()
    removed: int = whole()


class LeverSeenRow(SQLModel, table=True):
    """Where a lever stands from this reading on; null when the entity no longer has it."""

    __tablename__ = "lever_seen"
    __table_args__ = (
        ForeignKeyConstraint(["account", "entity"], ["entity.account", "entity.number"]),
        _to_reading(),
        PACKED,
    )

    account: int = whole(primary_key=True)
    entity: int = whole(primary_key=True)
    lever: str = text(primary_key=True)
    reading: int = whole(primary_key=True)
    number: int | None = whole(default=None, nullable=True)


class MetricSeenRow(SQLModel, table=True):
    """The figures of an entity and day from this reading on; the truth about metrics.

    Without foreign keys: they would cost a third of the speed, and the numbers come from
    the same transaction.
    """

    __tablename__ = "metric_seen"
    __table_args__ = PACKED

    account: int = whole(primary_key=True)
    day: int = whole(primary_key=True)
    entity: int = whole(primary_key=True)
    reading: int = whole(primary_key=True)
    cost_micros: int = whole()
    impressions: int = whole()
    clicks: int = whole()
    conversion_value_micros: int = whole()
    conversions: float = real()
    search_impression_share: float | None = real(default=None, nullable=True)
    search_budget_lost_impression_share: float | None = real(default=None, nullable=True)
    search_rank_lost_impression_share: float | None = real(default=None, nullable=True)
    conversions_by_conversion_date: float | None = real(default=None, nullable=True)
    conversion_value_by_conversion_date_micros: int | None = whole(default=None, nullable=True)


class MetricSheetRow(SQLModel, table=True):
    """All entities' figures of a day as they stand since `reading`, as one block of bytes.

    Says nothing that `metric_seen` does not say; it is there because a database hands over
    one block a thousand times faster than ten thousand rows. See `Figures.to_bytes`;
    `n_columns` is how many of its columns the block holds.
    """

    __tablename__ = "metric_sheet"
    __table_args__ = STRICT

    account: int = whole(primary_key=True)
    day: int = whole(primary_key=True)
    reading: int = whole()
    figures: bytes = content()
    n_columns: int = whole()


class AdviceSeenRow(SQLModel, table=True):
    """What the platform told of its figures from this reading on, as compressed JSON."""

    __tablename__ = "advice_seen"
    __table_args__ = (_to_reading(), STRICT)

    account: int = whole(primary_key=True)
    reading: int = whole(primary_key=True)
    content: bytes = content()
