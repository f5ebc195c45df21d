"""Role: what a person may do with gebot."""

from collections.abc import Mapping
from enum import StrEnum


class Act(StrEnum):
    """What people do; every command and every route of the page is one of these."""

    READ = "read"
    STOP = "stop everything"
    DECIDE = "approve or reject"
    DRAW_UP = "draw up a plan by hand"  # undo, restore; it waits for approval like any other
    RESUME = "allow changes again"  # lift a halt, thaw an account


class Role(StrEnum):
    """Who somebody is on the board; each may do all that the one before may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    ADMIN = "admin"

    def may(self, act: Act) -> bool:
        return act in _MAY[self]


_VIEWER = frozenset({Act.READ})
_OPERATOR = _VIEWER | {Act.STOP}
_APPROVER = _OPERATOR | {Act.DECIDE, Act.DRAW_UP}
_MAY: Mapping[Role, frozenset[Act]] = {
    Role.VIEWER: _VIEWER,
    Role.OPERATOR: _OPERATOR,
    Role.APPROVER: _APPROVER,
    Role.ADMIN: _APPROVER | {Act.RESUME},
}
