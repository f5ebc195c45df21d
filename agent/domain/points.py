"""Points: the places at which a process may die, named, so that each death can be tried."""

from enum import StrEnum


class Point(StrEnum):
    """Right after each commit, and on both sides of the wire.

    Whoever carries `reached` calls it with these; in life it does nothing.
    """

    LED = "led"  # the epoch was raised
    RECOVERED = "recovered"  # what a dead sender left behind is UNKNOWN
    RUN_BEGUN = "run begun"
    RUN_FINISHED = "run finished"
    ENTITIES_RECORDED = "entities recorded"
    METRICS_RECORDED = "metrics recorded"
    WATCHED = "watched"  # a freeze or its end is on record, if there was one
    PLAN_RECORDED = "plan recorded"
    OLDER_RETIRED = "older plans retired"
    APPROVED = "approved"
    CAPPED = "capped"
    COMPARED = "compared"  # the values that stand were read; nothing is written yet
    WORD_WRITTEN = "word written"  # SENDING is committed
    BEFORE_WIRE = "before the wire"
    REPLIED = "replied"  # the platform has spoken; the outcome is not written
    OUTCOME_RECORDED = "outcome recorded"
    CONFLICTS_RECORDED = "conflicts recorded"
    READ_BACK = "read back"  # what stands now is known; nothing is written yet
    READ_BACK_RECORDED = "read-back recorded"
    EXPIRED = "expired"
    LOOKED_UP = "looked up"  # what became of the unknown was found; nothing is written yet
    SETTLED = "settled"


def unwatched(point: Point) -> None:
    """What `reached` is in life: nobody waits at any point."""
