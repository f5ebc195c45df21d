"""docs/guardrails.md names every guardrail and balance as a plan names it."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import agent.guardrails
from agent.domain.lever import Lever

PAGE = Path(__file__).parents[2] / "docs" / "guardrails.md"


def shipped() -> list[type]:
    """Every class of agent.guardrails that judges or settles."""
    modules = [
        importlib.import_module(f"agent.guardrails.{module.name}")
        for module in pkgutil.iter_modules(agent.guardrails.__path__)
    ]
    return [
        thing
        for module in modules
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if thing.__module__ == module.__name__ and (hasattr(thing, "judge") or hasattr(thing, "settle"))
    ]


@pytest.mark.parametrize("guardrail", shipped())
def test_each_guardrail_stands_in_the_docs_under_its_name(guardrail: type) -> None:
    """A reader of a plan finds there what held a change back."""
    name = guardrail.name  # type: ignore[attr-defined]  # all have one
    if isinstance(name, property):
        name = guardrail(Lever.DAILY_BUDGET, None).name

    assert f"`{name}`" in PAGE.read_text()


def test_there_are_guardrails_to_document() -> None:
    """The test above looks at all of them."""
    assert len(shipped()) >= 28
