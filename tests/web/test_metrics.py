"""What Prometheus reads: right figures, to the right machines, and no names of campaigns."""

import asyncio
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from visiting import ADDRESS, House, house

from agent.cli.run import daemon_of
from agent.domain.record import Halt
from agent.office import open_office

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\bgebot_[a-z_]+\b")


def scrape(visited: House, client: str = "127.0.0.1", base: str = ADDRESS, **headers: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(visited.app, raise_app_exceptions=False, client=(client, 4711))
        async with httpx.AsyncClient(transport=transport, base_url=base) as browser:
            return await browser.get("/metrics", headers={k.replace("_", "-"): v for k, v in headers.items()})

    return asyncio.run(asked())


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is told after an agent was round once and was halted."""
    folder = tmp_path_factory.mktemp("lived")
    with house(folder) as visited:
        office = open_office(folder / "config.toml")
        daemon_of(office, None, 1.0).tick()
        office.memory.halt(Halt("anna", datetime(2026, 11, 22, tzinfo=UTC), "a test"))
        names = next(iter(office.parts(write=False)))[1].reader.entities().names.tolist()
        office.memory.close()
        answer = scrape(visited)
    assert answer.status_code == 200, answer.text
    assert not [name for name in names if name in answer.text]
    return answer.text


def test_the_figures_are_those_of_the_ledger(lived: str) -> None:
    """As `gebot status` tells them."""
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(lived)
        for sample in family.samples
    }

    assert found["gebot_halted", "demo"] == 1
    assert found["gebot_account_healthy", "demo"] == 0
    assert found["gebot_plans_open", "demo"] == 1
    assert found["gebot_changes_waiting", "demo"] > 0
    assert found["gebot_changes_total", "demo", "applied"] == 0
    assert found["gebot_daily_budgets", "demo", "EUR"] > 0
    assert found["gebot_account_ceiling", "demo", "EUR"] > 0
    assert 0 <= found["gebot_decided_age_seconds", "demo"] < 3600


def test_the_documents_name_the_metrics_that_there_are(lived: str) -> None:
    """A rule on a name that nobody tells never fires, which nobody would see."""
    told = set(re.findall(r"^# TYPE (\S+)", lived, flags=re.M))
    used = {
        name: set(NAME.findall((ROOT / "docs" / name).read_text(encoding="utf-8")))
        for name in ("monitoring.md", "examples/alerts.yml", "examples/grafana.json")
    }

    assert used["monitoring.md"] == told
    assert used["examples/alerts.yml"] <= told
    assert used["examples/grafana.json"] <= told
    assert json.loads((ROOT / "docs/examples/grafana.json").read_text(encoding="utf-8"))["panels"]


def test_only_this_machine_reads_them_without_a_token(demo: House) -> None:
    """Nor does who comes through a proxy, or by a name that was made to lead here."""
    assert scrape(demo).status_code != 403
    assert scrape(demo, client="192.0.2.7").status_code == 403
    assert scrape(demo, x_forwarded_for="192.0.2.7").status_code == 403
    assert scrape(demo, base="http://evil.example.com:8750").status_code == 403


def test_behind_a_proxy_nobody_reads_them_without_a_token(tmp_path: Path) -> None:
    """A proxy on this machine need not say for whom it asks."""
    with house(tmp_path, web='url = "https://gebot.example.com"') as visited:
        assert scrape(visited).status_code == 403


def test_who_shows_the_token_reads_them_from_anywhere(tmp_path: Path) -> None:
    """And nobody else, not even from here."""
    token = tmp_path / "token"
    token.write_text("a token of the test", encoding="utf-8")
    token.chmod(0o600)
    with house(tmp_path, web='metrics_token = "file:token"') as visited:
        right = scrape(visited, client="192.0.2.7", authorization="Bearer a token of the test")
        wrong = scrape(visited, authorization="Bearer another")

        assert right.status_code != 403
        assert wrong.status_code == scrape(visited).status_code == 403
