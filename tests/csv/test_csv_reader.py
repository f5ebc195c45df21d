"""A CSV account is read as any other, and nothing can be applied to it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from export_file import HEADER, NOW, reader, write
from pydantic import ValidationError

from adapters.csv.connect import CREDENTIALS, Options, connect, fixed_now
from agent.clock import SteppedClock
from agent.domain.errors import Misunderstood, Unreachable
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import Refused
from agent.domain.plan import Change

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "campaigns.csv"
FEBRUARY = Path(__file__).parents[3] / "shared" / "data" / "marketing_feb_2021.csv"
BUDGET = Lever.DAILY_BUDGET


def eight_days(folder: Path) -> Path:
    """a: 10 EUR on each of 8 days. b: 30 EUR on the last 2. c: ended after the first."""
    rows = [f"2026-01-0{day},a,10.00,100,10,1,20.00" for day in range(1, 9)]
    rows += [f"2026-01-0{day},b,30.005,100,10,1,20.00" for day in (7, 8)]
    rows += ["2026-01-01,c,5.00,10,1,0,0.00"]
    return write(folder, "\n".join([HEADER, *rows]) + "\n")


def test_budgets_are_assumed_from_cost_where_the_file_has_none(tmp_path: Path) -> None:
    """The mean of the last 7 days, of b's own 2, rounded up; c, which cost nothing, has none."""
    account = reader(eight_days(tmp_path))

    table = account.entities()

    assert table.names.tolist() == ["a", "b", "c"]
    assert [table.value(row, BUDGET) for row in range(3)] == [
        Money.of(10, "EUR"),
        Money.of("30.01", "EUR"),
        None,
    ]
    assert Lever.STATUS not in table.levers
    assert account.account().name == "export.csv (daily budgets assumed from cost)"


def test_what_was_there_on_the_first_day_may_be_older_than_the_file(tmp_path: Path) -> None:
    """Its start is not known; that of others is."""
    table = reader(eight_days(tmp_path)).entities()

    assert [str(day) for day in table.started] == ["NaT", "2026-01-07", "NaT"]


def test_columns_of_an_export_become_levers_labels_and_channels(tmp_path: Path) -> None:
    """The last row of each campaign stands; what was removed is left out."""
    text = (
        "Day,Campaign,Campaign ID,Cost,Impr.,Clicks,Conv.,Revenue,Status,Budget,Labels,Campaign type\n"
        '2026-01-01,old name,7,"$1,000.50",100,10,1.5,20,Enabled,$50.00,,\n'
        "2026-01-02,A,7,9,100,10,0,0,Paused,60.00,brand; test,Search\n"
        "2026-01-02,B,8,9,100,10,0,0,Active,0,[],Shopping\n"
        "2026-01-02,C,9,9,100,10,0,0,Removed,10.00,,\n"
    )

    table = reader(write(tmp_path, text)).entities()

    assert table.ids.tolist() == ["7", "8"]
    assert table.names.tolist() == ["A", "B"]
    assert table.channels.tolist() == ["search", "shopping"]
    assert table.labels == (frozenset({"brand", "test"}), frozenset())
    assert [table.number(table.ref(row), BUDGET) for row in (0, 1)] == [60_000_000, None]
    assert table.levers[Lever.STATUS].numbers.tolist() == [0, 1]


def test_metrics_speak_for_the_days_that_file_and_question_share(tmp_path: Path) -> None:
    """A day in between without a row is one of zeros; outside nothing is known."""
    account = reader(eight_days(tmp_path))

    table = account.metrics(date(2025, 12, 1), date(2026, 1, 9))
    inside = account.metrics(date(2026, 1, 3), date(2026, 1, 4))
    outside = account.metrics(date(2026, 1, 9), date(2026, 1, 12))

    assert (str(table.since), str(table.until), table.partial_since) == ("2026-01-01", "2026-01-08", None)
    assert len(table) == 11
    assert table.cost_micros.sum() == 80_000_000 + 60_010_000 + 5_000_000
    assert table.cost_micros.dtype == np.int64
    assert np.isnan(table.search_impression_share).all()
    assert (len(inside), set(inside.ids.tolist())) == (2, {"a"})
    assert len(outside) == 0
    assert outside.until < outside.since


