"""Broken writing: what adapters would do that break the laws of writing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from broken import Twist, each_change, each_receipt

from agent.domain.errors import Misunderstood
from agent.domain.lever import Lever, Status, number_of
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Ambiguous, Receipt, Refused
from agent.domain.plan import Change
from agent.ports.platform import Adapter

DAY = timedelta(days=1)
YES, NO, DOUBT = Accepted(), Refused("no"), Ambiguous("who knows")
LATEST = np.datetime64(date(2026, 11, 21))


def with_money(change: Change, amount: Callable[[int], int]) -> Change:
    if not isinstance(change.after, Money):
        return change
    return replace(change, after=replace(change.after, micros=amount(change.after.micros)))


def relative(inner: Adapter, changes: Sequence[Change]) -> Sequence[Receipt]:
    """Sends steps instead of values."""
    read = inner.read([(change.ref, change.lever) for change in changes])

    def stepped(change: Change) -> Change:
        now = read.get((change.ref, change.lever))
        if not isinstance(now, Money) or not isinstance(change.before, Money):
            return change
        return with_money(change, lambda micros: now.micros + micros - change.before.micros)  # type: ignore[union-attr]  # is money

    return inner.apply([stepped(change) for change in changes])


def also_raises_all_budgets(inner: Adapter, changes: Sequence[Change]) -> Sequence[Receipt]:
    table = inner.entities()
    for row in np.flatnonzero(table.levers[Lever.DAILY_BUDGET].present):
        now = table.value(int(row), Lever.DAILY_BUDGET)
        assert isinstance(now, Money)
        more = replace(now, micros=now.micros + table.account.unit_micros)
        inner.apply([Change(table.ref(int(row)), Lever.DAILY_BUDGET, now, more)])
    return inner.apply(changes)


def only_the_first_of_each_ref(inner: Adapter, changes: Sequence[Change]) -> Sequence[Receipt]:
    inner.apply(list({change.ref: change for change in reversed(changes)}.values()))
    return [YES] * len(changes)


def all_or_nothing(inner: Adapter, changes: Sequence[Change]) -> Sequence[Receipt]:
    spoiled = any(isinstance(each, Refused) for each in inner.rehearse(changes))
    return [NO] * len(changes) if spoiled else inner.apply(changes)


def refusals_slip(inner: Adapter, changes: Sequence[Change]) -> Sequence[Receipt]:
    receipts = list(inner.apply(changes))
    return [*receipts[1:], *receipts[:1]]


def raises_for_strangers(inner: Adapter, changes: Sequence[Change]) -> Sequence[Receipt]:
    receipts = inner.apply(changes)
    if any(isinstance(each, Refused) for each in receipts):
        raise Misunderstood(str(inner.account().id), "there is no such entity")
    return receipts


def positive(change: Change) -> Change:
    return with_money(change, lambda micros: max(micros, 50_000_000))


def whole(change: Change) -> Change:
    return with_money(change, lambda micros: micros // 10_000 * 10_000)


def yes_if(condition: Callable[[Change], bool]) -> Twist:
    return each_receipt(lambda receipt, change: YES if condition(change) else receipt)


def is_odd(change: Change) -> bool:
    return type(change.before) is not type(change.after)


def home(inner: Adapter, changes: Sequence[Change]) -> Sequence[Receipt]:
    own = inner.account().id
    return inner.apply([replace(each, ref=own.ref(each.ref.kind, each.ref.id)) for each in changes])


BROKEN_WRITING: Mapping[str, Mapping[str, Twist]] = {
    # Writing
    "each change has one receipt in order": {
        "apply": lambda inner, changes: list(reversed(inner.apply(changes)))
    },
    "every lever can be set and then stands": {"apply": lambda inner, changes: inner.rehearse(changes)},
    "nothing else moves": {"apply": also_raises_all_budgets},
    "applying what stands is a success": {
        "apply": lambda inner, changes: [
            NO if each.before == each.after else inner.apply([each])[0] for each in changes
        ]
    },
    "twice is once": {"apply": relative},
    "a raise and its inverse leave what was": {
        "apply": each_change(lambda each: with_money(each, lambda micros: micros // 10**6 * 10**6))
    },
    "a status can be paused and enabled again": {
        "apply": each_change(
            lambda each: replace(each, after=Status.PAUSED) if each.lever is Lever.STATUS else each
        )
    },
    "nothing to apply is no fault": {"apply": lambda inner, changes: inner.apply(changes) or [YES]},
    "one lever twice in a batch is told as it ended": {"apply": only_the_first_of_each_ref},
    "two levers of one entity go in one batch": {"apply": only_the_first_of_each_ref},
    "a refused change leaves its neighbours alone": {"apply": all_or_nothing},
    "what the platform refuses is told of the right change": {"apply": refusals_slip},
    "an unknown ref is a refused receipt": {"apply": raises_for_strangers},
    "refs of another account are refused": {"apply": home},
    "levers that an entity does not have are refused": {"apply": yes_if(lambda each: True)},
    "locked entities are left alone": {"apply": yes_if(lambda each: True)},
    "a value of the wrong sort is refused": {"apply": yes_if(is_odd)},
    "no money and less are refused": {"apply": each_change(positive)},
    "less than the platforms minimum is refused": {
        "account": lambda inner: replace(inner.account(), min_daily_budget_micros=5_000_000)
    },
    "each rehearsed change has one receipt": {"rehearse": lambda inner, changes: [DOUBT] * len(changes)},
    "a rehearsal changes nothing": {"rehearse": lambda inner, changes: inner.apply(changes)},
    "a rehearsal leaves the platform as it was": {"rehearse": lambda inner, changes: inner.apply(changes)},
    "a rehearsal says what an application will": {"rehearse": lambda inner, changes: [YES] * len(changes)},
    "a data exclusion is made and unmade": {"apply": lambda inner, changes: [NO] * len(changes)},
    "a data exclusion that is not there can be taken away": {
        "apply": lambda inner, changes: [NO] * len(changes)
    },
    "hours that are none are refused": {"apply": yes_if(lambda each: True)},
    # Money
    "whole units stand as they were asked for": {
        "apply": each_change(lambda each: with_money(each, lambda micros: micros * 100))
    },
    "parts of a unit are refused and never rounded": {"apply": each_change(whole)},
    "a rehearsal knows the unit too": {"rehearse": lambda inner, changes: [YES] * len(changes)},
    "money of another currency is refused": {
        "apply": lambda inner, changes: inner.apply(
            [
                replace(each, after=Money(number_of(each.after), inner.account().currency))
                if isinstance(each.after, Money)
                else each
                for each in changes
            ]
        )
    },
}
"""By the name of the check that must catch it."""
