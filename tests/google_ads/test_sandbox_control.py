"""The control port: the witness of a test, and the hand of somebody else."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from google_ads_account import adapter_on, opened
from google_ads_changes import campaign, stands, to_budget

from agent.clock import SystemClock
from agent.domain.errors import Mistake, Mistakes, Unreachable
from agent.domain.lever import Status
from agent.domain.outcome import Ambiguous
from agent.ports.platform import Adapter
from simulations.sandbox.google_ads.serve import Sandbox, open_sandbox, settings_of


def call(sandbox: Sandbox, method: str, path: str, body: object = None) -> Any:
    response = httpx.request(method, sandbox.control + path, json=body, trust_env=False)
    return response.json() if response.is_success else response.status_code


def test_the_journal_and_the_requests_are_told(sandbox: Sandbox, adapter: Adapter) -> None:
    """What reached the platform, in its own words."""
    adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])

    journal, requests = call(sandbox, "GET", "/journal"), call(sandbox, "GET", "/requests")

    assert [(entry["mask"], entry["after"], entry["result"]) for entry in journal] == [
        ("amount_micros", 20_000_000, "committed")
    ]
    assert requests[-1]["method"] == "Mutate campaignBudgets"
    assert requests[-1]["request_id"] == journal[0]["request_id"]


def test_somebody_else_edits(sandbox: Sandbox) -> None:
    """A budget by its campaign, and a status; both stand in the platform's history."""
    call(sandbox, "POST", "/edit", {"campaign": campaign(sandbox, 2).id, "budget": "25.00 EUR"})
    call(sandbox, "POST", "/edit", {"campaign": campaign(sandbox, 3).id, "status": "paused", "user": "a@b.c"})

    assert stands(sandbox, 2) == 25_000_000
    assert sandbox.platform.status(campaign(sandbox, 3).id) is Status.PAUSED
    edits = sandbox.platform.edits(sandbox.clock.now() - timedelta(minutes=1))
    assert [(edit.by, edit.client) for edit in edits] == [
        ("somebody@sandbox.example", "web"),
        ("a@b.c", "web"),
    ]
    assert call(sandbox, "GET", "/journal") == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"campaign": "1"},
        {"campaign": "1", "budget": "25.00 EUR"},
        {"campaign_budget": "1", "budget": "25.00 USD"},
        {"campaign_budget": "1", "budget": "25.00 EUR"},
        {"campaign_budget": "1", "budget": "lots"},
        {"campaign_budget": "1", "status": "paused"},
        {"nonsense": 1},
        [],
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(sandbox: Sandbox, body: object) -> None:
    """And said so, with status 422."""
    assert call(sandbox, "POST", "/edit", body) == 422


def test_faults_are_switched_on_and_off(sandbox: Sandbox, adapter: Adapter) -> None:
    """One-shot by default; a wrong one is refused."""
    armed = call(sandbox, "POST", "/faults", {"kind": "after_commit", "times": 2})
    first = adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])
    state = call(sandbox, "GET", "/state")
    call(sandbox, "DELETE", "/faults")

    assert armed["times"] == 2
    assert isinstance(first[0], Ambiguous)
    assert [fault["times"] for fault in state["faults"]] == [1]
    assert sandbox.faults.armed() == ()
    assert call(sandbox, "POST", "/faults", {"kind": "operation"}) == 422
    assert call(sandbox, "POST", "/faults", {"kind": "quota", "code": "quota_error.NONSENSE"}) == 422


def test_the_clock_moves_forward_only(sandbox: Sandbox) -> None:
    """A day passes when it is told to."""
    before = sandbox.clock.now()

    told = call(sandbox, "POST", "/clock", {"advance_s": 86_400})

    assert sandbox.clock.now() - before == timedelta(days=1)
    assert told == {"time": sandbox.clock.now().isoformat()}
    assert call(sandbox, "POST", "/clock", {"advance_s": -1}) == 422


def test_the_time_and_its_speed_are_told(sandbox: Sandbox) -> None:
    """Whoever lives by the sandbox's clock asks it here."""
    assert call(sandbox, "GET", "/clock") == {"time": sandbox.clock.now().isoformat(), "speed": 0.0}


def test_every_path_also_has_the_platforms_name_in_front(sandbox: Sandbox) -> None:
    """A script for several platforms works with one."""
    assert call(sandbox, "GET", "/google_ads/state") == call(sandbox, "GET", "/state")
    assert call(sandbox, "GET", "/google_ads/violations") == []


def test_a_fault_that_the_platform_does_not_know_is_refused(sandbox: Sandbox) -> None:
    """Reports that are ordered, and batches with holes, are another platform's."""
    assert call(sandbox, "POST", "/faults", {"kind": "job"}) == 422
    assert call(sandbox, "POST", "/faults", {"kind": "latency", "on": "insights"}) == 422


def test_what_is_not_there_is_not_found(sandbox: Sandbox) -> None:
    """An unknown path, and the control paths on the platform's port."""
    assert call(sandbox, "GET", "/nonsense") == 404
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{sandbox.port}/journal", trust_env=False, timeout=5)


def test_the_account_lasts_over_a_restart(tmp_path: Path) -> None:
    """Edits, journal, time and certificates are in the state directory."""
    first = opened(tmp_path)
    adapter_on(first).apply([to_budget(campaign(first, 2), "20.00")])
    first.clock.advance(timedelta(hours=5))
    ca = first.ca_file.read_bytes()
    first.stop()

    second = opened(tmp_path)

    try:
        assert stands(second, 2) == 20_000_000
        assert [mutation.after for mutation in second.journal.mutations()] == [20_000_000]
        assert second.clock.now() == first.clock.now()
        assert second.ca_file.read_bytes() == ca
        assert adapter_on(second).account().currency == "EUR"
    finally:
        second.stop()


def test_a_state_of_another_account_is_refused(tmp_path: Path) -> None:
    """Nothing of it is touched."""
    opened(tmp_path).stop()
    before = (tmp_path / "account.jsonl").read_bytes()

    with pytest.raises(Mistakes):
        opened(tmp_path, seed=2)

    assert (tmp_path / "account.jsonl").read_bytes() == before


def test_a_taken_port_is_said(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two servers on one port would answer in turn."""
    settings = settings_of(
        state=tmp_path_factory.mktemp("other"), customer="1234567890", account={}, faults=(), speed=1.0
    )

    with pytest.raises(OSError, match="port"):
        open_sandbox(replace(settings, port=sandbox.port), SystemClock())


def test_settings_report_every_fault_at_once() -> None:
    """As typed on the command line."""
    with pytest.raises(Mistakes) as raised:
        settings_of(
            state=Path("x"),
            customer="12",
            account={"time_zone": "Mars", "campaigns": 0},
            faults=("nonsense", "quota:seconds=soon", "operation"),
            speed=-1.0,
        )

    assert all(isinstance(mistake, Mistake) for mistake in raised.value.exceptions)
    assert len(raised.value.exceptions) == 7


def test_the_key_of_the_server_is_for_its_owner_only(sandbox: Sandbox) -> None:
    """Nobody else on the machine can pose as the sandbox."""
    assert (sandbox.ca_file.parent / "server.key").stat().st_mode & 0o077 == 0


def test_requests_that_were_refused_are_told_too(sandbox: Sandbox, adapter: Adapter) -> None:
    """With the status that they ended with."""
    call(sandbox, "POST", "/faults", {"kind": "before_commit", "on": "search"})
    with pytest.raises(Unreachable):
        adapter.account()

    assert json.dumps(call(sandbox, "GET", "/requests")[-1]["status"]) == '"UNAVAILABLE"'
