"""Tell: what scenarios that were lived through come to, in figures and in a sentence made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from agent.domain.entity import Floats
from simulations.scenarios.play import CALM, CONFIGURED, HOLD, NAIVE, Played

_SURE = 2.0  # standard errors


class ScenarioRow(TypedDict):
    """One policy in one scenario, over the four weeks from the first day of the event on.

    Shares of what a clairvoyant gets of the same pot: `value`, `value_calm` (the same market
    without the event). `over_hold`: paired difference to leaving everything alone. `reaction`:
    by how much the event changed that difference, so what came of reacting to it. Both with
    their standard errors, None for one seed. `lowest_budgets`: the least that all budgets summed
    to, as a share of the pot. `moved_a_day`: money moved up or down a day, as a share of the pot.
    """

    scenario: str
    policy: str
    seeds: int
    value: float
    value_calm: float
    over_hold: float
    over_hold_se: float | None
    reaction: float
    reaction_se: float | None
    lowest_budgets: float
    moved_a_day: float
    moved_a_day_calm: float
    changes_a_day: float
    changes_a_day_calm: float
    over_pot_days: int


def scenario_rows(played: Sequence[Played]) -> list[ScenarioRow]:
    """One for each scenario and policy, in the order: as configured, naive, hold."""
    scenarios = [name for name in dict.fromkeys(one.act.scenario for one in played) if name != CALM]
    return [
        _row(scenario, policy, [one for one in played if one.act.scenario in (scenario, CALM)])
        for scenario in scenarios
        for policy in (CONFIGURED, NAIVE, HOLD)
    ]


def lesson(rows: Sequence[ScenarioRow]) -> str:
    """What one scenario's figures say, in a sentence or two; nothing in it is known beforehand."""
    of = {row["policy"]: row for row in rows}
    ours, naive = of[CONFIGURED], of[NAIVE]
    return (
        f"{_against_hold(ours)}; {_reacted(ours)}, to a ratio agent it "
        f"brought {100 * naive['reaction']:+.1f}. "
        f"Budgets summed to {ours['lowest_budgets']:.0%} of the pot at the least (ratio agent "
        f"{naive['lowest_budgets']:.0%}), and {ours['changes_a_day']:.1f} of them moved a day, "
        f"{ours['changes_a_day_calm']:.1f} without the event."
    )


def _against_hold(ours: ScenarioRow) -> str:
    over, se = ours["over_hold"], ours["over_hold_se"]
    got = f"gebot got {ours['value']:.1%} of what a clairvoyant gets"
    match _side(over, se):
        case 1:
            return f"{got}, {_points(over)} over leaving everything alone"
        case -1:
            return f"{got}; leaving everything alone would have been {_points(-over)} better"
    return f"{got}, which cannot be told from leaving everything alone ({_points(over)})"


def _reacted(ours: ScenarioRow) -> str:
    reaction = ours["reaction"]
    match _side(reaction, ours["reaction_se"]):
        case 1:
            return f"reacting to the event gained it {_points(reaction)}"
        case -1:
            return f"reacting to the event cost it {_points(-reaction)}"
    return f"reacting to the event made no clear difference ({_points(reaction)})"


def _side(mean: float, se: float | None) -> int:
    """1 or -1 where the mean is beyond doubt above or below 0, else 0."""
    if se is None or abs(mean) <= _SURE * se:
        return 0
    return 1 if mean > 0 else -1


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same seeds with the event and without; shares of the clairvoyant, shape (n_seeds,)."""

    event: Floats
    calm: Floats


def _row(scenario: str, policy: str, played: Sequence[Played]) -> ScenarioRow:
    own, hold = _pair(policy, played), _pair(HOLD, played)
    over = own.event - hold.event
    reaction = over - (own.calm - hold.calm)
    acts = [one for one in played if one.act.policy == policy]
    event = [one for one in acts if one.act.scenario != CALM]
    calm = [one for one in acts if one.act.scenario == CALM]
    return ScenarioRow(
        scenario=scenario,
        policy=policy,
        seeds=len(own.event),
        value=float(own.event.mean()),
        value_calm=float(own.calm.mean()),
        over_hold=float(over.mean()),
        over_hold_se=_se(over),
        reaction=float(reaction.mean()),
        reaction_se=_se(reaction),
        lowest_budgets=float(np.mean([one.budgets.min() for one in event])),
        moved_a_day=float(np.mean([one.moved.mean() for one in event])),
        moved_a_day_calm=float(np.mean([one.moved.mean() for one in calm])),
        changes_a_day=float(np.mean([one.changes.mean() for one in event])),
        changes_a_day_calm=float(np.mean([one.changes.mean() for one in calm])),
        over_pot_days=sum(one.over_pot_days for one in acts),
    )


def _pair(policy: str, played: Sequence[Played]) -> _Pair:
    by_seed: Mapping[tuple[int, bool], float] = {
        (one.act.seed, one.act.scenario == CALM): float(one.value.sum() / one.best.sum())
        for one in played
        if one.act.policy == policy
    }
    seeds = sorted({seed for seed, _ in by_seed})
    return _Pair(*(np.array([by_seed[seed, calm] for seed in seeds]) for calm in (False, True)))


def _se(differences: Floats) -> float | None:
    if len(differences) < 2:
        return None
    return float(differences.std(ddof=1) / len(differences) ** 0.5)
