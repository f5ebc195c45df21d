"""Which fields may stand together in a query, and what else the sandbox's GAQL refuses and understands."""

from collections.abc import Iterator

import pytest
from google.ads.googleads.errors import GoogleAdsException
from google_ads_account import opened
from google_ads_wire import Wire

from simulations.sandbox.google_ads.serve import Sandbox

DAYS = "segments.date BETWEEN '2026-11-01' AND '2026-11-20'"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    running = opened(tmp_path_factory.mktemp("plain"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def wire(plain: Sandbox) -> Wire:
    return Wire(plain)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (
            f"SELECT ad_group.id, segments.hour, metrics.clicks FROM keyword_view WHERE {DAYS}",
            "PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        ("SELECT campaign_budget.id, metrics.clicks FROM campaign_budget", "PROHIBITED_METRIC_IN_SELECT"),
        ("SELECT campaign.id, metrics.video_views FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT campaign.id, metrics.phone_calls FROM campaign", "PROHIBITED_METRIC_IN_SELECT"),
        (
            "SELECT campaign.id, segments.conversion_lag_bucket, metrics.cost_micros"
            f" FROM campaign WHERE {DAYS}",
            "PROHIBITED_SEGMENT_WITH_METRIC",
        ),
        (
            "SELECT campaign.id, segments.conversion_lag_bucket, segments.hour, metrics.conversions"
            f" FROM campaign WHERE {DAYS}",
            "PROHIBITED_FIELD_COMBINATION_IN_SELECT_CLAUSE",
        ),
        (
            f"SELECT campaign.id, metrics.clicks FROM campaign WHERE {DAYS} AND segments.hour = 3",
            "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
        ),
        (
            "SELECT campaign.id, segments.month, metrics.clicks FROM campaign",
            "EXPECTED_FILTERS_ON_DATE_RANGE",
        ),
        ("SELECT campaign.network_settings FROM campaign", "PROHIBITED_FIELD_IN_SELECT_CLAUSE"),
        ("SELECT campaign.id FROM campaign WHERE campaign.network_settings = 1", "PROHIBITED_FIELD_IN_WHERE"),
        ("SELECT campaign.id FROM campaign WHERE campaign.id CONTAINS ANY (1)", "OPERATOR_FIELD_MISMATCH"),
        ("SELECT campaign.id FROM campaign WHERE campaign.labels = 'x'", "OPERATOR_FIELD_MISMATCH"),
        ("SELECT campaign.id FROM campaign WHERE campaign.name REGEXP_MATCH '('", "BAD_VALUE"),
        ("SELECT campaign.id FROM campaign PARAMETERS nonsense = true", "BAD_PARAMETER_NAME"),
        ("SELECT campaign.id FROM campaign PARAMETERS include_drafts = 3", "BAD_PARAMETER_VALUE"),
        ("SELECT change_status.campaign FROM change_status LIMIT 5", "CHANGE_DATE_RANGE_INFINITE"),
        (
            "SELECT change_status.campaign FROM change_status WHERE change_status.last_change_date_time"
            " BETWEEN '2026-11-20' AND '2026-11-01' LIMIT 5",
            "CHANGE_DATE_RANGE_NEGATIVE",
        ),
        (
            "SELECT change_status.campaign FROM change_status WHERE change_status.last_change_date_time"
            " BETWEEN '2026-06-01' AND '2026-11-01' LIMIT 5",
            "START_DATE_TOO_OLD",
        ),
    ],
)
def test_fields_that_do_not_go_together_are_refused(wire: Wire, query: str, code: str) -> None:
    """With Google's code."""
    with pytest.raises(GoogleAdsException, match=code):
        wire.rows(query)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("campaign.labels CONTAINS ANY ('customers/1234567890/labels/1')", lambda n: 0 < n < 8),
        ("campaign.labels CONTAINS NONE ('customers/1234567890/labels/1')", lambda n: 0 < n < 8),
        ("campaign.labels CONTAINS ALL ('customers/1234567890/labels/99')", lambda n: n == 0),
        ("campaign.name REGEXP_MATCH '.*[|].*'", lambda n: n == 8),
        ("campaign.name NOT REGEXP_MATCH '.*[|].*'", lambda n: n == 0),
    ],
)
def test_lists_and_patterns_choose_campaigns(wire: Wire, where: str, expected: object) -> None:
    """CONTAINS and REGEXP_MATCH."""
    assert callable(expected)

    assert expected(len(wire.rows(f"SELECT campaign.id FROM campaign WHERE {where}")))


def test_resource_names_can_be_left_out(wire: Wire) -> None:
    """They come with every row unless the query asks otherwise."""
    query = "SELECT campaign.id FROM campaign LIMIT 1"

    with_name = wire.rows(query)[0]
    without = wire.rows(f"{query} PARAMETERS omit_unselected_resource_names = true")[0]

    assert with_name.campaign.resource_name.endswith(str(with_name.campaign.id))
    assert without.campaign.resource_name == ""


def test_metrics_without_any_day_are_of_all_time(wire: Wire, plain: Sandbox) -> None:
    """A query without a date filter sums the whole history."""
    first = plain.platform.market.first_day
    today = plain.platform.today()

    everything = wire.rows("SELECT campaign.id, metrics.clicks FROM campaign")
    named = wire.rows(
        "SELECT campaign.id, metrics.clicks FROM campaign"
        f" WHERE segments.date BETWEEN '{first}' AND '{today}'"
    )

    assert [row.metrics.clicks for row in everything] == [row.metrics.clicks for row in named]
