"""Foretold: what models had said of changes, beside the verdicts on them. Pure."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from agent.domain.calibration import Measured
from agent.domain.forecast import Forecasts
from agent.domain.lever import number_of
from agent.domain.proposal import Interval
from agent.domain.ref import AccountId
from agent.report.verdicts import Judged


def with_forecasts(
    found: Sequence[Judged], account: AccountId, forecasts: Forecasts, measured: Measured
) -> list[Judged]:
    """The same, with what was said and what came where a forecast could be held against the days after.

    Args:
        forecasts, measured: Those that could be measured, in the same order (`agent.steps.measure`).
    """
    held = measured.held()
    rows = {
        (
            str(forecasts.kinds[n]),
            str(forecasts.ids[n]),
            str(forecasts.levers[n]),
            int(forecasts.after[n]),
            at,
        ): n
        for n, at in enumerate(forecasts.applied_at.astype(np.int64).tolist())
    }
    told = []
    for one in found:
        change = one.made.change
        id_ = account.id_of(change.ref) or change.ref.id
        at = int(one.made.at.timestamp())
        n = rows.get((change.ref.kind.value, id_, change.lever.value, number_of(change.after), at))
        if n is None:
            told.append(one)
            continue
        said = Interval(*(float(column[n]) for column in (measured.mean, measured.low, measured.high)))
        told.append(replace(one, said=said, came=float(measured.realised[n]), held=bool(held[n])))
    return told
