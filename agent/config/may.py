"""May: what the board of config.toml lets a person do, and who is told to be asked instead."""

from agent.config.settings import Settings
from agent.domain.board import listed
from agent.domain.errors import Mistake
from agent.domain.role import Act


def check_may(settings: Settings, by: str, act: Act) -> str:
    """Refuse what this person may not do.

    Returns: The name as config.toml spells it.

    Raises:
        Mistake: They may not; who may is told.
    """
    board = settings.approval.board
    if not board.may(by, act):
        role = board.role_of(by)
        found = f"may not {act}: " + ("not on the board" if role is None else f"no more than {role}")
        right = f"{listed(board.who_may(act))} may, by [approval] in {settings.file}"
        raise Mistake(repr(board.spelled(by)), found, right)
    return board.spelled(by)