def test_today_is_partial_and_decides_no_budget(tmp_path: Path) -> None:
    """A file exported at noon holds half a day."""
    account = reader(eight_days(tmp_path), now=NOW - timedelta(days=1))

    metrics = account.metrics(date(2026, 1, 1), date(2026, 1, 8))

    assert str(metrics.partial_since) == "2026-01-08"
    assert account.entities().number(account.entities().ref(1), BUDGET) == 30_010_000


def test_a_range_before_a_partial_day_is_complete(tmp_path: Path) -> None:
    """What was not asked for cannot make incomplete what was."""
    account = reader(eight_days(tmp_path), now=NOW - timedelta(days=1))

    metrics = account.metrics(date(2026, 1, 1), date(2026, 1, 7))

    assert metrics.partial_since is None


def test_rows_of_one_day_are_added_up_when_asked(tmp_path: Path) -> None:
    """By device, say: metrics add up, the budget stands, the share is not known."""
    text = (
        f"{HEADER},Budget,Search impr. share\n"
        "2026-01-01,a,1.50,10,1,0.5,9,50,80%\n2026-01-01,a,2.50,5,2,1,1,50,60%\n2026-01-02,a,1,1,1,1,1,50,70%\n"
    )
    account = reader(write(tmp_path, text), duplicates="sum")

    metrics = account.metrics(date(2026, 1, 1), date(2026, 1, 2))

    assert metrics.cost_micros.tolist() == [4_000_000, 1_000_000]
    assert (metrics.clicks.tolist(), metrics.conversions.tolist()) == ([3, 1], [1.5, 1.0])
    assert metrics.search_impression_share.tolist() == pytest.approx([np.nan, 0.7], nan_ok=True)
    assert account.entities().number(account.entities().ref(0), BUDGET) == 50_000_000


def test_names_that_differ_in_case_and_spaces_are_one_when_folded(tmp_path: Path) -> None:
    """Kept apart otherwise."""
    path = write(tmp_path, f"{HEADER}\n2026-01-01,My  Ads,1,1,1,1,1\n2026-01-02,MY ads,1,1,1,1,1\n")

    kept, folded = reader(path).entities(), reader(path, name_case="fold").entities()

    assert kept.names.tolist() == ["MY ads", "My  Ads"]
    assert (folded.ids.tolist(), folded.names.tolist()) == (["my ads"], ["my ads"])


def test_a_file_without_conversions_says_so_and_counts_none(tmp_path: Path) -> None:
    """Missing is not zero, unless a person says so."""
    header = HEADER.replace(",Conversions,Conversion value", "")
    path = write(tmp_path, f"{header}\n2026-01-01,a,1,1,1\n")

    account = reader(path, columns={"conversions": "", "conversion_value": ""})

    assert account.metrics(date(2026, 1, 1), date(2026, 1, 1)).conversions.tolist() == [0.0]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (f'{HEADER}\n01.02.2026,a,"1.234,50",1.000,1,"0,5",1\n', {"date_format": "%d.%m.%Y"}),
        (f"{HEADER}\n2026-02-01 00:00:00,a,1234.5,1000,1,0.5,1\n", {}),
        (f"\ufeff{HEADER}\n20260201,a,1234.5,1000,1,0.5,1\n", {}),
        (f"{HEADER}\n2026-02-01,a,1234.5,1000,1,0.5,1\n".replace(",", "\t"), {"delimiter": "\t"}),
    ],
)
def test_the_same_figures_are_read_however_they_are_written(
    tmp_path: Path, text: str, options: dict[str, object]
) -> None:
    """German, Looker's and Excel's ways."""
    metrics = reader(write(tmp_path, text), **options).metrics(date(2026, 1, 1), date(2026, 3, 1))

    assert (str(metrics.days[0]), metrics.cost_micros[0], metrics.impressions[0], metrics.conversions[0]) == (
        "2026-02-01",
        1_234_500_000,
        1000,
        0.5,
    )


