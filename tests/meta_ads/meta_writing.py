"""Writing in tests: what Meta answers to a batch, and what was sent and told."""

import json
from typing import Any

from meta_fake import FakeMeta, error

from agent.domain.lever import Lever, Value
from agent.domain.outcome import Ambiguous, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Ref

YES: dict[str, Any] = {"code": 200, "body": json.dumps({"success": True})}


def no(code: int, subcode: int | None = None, **more: Any) -> dict[str, Any]:
    """The answer to one entry of a batch that Meta refuses."""
    return {"code": 400, "body": json.dumps(error(code, subcode, **more).body)}


def sent(server: FakeMeta) -> list[dict[str, str]]:
    """Every entry of every batch, in order."""
    return [call for asked in server.told("POST", "") for call in asked.json("batch")]


def because(receipt: Receipt) -> str:
    assert isinstance(receipt, Refused | Ambiguous)
    return receipt.because


def change(ref: Ref, lever: Lever, after: Value) -> Change:
    return Change(ref, lever, after, after)
