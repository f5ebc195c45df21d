"""Hold: proposes nothing. The control of every comparison, and the file to copy for a new strategy.

To add a strategy, copy this file to ``strategies/<name>.py`` and name the class the same in
CamelCase (``target_cpa.py`` holds ``TargetCpa``): it is found by that convention, and by the
contract tests in ``tests/strategies``. Switch it on in config.toml under ``[[strategy]]``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from numpy.random import Generator

from agent.domain.lever import Lever
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Hold:
    """Leave everything as it is.

    The fields are the strategy's options: plain int, float, str or bool, each with a default.
    Unknown keys in config.toml are refused by name; refuse values that make no sense in
    ``__post_init__`` with a ValueError that says what was found and what is right.

    Attributes:
        name: As in config.toml; becomes `Proposal.source`.
    """

    levers: ClassVar[tuple[Lever, ...]] = ()

    name: str

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        """Propose absolute values, or nothing.

        Keep no state: the snapshot is the only memory, `rng` the only chance. The snapshot
        holds the entities of one portfolio; days that are not `metrics.known` are unknown,
        not zero; yesterday's conversions are mostly still to come (`snapshot.maturity`).
        Only touch what `snapshot.steerable(lever)` allows. An error here means "no proposal"
        and is shown to the reviewer.
        """
        return ()
