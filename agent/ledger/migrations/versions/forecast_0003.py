"""The table of what models said of their changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# Written out here, not imported: a migration stays as it was when the models move on.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REALS: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "forecast",
        sa.Column("plan", WHOLE, nullable=False),
        sa.Column("change", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("lever", TEXT, nullable=False),
        sa.Column("before", WHOLE, nullable=False),
        sa.Column("after", WHOLE, nullable=False),
        sa.Column("of_what", TEXT, nullable=False),
        sa.Column("mean", REALS, nullable=False),
        sa.Column("low", REALS, nullable=False),
        sa.Column("high", REALS, nullable=False),
        sa.Column("effect", REALS, nullable=True),
        sa.ForeignKeyConstraint(
            ["plan", "change"],
            ["change.plan", "change.id"],
        ),
        sa.PrimaryKeyConstraint("plan", "change"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
