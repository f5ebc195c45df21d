"""Notice: something that people are told, and the letter in which one channel gets it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Event(StrEnum):
    """What people are told of."""

    WAITING = "waiting"  # a plan waits for approval
    REMINDER = "reminder"  # it still does
    ESCALATION = "escalation"  # others did not answer in time: now it waits for these too
    APPLIED = "applied"  # changes were carried out, or came out otherwise
    DENIED = "denied"  # guardrails did not let wishes of a plan through
    FROZEN = "frozen"  # nothing of an account is steered: its tracking looks broken
    HALTED = "halted"  # somebody, or gebot itself, stopped everything or one account
    FAILED = "failed"  # a run failed, or no agent gives a sign of life


FOR_PEOPLE = frozenset({Event.WAITING, Event.REMINDER, Event.ESCALATION})
"""Told to those who are asked; all else to whoever wishes to know."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that befell an account. Text from outside in it does nothing in chats and mails.

    Attributes:
        key: The same for the same thing, however often it is looked for.
        at: When it came about (UTC).
        account: As ledger and plans name it; "" for all of them.
        lines: What there is to say, a sentence each.
        plan_id: That it is about; "" for none.
        to: Whose word is asked, by name; empty: nobody's in particular.
    """

    event: Event
    key: str
    at: datetime
    account: str
    title: str
    lines: tuple[str, ...] = ()
    plan_id: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice on its way to one channel. All moments but the notice's own are of the wall (UTC).

    Attributes:
        first_due_at: From when on it is sent; letters of a digest share theirs.
        due_at: When it is tried next.
        attempts: How often it was begun to be sent.
        told_at: When the channel took it; None: it has not yet.
        given_up_at: When it was tried for the last time; None: it was not given up.
        trouble: Why the last attempt failed, in words without secrets.
    """

    channel: str
    notice: Notice
    first_due_at: datetime
    due_at: datetime
    attempts: int = 0
    told_at: datetime | None = None
    given_up_at: datetime | None = None
    trouble: str = ""
