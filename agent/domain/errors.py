"""Every error gebot raises on purpose, one class for each answer to "who acts next?".

    GebotError
    ├── Mistake              the person who wrote the file or typed the command mends it
    │   └── (several at once travel in a Mistakes group)
    ├── PlatformError        something between us and the platform
    │   ├── Unreachable      it mends itself: try the read again later
    │   ├── RateLimited      it mends itself after `retry_after_s`
    │   ├── AccessDenied     the account's owner must act: credentials or rights
    │   └── Misunderstood    the platform refused or said what we cannot read: a bug, or an unknown rule
    ├── LedgerError          the memory cannot be trusted or reached: nothing is sent
    │   └── Deposed          nobody: another gebot leads the account now, and goes on
    └── Halted               a person stopped the agent, and only a person starts it again

Errors carry plain values, never models. What a reviewer sees every day (a denial, a
conflict, a refused change) is data, not an exception.
"""


class GebotError(Exception):
    """Root of the tree."""


class Mistake(GebotError):
    """Something a person wrote is wrong: where, what was found, what would be right."""

    def __init__(self, where: str, found: str, expected: str = "") -> None:
        self.where = where
        self.found = found
        self.expected = expected
        super().__init__(f"{where}: {found}" + (f"; {expected}" if expected else ""))


class Mistakes(ExceptionGroup[Mistake]):
    """All faults of one file or command at once. Nothing was changed."""

    def each(self) -> "list[Mistake]":
        """The faults one by one, in the order in which they were found."""
        return [one for one in self.exceptions if isinstance(one, Mistake)]

    def derive(self, excs: "list[Mistake]") -> "Mistakes":  # type: ignore[override]  # narrower on purpose
        return Mistakes(self.message, excs)


class PlatformError(GebotError):
    """A platform call did not give an answer. `account` is the account's full name."""

    def __init__(self, account: str, message: str) -> None:
        self.account = account
        super().__init__(f"{account}: {message}")


class Unreachable(PlatformError):
    """No answer, or a passing fault of the platform. A read may be tried again."""


class RateLimited(PlatformError):
    """The platform asked us to wait `retry_after_s` seconds."""

    def __init__(self, account: str, message: str, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(account, f"{message} (retry after {retry_after_s:.0f} s)")


class AccessDenied(PlatformError):
    """Credentials or rights are missing. Nothing was applied; the account stops."""


class Misunderstood(PlatformError):
    """The platform refused the whole request, or its reply made no sense. Nothing was applied."""


class LedgerError(GebotError):
    """The ledger is locked, unreachable or not what it should be. Nothing was sent."""


class Deposed(LedgerError):
    """Another gebot leads the account since. Nothing was written, nothing was sent."""


class Halted(GebotError):
    """A person stopped the agent. Nothing was sent."""
