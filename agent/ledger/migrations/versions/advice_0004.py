"""What platforms tell of their figures, conversions by their own date, and the least daily budget."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# Written out here, not imported: a migration stays as it was when the models move on.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REALS: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
BYTES = sa.LargeBinary()


def upgrade() -> None:
    op.create_table(
        "advice_seen",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("reading", WHOLE, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "reading"],
            ["reading.account", "reading.number"],
        ),
        sa.PrimaryKeyConstraint("account", "reading"),
        sqlite_strict=True,
    )
    op.add_column("metric_seen", sa.Column("conversions_by_conversion_date", REALS, nullable=True))
    op.add_column("metric_seen", sa.Column("conversion_value_by_conversion_date_micros", WHOLE, nullable=True))
    # Blocks that were written before stay as they are: they hold eight columns.
    op.add_column("metric_sheet", sa.Column("n_columns", WHOLE, nullable=False, server_default="8"))
    op.add_column("account_seen", sa.Column("min_daily_budget_micros", WHOLE, nullable=False, server_default="0"))
