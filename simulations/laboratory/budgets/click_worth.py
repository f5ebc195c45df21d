"""Click worth: what a click of each campaign brings, from clicks and value as reported so far."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from simulations.laboratory.budgets.morning import Morning

_ORDER_SPREAD = 1.5  # mean square of an order over its squared mean, about


@dataclass(frozen=True, slots=True)
class ClickWorth:
    """Normal belief about the value of a click, micros, shape (n_campaigns,)."""

    mean: Floats
    deviation: Floats


def click_worth(morning: Morning) -> ClickWorth:
    """Normal mean with known variance under a normal prior around the account's average.

    Source: Nuara et al. 2018 (value per click as a Gaussian). The variance of a mean of n
    clicks is that of a compound Poisson sum, mean x order value x spread / n. The prior is as
    wide as its mean. Nothing is forgotten and nothing is corrected for conversions to come.
    """
    clicks, conversions = morning.clicks.sum(axis=1), morning.conversions.sum(axis=1)
    value = morning.value.sum(axis=1)
    usual = value.sum() / max(clicks.sum(), 1.0)
    order = value.sum() / max(conversions.sum(), 1.0)
    own = np.divide(value, clicks, out=np.full_like(value, usual), where=clicks > 0)
    noise = np.maximum(own, usual / 4.0) * order * _ORDER_SPREAD / np.maximum(clicks, 1.0)
    weight = np.where(clicks > 0, usual**2 / (usual**2 + noise), 0.0)
    return ClickWorth(mean=weight * own + (1.0 - weight) * usual, deviation=usual * np.sqrt(1.0 - weight))
