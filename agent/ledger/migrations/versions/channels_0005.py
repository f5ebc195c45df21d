"""Conversions of each channel as each reading knew them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# Written out here, not imported: a migration stays as it was when the models move on.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
BYTES = sa.LargeBinary()


def upgrade() -> None:
    op.create_table(
        "channel_coverage",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("reading", WHOLE, nullable=False),
        sa.Column("conversions", BYTES, nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "reading"],
            ["reading.account", "reading.number"],
        ),
        sa.PrimaryKeyConstraint("account", "channel", "reading"),
        sqlite_strict=True,
    )
