"""`gebot init` asks until it can write a configuration that loads, and replaces nothing unasked."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
import typer
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from agent.cli.answers import account_id_of, file_of, name_of, pot_of_month, zone_of
from agent.cli.init import init
from agent.config.absent import absent_limits
from agent.config.connections import Csv, GoogleAds, MetaAds
from agent.config.draft import RULES, Draft, draft_text
from agent.config.load import load
from agent.config.settings import Mode, Settings
from agent.domain.errors import Mistake, Mistakes
from agent.domain.money import Money
from agent.domain.ref import AccountId


def run(*options: str, answers: str = "") -> Result:
    app = typer.Typer()
    app.command()(init)
    return CliRunner().invoke(app, options, input=answers)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def written(path: Path) -> Settings:
    settings = load(path)
    assert absent_limits(settings) == []
    return settings


def test_a_google_ads_account_is_asked_for(path: Path) -> None:
    """Four answers and two defaults are enough."""
    result = run("--path", str(path), answers="google_ads\n123-456-7890\n\nShop DE\n\n250\n")

    assert result.exit_code == 0, result.output
    settings = written(path)
    assert settings.mode is Mode.DRY_RUN
    assert settings.clock.speed == 1
    assert settings.accounts[0].name == "Shop DE"
    assert settings.accounts[0].account_id == AccountId("google_ads", "1234567890")
    assert settings.portfolios[0].daily_pot == Money.of(250, "EUR")
    assert settings.guardrails.account_ceiling == Money.of(750, "EUR")
    assert "export GOOGLE_ADS_REFRESH_TOKEN=..." in result.output
    assert "gebot check" in result.output


def test_a_meta_account_is_asked_for(path: Path) -> None:
    """By its short name too; the id stands as Meta's own pages show it."""
    result = run("--path", str(path), answers="meta\n1234567890\nlead\n\nusd\n250\n")

    assert result.exit_code == 0, result.output
    settings = written(path)
    assert settings.mode is Mode.DRY_RUN
    (account,) = settings.accounts
    assert (account.platform, account.id, account.name) == ("meta_ads", "act_1234567890", "meta")
    assert account.options == {"conversion": "lead"}
    assert "export META_ACCESS_TOKEN=..." in result.output


@pytest.mark.parametrize(
    ("platform", "levels"),
    [("google", ["ad_group", "keyword"]), ("google", ["keyword"]), ("meta", ["ad_set"])],
)
def test_levels_below_campaigns_are_an_option(path: Path, platform: str, levels: list[str]) -> None:
    """Nobody is asked; whoever steers bids knows."""
    known = ["--account-id", "1234567890", "--daily-pot", "100", "--yes"]

    result = run("--path", str(path), "--platform", platform, "--levels", ",".join(levels), *known)

    assert result.exit_code == 0, result.output
    assert written(path).accounts[0].options["levels"] == levels


@pytest.mark.parametrize("platform", ["google_ads", "meta_ads"])
def test_a_sandbox_needs_no_credentials(path: Path, tmp_path: Path, platform: str) -> None:
    """Its endpoint is all; what a real account needs stands there as comments."""
    (tmp_path / "ca.pem").touch()
    sandbox = ["--endpoint", "http://127.0.0.1:8443", "--ca-file", str(tmp_path / "ca.pem")]
    known = ["--account-id", "1234567890", "--daily-pot", "100", "--yes"]

    result = run("--path", str(path), "--platform", platform, *known, *sandbox)

    assert result.exit_code == 0, result.output
    (account,) = written(path).accounts
    assert account.credentials == {}
    assert account.options == {"endpoint": "http://127.0.0.1:8443", "ca_file": str(tmp_path / "ca.pem")}


