"""Life: one policy in one draw of auctions, a decision each morning, nothing in between."""

import time
from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Numbers
from simulations.laboratory.bids.auctions import Auctions
from simulations.laboratory.bids.diary import Diary
from simulations.laboratory.bids.morning import Policy

FIRST_BID_MICROS = 1_000_000
"""Where every bid stands before the first decision."""


@dataclass(frozen=True, slots=True)
class Life:
    """Bids that a policy chose, shape (days, n), micros, and the CPU time it took."""

    bids: Numbers
    cpu_s: float


def live(auctions: Auctions, policy: Policy, rng: np.random.Generator, days: int) -> Life:
    """Let the policy decide on each of `days` days."""
    diary = Diary(auctions, days)
    present = np.full(len(auctions), FIRST_BID_MICROS)
    chosen, cpu_s = [], 0.0
    for day in range(days):
        morning = diary.morning(present)
        started = time.process_time()
        present = policy.bids(morning, rng)
        cpu_s += time.process_time() - started
        chosen.append(present)
        diary.enter(present, auctions.outcome(day, present))
    return Life(np.array(chosen), cpu_s)


def violations(auctions: Auctions, bids: Numbers) -> int:
    """Days on which bids of shape (days, n), micros, break a bound. The pot cannot be broken."""
    outside: int = ((bids < auctions.low_micros) | (bids > auctions.high_micros)).any(axis=1).sum()
    return int(outside)
