"""Who may sign in to the page, and who is signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# Written out here, not imported: a migration stays as it was when the models move on.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("changed_us", WHOLE, nullable=False),
        sa.Column("disabled", WHOLE, nullable=False),
        sa.Column("signature", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
    )
    op.create_table(
        "session",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("of_us", WHOLE, nullable=False),
        sa.Column("begun_us", WHOLE, nullable=False),
        sa.Column("seen_us", WHOLE, nullable=False),
        sa.Column("ends_us", WHOLE, nullable=False),
        sa.Column("signature", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("ix_session_name", "session", ["name"], unique=False)