def test_an_answer_that_cannot_stand_is_asked_for_again(path: Path) -> None:
    """With what is right; nothing has to be typed twice that was right."""
    wrong_then_right = "gogle\ngoogle_ads\n12\n123-456-7890\nx\n\n \t\nmain\neuro\neur\n0\n-3\nmuch\n99.50\n"

    result = run("--path", str(path), answers=wrong_then_right)

    assert result.exit_code == 0, result.output
    for hint in [
        "one of google_ads, meta_ads, csv",
        "ten digits such as",
        "a code such as EUR",
        "an amount of 1 or more",
    ]:
        assert hint in result.output
    assert written(path).portfolios[0].daily_pot == Money.of("99.50", "EUR")


def test_an_export_needs_its_file_and_a_pot(path: Path, tmp_path: Path) -> None:
    """A team sees proposals before it grants any access."""
    export = tmp_path / 'my "export" \\ ü.csv'
    export.touch()

    result = run(
        "--path", str(path), "--platform", "csv", "--file", str(export), "--time-zone", "Europe/Berlin",
        "--currency", "usd", "--monthly-budget", "3040", "--yes",
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    settings = written(path)
    assert settings.accounts[0].options["path"] == str(export)
    assert settings.accounts[0].options["time_zone"] == "Europe/Berlin"
    assert settings.accounts[0].schedule.history_days == 28
    assert settings.portfolios[0].daily_pot == Money.of(100, "USD")


def test_the_simulated_account_needs_no_answer(path: Path) -> None:
    """It is what the shipped file runs."""
    result = run("--path", str(path), "--platform", "simulated")

    assert result.exit_code == 0, result.output
    settings = written(path)
    assert settings.mode is Mode.REVIEW
    assert settings.clock.speed > 1
    assert settings.portfolios[0].daily_pot == Money.of(1300, "EUR")


def test_the_rule_library_is_used_where_it_lies_beside_the_file(path: Path, tmp_path: Path) -> None:
    """A rule file that does not exist would be a fault."""
    (tmp_path / RULES).parent.mkdir(parents=True)
    (tmp_path / RULES).touch()

    run("--path", str(path), "--platform", "simulated")

    assert written(path).rule_files[0].file == tmp_path / RULES


def test_a_file_is_replaced_only_by_force(path: Path) -> None:
    """Limits that somebody thought about are not lost to a command typed twice."""
    path.write_text("precious")

    result = run("--path", str(path), "--platform", "simulated")

    assert isinstance(result.exception, Mistake)
    assert path.read_text() == "precious"
    assert run("--path", str(path), "--platform", "simulated", "--force").exit_code == 0
    assert written(path).mode is Mode.REVIEW


@pytest.mark.parametrize(
    ("options", "messages"),
    [
        (["--platform", "google_ads"], ["--account-id: was not given", "--daily-pot: was not given"]),
        (["--platform", "google_ads", "--account-id", "1234567890"], ["--daily-pot: was not given"]),
        (["--platform", "meta"], ["--account-id: was not given", "--daily-pot: was not given"]),
        (
            ["--platform", "meta", "--levels", "keyword", "--account-id", "1", "--daily-pot", "5"],
            ["--levels: keyword is not on meta_ads"],
        ),
        (
            ["--platform", "simulated", "--endpoint", "localhost:1"],
            ["--endpoint: was given for simulated"],
        ),
        (["--platform", "csv"], ["--file: was not given", "--daily-pot: was not given"]),
        (
            ["--platform", "csv", "--daily-pot", "5", "--monthly-budget", "5"],
            ["--monthly-budget: was given together with --daily-pot", "--file: was not given"],
        ),
    ],
)
def test_unattended_it_says_what_is_missing(path: Path, options: list[str], messages: list[str]) -> None:
    """No account and no sum of money is made up; nothing is written."""
    result = run("--path", str(path), "--yes", *options)

    assert isinstance(result.exception, Mistakes)
    assert [str(one).partition(";")[0] for one in result.exception.exceptions] == messages
    assert not path.exists()


def test_a_folder_that_is_not_there_is_a_mistake() -> None:
    """With its name, not with a traceback."""
    result = run("--path", "/nowhere/config.toml", "--platform", "simulated")

    assert isinstance(result.exception, Mistake)
    assert str(result.exception) == "/nowhere/config.toml: could not be written: No such file or directory"


def test_the_simulated_account_takes_a_currency_and_a_pot(path: Path) -> None:
    """All money of the file is in it."""
    result = run("--path", str(path), "--platform", "simulated", "--currency", "chf", "--daily-pot", "900")

    assert result.exit_code == 0, result.output
    settings = written(path)
    assert settings.accounts[0].options["currency"] == "CHF"
    assert settings.portfolios[0].daily_pot == Money.of(900, "CHF")
    assert settings.guardrails.account_ceiling == Money.of(2700, "CHF")


@pytest.mark.parametrize(
    "options",
    [
        ["--platform", "yahoo"],
        ["--platform", "meta", "--account-id", "act_12a", "--daily-pot", "5", "--yes"],
        ["--platform", "meta", "--account-id", "act_12", "--conversion", "a b", "--daily-pot", "5", "--yes"],
        ["--account-id", "a/b"],
        ["--platform", "google_ads", "--account-id", "12", "--daily-pot", "5", "--yes"],
        ["--levels", "keyword,bid"],
        ["--currency", "€"],
        ["--daily-pot", "0.5"],
        ["--daily-pot", "NaN"],
        ["--daily-pot", "1.999"],
        ["--monthly-budget", "1e99"],
        ["--time-zone", "../etc/passwd"],
        ["--time-zone", "Mars/Base"],
        ["--file", "/nowhere.csv"],
        ["--name", " "],
    ],
)
def test_an_option_that_cannot_stand_ends_the_command(path: Path, options: list[str]) -> None:
    """With status 2, as every mistake of typing."""
    result = run("--path", str(path), *options)

    assert result.exit_code == 2
    assert re.search("(is|are) right", " ".join(result.output.replace("│", " ").split()))
    assert not path.exists()


@given(
    name=st.text(min_size=1, max_size=20),
    account_id=st.text(min_size=1, max_size=20),
    file=st.text(max_size=20),
    pot=st.integers(100, 10**13 - 1),
    manager=st.sampled_from(["", "1234567890"]),
    conversion=st.sampled_from(["", "lead", "offsite_conversion.custom.12"]),
)
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_answered_the_file_loads(
    tmp_path: Path, name: str, account_id: str, file: str, pot: int, manager: str, conversion: str
) -> None:
    """Quotes, backslashes, dollar signs, hashes and any script; what init refuses cannot get there."""
    try:
        name, account_id = name_of(name), account_id_of(account_id)
    except typer.BadParameter:
        return
    path = tmp_path / "config.toml"
    for platform in (GoogleAds(manager), MetaAds(conversion), Csv(file, "UTC")):
        draft = Draft(platform, name, account_id, Money(pot * 10_000, "EUR"))

        path.write_text(draft_text(draft), encoding="utf-8")

        settings = load(path)
        assert settings.accounts[0].name == settings.portfolios[0].account == name
        assert settings.accounts[0].id == account_id
        if isinstance(platform, Csv):
            assert settings.accounts[0].options["path"] == file


def test_a_month_is_never_more_than_its_days() -> None:
    """Rounded down: 30.4 daily pots are at most the monthly budget."""
    assert pot_of_month(Decimal(1000), "EUR") == Money.of("32.89", "EUR")


def test_zones_and_files_are_looked_up(tmp_path: Path) -> None:
    """As absolute names, so that it does not matter where gebot runs."""
    (tmp_path / "x.csv").touch()

    assert zone_of(" Europe/Berlin ") == "Europe/Berlin"
    assert file_of(str(tmp_path / "x.csv")) == str(tmp_path / "x.csv")
