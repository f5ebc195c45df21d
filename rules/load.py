"""Load: a rule file by its path, as a strategy. The only thing that others need of this package."""

from pathlib import Path

from rules.decider import RuleDecider
from rules.file import read_rules


def load(path: Path, currency: str | None = None) -> RuleDecider:
    """Read a rule file.

    Args:
        currency: Of the account; money in another one is then a fault of the file.

    Raises:
        Mistakes: All that is wrong in the file.
    """
    return RuleDecider(read_rules(path, currency=currency))
