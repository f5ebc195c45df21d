"""Search: a campaign in chunks until something breaks, in the process of a copy that holds a bug."""

import json
import sys
from dataclasses import asdict, dataclass

from simulations.chaos.findings import Campaign
from simulations.chaos.profiles import CAMPAIGNS

_CHUNK = 10


@dataclass(frozen=True, slots=True)
class Found:
    """What chaos said of one copy.

    Attributes:
        broken: The invariants that did not hold in the chunk in which any did not.
        seed: The first trial that broke one; None: there is none.
        trials: How many there were until then, the chunk included.
        because: Why there is no answer, "" when there is one.
    """

    broken: tuple[str, ...] = ()
    seed: int | None = None
    trials: int = 0
    because: str = ""

    def __str__(self) -> str:
        if self.because or self.seed is None:
            return self.because or f"NOT FOUND in {self.trials}"
        return f"{'; '.join(self.broken)} (seed {self.seed})"


def searched(campaign: Campaign, trials: int, first: int) -> Found:
    """Try so many seeds from the first on, in chunks that grow; end with the chunk that broke something.

    What names no seed (that too little was done) is nothing found: bad luck may look like it.
    """
    tried, chunk = 0, _CHUNK
    while tried < trials:
        size = min(chunk, trials - tried)
        result = campaign.run(size, first + tried, 1, lambda more: None)
        tried, chunk = tried + size, 2 * chunk
        broken = [one for one in result.tallies if one.violations and one.seeds]
        if broken:
            seed = min(seed for one in broken for seed in one.seeds)
            return Found(tuple(str(one.invariant) for one in broken), seed, tried)
    return Found(trials=tried)


def main(name: str, trials: str, first: str) -> None:
    """Say as JSON what was found."""
    listed = next(one for one in CAMPAIGNS if one.name == name)
    sys.stdout.write(json.dumps(asdict(searched(listed.load(), int(trials), int(first)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
