"""Paths: how volume and conversion rate of each campaign drift, day after day."""

from datetime import date

import numpy as np

from simulations.curves import Floats
from simulations.worlds import World

_BLOCK_DAYS = 64


class Paths:
    """Random walks from the first day on, drawn in blocks as later days are asked for."""

    def __init__(self, world: World, weekday: Floats, first_day: date, seed: tuple[int, ...]) -> None:
        """Start at 1 on the first day.

        Args:
            weekday: Shape (7, n_campaigns), factors of the volume, Monday first.
        """
        self._world = world
        self._weekday = weekday
        self._first_weekday = first_day.weekday()
        self._seed = seed
        n = weekday.shape[1]
        self._log_volume = np.zeros((1, n))
        self._log_rate = np.zeros((1, n))
        self._volume: list[Floats] = []
        self._rate: list[Floats] = []

    def volume(self, day: int) -> Floats:
        """Volume of the day relative to the first, weekday included; shape (n_campaigns,)."""
        self._reach(day)
        return self._volume[day]

    def rate(self, day: int) -> Floats:
        """Conversion rate of the day relative to the first; shape (n_campaigns,)."""
        self._reach(day)
        return self._rate[day]

    def _reach(self, day: int) -> None:
        if day < 0:
            raise ValueError(f"day was {day}, the market starts on day 0")
        while len(self._volume) <= day:
            self._draw_block()

    def _draw_block(self) -> None:
        start = len(self._volume)
        world = self._world
        shape = (_BLOCK_DAYS, self._weekday.shape[1])
        rng = np.random.default_rng((*self._seed, start // _BLOCK_DAYS))
        volume = world.volume_drift * rng.standard_normal(shape)
        rate = world.rate_drift * rng.standard_normal(shape)
        rate += (rng.random(shape) < world.jump_hazard) * world.jump_sd * rng.standard_normal(shape)
        if start == 0:
            volume[0] = rate[0] = 0.0
        volume = self._log_volume + volume.cumsum(axis=0)
        rate = self._log_rate + rate.cumsum(axis=0)
        self._log_volume, self._log_rate = volume[-1:], rate[-1:]
        weekdays = (self._first_weekday + start + np.arange(_BLOCK_DAYS)) % 7
        self._volume.extend(np.exp(volume) * self._weekday[weekdays])
        self._rate.extend(np.exp(rate))
