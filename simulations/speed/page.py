"""Page: how long and how much memory it takes to open a plan of 2,000 decisions.

    python -m simulations.speed.page

A process of its own, because it measures memory: the page over a ledger in a file, asked as a
browser asks it.
"""

import asyncio
import json
import resource
import sys
import tempfile
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from agent.domain.entity import Account, entity_table
from agent.domain.lever import Lever
from agent.domain.money import MICROS, Money
from agent.domain.person import Person
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Evidence, Figure, Interval, Proposal
from agent.domain.ref import AccountId
from agent.domain.verdict import Deny, Word
from agent.office import Office, open_office
from agent.web import passwords
from agent.web.app import Page, create_app
from simulations.speed.stopwatch import Timing, median_ms, timing

N_DECISIONS = 2_000
GOAL_MS = 1_000.0
GOAL_MB = 100.0

_ADDRESS = "http://127.0.0.1:8750"
_ACCOUNT = AccountId("simulated", "demo")
_PASSWORD = "four words of sample"  # noqa: S105  # of a person who lives for a minute
_CONFIG = """
mode = "review"
ledger = "sqlite:///gebot.db"
state = "state"
seed = 1
[[account]]
name = "demo"
platform = "simulated"
id = "demo"
[account.options]
seed = 1
campaigns = 2
currency = "EUR"
time_zone = "Europe/Berlin"
history_days = 2
journal = "demo.jsonl"
[[portfolio]]
name = "everything"
account = "demo"
campaigns = ["*"]
goal = "conversion_value"
deciders = ["hold"]
[[strategy]]
name = "hold"
kind = "hold"
[approval]
approvers = ["anna", "ben", "carl"]
[[approval.tier]]
name = "large"
above = "20%"
approvals = 2
"""


def timings() -> list[Timing]:
    """The first page, sorted by money, and grouped by campaign; the note tells the memory."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.toml").write_text(_CONFIG, encoding="utf-8")
        app = create_app(lambda: open_office(Path(folder) / "config.toml"))
        reception = app.state.reception
        person = Person("anna", passwords.hashed(_PASSWORD), datetime.now(UTC))
        reception.people.keep(person.sealed(reception.seal))
        path = f"/plans/{_put_forward(reception.office)}"
        found = [_timing(app, path, what) for what in ("", "?sort=money&down=1", "?group=campaign")]
        reception.close()
    return found


def _timing(app: Page, path: str, query: str) -> Timing:
    visit = _Visit(app)
    took = median_ms(lambda: visit.read(path + query))
    tracemalloc.start()
    visit.read(path + query)
    peak_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    whole_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = f"{peak_mb:.0f} MB for it (goal {GOAL_MB:.0f}), {whole_mb:.0f} MB in all"
    size = f"{N_DECISIONS:,} decisions {query}".strip()
    return timing("open a plan", size, "gebot", took, goal_ms=GOAL_MS, note=note)


class _Visit:
    """Somebody who has signed in."""

    def __init__(self, app: Page) -> None:
        self.app, self.cookies = app, httpx.Cookies()
        form = {"name": "anna", "password": _PASSWORD, "to": "/"}
        answer = asyncio.run(self._send("POST", "/sign-in", form))
        self.cookies = answer.cookies

    def read(self, path: str) -> None:
        answer = asyncio.run(self._send("GET", path))
        if answer.status_code != httpx.codes.OK:
            sys.exit(f"{path}: {answer.status_code}")

    async def _send(self, method: str, path: str, form: dict[str, str] | None = None) -> httpx.Response:
        headers = {"origin": _ADDRESS, "sec-fetch-site": "same-origin"}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=_ADDRESS, cookies=self.cookies) as client:
            return await client.request(method, path, headers=headers, data=form)


def _put_forward(office: Office) -> str:
    now = office.clock.now()
    budgets = [(100 + n % 50) * MICROS for n in range(N_DECISIONS)]
    table = entity_table(
        Account(_ACCOUNT, "demo", "EUR", "Europe/Berlin"),
        [str(1_000_000 + n) for n in range(N_DECISIONS)],
        names=[f"Campaign {n:04d} | Search | DE" for n in range(N_DECISIONS)],
        levers={Lever.DAILY_BUDGET: budgets},
    )
    office.memory.record_entities(table, now)
    decisions = tuple(_decision(n, budget) for n, budget in enumerate(budgets))
    plan = Plan(_ACCOUNT, now, now + timedelta(hours=24), "policy", "snapshot", 1, decisions)
    office.memory.record_plan(plan)
    return plan.id


def _decision(number: int, budget_micros: int) -> Decision:
    """Every tenth is denied; every third moves so much that it takes two people."""
    ref = _ACCOUNT.ref("campaign", str(1_000_000 + number))
    before = Money(budget_micros, "EUR")
    after = Money(budget_micros * (13 if number % 3 == 0 else 11) // 10, "EUR")
    effect = Interval(10.0, 5.0, 15.0)
    figures = (Figure("cost_14d", "881.72 EUR"), Figure("clicks_14d", "1283"), Figure("roas_14d", "3.07"))
    evidence = Evidence(figures, "conversion value in EUR per day at the new budget", effect, effect, 0.9)
    because = "the next EUR here returns 1.63, on average in the pot 1.39"
    proposal = Proposal(ref, Lever.DAILY_BUDGET, after, because, "thompson", "everything", evidence)
    denied = number % 10 == 0
    words = (Word("cooldown", Deny("changed 3 h ago; 20 h are asked for")),) if denied else ()
    change = None if denied else Change(ref, Lever.DAILY_BUDGET, before, after)
    return Decision(proposal, before, words, change, portfolio="everything")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(timings()) + "\n")
