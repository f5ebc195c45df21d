"""The tables of what was decided, who ran, and who stopped it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# Written out here, not imported: a migration stays as it was when the models move on.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
BYTES = sa.LargeBinary()


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("epoch", WHOLE, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("pid", WHOLE, nullable=False),
        sa.Column("at_us", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "leader",
        sa.Column("epoch", WHOLE, autoincrement=False, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("pid", WHOLE, nullable=False),
        sa.Column("at_us", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("epoch"),
        sqlite_strict=True,
    )
    op.create_table(
        "stop",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("stopped", WHOLE, nullable=False),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("at_us", WHOLE, nullable=False),
        sa.Column("because", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "plan",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("drawn_up_at_us", WHOLE, nullable=False),
        sa.Column("body", BYTES, nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["account.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("fingerprint"),
        sa.UniqueConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("ix_plan_drawn_up", "plan", ["drawn_up_at_us"], unique=False)
    op.create_table(
        "run",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("slot", TEXT, nullable=False),
        sa.Column("started_at_us", WHOLE, nullable=False),
        sa.Column("finished_at_us", WHOLE, nullable=True),
        sa.Column("error", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["account.number"],
        ),
        sa.PrimaryKeyConstraint("account", "kind", "slot"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "approval",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("plan", WHOLE, nullable=False),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("at_us", WHOLE, nullable=False),
        sa.Column("comment", TEXT, nullable=False),
        sa.Column("approved", TEXT, nullable=False),
        sa.Column("rejected", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["plan"],
            ["plan.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("ix_approval_plan", "approval", ["plan"], unique=False)
    op.create_table(
        "change",
        sa.Column("plan", WHOLE, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("since_us", WHOLE, nullable=False),
        sa.Column("because", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["plan"],
            ["plan.number"],
        ),
        sa.PrimaryKeyConstraint("plan", "id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_change_state", "change", ["state", "plan"], unique=False)
    op.create_table(
        "change_step",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("plan", WHOLE, nullable=False),
        sa.Column("change", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("at_us", WHOLE, nullable=False),
        sa.Column("because", TEXT, nullable=False),
        sa.Column("epoch", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["plan", "change"],
            ["change.plan", "change.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("ix_change_step_change", "change_step", ["plan", "change"], unique=False)
