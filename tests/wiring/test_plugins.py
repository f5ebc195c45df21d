"""Plugins: strategies by name, and what is wrong with their options."""

from pathlib import Path

import pytest

import strategies
from agent.config.portfolios import StrategySettings
from agent.domain.errors import Mistakes
from agent.wiring.plugins import strategy


def test_wrong_options_of_a_strategy_are_told_in_plain_words() -> None:
    """All at once, with the key, without the words of the library that found them."""
    settings = StrategySettings(name="main", kind="thompson_budget", options={"draws": 0, "foo": 1})

    with pytest.raises(Mistakes) as caught:
        strategy(settings, file="config.toml")

    told = [str(one) for one in caught.value.each()]
    assert told[0].startswith("config.toml: strategy 'main'.options.foo: is no key")
    assert told[1] == "config.toml: strategy 'main'.options: draws was 0, 1 to 1000 is right"


def test_a_strategy_whose_class_is_named_otherwise_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The author of a new file learns how the class must be called."""
    (tmp_path / "my_cut.py").write_text("class Mycut: pass", encoding="utf-8")
    monkeypatch.setattr(strategies, "__path__", [*strategies.__path__, str(tmp_path)])

    with pytest.raises(Mistakes) as caught:
        strategy(StrategySettings(name="main", kind="my_cut", options={}), file="config.toml")

    assert "strategies/my_cut.py has no class MyCut" in str(caught.value.each()[0])
