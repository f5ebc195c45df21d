"""Joined: an account of config.toml with the platforms behind it, one or several."""

from dataclasses import dataclass
from datetime import datetime

from agent.config.accounts import AccountSettings
from agent.config.settings import Settings
from agent.domain.errors import Mistake, Mistakes
from agent.domain.ref import AccountId
from agent.wiring.plugins import Platform


@dataclass(frozen=True, slots=True)
class Joined:
    """What plans are drawn up for.

    Attributes:
        platforms: One, or those that a joint account joins, in its order.
    """

    id: AccountId
    platforms: tuple[Platform, ...]

    def fixed_now(self) -> datetime | None:
        """The moment at which the data stand still; None: time goes on.

        Raises:
            Mistakes: Accounts whose data stand still were joined to others.
        """
        moments = {platform.fixed_now() for platform in self.platforms}
        if len(moments) > 1:
            found = "joins accounts whose data end at different times"
            raise Mistakes("accounts cannot be joined", [Mistake(str(self.id), found, "join live accounts")])
        return moments.pop()


def joined_of(settings: Settings, account: AccountSettings) -> Joined:
    """The account with its platforms, nothing called yet.

    Raises:
        Mistakes: No such adapter, or options that it does not understand.
    """
    members = settings.members_of(account) or (account,)
    platforms = tuple(Platform(one, file=settings.file, home=settings.home) for one in members)
    return Joined(account.account_id if account.joins else platforms[0].id, platforms)
