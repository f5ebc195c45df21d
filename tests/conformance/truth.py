"""Truth: what stands on the simulated platform behind an adapter, past everything in between."""

from datetime import date

from agent.domain.lever import Lever
from agent.domain.ref import Ref
from simulations.journal import Field
from simulations.platform import Platform

FIELDS = {
    Lever.DAILY_BUDGET: Field.AMOUNT,
    Lever.LIFETIME_BUDGET: Field.LIFETIME_AMOUNT,
    Lever.CPC_BID: Field.CPC_BID,
    Lever.BID_CAP: Field.BID_CAP,
    Lever.TARGET_CPA: Field.TARGET_CPA,
    Lever.TARGET_ROAS: Field.TARGET_ROAS,
    Lever.STATUS: Field.STATUS,
    Lever.DATA_EXCLUSION: Field.EXCLUSION,
    Lever.CONVERSION_RATE_MODIFIER: Field.MODIFIER,
}


def standing(platform: Platform, ref: Ref, lever: Lever) -> int | None:
    """The number that stands; None where there is no such lever."""
    return platform.standing(ref.kind, ref.id, FIELDS[lever])


def cost_micros(platform: Platform, day: date) -> int:
    """What all campaigns cost on a day."""
    return int(platform.metrics(day, day).cost_micros.sum())
