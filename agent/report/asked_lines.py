"""Asked lines: what waits for whom, a sentence for each group of changes."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from agent.domain.asking import Asked, sentence


def asked_lines(asked: Iterable[Asked], now: datetime) -> list[str]:
    """``2 changes in 'large': waits for a second approval by ben or chief; anna said yes``.

    Args:
        asked: Of changes that wait.
    """
    found = Counter((need.tier, sentence(need, now)) for one in asked for need in one.needs if need.missing)
    return [
        f"{count} {'change' if count == 1 else 'changes'}" + (f" in {tier!r}" if tier else "") + f": {words}"
        for (tier, words), count in found.items()
    ]
