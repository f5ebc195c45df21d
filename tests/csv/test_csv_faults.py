"""A file is read whole or not at all, and everything wrong with it is said at once."""

from pathlib import Path

import pytest
from export_file import HEADER, faults_of, reader, write

from adapters.csv.connect import Options, connect
from agent.domain.errors import Mistakes

ROW = "2026-01-01,a,1.50,10,1,0.5,9"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("2026-01-02,a,n/a,10,1,1,9", "line 3, column 'Cost': was 'n/a'; an amount of zero or more is right"),
        ("2026-01-02,a,-1,10,1,1,9", "line 3, column 'Cost': was '-1'; an amount of zero or more is right"),
        ("2026-01-02,a,1,1.5,1,1,9", "column 'Impressions': was '1.5'; a whole number of zero or more"),
        ("2026-01-02,a,1,10,x,1,9", "column 'Clicks': was 'x'; a whole number of zero or more is right"),
        (
            "2026-01-02,a,1,10,1,0.83%,9",
            "column 'Conversions': was '0.83%'; a number of zero or more is right",
        ),
        ("2026-01-02,a,1,10,1,1,9 USD", "column 'Conversion value': was '9 USD'"),
        ("02.01.2026,a,1,10,1,1,9", "column 'Date': was '02.01.2026'; a date written as %Y-%m-%d is right"),
        ("2026-02-30,a,1,10,1,1,9", "column 'Date': was '2026-02-30'"),
        ("01-02-19,a,1,10,1,1,9", "column 'Date': was '01-02-19'"),
        (",a,1,10,1,1,9", "column 'Date': was empty"),
        ("2026-01-02,,1,10,1,1,9", "column 'Campaign': was empty; every row needs one"),
        ("2026-01-02,a,1,10", "line 3: has 4 cells; 7, as in the header, are right"),
        ("2026-01-02,a,1,10,1,1,9,9", "line 3: has 8 cells"),
        ('2026-01-02,"a,1,10,1,1,9', "line 3: unexpected end of data; a quoted cell may not be closed"),
        (ROW, "line 3: a second row of 'a' on 2026-01-01; options.duplicates"),
        ('2026-01-02,a,1.234,10,1,1,"1.234,56"', "numbers are written in two ways"),
    ],
)
def test_a_bad_row_is_named_with_its_line_its_column_and_its_text(
    tmp_path: Path, rows: str, fault: str
) -> None:
    """Line 2 is right, line 3 is not; blank lines count."""
    path = write(tmp_path, f"{HEADER}\n{ROW}\n{rows}\n")

    faults = faults_of(path)

    assert any(fault in one for one in faults), faults


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    """With a title above the header, blank lines, and a cell of two lines."""
    path = write(tmp_path, f'Report\n\n{HEADER}\n\n2026-01-01,"a\nb",1,1,1,1,1\n\n2026-01-02,a,x,1,1,1,1\n')

    faults = faults_of(path, skip_lines=2)

    assert faults == ["export.csv line 8, column 'Cost': was 'x'; an amount of zero or more is right"]


def test_all_faults_are_told_at_once_with_the_first_twenty_and_a_count(tmp_path: Path) -> None:
    """A column that is missing, thirty bad numbers and a bad date, in one message."""
    rows = [f"2026-01-01,c{i},x,10,1,9" for i in range(30)]
    text = "Date,Campaign,Cost,Impressions,Clicks,Conversion value\n" + "\n".join(rows) + "\nsoon,a,1,1,1,1\n"

    with pytest.raises(Mistakes) as raised:
        reader(write(tmp_path, text))

    assert raised.value.message == "export.csv has 32 faults, of which these are the first 20"
    assert len(raised.value.exceptions) == 20
    assert str(raised.value.exceptions[0]).startswith(
        "export.csv: no column for conversions was found; set options.columns.conversions to one of its"
    )


@pytest.mark.parametrize(
    ("text", "options", "fault"),
    [
        ("", {}, "export.csv: is empty"),
        (HEADER + "\n", {}, "export.csv: has no rows"),
        (
            f"{HEADER}\n{ROW}",
            {"columns": {"cost": "Spent"}},
            "options.columns.cost: no column 'Spent'; it has Date,",
        ),
        (f"{HEADER}\n{ROW}", {"budget": "column"}, "no column for daily_budget was found"),
        (f"{HEADER}\n{ROW}", {"encoding": "latin-99"}, "unknown encoding: latin-99; options.encoding"),
        (f"{HEADER}\n{ROW}", {"encoding": "utf-16"}, "was no text in utf-16; options.encoding names another"),
        (f"{HEADER}\n{ROW}", {"delimiter": ";"}, "no column for date was found"),
        (
            f"{HEADER.replace('Cost', 'Cost (USD)')}\n{ROW}",
            {},
            "column 'Cost (USD)' is in USD; options.currency is EUR",
        ),
        (
            f"{HEADER},clicks\n{ROW},1",
            {},
            "'Clicks' and 'clicks' could both be clicks; options.columns.clicks says which",
        ),
        (f"{HEADER},Status\n{ROW},weird", {}, "was 'weird'; a status such as enabled"),
    ],
)
def test_a_file_that_does_not_fit_says_which_key_would_fit(
    tmp_path: Path, text: str, options: dict[str, object], fault: str
) -> None:
    """What was found, and the key of config.toml that mends it."""
    path = write(tmp_path, text)

    faults = faults_of(path, **options)

    assert any(fault in one for one in faults), faults


def test_a_missing_file_is_a_mistake_in_the_path(tmp_path: Path) -> None:
    """Known before the first cycle."""
    faults = faults_of(tmp_path / "none.csv")

    assert len(faults) == 1
    assert faults[0].startswith("options.path: ")
    assert "No such file" in faults[0]


def test_an_account_needs_a_name_that_a_reference_can_hold(tmp_path: Path) -> None:
    """Slashes and colons part the pieces of a reference."""
    path = write(tmp_path, f"{HEADER}\n{ROW}\n")
    options = Options(path=path, currency="EUR")

    with pytest.raises(Mistakes):
        connect("a/b", options, credentials={}, clock=None, home=tmp_path)  # type: ignore[arg-type]  # not reached
