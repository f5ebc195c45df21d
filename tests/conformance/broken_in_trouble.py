"""Broken in trouble: what adapters would say that break the laws of trouble, history and size."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from broken import Twist, each_receipt, or_else, remembered, rows_of
from simulated_stage import SECRET

from agent.domain.advice import Advice
from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Ambiguous, Edit, Receipt, Refused
from agent.domain.plan import Change
from agent.ports.platform import Adapter

DAY = timedelta(days=1)
YES, NO, DOUBT = Accepted(), Refused("no"), Ambiguous("who knows")
LATEST = np.datetime64(date(2026, 11, 21))


def raising(error: Callable[[PlatformError], PlatformError]) -> Twist:
    """Read entities; its errors become others."""

    def twisted(inner: Adapter) -> Any:
        try:
            return inner.entities()
        except PlatformError as caught:
            raise error(caught) from None

    return twisted


def sends_again(inner: Adapter, changes: Sequence[Change]) -> Sequence[Receipt]:
    receipts = inner.apply(changes)
    return inner.apply(changes) if any(isinstance(each, Ambiguous) for each in receipts) else receipts


def only_the_first_is_in_doubt(inner: Adapter, changes: Sequence[Change]) -> Sequence[Receipt]:
    receipts = inner.apply(changes)
    return [receipts[0], *(NO if isinstance(each, Ambiguous) else each for each in receipts[1:])]


def reads_afterwards(inner: Adapter, changes: Sequence[Change]) -> Sequence[Receipt]:
    receipts = inner.apply(changes)
    inner.read([])
    return receipts


def forgets_after_an_error() -> Twist:
    failed: list[PlatformError] = []

    def twisted(inner: Adapter) -> Any:
        try:
            table = inner.entities()
        except PlatformError as error:
            failed.append(error)
            raise
        return table.take(np.arange(1)) if failed else table

    return twisted


def made_up_edit(inner: Adapter, since: datetime) -> Any:
    table = inner.entities()
    one, two = Money(1, "EUR"), Money(2, "EUR")
    edit = Edit(
        datetime(2026, 11, 21, tzinfo=UTC), table.ref(0), Lever.DAILY_BUDGET, one, two, "me", ours=True
    )
    return [*inner.history(since), edit]


def says_its_secret(inner: Adapter) -> Any:
    logging.getLogger("adapter").warning("signed in with %s", SECRET)
    return inner.account()


BROKEN_IN_TROUBLE: Mapping[str, Mapping[str, Twist]] = {
    # Trouble
    "a lost reply is in doubt and never refused": {
        "apply": each_receipt(lambda receipt, _: NO if isinstance(receipt, Ambiguous) else receipt)
    },
    "a lost request is in doubt as well": {
        "apply": each_receipt(lambda receipt, _: YES if isinstance(receipt, Ambiguous) else receipt)
    },
    "a write is sent once": {"apply": sends_again},
    "receipts of a batch are true after a lost reply": {"apply": only_the_first_is_in_doubt},
    "nothing was applied when it raises": {"apply": reads_afterwards},
    "a limit on writes says how long": {
        "apply": or_else("apply", lambda error, changes: [Refused(str(error))] * len(changes))
    },
    "a limit on reads says how long": {
        "entities": raising(lambda error: RateLimited(error.account, "", 1.0))
    },
    "nobody there is unreachable": {"entities": raising(lambda error: Misunderstood(error.account, ""))},
    "no access is denied access": {"entities": raising(lambda error: Unreachable(error.account, ""))},
    "half an answer is no answer": {"entities": remembered("entities")},
    "errors are the ports own and name their account": {
        "entities": raising(lambda error: Unreachable("google", ""))
    },
    "an answer in trouble is the one of before": {
        "advice": or_else("advice", lambda _: Advice((), (), (1.0,)))
    },
    "a rehearsal in trouble is never in doubt": {
        "rehearse": or_else("rehearse", lambda _, changes: [DOUBT] * len(changes))
    },
    "after the trouble all is as before": {"entities": forgets_after_an_error()},
    "no secret is in any message": {
        "entities": raising(lambda error: AccessDenied(error.account, f"token {SECRET} was refused"))
    },
    "no secret shows when things are printed": {"account": says_its_secret},
    # History
    "nobody changed anything says an untouched account": {"history": made_up_edit},
    "own edits are told from those of others": {
        "history": lambda inner, since: [replace(edit, ours=True) for edit in inner.history(since)]
    },
    "edits come oldest first each once": {
        "history": lambda inner, since: list(reversed(inner.history(since)))
    },
    "edits of before are left out": {"history": lambda inner, since: inner.history(since - DAY)},
    "edits of every lever are told under their own name": {
        "history": lambda inner, since: [
            edit for edit in inner.history(since) if edit.lever is Lever.DAILY_BUDGET
        ]
    },
    "what was refused is no edit": {"history": made_up_edit},
    # Size
    "no page of metrics is left out or read twice": {
        "metrics": lambda inner, *days: rows_of(inner.metrics(*days), np.arange(10_000) % 9_000)
    },
    "changes of several requests have their receipts in order": {
        "apply": lambda inner, changes: [
            *inner.apply(changes[:50]),
            *reversed(inner.apply(changes[50:100])),
            *inner.apply(changes[100:]),
        ]
    },
    "every entity of a large account is told": {
        "entities": lambda inner: inner.entities().take(np.arange(10_000))
    },
    "ten thousand and one changes have as many receipts": {
        "apply": lambda inner, changes: inner.apply(changes[:10_000])
    },
}
"""By the name of the check that must catch it."""
