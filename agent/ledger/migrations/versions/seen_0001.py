"""The tables of what was seen."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Written out here, not imported: a migration stays as it was when the models move on.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REAL: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
TEXT = sa.Text()
BYTES = sa.LargeBinary()


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("platform", TEXT, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("platform", "account"),
        sqlite_strict=True,
    )
    op.create_table(
        "metric_seen",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("day", WHOLE, nullable=False),
        sa.Column("entity", WHOLE, nullable=False),
        sa.Column("reading", WHOLE, nullable=False),
        sa.Column("cost_micros", WHOLE, nullable=False),
        sa.Column("impressions", WHOLE, nullable=False),
        sa.Column("clicks", WHOLE, nullable=False),
        sa.Column("conversion_value_micros", WHOLE, nullable=False),
        sa.Column("conversions", REAL, nullable=False),
        sa.Column("search_impression_share", REAL, nullable=True),
        sa.Column("search_budget_lost_impression_share", REAL, nullable=True),
        sa.Column("search_rank_lost_impression_share", REAL, nullable=True),
        sa.PrimaryKeyConstraint("account", "day", "entity", "reading"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "metric_sheet",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("day", WHOLE, nullable=False),
        sa.Column("reading", WHOLE, nullable=False),
        sa.Column("figures", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("account", "day"),
        sqlite_strict=True,
    )
    op.create_table(
        "entity",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["account.number"],
        ),
        sa.PrimaryKeyConstraint("account", "number"),
        sa.UniqueConstraint("account", "kind", "id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reading",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("observed_at_us", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["account.number"],
        ),
        sa.PrimaryKeyConstraint("account", "number"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account_seen",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("reading", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("time_zone", TEXT, nullable=False),
        sa.Column("unit_micros", WHOLE, nullable=False),
        sa.Column("over_delivery", REAL, nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "reading"],
            ["reading.account", "reading.number"],
        ),
        sa.PrimaryKeyConstraint("account", "reading"),
        sqlite_strict=True,
    )
    op.create_table(
        "coverage",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("reading", WHOLE, nullable=False),
        sa.Column("since_day", WHOLE, nullable=False),
        sa.Column("until_day", WHOLE, nullable=False),
        sa.Column("complete_until_day", WHOLE, nullable=True),
        sa.Column("conversions", BYTES, nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "reading"],
            ["reading.account", "reading.number"],
        ),
        sa.PrimaryKeyConstraint("account", "reading"),
        sqlite_strict=True,
    )
    op.create_table(
        "entity_seen",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("entity", WHOLE, nullable=False),
        sa.Column("reading", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("parent", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("bidding", TEXT, nullable=False),
        sa.Column("labels", TEXT, nullable=False),
        sa.Column("started_day", WHOLE, nullable=True),
        sa.Column("learning", WHOLE, nullable=False),
        sa.Column("locked", TEXT, nullable=False),
        sa.Column("removed", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "entity"],
            ["entity.account", "entity.number"],
        ),
        sa.ForeignKeyConstraint(
            ["account", "reading"],
            ["reading.account", "reading.number"],
        ),
        sa.PrimaryKeyConstraint("account", "entity", "reading"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lever_seen",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("entity", WHOLE, nullable=False),
        sa.Column("lever", TEXT, nullable=False),
        sa.Column("reading", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["account", "entity"],
            ["entity.account", "entity.number"],
        ),
        sa.ForeignKeyConstraint(
            ["account", "reading"],
            ["reading.account", "reading.number"],
        ),
        sa.PrimaryKeyConstraint("account", "entity", "lever", "reading"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
