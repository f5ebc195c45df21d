"""What gebot has sent, by account and time, so that its own moves are told from those of others."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# Written out here, not imported: a migration stays as it was when the models move on.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "sent",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("at_us", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("lever", TEXT, nullable=False),
        sa.Column("target", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.number"]),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("ix_sent_at", "sent", ["account", "at_us"], unique=False)
    # Of what was sent before, only changes that a model drew up are at hand without reading plans.
    # From the first one on, a change of a rule would be taken for somebody else's; so nothing is
    # carried over, and whose a move was counts from the first change that is sent from now on.
