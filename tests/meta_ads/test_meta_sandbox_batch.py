"""Batches at the Meta sandbox: many calls in one request, each with an answer of its own."""

import json
from typing import Any

from facebook_business.adobjects.adset import AdSet
from facebook_business.adobjects.campaign import Campaign
from meta_sandbox import ACCOUNT, ad_sets, api_on, broken, campaign, control, error, raw

from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.sandbox.meta_ads.ids import own
from simulations.sandbox.meta_ads.serve import Sandbox


def batch(sandbox: Sandbox, *entries: dict[str, Any], **options: str) -> Any:
    """The answers to these calls, or the error of the whole."""
    answer = raw(sandbox, "POST", "", form={"batch": json.dumps(entries), **options})
    return answer.json() if isinstance(answer.json(), list) else error(answer)


def budget(sandbox: Sandbox, row: int, cents: int) -> dict[str, Any]:
    return {"method": "POST", "relative_url": campaign(sandbox, row), "body": f"daily_budget={cents}"}


def stands(sandbox: Sandbox, row: int) -> int | None:
    return sandbox.platform.standing(Kind.CAMPAIGN, own(campaign(sandbox, row)), Field.AMOUNT)


def test_every_call_has_its_own_answer(sandbox: Sandbox) -> None:
    """One is refused, the others stand; each says what it cost."""
    first, second, third = batch(
        sandbox,
        budget(sandbox, 1, 6000),
        budget(sandbox, 2, 1),
        {"method": "GET", "relative_url": f"v26.0/{ACCOUNT}?fields=currency"},
    )

    assert [each["code"] for each in (first, second, third)] == [200, 400, 200]
    assert json.loads(first["body"]) == {"success": True}
    assert json.loads(second["body"])["error"]["error_subcode"] == 1885272
    assert json.loads(third["body"])["currency"] == "EUR"
    assert "X-Business-Use-Case-Usage" in [header["name"] for header in first["headers"]]
    assert stands(sandbox, 1) == 60_000_000


def test_the_official_client_calls_back_for_each(sandbox: Sandbox) -> None:
    """It raises nothing; successes and failures are told apart."""
    api, fine, failed = api_on(sandbox), [], []
    calls = api.new_batch()
    for row, cents in ((1, 6000), (2, 1)):
        Campaign(campaign(sandbox, row), api=api).api_update(
            params={"daily_budget": cents}, batch=calls, success=fine.append, failure=failed.append
        )

    left = calls.execute()

    assert left is None
    assert [each.json() for each in fine] == [{"success": True}]
    assert [each.error().api_error_subcode() for each in failed] == [1885272]


def test_a_call_without_answer_is_left_for_another_batch(sandbox: Sandbox) -> None:
    """It was not carried out; the client can send the rest again."""
    control(sandbox, "POST", "/faults", {"kind": "null_entry", "operation": 1})
    api = api_on(sandbox)
    calls = api.new_batch()
    for row in (1, 2):
        Campaign(campaign(sandbox, row), api=api).api_update(params={"daily_budget": 6000}, batch=calls)

    left = calls.execute()

    assert len(left) == 1
    assert (stands(sandbox, 1), stands(sandbox, 2)) != (60_000_000, 60_000_000)
    assert left.execute() is None
    assert stands(sandbox, 2) == 60_000_000


def test_a_call_without_answer_may_have_been_carried_out(sandbox: Sandbox) -> None:
    """Only a read-back tells."""
    control(sandbox, "POST", "/faults", {"kind": "lost_entry", "operation": 0})

    assert batch(sandbox, budget(sandbox, 1, 6000)) == [None]
    assert stands(sandbox, 1) == 60_000_000


def test_one_call_of_a_batch_can_be_refused(sandbox: Sandbox) -> None:
    """With any code that Meta has."""
    control(sandbox, "POST", "/faults", {"kind": "operation", "operation": 1, "code": "80004"})

    answers = batch(sandbox, budget(sandbox, 1, 6000), budget(sandbox, 2, 6000))

    assert [each["code"] for each in answers] == [200, 400]
    assert json.loads(answers[1]["body"])["error"]["code"] == 80004


def test_fifty_calls_are_the_most(sandbox: Sandbox) -> None:
    """One more is refused as a whole, and counted."""
    call = {"method": "GET", "relative_url": "me"}

    assert len(batch(sandbox, *[call] * 50)) == 50
    assert batch(sandbox, *[call] * 51) == "100"
    assert broken(sandbox) == ["too_many_batch_entries"]


def test_headers_can_be_left_out(sandbox: Sandbox) -> None:
    """And what was asked in one call may have been answered before."""
    call: dict[str, Any] = {"method": "GET", "relative_url": f"{ACCOUNT}?fields=name"}
    [first] = batch(sandbox, call)
    tag = next(each["value"] for each in first["headers"] if each["name"] == "ETag")

    [bare] = batch(sandbox, call, include_headers="false")
    [again] = batch(sandbox, {**call, "headers": [{"name": "If-None-Match", "value": tag}]})

    assert "headers" not in bare
    assert (again["code"], again["body"]) == (304, None)


def test_budget_edits_are_counted_inside_batches(sandbox: Sandbox) -> None:
    """The fifth of one ad set is refused, wherever it stands."""
    id_ = ad_sets(sandbox, 0)[0]
    calls = [{"method": "POST", "relative_url": id_, "body": f"daily_budget={5000 + n}"} for n in range(5)]

    answers = batch(sandbox, *calls)

    assert [each["code"] for each in answers] == [200] * 4 + [400]
    assert AdSet(id_, api=api_on(sandbox)).api_get(fields=["daily_budget"])["daily_budget"] == "5003"


def test_what_is_no_batch_is_refused(sandbox: Sandbox) -> None:
    """Not a list, or not of calls."""
    assert error(raw(sandbox, "POST", "", form={"batch": "{}"})) == "100"
    assert error(raw(sandbox, "POST", "", form={"batch": "[1]"})) == "100"
    assert error(raw(sandbox, "POST", "", form={"batch": "nonsense"})) == "100"
