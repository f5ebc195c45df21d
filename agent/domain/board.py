"""Board: who is who, who may let what through, and who is told when nobody does."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from agent.domain.approval import POLICY
from agent.domain.plan import Decision, Plan
from agent.domain.role import Act, Role
from agent.domain.tier import Tier

ANYBODY = Tier("")
"""What is asked of a change that is in no tier: the word of one person who may decide."""


@dataclass(frozen=True)
class Board:
    """The people of `[approval]`; where none is named, everybody may do everything.

    Names are the same however they are spelled: "Anna", "anna " and "ANNA" are one person.

    Attributes:
        roles: By name, as config.toml spells it.
        tiers: Each that covers a change asks for itself; a word may count for several.
        anyone_may_stop: Whether a stop is taken from everybody, on the board or not.
        author_may_approve: Whether who drew up a plan by hand may approve it beside others who could.
        remind_after: When those who are asked are reminded; None: never.
    """

    roles: Mapping[str, Role] = field(default_factory=dict)
    tiers: tuple[Tier, ...] = ()
    anyone_may_stop: bool = True
    author_may_approve: bool = False
    remind_after: timedelta | None = None

    @property
    def named(self) -> bool:
        """Whether anybody is named at all."""
        return bool(self.roles)

    def spelled(self, person: str) -> str:
        """The name as the board spells it; as it came where the board does not know it."""
        return self._spelled.get(known_as(person), " ".join(person.split()))

    def role_of(self, person: str) -> Role | None:
        """None: not on the board. Where nobody is named everybody is an admin."""
        return self.roles.get(self.spelled(person)) if self.named else Role.ADMIN

    def may(self, person: str, act: Act) -> bool:
        """Whether this person may do that."""
        if act is Act.STOP and self.anyone_may_stop:
            return True
        role = self.role_of(person)
        return role is not None and role.may(act)

    def who_may(self, act: Act) -> frozenset[str]:
        """Everybody on the board who may do that; empty where nobody is named."""
        return frozenset(name for name, role in self.roles.items() if role.may(act))

    def covers(self, decision: Decision) -> bool:
        """Whether any tier covers the change of this decision."""
        return any(tier.covers(decision) for tier in self.tiers)

    def demands(self, decision: Decision) -> tuple[Tier, ...]:
        """What is asked before the change of this decision may go; never empty."""
        return tuple(tier for tier in self.tiers if tier.covers(decision)) or (ANYBODY,)

    def counts(self, person: str, tier: Tier, plan: Plan, at: datetime) -> bool:
        """Whether a yes that this person said then counts for this tier."""
        name = self.spelled(person)
        if known_as(name) in ("", known_as(POLICY)) or not self.may(name, Act.DECIDE):
            return False
        if self.bars_author(name, plan):
            return False
        if not tier.by or name in tier.by:
            return True
        return name in tier.escalate_to and self.is_escalated(tier, plan, at)

    def who_counts(self, tier: Tier, plan: Plan, at: datetime) -> frozenset[str]:
        """Everybody whose yes would count for this tier then; empty where nobody is named."""
        return frozenset(name for name in self.roles if self.counts(name, tier, plan, at))

    def bars_author(self, person: str, plan: Plan) -> bool:
        """Whether this person may not approve the plan because they drew it up by hand.

        Not where nobody is named, since nobody can tell; nor where one person alone may decide.
        """
        if self.author_may_approve or len(self.who_may(Act.DECIDE)) <= 1:
            return False
        return plan.author != "" and known_as(person) == known_as(plan.author)

    def is_escalated(self, tier: Tier, plan: Plan, at: datetime) -> bool:
        """Whether the tier's next group is asked by then."""
        return tier.escalate_after is not None and at >= plan.drawn_up_at + tier.escalate_after

    @cached_property
    def _spelled(self) -> Mapping[str, str]:
        return {known_as(name): name for name in self.roles}


def known_as(name: str) -> str:
    """What all spellings of a name share: NFKC, no case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def listed(names: Iterable[str], last: str = "or") -> str:
    """Names for people: ``anna, ben or chief``; "nobody" where there is none."""
    *some, end = sorted(names) or ["nobody"]
    return f"{', '.join(some)} {last} {end}" if some else end


OPEN = Board()
"""Nobody is named: whoever can run gebot may do everything."""
