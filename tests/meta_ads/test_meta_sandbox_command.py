"""`gebot sandbox meta-ads` and `gebot sandbox both` as people run them: processes of their own."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

from agent.config.credentials import resolve_all


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "agent.cli.main", "sandbox", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def get(url: str) -> Any:
    return httpx.get(url, trust_env=False).json()


def test_what_it_prints_is_enough_to_connect(tmp_path: Path) -> None:
    """The block for config.toml names endpoint and credentials; SIGTERM ends it well."""
    with running(
        "meta-ads", "--json", "--state", str(tmp_path), "--campaigns", "3", "--limit", "budget_edits=2"
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        [account] = tomllib.loads(ready["config"])["account"]
        secrets = {
            name: secret.get_secret_value() for name, secret in resolve_all(account["credentials"]).items()
        }
        session = FacebookSession(None, secrets["app_secret"], secrets["access_token"], timeout=30)
        session.GRAPH = account["options"]["endpoint"]
        session.requests.trust_env = False
        campaigns = FacebookAdsApi(session).call("GET", (f"act_{account['id']}", "campaigns")).json()
        state = get(ready["control"] + "/state")
        process.terminate()
        status = process.wait(20)

    assert account["platform"] == "meta_ads"
    assert [each["id"] for each in campaigns["data"]] == [each["id"] for each in state["campaigns"]]
    assert len(campaigns["data"]) == 3
    assert status == 0


def test_both_are_served_over_one_market_and_one_clock(tmp_path: Path) -> None:
    """Two blocks to paste and the clock to follow; every path of the control port names its platform."""
    with running(
        "both", "--json", "--state", str(tmp_path), "--campaigns", "16", "--now", "2026-11-21T10:30:00"
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        control = ready["control"]
        config = tomllib.loads(ready["config"])
        google, meta = get(control + "/google_ads/state"), get(control + "/meta_ads/state")
        clock = get(control + "/clock")
        httpx.post(control + "/clock", json={"advance_s": 60}, trust_env=False)
        later = [get(control + f"/{name}/state")["time"] for name in ("google_ads", "meta_ads")]
        bare = httpx.get(control + "/state", trust_env=False).status_code
        process.terminate()
        status = process.wait(20)

    assert [account["platform"] for account in config["account"]] == ["google_ads", "meta_ads"]
    assert config["clock"]["follow"] == control
    assert len(google["campaigns"]) + len(meta["campaigns"]) == 16
    assert {group["kind"] for group in meta["groups"]} == {"ad_set"}
    assert clock == {"time": "2026-11-21T10:30:00+00:00", "speed": 0.0}
    assert later == ["2026-11-21T10:31:00+00:00"] * 2
    assert bare == 404
    assert status == 0


def test_what_was_typed_wrong_is_all_told_at_once(tmp_path: Path) -> None:
    """And nothing is started."""
    with running(
        "meta-ads", "--state", str(tmp_path), "--time-zone", "Mars", "--limit", "nonsense=1", "--fault", "x"
    ) as process:
        output, errors = process.communicate(timeout=60)

    assert process.returncode == 2
    assert output == ""
    assert all(word in errors for word in ("Mars", "nonsense", "fault 'x'"))
