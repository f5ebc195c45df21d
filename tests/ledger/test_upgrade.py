"""A ledger of an older gebot opens, and says what it said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sample import ACCOUNT, NOW
from seen import told

from agent.ledger import migrations
from agent.ledger.moments import micros
from agent.ledger.sql.ledger import SqlLedger
from agent.ledger.sql.migrate import newest_revision

SEEN_AT = datetime(2026, 11, 12, 6, tzinfo=UTC)
_DAY = 20_768  # 2026-11-11

_ROWS = (
    ("account", {"number": 1, "platform": ACCOUNT.id.platform, "account": ACCOUNT.id.account}),
    ("reading", {"account": 1, "number": 1, "about": "entities", "observed_at_us": micros(SEEN_AT)}),
    ("reading", {"account": 1, "number": 2, "about": "metrics", "observed_at_us": micros(SEEN_AT)}),
    ("entity", {"account": 1, "number": 0, "kind": "campaign", "id": "000001"}),
    (
        "account_seen",
        {
            "account": 1,
            "reading": 1,
            "name": "Demo",
            "currency": "EUR",
            "time_zone": "UTC",
            "unit_micros": 10_000,
            "over_delivery": 2.0,
        },
    ),
    (
        "entity_seen",
        {
            "account": 1,
            "entity": 0,
            "reading": 1,
            "name": "Campaign 1",
            "parent": "",
            "channel": "search",
            "bidding": "",
            "labels": "[]",
            "learning": 0,
            "locked": "",
            "removed": 0,
        },
    ),
    (
        "coverage",
        {
            "account": 1,
            "reading": 2,
            "since_day": _DAY,
            "until_day": _DAY,
            "complete_until_day": _DAY,
            "conversions": np.array([4.5]).tobytes(),
        },
    ),
    (
        "metric_seen",
        {
            "account": 1,
            "day": _DAY,
            "entity": 0,
            "reading": 2,
            "cost_micros": 3_000_000,
            "impressions": 100,
            "clicks": 30,
            "conversion_value_micros": 9_000_000,
            "conversions": 4.5,
            "search_impression_share": 0.25,
        },
    ),
    (
        "metric_sheet",
        {
            "account": 1,
            "day": _DAY,
            "reading": 2,
            "figures": np.array([3_000_000, 100, 30, 9_000_000]).tobytes()
            + np.array([4.5, 0.25, np.nan, np.nan]).tobytes(),
        },
    ),
)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_ledger_of_before_conversions_had_their_own_date_opens(
    kind: str, tmp_path: Path, empty_postgresql_url: str, open_sql: Callable[..., SqlLedger]
) -> None:
    """Blocks of the old form are read and go on beside new ones; what was known then stays known."""
    url = f"sqlite:///{tmp_path / 'old.db'}" if kind == "sqlite" else empty_postgresql_url
    with made_by_revision("0003", url) as connection:
        for table, row in _ROWS:
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)

    ledger = open_sql(url)

    table = ledger.entities(ACCOUNT.id, NOW)
    assert table is not None
    assert table.account == ACCOUNT
    days = np.array([np.datetime64("2026-11-11")])
    before = ledger.metrics(table, days, NOW)
    assert before.conversions_by_conversion_date is None
    assert (before.cost_micros.item(), before.conversions.item()) == (3_000_000, 4.5)
    assert before.search_impression_share.item() == 0.25

    row = ("000001", "2026-11-11", 6_000_000, 5.0)
    appended = ledger.record_metrics(ACCOUNT.id, told("2026-11-11", "2026-11-11", [row], dated=True), NOW)

    assert appended == 1
    after = ledger.metrics(table, days, NOW)
    assert after.conversions_by_conversion_date is not None
    assert after.conversions_by_conversion_date.item() == 6_000_000 / 7
    assert after.conversion_value_by_conversion_date_micros is not None
    assert after.conversion_value_by_conversion_date_micros.item() == 12_000_000
    then = ledger.metrics(table, days, SEEN_AT)
    assert then.conversions_by_conversion_date is None
    assert then.conversions.item() == 4.5


@contextmanager
def made_by_revision(revision: str, url: str) -> Iterator[sa.Connection]:
    """The tables as that version made them."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        yield connection
    engine.dispose()


def test_the_newest_revision_is_told_by_the_name_of_its_script() -> None:
    """Each start asks for it; a script whose file is named otherwise would never be run."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))

    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()