def test_nothing_can_be_applied_to_a_file(tmp_path: Path) -> None:
    """It has no apply; rehearsing is refused, and nobody wrote into a history."""
    account = reader(eight_days(tmp_path))
    ref = account.entities().ref(0)
    change = Change(ref, BUDGET, Money.of(10, "EUR"), Money.of(11, "EUR"))

    receipts = account.rehearse([change, change])

    assert receipts == [Refused("csv is read-only")] * 2
    assert not hasattr(account, "apply")
    assert account.history(NOW) == ()
    assert account.read([(ref, BUDGET), (ref, Lever.CPC_BID)]) == {(ref, BUDGET): Money.of(10, "EUR")}
    assert CREDENTIALS == ()


def test_a_new_export_is_read_and_a_broken_one_is_not(tmp_path: Path) -> None:
    """The file is looked at again each time; faults are the platform's then, nothing is half loaded."""
    path = eight_days(tmp_path)
    account = reader(path)

    path.write_text(f"{HEADER}\n2026-01-01,z,1,1,1,1,1\n")
    renewed = account.entities().names.tolist()
    path.write_text(f"{HEADER}\n2026-01-01,z,1,1,1,1,1\n2026-01-02,z,1,1\n")
    with pytest.raises(Misunderstood, match="line 3: has 4 cells"):
        account.entities()
    path.unlink()
    with pytest.raises(Unreachable, match="No such file"):
        account.entities()

    assert renewed == ["z"]


def test_an_old_export_is_looked_at_from_the_morning_after_it(tmp_path: Path) -> None:
    """06:00 local; a date of one's own, or real time."""
    path = eight_days(tmp_path)

    def at(as_of: object) -> datetime | None:
        values = {"path": path.name, "currency": "EUR", "time_zone": "Europe/Berlin", "as_of": as_of}
        return fixed_now(Options.model_validate(values), tmp_path)

    assert at("end") == datetime(2026, 1, 9, 5, 0, tzinfo=UTC)
    assert at("2026-07-01") == datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
    assert at(None) is None


@pytest.mark.parametrize(
    "options",
    [
        {"time_zone": "Mars"},
        {"currency": "euro"},
        {"columns": {"kost": "x"}},
        {"delimiter": ";;"},
        {"paht": "x"},
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, object]) -> None:
    """Before the file is opened."""
    with pytest.raises(ValidationError):
        Options.model_validate({"path": "x.csv", "currency": "EUR", **options})


def test_the_example_in_the_docs_can_be_read() -> None:
    """Six campaigns, 35 days, budgets in a column."""
    options = Options(path=EXAMPLE.name, currency="EUR", time_zone="Europe/Berlin", as_of="end")
    now = fixed_now(options, EXAMPLE.parent)
    assert now is not None

    account = connect("example", options, credentials={}, clock=SteppedClock(now), home=EXAMPLE.parent)

    today = now.astimezone(ZoneInfo("Europe/Berlin")).date()
    metrics = account.metrics(today - timedelta(days=35), today)
    assert len(account.entities()) == 6
    assert account.entities().levers[BUDGET].numbers.tolist() == [
        40_000_000, 120_000_000, 70_000_000, 150_000_000, 90_000_000, 30_000_000,
    ]  # fmt: skip
    assert len(metrics) == 6 * 35
    assert account.account().name == "campaigns.csv"


@pytest.mark.skipif(not FEBRUARY.exists(), reason="the data set is not beside this checkout")
def test_real_campaigns_are_read_whole() -> None:
    """11 campaigns on 28 days, with an odd name and an empty column."""
    options = Options(path=FEBRUARY, currency="USD", as_of="end", name_case="fold")
    now = fixed_now(options, FEBRUARY.parent)
    assert now == datetime(2021, 3, 1, 6, 0, tzinfo=UTC)

    account = connect("feb", options, credentials={}, clock=SteppedClock(now), home=FEBRUARY.parent)

    metrics = account.metrics(date(2021, 2, 1), date(2021, 3, 1))
    assert len(metrics) == 11 * 28
    assert int(metrics.cost_micros.sum()) == 30_590_879_820_000
    assert "facebook_tier2" in account.entities().names.tolist()
    assert account.entities().levers[BUDGET].present.all()
