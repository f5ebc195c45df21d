"""Deciding: what the agent asks of those who wish, judge, settle and approve."""

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from numpy.random import Generator

from agent.domain.approval import Approval
from agent.domain.entity import Floats
from agent.domain.plan import Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.responses import Responses
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Verdict


class Strategy(Protocol):
    """A decider. Stateless: the snapshot is its memory, the generator its only chance.

    Pure: the same snapshot and the same generator state give the same proposals.
    """

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]: ...


@runtime_checkable
class Believer(Protocol):
    """A strategy with a model of what budgets bring, which people can look at."""

    def responses(self, snapshot: Snapshot, multiples: Floats) -> Responses | None:
        """What it believes at these multiples of the present budgets; None where it knows nothing."""
        ...


class Guardrail(Protocol):
    """A limit on one proposal. Pure: the same input gets the same verdict."""

    @property
    def name(self) -> str: ...

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict: ...


class Balance(Protocol):
    """A limit on a sum. May only lower what is spent, deny, or leave things as they are."""

    @property
    def name(self) -> str: ...

    def settle(self, decisions: Sequence[Decision], snapshot: Snapshot) -> Sequence[Decision]: ...


class Approver(Protocol):
    """Whoever lets changes through without being asked twice; None: it waits for people."""

    def review(self, plan: Plan) -> Approval | None: ...
