"""docs/configuration.md and the shipped config.toml name every key, and no other."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
import sample_config
from pydantic import BaseModel

from agent.config.absent import absent_limits
from agent.config.connections import Csv, GoogleAds, MetaAds, Simulated
from agent.config.credentials import missing
from agent.config.draft import DEMO, RULES, Draft, draft_text
from agent.config.load import load
from agent.config.settings import Mode, Settings
from agent.domain.money import Money
from agent.wiring.plugins import Platform

ROOT = Path(__file__).parents[2]
HEADING = re.compile(r"\[\[?([a-z_.]+)\]\]?")
ROW = re.compile(r"\| `([a-z_0-9]+)` \|")

PLATFORMS = [DEMO.platform, GoogleAds(), MetaAds(), Csv("campaigns.csv", "UTC")]

# A stand-in for the file's own guardrails, described there.
SAME_AS_ABOVE = "account.guardrails."


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every key of a model and of the models in it: ``account.schedule.decide_at``."""
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        key = prefix + (field.alias or name)
        yield key
        for inner in models_in(field.annotation):
            yield from keys(inner, f"{key}.")


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


EVERY_KEY = {key for key in keys(Settings) if not key.startswith(SAME_AS_ABOVE)}
TABLES = {
    "account",
    "portfolio",
    "strategy",
    "rules",
    "clock",
    "guardrails",
    "approval",
    "audit",
    "web",
    "notify",
}


def test_the_docs_name_every_key_and_no_other() -> None:
    """A key that is new, renamed or gone is so in the docs too."""
    documented = set()
    tables: list[str] = []
    for line in (ROOT / "docs/configuration.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            tables = HEADING.findall(line) if "`[" in line else [""]
        elif row := ROW.match(line):
            documented |= {f"{table}.{row[1]}".lstrip(".") for table in tables}

    assert documented == EVERY_KEY - TABLES


def uncommented(text: str) -> str:
    """The file with every setting in use that stands there as a comment."""
    return re.sub(r"^# (?=\[|[a-z_0-9]+ = )", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_options_of_a_draft_are_the_adapters_own(
    tmp_path: Path, platform: Simulated | GoogleAds | MetaAds | Csv
) -> None:
    """In use or not: an option that an adapter does not know would stop a newcomer."""
    (tmp_path / RULES).parent.mkdir(parents=True)
    (tmp_path / RULES).touch()
    drafted = draft_text(replace(DEMO, platform=platform, rules=RULES))
    for text in (drafted, uncommented(drafted)):
        (account,) = load(sample_config.write(tmp_path, text)).accounts

        Platform(account, file="config.toml", home=tmp_path)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_draft_names_every_key_and_each_is_right(
    tmp_path: Path, platform: Simulated | GoogleAds | MetaAds | Csv
) -> None:
    """Whoever takes the # away in front of a setting gets a file that loads."""
    text = uncommented(draft_text(replace(DEMO, platform=platform, rules=RULES)))
    (tmp_path / RULES).parent.mkdir(parents=True)
    (tmp_path / RULES).touch()

    settings = load(sample_config.write(tmp_path, text))

    assert settings.approval.auto is not None
    for key in EVERY_KEY:
        last = key.rpartition(".")[2]
        assert re.search(rf"^(#   )?{last} = |\[{key}\]", text, flags=re.MULTILINE), key


def test_the_shipped_file_is_the_draft_of_the_embedded_account() -> None:
    """One text, not two that drift apart; it loads, needs no secret and leaves no limit out."""
    path = ROOT / "config.toml"

    settings = load(path)

    assert path.read_text(encoding="utf-8") == draft_text(replace(DEMO, rules=RULES))
    assert settings.mode is Mode.REVIEW
    assert missing(settings, write=True) == []
    assert absent_limits(settings) == []


def test_a_real_account_starts_in_dry_run() -> None:
    """Nobody's money moves because of a question that was answered."""
    pot = Money.of(250, "EUR")

    for platform in (GoogleAds(), MetaAds(), Csv("x.csv", "UTC")):
        assert 'mode = "dry-run"' in draft_text(Draft(platform, "main", "1234567890", pot))
