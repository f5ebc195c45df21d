"""Migrate: bring the tables of a database to what this gebot knows."""

from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlmodel import Session

from agent.domain.errors import LedgerError
from agent.ledger.sql.database import Database

VERSION_TABLE = "ledger_version"

_SCRIPTS = Path(__file__).parent.parent / "migrations"
_log = structlog.get_logger()


def migrate(database: Database, *, create: bool = True) -> None:
    """Make or upgrade the tables; does nothing when they are as they should be.

    Raises:
        LedgerError: There are no tables and `create` is false, they are of a newer gebot, or
            the database holds something else. Nothing was changed.
    """
    newest = newest_revision()
    with database.read() as session:
        found = _revision(session)
        if found == newest:
            return
        config = Config()
        config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
        scripts = ScriptDirectory.from_config(config)
        _refuse_what_is_not_ours(session, database.shown_url, found, scripts, create=create)
    with database.write() as session:
        found = _revision(session)  # another process may have been quicker
        if found == newest:
            return
        config.attributes["connection"] = session.connection()
        if not database.is_sqlite:
            _make_schema(session)
        command.upgrade(config, "head")
    _log.info("ledger.migrated", ledger=database.shown_url, before=found or "", after=newest)


def newest_revision() -> str:
    """By the names of the scripts, as "trust_0006": each start asks, and to import them all takes a while."""
    return max(path.stem.rpartition("_")[2] for path in (_SCRIPTS / "versions").glob("*_[0-9]*.py"))


def _revision(session: Session) -> str | None:
    context = MigrationContext.configure(session.connection(), opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def _make_schema(session: Session) -> None:
    """Make the schema that the session would make tables in, if it is not there."""
    if session.connection().exec_driver_sql("SELECT current_schema()").scalar_one() is None:
        schema = session.connection().exec_driver_sql("SELECT current_setting('search_path')").scalar_one()
        session.connection().exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")


def _refuse_what_is_not_ours(
    session: Session, shown_url: str, found: str | None, scripts: ScriptDirectory, *, create: bool
) -> None:
    if found is not None:
        if found not in {script.revision for script in scripts.walk_revisions()}:
            raise LedgerError(f"ledger {shown_url}: was written by a newer gebot ({found}); upgrade gebot")
        return
    if not create:
        raise LedgerError(f"no ledger at {shown_url} yet; `gebot run` makes it")
    tables = inspect(session.connection()).get_table_names()
    if set(tables) - {VERSION_TABLE}:
        raise LedgerError(
            f"ledger {shown_url}: the database holds other tables ({', '.join(sorted(tables)[:3])}); "
            "give gebot a database of its own"
        )
