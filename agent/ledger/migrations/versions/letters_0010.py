"""What people are to be told, kept until it is."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

# Written out here, not imported: a migration stays as it was when the models move on.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("first_due_us", WHOLE, nullable=False),
        sa.Column("due_us", WHOLE, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("told_us", WHOLE, nullable=False),
        sa.Column("given_up_us", WHOLE, nullable=False),
        sa.Column("trouble", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "key"),
        sqlite_strict=True,
    )
    op.create_index("ix_letter_due", "letter", ["told_us", "given_up_us", "due_us"], unique=False)
