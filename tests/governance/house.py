"""House: the board of docs/governance.md over an account of the simulated platform, on a stepped clock."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import sample_config
import sqlalchemy as sa
from live import START, Live, Scale, live

from agent import approving, by_hand, cycle, settling, stop
from agent.config.settings import Settings
from agent.domain.due import Due, due
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Plan
from agent.domain.proposal import Proposal, Purpose
from agent.domain.record import PlanRecord
from agent.guardrails.permission import LeverAllowed
from agent.guardrails.sane import Sane
from agent.guardrails.step import MaxStep
from agent.ledger.anchor import Anchor
from agent.ledger.open import open_ledger
from agent.office import Office
from agent.steps.approve import Nobody
from agent.steps.guard import Fence
from agent.wiring.sealing import seal_of

EXAMPLE = re.search(
    r"```toml\n(.*?)```", (Path(__file__).parents[2] / "docs/governance.md").read_text("utf-8"), re.DOTALL
)
assert EXAMPLE is not None
BOARD = EXAMPLE[1]


def example(folder: Path, **changed: str) -> Settings:
    """The settings with the example's board.

    Args:
        changed: Keys of the example with other values, as TOML.
    """
    board = BOARD
    for key, value in changed.items():
        board = re.sub(rf"^{key} = .*$", f"{key} = {value}", board, flags=re.MULTILINE)
    head, _, auto = sample_config.TEXT.partition("[approval]")
    return sample_config.settings(folder, head + board + auto[auto.index("[approval.auto]") :])


class House:
    """The account, its ledger on disk, and everybody who has a word in it."""

    def __init__(self, folder: Path, factors: Sequence[str | None] = ("1.4", "1.05", None)) -> None:
        self.settings = example(folder)
        self.settings.state.mkdir(parents=True, exist_ok=True)
        self.seal = seal_of(self.settings)
        self.url = f"sqlite:///{folder / 'board.db'}"
        self.ledger = open_ledger(self.url, seal=self.seal, anchor=Anchor(folder / "board.anchor"))
        self.account: Live = live(factors, pot=Money.of(100_000, "EUR"))
        self.account.give(
            ledger=self.ledger,
            seal=self.seal,
            approver=Nobody(),
            board=self.settings.approval.board,
            fence=_FENCE,
            check_stop=lambda: stop.check(self.settings.state, self.ledger),
        )

    @property
    def office(self) -> Office:
        return Office(
            self.settings, self.ledger, cast(Any, self.account.clock), self.settings.decided
        )  # a stepped clock in the place of a real one

    def now_has(self, settings: Settings) -> None:
        """config.toml is another one from now on."""
        self.settings = settings
        self.account.give(board=settings.approval.board)

    def at(self, hours: float) -> datetime:
        """So many hours after the start."""
        self.account.clock.move_to(START + timedelta(hours=hours))
        return self.account.clock.now()

    def draws_up(self) -> Plan:
        plan = self.account.plan()
        cycle.put_forward(self.account.parts, plan, epoch=0)
        return plan

    def wishes(self, factor: str, by: str) -> Plan:
        """A person wishes for the first budget times a factor."""
        cycle.look(self.account.parts)
        snapshot = cycle.known(self.account.parts)
        assert snapshot is not None
        (wish,) = Scale((factor,)).propose(snapshot, cast(Any, None))
        wish = Proposal(wish.ref, wish.lever, wish.target, "so I wish", "undo", purpose=Purpose.UNDO)
        plan = by_hand.drawn_up(self.account.parts, snapshot, [wish], by=by)
        cycle.keep(self.account.parts, plan)
        return plan

    def approves(self, plan: Plan, by: str, *places: int) -> PlanRecord:
        """Somebody approves changes of a plan by their places; none: all that wait."""
        return self._says(plan, by, places, approve=True)

    def rejects(self, plan: Plan, by: str, *places: int) -> PlanRecord:
        return self._says(plan, by, places, approve=False)

    def _says(self, plan: Plan, by: str, places: Sequence[int], *, approve: bool) -> PlanRecord:
        ids = [plan.changes[place].id for place in places or range(len(plan.changes))]
        yes, no = (ids, []) if approve else ([], ids)
        return approving.decide(self.office, plan.fingerprint, approve=yes, reject=no, by=by)

    def ticks(self, plan: Plan) -> list[State]:
        """What the daemon does with a plan at a tick; the states afterwards."""
        settling.settle(self.account.parts, epoch=0)
        cycle.carry_out(self.account.parts, plan.fingerprint, epoch=0)
        return self.states(plan)

    def record(self, plan: Plan) -> PlanRecord:
        record = self.ledger.plan(plan.fingerprint)
        assert record is not None
        return record

    def states(self, plan: Plan) -> list[State]:
        return [item.state for item in self.record(plan).changes.values()]

    def due(self, plan: Plan) -> list[Due]:
        now = self.account.clock.now()
        return due(self.record(plan), self.settings.approval.board, self.seal, now)

    def sql(self, *statements: str) -> None:
        engine = sa.create_engine(self.url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
        engine.dispose()


_FENCE = Fence(
    (Sane(), LeverAllowed(frozenset({Lever.DAILY_BUDGET})), MaxStep(Lever.DAILY_BUDGET, Fraction(1))),
    50,
    Fraction(1),
    Money.of(100_000, "EUR"),
    max_changes_per_hour=100,
    max_share_of_spend=Fraction(1),
)
