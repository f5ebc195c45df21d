"""Stored: what gebot wrote itself and something has damaged since."""

import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from adapters.google_ads.memory import Memory
from adapters.google_ads.quota import Quota
from adapters.meta_ads.budget_edits import BudgetEdits
from agent.clock import EmbeddedClock, SteppedClock
from agent.daemon.pauses import Cause, Pause, Pauses, read_pauses, sentence
from agent.domain.lever import Lever, Ratio, Status
from agent.domain.money import Money
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Evidence, Figure, Interval, Proposal
from agent.domain.ref import AccountId, Kind, Ref
from agent.domain.verdict import Clamp, Deny, Word
from agent.ledger.codec import decode, encode
from agent.stop import reason_to_stop
from simulations.chaos.malformed.hostile import nested
from simulations.chaos.malformed.mutations import bytes_of, text_of, tree_of
from simulations.chaos.malformed.target import Target

_NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def plans() -> Target:
    """Bodies of plans as the ledger holds them."""

    def read(body: bytes) -> None:
        plan = decode(body)
        str(plan.fingerprint)
        encode(plan)

    return Target("stored plans", 1.0, _body, read)


def state_files(folder: Path) -> Target:
    """Small files of the state folder: pauses, the clock, counts of Google's and Meta's limits, the stop."""

    def read(content: bytes) -> None:
        for name in ("pauses.json", "clock.json", "memory.json", "edits.txt", "STOP"):
            (folder / name).write_bytes(content)
        for pause in read_pauses(folder).values():
            sentence(pause)
            pause.over(_NOW)
        Pauses(folder, _NOW)
        with suppress(ValueError):  # its word for a file that tells no time
            EmbeddedClock(folder / "clock.json", 288.0).now()
        quota = Quota(Memory(folder / "memory.json"), SteppedClock(_NOW), 15_000)
        quota.told()
        quota.take("123", urgent=True)
        BudgetEdits(folder / "edits.txt").reserve(["campaign/11"], _NOW)
        if not reason_to_stop(folder):
            raise ValueError("a stop file that is there was not heeded")

    return Target("state files", 0.5, _state, read)


def _body(rng: Random) -> bytes:
    if rng.random() < 0.3:
        return bytes_of(rng, encode(_plan()))
    lines = zlib.decompress(encode(_plan())).decode().split("\n")
    at = rng.randrange(len(lines))
    if rng.random() < 0.1:
        lines[at] = "[" * rng.choice((100, 1_000, 100_000))
    elif rng.random() < 0.1:
        lines = text_of(rng, "\n".join(lines)).decode(errors="replace").split("\n")
    else:
        lines[at] = json.dumps(tree_of(rng, json.loads(lines[at]), surrogates=True))
    return zlib.compress("\n".join(lines).encode("utf-8", "replace"), 1)


def _state(rng: Random) -> bytes:
    choice = rng.random()
    if choice < 0.1:
        return json.dumps(nested(900)).encode() * rng.choice((1, 2))
    if choice < 0.2:
        return b"[" * 100_000
    known = rng.choice(_known_states())
    if isinstance(known, str):
        return text_of(rng, known)
    if choice < 0.4:
        return bytes_of(rng, json.dumps(known).encode())
    return json.dumps(tree_of(rng, known, surrogates=True)).encode()


@cache
def _known_states() -> tuple[Mapping[str, Any] | str, ...]:
    hour = f"{int(_NOW.timestamp()) // 3600 * 3600}"
    pause = Pause(Cause.WAITS, "asked to wait", _NOW, _NOW + timedelta(hours=1))
    words = {
        "cause": pause.cause,
        "because": pause.because,
        "since": str(_NOW),
        "until": str(_NOW),
        "times": 1,
    }
    return (
        {"google_ads:1": words, "meta_ads:2": {**words, "cause": "stopped"}},
        {"real": 1_790_000_000.0, "embedded": _NOW.isoformat()},
        {hour: 5, "pause ": 1_790_000_000.0, "EUR": 1_000_000},
        f"{_NOW.isoformat()} edit campaign/11\n{_NOW.isoformat()} blocked campaign/11\n",
    )


@cache
def _plan() -> Plan:
    """A plan with every kind of value, verdict and evidence."""
    account = AccountId("google_ads", "1234567890")
    ref = Ref("google_ads", "1234567890", Kind.CAMPAIGN, "7")
    fifty, sixty = Money(50_000_000, "EUR"), Money(60_000_000, "EUR")
    evidence = Evidence(
        (Figure("cpa_14d", "31.20 EUR"),), "value", Interval(1, 0, 2), Interval(1, 0, 2), 0.9, 5, 0.5
    )
    budget = Proposal(ref, Lever.DAILY_BUDGET, Money(99_000_000, "EUR"), "why", "s", "p", evidence)
    target = Proposal(ref, Lever.TARGET_ROAS, Ratio(4_000_000), "why", "s")
    status = Proposal(ref, Lever.STATUS, Status.PAUSED, "why", "s")
    return Plan(
        account,
        _NOW,
        _NOW + timedelta(days=1),
        "policy",
        "snapshot",
        1,
        (
            Decision(
                budget,
                fifty,
                (Word("step", Clamp(sixty, "far")),),
                Change(ref, Lever.DAILY_BUDGET, fifty, sixty),
            ),
            Decision(target, Ratio(3_000_000), (Word("sane", Deny("no")),), None),
            Decision(
                status, Status.ENABLED, (), Change(ref, Lever.STATUS, Status.ENABLED, Status.PAUSED), "other"
            ),
        ),
        ("a note",),
    )
