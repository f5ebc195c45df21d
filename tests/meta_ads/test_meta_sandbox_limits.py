"""What Meta lets a caller do at most, at the sandbox: limits, their codes and their headers."""

import json
from pathlib import Path

import httpx
import pytest
from meta_sandbox import ACCOUNT, ad_sets, broken, campaign, control, error, opened, raw

from agent.domain.errors import Mistakes
from simulations.sandbox.meta_ads.serve import Sandbox


def set_budget(sandbox: Sandbox, cents: int, **options: str) -> httpx.Response:
    """Of the first ad set that has one."""
    return raw(sandbox, "POST", ad_sets(sandbox, 0)[0], form={"daily_budget": str(cents), **options})


def usage(response: httpx.Response, header: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(response.headers[header])
    return found


def test_the_fifth_change_of_a_budget_within_an_hour_blocks_it_for_an_hour(sandbox: Sandbox) -> None:
    """Only that ad set, and only its budget; both are told as violations."""
    fine = [error(set_budget(sandbox, 5000 + step)) for step in range(4)]
    fifth = error(set_budget(sandbox, 5100))
    control(sandbox, "POST", "/clock", {"advance_s": 3500})
    blocked = error(set_budget(sandbox, 5200))
    other = error(raw(sandbox, "POST", ad_sets(sandbox, 0)[1], form={"daily_budget": "5000"}))
    status = error(raw(sandbox, "POST", ad_sets(sandbox, 0)[0], form={"status": "PAUSED"}))
    control(sandbox, "POST", "/clock", {"advance_s": 200})
    later = error(set_budget(sandbox, 5200))

    assert fine == [""] * 4
    assert [fifth, blocked] == ["613/1487632", "613/1487632"]
    assert [other, status, later] == ["", "", ""]
    assert broken(sandbox) == ["too_many_budget_edits", "budget_edit_while_blocked"]


def test_refused_changes_of_a_budget_count_too(sandbox: Sandbox) -> None:
    """Four that were too low use the hour up."""
    low = [error(set_budget(sandbox, 1)) for _ in range(4)]

    assert low == ["100/1885272"] * 4
    assert error(set_budget(sandbox, 5000)) == "613/1487632"


def test_rehearsals_do_not_count_unless_told_to(
    sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whether they do at Meta is not known, so it is a setting."""
    only = '["validate_only"]'
    strict = opened(tmp_path_factory.mktemp("strict"), limit=("rehearsals_count=true", "budget_edits=1"))
    try:
        free = [error(set_budget(sandbox, 5000, execution_options=only)) for _ in range(6)]
        counted = [error(set_budget(strict, 5000, execution_options=only)) for _ in range(2)]

        assert free == [""] * 6
        assert counted == ["", "613/1487632"]
    finally:
        strict.stop()


def test_budgets_of_campaigns_have_no_such_limit(sandbox: Sandbox) -> None:
    """None is documented."""
    found = [
        error(raw(sandbox, "POST", campaign(sandbox, 1), form={"daily_budget": "6000"})) for _ in range(6)
    ]

    assert found == [""] * 6


@pytest.mark.parametrize("code", ["17/2446079", "613/1487742"])
def test_an_account_is_blocked_for_a_while_when_its_points_are_used_up(tmp_path: Path, code: str) -> None:
    """A read costs one, a write three; afterwards the window has moved on."""
    sandbox = opened(tmp_path, limit=("score_maximum=5", f"score_code={code}"))
    try:
        write = raw(sandbox, "POST", campaign(sandbox, 1), form={"status": "PAUSED"})
        reads = [raw(sandbox, "GET", ACCOUNT) for _ in range(3)]
        control(sandbox, "POST", "/clock", {"advance_s": 30})
        during = raw(sandbox, "GET", ACCOUNT)
        control(sandbox, "POST", "/clock", {"advance_s": 301})

        assert usage(write, "X-Ad-Account-Usage")["acc_id_util_pct"] == 60
        assert [error(read) for read in reads] == ["", "", code]
        assert reads[2].json()["error"]["is_transient"] is True
        assert error(during) == code
        assert usage(during, "X-Ad-Account-Usage")["reset_time_duration"] == 30
        assert error(raw(sandbox, "GET", ACCOUNT)) == ""
        assert broken(sandbox) == ["account_score", "call_while_blocked"]
    finally:
        sandbox.stop()


def test_calls_of_an_hour_are_counted_by_use(tmp_path: Path) -> None:
    """Insights have a limit of their own; the header says for how many minutes to wait."""
    limit = ("management_calls=2", "management_calls_per_ad=0", "insights_calls=1", "insights_calls_per_ad=0")
    sandbox = opened(tmp_path, limit=limit)
    try:
        reads = [raw(sandbox, "GET", ACCOUNT) for _ in range(3)]
        reports = [raw(sandbox, "GET", f"{ACCOUNT}/insights") for _ in range(2)]

        assert [error(read) for read in reads] == ["", "", "80004"]
        assert [error(report) for report in reports] == ["", "80000"]
        [entry] = usage(reads[2], "X-Business-Use-Case-Usage")["100000000000001"]
        assert entry["type"] == "ads_management"
        assert entry["call_count"] == 100
        assert entry["estimated_time_to_regain_access"] == 60
        assert usage(reports[0], "X-FB-Ads-Insights-Throttle")["acc_id_util_pct"] == 100
    finally:
        sandbox.stop()


def test_a_second_has_only_so_many_mutations(tmp_path: Path) -> None:
    """The next second has them again."""
    sandbox = opened(tmp_path, limit=("mutations_per_second=1",))
    try:
        first, second = (raw(sandbox, "POST", campaign(sandbox, 1), form={"status": "PAUSED"}) for _ in "12")
        control(sandbox, "POST", "/clock", {"advance_s": 1})
        third = raw(sandbox, "POST", campaign(sandbox, 1), form={"status": "ACTIVE"})

        assert [error(each) for each in (first, second, third)] == ["", "613/5044001", ""]
    finally:
        sandbox.stop()


def test_the_app_has_a_limit_too(tmp_path: Path) -> None:
    """Code 4, whatever the calls were for."""
    sandbox = opened(tmp_path, limit=("app_calls=1",))
    try:
        assert [error(raw(sandbox, "GET", path)) for path in ("me", f"{ACCOUNT}/insights")] == ["", "4"]
    finally:
        sandbox.stop()


def test_limits_that_do_not_exist_are_told_all_at_once(tmp_path: Path) -> None:
    """As typed on the command line, with everything else that is wrong."""
    with pytest.raises(Mistakes) as raised:
        opened(tmp_path, limit=("nonsense=1", "budget_edits=few", "score_code=1"), time_zone="Mars")

    assert len(raised.value.exceptions) == 4
