"""Memory: the ledger that config.toml names, and what keeps several daemons on it apart."""

from pathlib import Path

from agent.config.credentials import resolve
from agent.config.settings import Mode, Settings
from agent.domain.errors import Mistake
from agent.domain.seal import Seal
from agent.ledger.open import open_leases, open_ledger, open_outbox, open_people, open_tallies
from agent.ports.leases import Leases
from agent.ports.ledger import Ledger
from agent.ports.outbox import Outbox
from agent.ports.people import People
from agent.ports.tallies import Tallies
from agent.wiring.sealing import anchor_of, fresh_seal, key_is_gone, known_seal

READ_PATIENCE_S = 5.0
"""How long a command at the terminal waits for a ledger that somebody else has locked."""

WRITE_PATIENCE_S = 30.0
"""The same for whatever sends: its outcomes must be written down."""

_APART = "dry_run"


def ledger(settings: Settings, *, create: bool = True, busy_timeout_s: float = WRITE_PATIENCE_S) -> Ledger:
    """Open the ledger; proposals on probation go into a file or a schema of their own.

    Args:
        busy_timeout_s: How long a call waits for other writers.

    Raises:
        LedgerError: It cannot be opened, or is not there and may not be made.
        Mistake: Its password is missing, or the key that it was sealed with.
    """
    seal = known_seal(settings)
    opened = _opened(settings, seal, create=create, busy_timeout_s=busy_timeout_s)
    if seal is not None:
        return opened
    sealed = opened.head() is not None
    opened.close()
    if sealed:
        raise key_is_gone(settings)
    return _opened(settings, fresh_seal(settings), create=create, busy_timeout_s=busy_timeout_s)


def ledger_to_halt(settings: Settings) -> Ledger:
    """Open it as whoever stops gebot does: no key is needed or made, and nobody waits long.

    Raises:
        LedgerError, Mistake: As `ledger`, but for its key.
    """
    try:
        seal = known_seal(settings)
    except Mistake:
        seal = None  # the chain lacks this halt then; `gebot audit verify` tells it as a note
    return _opened(settings, seal, create=True, busy_timeout_s=READ_PATIENCE_S)


def people(settings: Settings, *, busy_timeout_s: float = READ_PATIENCE_S) -> People:
    """Who may sign in to the page; kept beside the ledger, so probation has its own.

    Raises:
        LedgerError, Mistake: As `ledger`, but for its key.
    """
    return open_people(
        _url(settings),
        password=_password(settings),
        busy_timeout_s=busy_timeout_s,
        apart=_apart(settings),
    )


def outbox(settings: Settings, *, busy_timeout_s: float = READ_PATIENCE_S) -> Outbox:
    """What people are to be told; kept beside the ledger, so probation has its own.

    Raises:
        LedgerError, Mistake: As `ledger`, but for its key.
    """
    return open_outbox(
        _url(settings),
        password=_password(settings),
        create=False,
        busy_timeout_s=busy_timeout_s,
        apart=_apart(settings),
    )


def tallies(settings: Settings) -> Tallies:
    """How often things came about in all.

    Raises:
        LedgerError, Mistake: As `ledger`, but for its key.
    """
    return open_tallies(
        _url(settings),
        password=_password(settings),
        busy_timeout_s=READ_PATIENCE_S,
        apart=_apart(settings),
    )


def _opened(settings: Settings, seal: Seal | None, *, create: bool, busy_timeout_s: float) -> Ledger:
    return open_ledger(
        _url(settings),
        password=_password(settings),
        create=create,
        busy_timeout_s=busy_timeout_s,
        apart=_apart(settings),
        seal=seal,
        anchor=anchor_of(settings),
    )


def _url(settings: Settings) -> str:
    """Where the ledger is; on probation in a file of its own."""
    url = settings.ledger
    if not (_on_probation(settings) and url.startswith("sqlite")):
        return url
    path = Path(url)
    return url.removesuffix(path.suffix) + f".dry-run{path.suffix}"


def folders_of(settings: Settings) -> tuple[Path, ...]:
    """Where the ledger grows on this machine."""
    if not settings.ledger.startswith("sqlite"):
        return ()
    return (Path(settings.ledger.removeprefix("sqlite:///")).parent,)


def leases(settings: Settings) -> Leases | None:
    """What keeps several daemons on one ledger apart; None: a file of the state folder does.

    Raises:
        LedgerError: The ledger's URL cannot be read.
        Mistake: Its password is missing.
    """
    if settings.ledger.startswith("sqlite"):
        return None
    return open_leases(settings.ledger, password=_password(settings), apart=_apart(settings))


def _apart(settings: Settings) -> str:
    """The schema that proposals on probation have of their own; "" where nothing is on probation."""
    return _APART if _on_probation(settings) else ""


def _on_probation(settings: Settings) -> bool:
    return settings.mode is Mode.DRY_RUN


def _password(settings: Settings) -> str | None:
    if settings.ledger_password is None:
        return None
    return resolve(settings.ledger_password, "ledger_password").get_secret_value()
