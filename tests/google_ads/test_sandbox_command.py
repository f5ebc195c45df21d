"""`gebot sandbox google-ads` as people run it: a process of its own."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from adapters.google_ads.connect import Options, connect
from agent.clock import SystemClock
from agent.ports.platform import Adapter


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "agent.cli.main", "sandbox", "google-ads", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_command_says_where_it_listens_and_ends_on_sigterm(tmp_path: Path) -> None:
    """What it prints is enough to connect: the block for config.toml is complete."""
    with running(
        "--json", "--state", str(tmp_path), "--campaigns", "4", "--fault", "quota:on=search"
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        account = tomllib.loads(ready["config"])["account"][0]
        adapter = connect(
            account["id"],
            Options.model_validate(account["options"]),
            credentials={},
            clock=SystemClock(),
            home=Path("/"),
        )

        with pytest.raises(Exception, match="Too many requests"):
            adapter.account()
        table = adapter.entities()
        state = httpx.get(ready["control"] + "/state", trust_env=False).json()
        process.terminate()
        status = process.wait(10)

    assert len(table) == 5  # four campaigns, two of them on one shared budget
    assert len(state["campaigns"]) == 4
    assert status == 0


def test_people_get_a_block_to_paste(tmp_path: Path) -> None:
    """READY on the first line, configuration below."""
    with running("--state", str(tmp_path)) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        process.terminate()
        process.wait(10)

    assert lines[0].startswith("READY localhost:")
    assert "[[account]]" in lines[3]


def test_what_was_typed_wrong_is_all_told_at_once(tmp_path: Path) -> None:
    """And nothing is started."""
    with running(
        "--state", str(tmp_path), "--time-zone", "Mars", "--customer", "12", "--fault", "x"
    ) as process:
        output, errors = process.communicate(timeout=60)

    assert process.returncode == 2
    assert output == ""
    assert all(word in errors for word in ("Mars", "customer", "fault 'x'"))


def test_an_account_with_keywords_and_its_own_sign_in_is_served(tmp_path: Path) -> None:
    """The service account's key that READY names opens it, and no made-up token does."""
    deep = ("--groups", "2", "--keywords", "3", "--portfolios", "1", "--bidding", "manual_cpc")
    with running(
        "--json", "--state", str(tmp_path), "--sign-in", "--manager", "987-654-3210", *deep
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        account = tomllib.loads(ready["config"])["account"][0]

        def adapter(credentials: dict[str, str]) -> Adapter:
            return connect(
                account["id"],
                Options.model_validate({**account["options"], "levels": ["ad_group", "keyword"]}),
                credentials=credentials,
                clock=SystemClock(),
                home=Path("/"),
            )

        with pytest.raises(Exception, match="OAUTH_TOKEN_INVALID"):
            adapter({}).account()
        table = adapter({"service_account_file": ready["service_account_file"]}).entities()

    assert {"keyword", "ad_group", "campaign", "bidding_strategy"} <= set(table.kinds.tolist())
