"""What each change is about in a table of its own, and views for whoever draws pictures of a ledger."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from agent.domain.errors import LedgerError
from agent.ledger.codec import decode
from agent.ledger.facts import Fact, facts_of

revision = "0009"
down_revision = "0008"

# Written out here, not imported: a migration stays as it was when the models move on.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REALS: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    facts = op.create_table(
        "change_fact",
        sa.Column("plan", WHOLE, nullable=False),
        sa.Column("change", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("lever", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("before", WHOLE, nullable=False),
        sa.Column("after", WHOLE, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("portfolio", TEXT, nullable=False),
        sa.Column("because", TEXT, nullable=False),
        sa.Column("effect_of", TEXT, nullable=False),
        sa.Column("effect_mean", REALS, nullable=True),
        sa.Column("effect_low", REALS, nullable=True),
        sa.Column("effect_high", REALS, nullable=True),
        sa.ForeignKeyConstraint(["plan", "change"], ["change.plan", "change.id"]),
        sa.PrimaryKeyConstraint("plan", "change"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    names = {column.name for column in facts.columns}
    for number, found in _drawn_up_before(connection):
        rows = [{"plan": number, **one.columns()} for one in found]
        connection.execute(facts.insert(), [{n: row[n] for n in row if n in names} for row in rows])
    sqlite = connection.dialect.name == "sqlite"
    for name, select in _VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {_in_dialect(select, sqlite=sqlite)}")


def _drawn_up_before(connection: sa.Connection) -> Iterator[tuple[int, list[Fact]]]:
    """What the changes of older plans are about; the codec reads every form that was ever written."""
    for number in connection.execute(sa.text("SELECT number FROM plan ORDER BY number")).scalars().all():
        body = connection.execute(sa.text("SELECT body FROM plan WHERE number = :number"), {"number": number})
        ids = connection.execute(sa.text("SELECT id FROM change WHERE plan = :number"), {"number": number})
        there = set(ids.scalars())
        try:
            found = [one for one in facts_of(decode(bytes(body.scalar_one()))) if one.change in there]
        except LedgerError:
            continue  # what cannot be read is told where the plan is asked for
        if found:
            yield number, found


def _in_dialect(select: str, *, sqlite: bool) -> str:
    """Replace DAY(x), MOMENT(x) and UNITS(x), where x is a column's name."""
    meant = _SQLITE if sqlite else _POSTGRESQL
    for word, (before, after) in meant.items():
        parts = select.split(f"{word}(")
        select = parts[0] + "".join(
            f"{before}{column}{after}{rest}"
            for column, _, rest in (part.partition(")") for part in parts[1:])
        )
    return select


_SQLITE = {
    "DAY": ("date(", " * 86400, 'unixepoch')"),
    "MOMENT": ("strftime('%Y-%m-%dT%H:%M:%SZ', ", " / 1000000, 'unixepoch')"),
    "UNITS": ("(", " / 1000000.0)"),
}
_POSTGRESQL = {
    "DAY": ("(DATE '1970-01-01' + CAST(", " AS INTEGER))"),
    "MOMENT": ("(TIMESTAMPTZ '1970-01-01 00:00:00+00' + ", " * INTERVAL '1 microsecond')"),
    "UNITS": ("(CAST(", " AS NUMERIC) / 1000000)"),
}

_NEWEST_ACCOUNT = """
    LEFT JOIN account_seen f ON f.account = a.number
    AND f.reading = (SELECT MAX(x.reading) FROM account_seen x WHERE x.account = a.number)
"""
_NEWEST_ENTITY = """
    LEFT JOIN entity_seen s ON s.account = e.account AND s.entity = e.number
    AND s.reading = (
        SELECT MAX(x.reading) FROM entity_seen x WHERE x.account = e.account AND x.entity = e.number
    )
"""
_IN_STATE = "(SELECT COUNT(*) FROM change c WHERE c.plan = p.number AND c.state = '{0}') AS {0}"

