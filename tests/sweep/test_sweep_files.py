"""What a sweep tries, and what is told before anything runs."""

from fractions import Fraction
from pathlib import Path

import pytest
import sample_config
from hypothesis import given
from hypothesis import strategies as st
from sweep_files import TEXT, chosen, work, write

from agent.domain.errors import Mistakes
from agent.domain.money import Money
from simulations.sweep.parameters import Parameter, Span, samples


def faults(path: Path) -> list[str]:
    with pytest.raises(Mistakes) as caught:
        chosen(path)
    return [str(one) for one in caught.value.each()]


def test_every_combination_is_tried_and_the_base_comes_first(tmp_path: Path) -> None:
    """Lists of 2 and 3 values make 6 configurations, whose settings hold just these values."""
    text = TEXT + '[guardrails.daily_budget]\nmax_step = ["5%", "10%", "30%"]'

    base, *tried = chosen(write(tmp_path, text))

    assert base.values == {}
    assert [tuple(one.values.values()) for one in tried] == [
        (draws, step) for draws in (1, 5) for step in ("5%", "10%", "30%")
    ]
    last = tried[-1].settings
    assert last.strategies[0].options == {"draws": 5}
    assert last.guardrails.daily_budget and last.guardrails.daily_budget.max_step == Fraction(3, 10)
    assert last.guardrails.daily_budget.floor == Money.of(5, "EUR")
    assert base.settings.strategies[0].options == {}


def test_an_account_with_its_own_limits_has_those_varied(tmp_path: Path) -> None:
    """They replace the shared ones as a whole, which would have no effect."""
    config = sample_config.TEXT.replace(
        'credentials = { refresh_token = "env:GEBOT_TEST_TOKEN" }\n',
        'credentials = { refresh_token = "env:GEBOT_TEST_TOKEN" }\n[account.guardrails]\nmin_clicks = 7\n',
    )

    _, few, many = chosen(write(tmp_path, "[guardrails]\nmin_clicks = [1, 100]", config))

    assert [one.settings.guardrails_of(one.account).min_clicks for one in (few, many)] == [1, 100]


def test_all_faults_of_the_file_are_told_at_once(tmp_path: Path) -> None:
    """Keys, worlds and files."""
    keys = faults(write(tmp_path, 'seed = 1\nsees = 3\ndays = 3\nworlds = ["A1"]'))
    names = faults(
        write(tmp_path, 'worlds = ["A11", "A12"]\nconfig = "none.toml"\n[strategy.thompson]\ndraws = [1]')
    )

    assert any("sees" in one and "'seeds'" in one for one in keys) and any("days" in one for one in keys)
    assert len(names) == 3 and any("none.toml" in one for one in names)


def test_all_faults_of_what_is_varied_are_told_at_once(tmp_path: Path) -> None:
    """Shapes of values first; then what strategies and limits say of each combination, each once."""
    shapes = faults(
        write(
            tmp_path,
            """
            [strategy.thompson]
            draws = 3
            caution = { from = 1.0, to = 2.0 }
            min_change = [0.1, 0.1]
            [strategy.thomson]
            draws = [1]
            """,
        )
    )
    values = faults(
        write(
            tmp_path,
            "[strategy.thompson]\ndraws = [0, 1]\ndrows = [1]\n"
            '[guardrails.daily_budget]\nmax_step = ["200%"]',
        )
    )

    assert len(shapes) == 4
    assert any("samples" in one for one in shapes) and any("'thompson'" in one for one in shapes)
    assert any("drows" in one and "'draws'" in one for one in values)
    assert any("max_step" in one and "100%" in one for one in values)
    assert len(values) == len(set(values))


def test_a_combination_that_contradicts_itself_is_found(tmp_path: Path) -> None:
    """Each value is right alone; one pair of them is not."""
    limits = (
        '[guardrails.daily_budget]\nfloor = ["5.00 EUR", "50.00 EUR"]\nceiling = ["40.00 EUR", "90.00 EUR"]'
    )

    found = faults(write(tmp_path, limits))

    assert len(found) == 1 and "at least the floor" in found[0]


def test_a_strategy_that_does_not_decide_is_refused(tmp_path: Path) -> None:
    """All of its values would do equally well."""
    idle = sample_config.TEXT.replace('deciders = ["care", "thompson"]', 'deciders = ["care"]')

    found = faults(write(tmp_path, TEXT, idle))

    assert len(found) == 1 and "'everything'" in found[0]


def test_too_many_combinations_are_refused_before_they_are_made(tmp_path: Path) -> None:
    """Nobody waits for a billion of them."""
    values = ", ".join(map(str, range(1, 101)))
    many = f"draws = [{values}]\nhistory_days = [{values}]\ncaution = [{values}]"

    found = faults(write(tmp_path, f"[strategy.thompson]\n{many}"))

    assert len(found) == 1 and "1,000,000 combinations" in found[0]


def test_random_configurations_are_the_same_for_a_seed(tmp_path: Path) -> None:
    """And each stands once."""
    text = (
        "samples = 12\n[strategy.thompson]\ndraws = { from = 1, to = 30, log = true }\ncaution = [0.2, 2.0]"
    )
    path = write(tmp_path, text)

    one, other = ([dict(it.values) for it in chosen(path)] for _ in range(2))

    assert one == other
    assert len(one) == 13 and len({tuple(it.values()) for it in one}) == 13


@given(low=st.integers(1, 50), more=st.integers(1, 50), seed=st.integers(0, 1000), log=st.booleans())
def test_whole_ranges_give_whole_numbers_inside(low: int, more: int, seed: int, log: bool) -> None:
    """Both ends are possible, nothing beyond them is."""
    span = Span(low, low + more, whole=True, log=log)

    drawn = [values[0] for values in samples([Parameter(("strategy", "a", "b"), span)], 20, seed)]

    assert all(isinstance(one, int) and low <= one <= low + more for one in drawn)
    assert span.at(0.0) == low and span.at(1.0 - 1e-12) == low + more


def test_every_configuration_meets_the_same_markets(tmp_path: Path) -> None:
    """Market by market, all with the pot of the base."""
    text = TEXT + '[guardrails]\naccount_ceiling = ["800.00 EUR", "4000.00 EUR"]'
    config = sample_config.TEXT.replace('daily_pot = "500.00 EUR"\n', "")

    found = work(write(tmp_path, text, config))

    assert {str(job.task.pot) for job in found} == {"1000.00 EUR"}
    assert [job.task.seed for job in found] == [0] * 5 + [1] * 5


def test_a_key_stands_for_everything_that_shapes_a_result(tmp_path: Path) -> None:
    """A value that the base has anyway shares its key; another value or rule file does not."""
    path = write(tmp_path, 'days = 15\n[guardrails.daily_budget]\nmax_step = ["20%", "30%"]')
    before = work(path)
    rules = tmp_path / "care.toml"
    rules.write_text(rules.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")

    after = work(path)

    first = [job for job in before if job.task.seed == 0]
    assert len(first) == 3 and len({job.key for job in first}) == 2
    assert not {job.key for job in before} & {job.key for job in after}
