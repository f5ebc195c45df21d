"""Source: where an account's past is to be found."""

from agent.config.accounts import AccountSettings
from agent.config.settings import Settings
from simulations.replay.of_export import Reporting, past_of_export
from simulations.replay.of_ledger import past_of_ledger
from simulations.replay.past import Past

EXPORT = "csv"


def past_of_account(settings: Settings, account: AccountSettings, reporting: Reporting) -> Past:
    """The past of an account: its export for a CSV account, else what the ledger has recorded.

    Args:
        reporting: For an export alone; a ledger knows when it saw what.

    Raises:
        LedgerError, Mistake, Mistakes: As the two ways say.
    """
    if account.platform == EXPORT:
        return past_of_export(settings, account, reporting)
    return past_of_ledger(settings, account)
