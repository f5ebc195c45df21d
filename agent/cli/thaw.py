"""gebot thaw: steer an account again that was frozen because its conversions could not be believed."""

from typing import Annotated

import typer

from agent.cli.options import DEFAULT_CONFIG, ME, By, ConfigPath
from agent.cli.output import say
from agent.config.may import check_may
from agent.domain.errors import Mistake
from agent.domain.role import Act
from agent.domain.tracking_break import exclusion, in_force, words
from agent.office import open_office
from agent.wiring.joined import joined_of


def thaw(
    account: Annotated[str, typer.Argument(help="The account, by its name in the configuration.")],
    by: By = ME,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    office = open_office(config, account, create=False)
    by = check_may(office.settings, by, Act.RESUME)
    (settings,), memory, now = office.accounts, office.memory, office.clock.now()
    id_ = joined_of(office.settings, settings).id
    frozen = in_force(memory.freezes(id_, now))
    if frozen is None:
        raise Mistake(f"account {account!r}", "is not frozen", "there is nothing to do")
    memory.thaw(id_, by, now)
    table = memory.entities(id_, now)
    zone = "UTC" if table is None else table.account.time_zone
    say(f"thawed: {words(frozen, zone)}")
    say("those hours teach nothing; what a rule or a strategy wishes is heard again, in small steps at first")
    say(f"for the platform's own bidding, where it can be told: {exclusion(frozen, account, zone, now)}")
