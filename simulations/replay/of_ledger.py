"""The past of an account that gebot has observed: as its ledger keeps it, reading by reading."""

from agent.config.accounts import AccountSettings
from agent.config.settings import Settings
from agent.domain.errors import Mistake
from agent.domain.ref import AccountId
from agent.ledger.sql.ledger import SqlLedger
from agent.wiring.joined import joined_of
from agent.wiring.memory import ledger
from simulations.replay.past import Past, account_of

ASSUMPTIONS = (
    "Each morning starts from what really stood then: proposals of the mornings before it were not carried "
    "out, and nothing is in flight.",
    "Figures, budgets and conversion maturity are those that the ledger had recorded by that morning.",
    "Rules, strategies and guardrails are those of config.toml today.",
)


def past_of_ledger(settings: Settings, account: AccountSettings) -> Past:
    """Read everything that was ever recorded of the account; the ledger is not written to.

    Raises:
        LedgerError: There is no ledger, or it cannot be read.
        Mistake: It knows nothing of the account.
    """
    memory = ledger(settings, create=False)
    assert isinstance(memory, SqlLedger), "config.toml names a file or a database"
    try:
        return past_of(memory, joined_of(settings, account).id, settings.ledger)
    finally:
        memory.close()


def past_of(memory: SqlLedger, account: AccountId, url: str) -> Past:
    """The same of an open ledger.

    Args:
        url: The ledger's, without a password.
    """
    readings = tuple(memory.readings(account))
    facts = account_of(readings)
    if facts is None:
        raise Mistake(f"account {account}", "was never observed", "`gebot run` observes it")
    files = (url.removeprefix("sqlite:///"),) if url.startswith("sqlite:///") else ()
    return Past(
        account=facts,
        source="the ledger",
        readings=readings,
        first_day=None,
        levers_watched=True,
        assumptions=ASSUMPTIONS,
        files=files,
    )