_VIEWS = {
    "v_accounts": f"""
    SELECT a.platform || ':' || a.account AS account, a.platform AS platform, f.name AS name,
        f.currency AS currency, f.time_zone AS time_zone
    FROM account a {_NEWEST_ACCOUNT}
    """,
    "v_entities": f"""
    SELECT a.platform || ':' || a.account AS account, e.kind AS kind, e.id AS entity_id, s.name AS name,
        s.parent AS campaign_id, s.channel AS channel, s.bidding AS bidding, s.removed AS removed
    FROM entity e JOIN account a ON a.number = e.account {_NEWEST_ENTITY}
    """,
    "v_daily_metrics": f"""
    SELECT a.platform || ':' || a.account AS account, a.platform AS platform, DAY(m.day) AS day,
        e.kind AS kind, e.id AS entity_id, s.name AS name, s.parent AS campaign_id, s.channel AS channel,
        f.currency AS currency, UNITS(m.cost_micros) AS cost, m.cost_micros AS cost_micros,
        m.impressions AS impressions, m.clicks AS clicks, m.conversions AS conversions,
        UNITS(m.conversion_value_micros) AS conversion_value,
        m.conversion_value_micros AS conversion_value_micros,
        m.search_impression_share AS search_impression_share,
        m.search_budget_lost_impression_share AS search_budget_lost_impression_share,
        m.search_rank_lost_impression_share AS search_rank_lost_impression_share,
        MOMENT(r.observed_at_us) AS seen_at
    FROM metric_seen m
    JOIN account a ON a.number = m.account
    JOIN entity e ON e.account = m.account AND e.number = m.entity
    JOIN reading r ON r.account = m.account AND r.number = m.reading
    {_NEWEST_ENTITY} {_NEWEST_ACCOUNT}
    WHERE m.reading = (
        SELECT MAX(x.reading) FROM metric_seen x
        WHERE x.account = m.account AND x.day = m.day AND x.entity = m.entity
    )
    """,
    "v_coverage": """
    SELECT a.platform || ':' || a.account AS account, DAY(c.since_day) AS since, DAY(c.until_day) AS until,
        DAY(c.complete_until_day) AS complete_until, MOMENT(r.observed_at_us) AS seen_at
    FROM coverage c
    JOIN account a ON a.number = c.account
    JOIN reading r ON r.account = c.account AND r.number = c.reading
    """,
    "v_plans": f"""
    SELECT p.id AS plan, p.fingerprint AS fingerprint, a.platform || ':' || a.account AS account,
        MOMENT(p.drawn_up_at_us) AS drawn_up_at,
        (SELECT COUNT(*) FROM change c WHERE c.plan = p.number) AS changes,
        {", ".join(_IN_STATE.format(state) for state in ("proposed", "approved", "applied", "rejected"))},
        {", ".join(_IN_STATE.format(state) for state in ("expired", "capped", "conflict", "needs_review"))}
    FROM plan p JOIN account a ON a.number = p.account
    """,
    "v_changes": """
    SELECT p.id AS plan, c.id AS change_id, a.platform || ':' || a.account AS account,
        MOMENT(p.drawn_up_at_us) AS drawn_up_at, w.kind AS kind, w.entity AS entity_id, s.name AS name,
        w.lever AS lever,
        CASE WHEN w.lever IN ('status', 'data_exclusion') THEN 'switch'
             WHEN w.lever IN ('target_roas', 'conversion_rate_modifier') THEN 'ratio'
             ELSE 'money' END AS unit,
        w.currency AS currency, w.before AS before_number, w.after AS after_number,
        CASE WHEN w.lever IN ('status', 'data_exclusion') THEN w.before ELSE UNITS(w.before) END AS before_value,
        CASE WHEN w.lever IN ('status', 'data_exclusion') THEN w.after ELSE UNITS(w.after) END AS after_value,
        w.source AS source, w.portfolio AS portfolio, w.because AS because, w.effect_of AS effect_of,
        w.effect_mean AS effect_mean, w.effect_low AS effect_low, w.effect_high AS effect_high,
        c.state AS state, c.because AS state_because, MOMENT(c.since_us) AS since,
        MOMENT(c.sent_at_us) AS sent_at
    FROM change c
    JOIN plan p ON p.number = c.plan
    JOIN account a ON a.number = p.account
    LEFT JOIN change_fact w ON w.plan = c.plan AND w.change = c.id
    LEFT JOIN entity e ON e.account = p.account AND e.kind = w.kind AND e.id = w.entity
    """
    + _NEWEST_ENTITY,
    "v_approvals": """
    SELECT p.id AS plan, a.platform || ':' || a.account AS account, w.decided_by AS decided_by,
        MOMENT(w.at_us) AS decided_at, w.comment AS comment,
        CASE WHEN w.approved = '' THEN 0
             ELSE LENGTH(w.approved) - LENGTH(REPLACE(w.approved, ' ', '')) + 1 END AS approved,
        CASE WHEN w.rejected = '' THEN 0
             ELSE LENGTH(w.rejected) - LENGTH(REPLACE(w.rejected, ' ', '')) + 1 END AS rejected
    FROM approval w
    JOIN plan p ON p.number = w.plan
    JOIN account a ON a.number = p.account
    """,
    "v_runs": """
    SELECT a.platform || ':' || a.account AS account, r.kind AS kind, r.slot AS slot,
        MOMENT(r.started_at_us) AS started_at, MOMENT(r.finished_at_us) AS finished_at, r.error AS error
    FROM run r JOIN account a ON a.number = r.account
    """,
    "v_stops": """
    SELECT CASE WHEN a.number IS NULL THEN '' ELSE a.platform || ':' || a.account END AS account,
        CASE WHEN t.stopped = 1 THEN 'halt' ELSE 'resume' END AS what, t.decided_by AS decided_by,
        MOMENT(t.at_us) AS decided_at, t.because AS because
    FROM stop t LEFT JOIN account a ON a.number = t.account
    """,
    "v_freezes": """
    SELECT a.platform || ':' || a.account AS account, MOMENT(z.begins_us) AS begins,
        MOMENT(z.at_us) AS found_at, z.because AS because, MOMENT(z.ended_us) AS ended_at,
        z.ended_by AS ended_by
    FROM tracking_freeze z JOIN account a ON a.number = z.account
    """,
}
