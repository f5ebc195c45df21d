"""Absent limits: what was left out, and therefore is denied."""

from collections.abc import Iterator

from pydantic import BaseModel

from agent.config.guardrails import GuardrailSettings
from agent.config.settings import Mode, Settings
from agent.domain.lever import Lever

_NO_LIMITS = ("protected_labels", "freeze", "take_back_after")


def absent_limits(settings: Settings) -> list[str]:
    """Names of limits that are not set: ``guardrails.daily_budget.cooldown``.

    A lever without any table is meant to be left alone and not named, unless no lever has one.
    """
    absent: list[str] = []
    if any(account.guardrails is None for account in settings.accounts):
        absent += _absent_guardrails("guardrails", settings.guardrails)
    for account in settings.accounts:
        if account.guardrails is not None:
            absent += _absent_guardrails(f"account {account.name!r}.guardrails", account.guardrails)
    if settings.mode is Mode.AUTO:
        auto = settings.approval.auto
        absent += ["approval.auto"] if auto is None else _unset("approval.auto", auto)
    return absent


def _absent_guardrails(where: str, guardrails: GuardrailSettings) -> Iterator[str]:
    levers = {lever.value: guardrails.of(lever) for lever in Lever}
    yield from (name for name in _unset(where, guardrails) if name.rpartition(".")[2] not in levers)
    for lever in Lever:
        limits = levers[lever]
        if limits is not None:
            unset = _unset(f"{where}.{lever}", limits)
            # Nobody watches what becomes of marked hours.
            yield from (name for name in unset if not (lever.is_of_hours and name.endswith("_per_day")))
    if not any(levers.values()):
        yield f"{where}.daily_budget"


def _unset(where: str, table: BaseModel) -> list[str]:
    """Keys of a table that hold nothing, but those that are no limits."""
    return [f"{where}.{key}" for key, value in table if value in (None, ()) and key not in _NO_LIMITS]
