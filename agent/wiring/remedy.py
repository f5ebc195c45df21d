"""Remedies: who must act after a platform said no, and what to do."""

from collections.abc import Mapping

from agent.domain.errors import AccessDenied, PlatformError, RateLimited, Unreachable


def remedy(error: PlatformError, known: Mapping[str, str], *, sandbox: bool, credentials: str) -> str:
    """A sentence for the person who set the account up.

    Args:
        known: The platform's own: what stands in a message, and what to do about it; the first
            that fits is taken.
        sandbox: The account is on a sandbox, which may just not run.
        credentials: The table that gebot signed in with, "credentials" or "write_credentials".
    """
    said = str(error)
    for words, to_do in known.items():
        if words in said:
            return to_do
    match error:
        case Unreachable() if sandbox:
            return "is the sandbox running, at the endpoint and with the ca_file of [account.options]?"
        case Unreachable():
            return "try again in a minute; if it lasts, look at network, proxy and firewall of this machine"
        case RateLimited():
            return f"wait {_span(error.retry_after_s)}; a running gebot waits by itself"
        case AccessDenied():
            return (
                "an administrator of the ad account: give access to the identity of "
                f"[account.{credentials}]; whoever keeps its secret: renew that if it has run out"
            )
    return "you: compare `id` and [account.options] with the platform; if they are right, report this"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
