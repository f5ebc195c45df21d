"""Track R: worlds fitted to logs of what people really did."""

from pathlib import Path

import numpy as np
import pytest

from agent.cli.benchmark import benchmark
from agent.domain.errors import Mistake, Mistakes
from simulations.laboratory.logs.fit import fit
from simulations.laboratory.logs.log import Log
from simulations.laboratory.logs.market import LoggedMarket
from simulations.laboratory.logs.reading import read_log
from simulations.laboratory.logs.track import logged
from simulations.laboratory.trial import Trial

DAYS = 40


def log(power: tuple[float, ...] = (0.3, 0.8), days: int = DAYS) -> Log:
    """Units whose clicks are exactly a power of their cost."""
    rng = np.random.default_rng(11)
    n = len(power)
    cost = 100.0 * np.exp(0.4 * rng.standard_normal((n, days)))
    clicks = 5.0 * cost ** np.array(power)[:, None]
    names = tuple(f"unit {number}" for number in range(n))
    conversions = np.rint(clicks * 0.1)
    channel = np.zeros(n, dtype=np.intp)
    return Log(
        "invented", np.datetime64("2024-03-04").item(), names, channel, cost, clicks, conversions, None
    )


def long_file(
    folder: Path, days: int = 30, header: str = "Day,Campaign Name,Amount Spent,Clicks,Leads"
) -> Path:
    path = folder / "long.csv"
    rows = [
        f"2024-05-{day:02},{name},{10 + day},{20 + day},{day % 3}"
        for day in range(1, days + 1)
        for name in ("Search A", "search a", "Social B")
    ]
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def test_a_long_file_is_added_up_by_campaign_and_day(tmp_path: Path) -> None:
    """Names that differ in case alone are one campaign."""
    found = read_log(long_file(tmp_path))

    assert found.units == ("search a", "social b") and found.n_days == 30
    assert found.cost[:, 0].tolist() == [22.0, 11.0]
    assert found.value is None


def test_a_wide_file_has_a_unit_for_each_platform(tmp_path: Path) -> None:
    """Rates and prices are no figures; dates may be written in two ways of one order."""
    path = tmp_path / "wide.csv"
    header = "Date,Meta Ad Clicks,Meta Ad Conversions,Cost per Meta Ad,Meta Cost per Click,"
    header += "AdWords Clicks,AdWords Conversions,AdWords Spend,AdWords CTR (Clicks / Views)"
    dates = [f"03-{day:02}-24" if day < 13 else f"3/{day}/2024" for day in range(1, 31)]
    rows = [f'{day},20,4,"$1,126",9,30,5,$80.5,1%' for day in dates]
    path.write_text("\n".join([header, *rows]), encoding="utf-8")

    found = read_log(path)

    assert found.units == ("adwords", "meta") and found.n_days == 30
    assert found.cost[:, 5].tolist() == [80.5, 1126.0]
    assert found.conversions[:, 5].tolist() == [5.0, 4.0]


@pytest.mark.parametrize(
    ("days", "header", "because"),
    [
        (30, "Day,Campaign Name,Amount Spent,Views,Leads", "cost, clicks and conversions"),
        (30, "Whenever,Campaign Name,Amount Spent,Clicks,Leads", "date"),
        (12, "Day,Campaign Name,Amount Spent,Clicks,Leads", "12 days"),
    ],
)
def test_a_file_that_is_of_no_use_is_refused(tmp_path: Path, days: int, header: str, because: str) -> None:
    """With what is missing."""
    with pytest.raises(Mistakes) as refused:
        logged([long_file(tmp_path, days, header), tmp_path / "nowhere.csv"])

    answers = [str(one) for one in refused.value.each()]
    assert because in answers[0] and "nowhere.csv" in answers[1]


def test_powers_are_found_and_unknown_ones_are_usual() -> None:
    """Clear data give their own elasticity within [0.25, 0.9], constant spend gives 0.65."""
    steady = log()
    steady.cost[1] = 100.0

    assert np.allclose(fit(log()).power, [0.3, 0.8], atol=0.01)
    assert fit(steady).power[1] == 0.65
    assert fit(log((0.05, 1.2))).power.tolist() == [0.25, 0.9]


def test_real_budgets_bring_the_real_clicks() -> None:
    """Level, power and noise together give back each day as it was."""
    real = log()
    market = LoggedMarket(real, 1)

    outcomes = [market.outcome(day, (real.cost[:, day] * 1e6).astype(np.int64)) for day in range(DAYS)]

    clicks = np.stack([outcome.clicks for outcome in outcomes], axis=1)
    assert np.abs(clicks - real.clicks).max() <= 1.0
    conversions = sum(outcome.conversions.sum() for outcome in outcomes)
    assert conversions == pytest.approx(real.conversions.sum(), rel=0.1)


def test_every_policy_keeps_pot_and_bounds_when_the_pot_moves(tmp_path: Path) -> None:
    """The pot follows the log's spend, so what stood yesterday may not fit today."""
    track = logged([long_file(tmp_path, 25)])

    results = [track.run(Trial("R", policy, "long", 3, 90)) for policy in track.policies]

    assert [result.violations for result in results] == [0] * len(results)
    assert all(result.value.shape == (25,) and (result.value <= 1 + 1e-6).all() for result in results)


def test_people_are_one_of_the_policies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command names the world after the file."""
    path = long_file(tmp_path)

    benchmark(track="R", logs=str(path), policies="people,equal", seeds=1, jobs=1, json=True)

    shown = capsys.readouterr().out
    assert '"world": "long"' in shown and '"people"' in shown


def test_logs_belong_to_track_r() -> None:
    """One without the other is refused before anything runs."""
    with pytest.raises(Mistake, match="--logs"):
        benchmark(track="R")
    with pytest.raises(Mistake, match="--logs"):
        benchmark(track="A", logs="some.csv")
