"""Epochs and halts for each account, signs of life of each daemon, freezes, policies, the audit chain."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# Written out here, not imported: a migration stays as it was when the models move on.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
BYTES = sa.LargeBinary()


def upgrade() -> None:
    op.add_column("change", sa.Column("sent_at_us", WHOLE, nullable=True))
    op.execute(
        "UPDATE change SET sent_at_us = (SELECT max(at_us) FROM change_step "
        "WHERE change_step.plan = change.plan AND change_step.change = change.id "
        "AND change_step.state = 'sending')"
    )
    op.create_index("ix_change_since", "change", ["since_us"], unique=False)
    op.add_column("approval", sa.Column("signature", TEXT, nullable=False, server_default=""))
    op.add_column("stop", sa.Column("account", WHOLE, nullable=True))
    op.create_table(
        "lead",
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("epoch", WHOLE, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("pid", WHOLE, nullable=False),
        sa.Column("at_us", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.number"]),
        sa.PrimaryKeyConstraint("account", "epoch"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # There was one epoch for all accounts; each goes on from there, so that none ever falls.
    op.execute(
        "INSERT INTO lead (account, epoch, host, pid, at_us) "
        "SELECT account.number, leader.epoch, leader.host, leader.pid, leader.at_us FROM account, leader"
    )
    op.drop_table("leader")
    op.drop_table("heartbeat")
    op.create_table(
        "heartbeat",
        sa.Column("host", TEXT, nullable=False),
        sa.Column("pid", WHOLE, nullable=False),
        sa.Column("at_us", WHOLE, nullable=False),
        sa.Column("accounts", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("host", "pid"),
        sqlite_strict=True,
    )
    op.create_table(
        "tracking_freeze",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("account", WHOLE, nullable=False),
        sa.Column("begins_us", WHOLE, nullable=False),
        sa.Column("at_us", WHOLE, nullable=False),
        sa.Column("because", TEXT, nullable=False),
        sa.Column("ended_us", WHOLE, nullable=True),
        sa.Column("ended_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.number"]),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "policy",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("body", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("at_us", WHOLE, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("body", BYTES, nullable=False),
        sa.Column("seal", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
