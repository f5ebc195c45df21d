"""Pictures: the plots of one world of a benchmark."""

from collections.abc import Sequence

from simulations.laboratory.trial import Result
from simulations.pages.over_time import by_policy, over_time
from simulations.pages.page import Picture
from simulations.summary import WARM_UP_DAYS


def world_pictures(results: Sequence[Result], names: Sequence[str], ours: str) -> list[Picture]:
    """Value over time, regret, and the spread over seeds.

    Args:
        results: Of one world.
        names: Of the policies, in the order in which they are drawn; the first few are shown.
    """
    values = {
        name: {one.trial.seed: one.value for one in results if one.trial.policy == name} for name in names
    }
    return over_time(by_policy(values, names, ours), warm_up_days=WARM_UP_DAYS)
