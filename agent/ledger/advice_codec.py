"""AdviceCodec: what a platform told as compact JSON and back, exactly."""

import json
import zlib
from datetime import date, datetime
from typing import Any, TypeAlias

from agent.domain.advice import Advice, ResponseCurve, ResponsePoint, Window
from agent.domain.errors import LedgerError
from agent.domain.lever import Lever
from agent.domain.ref import Kind

Json: TypeAlias = Any

_FORMAT = 1


def encode(advice: Advice) -> bytes:
    """All of it as compressed JSON; fields stand as lists in their order, to keep it small."""
    content = [
        _FORMAT,
        [_window(one) for one in advice.windows],
        [_curve(one) for one in advice.responses],
        advice.reported,
        advice.reported_n,
    ]
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode(), level=1)


def decode(body: bytes) -> Advice:
    """The advice that `encode` wrote, equal in every field.

    Raises:
        LedgerError: The bytes are no advice, or of a newer gebot.
    """
    try:
        form, *content = json.loads(zlib.decompress(body))
        if form != _FORMAT:
            raise LedgerError(f"ledger: stored advice has form {form}, {_FORMAT} is known; upgrade gebot")
        windows, responses, reported, reported_n = content
        return Advice(
            tuple(_read_window(one) for one in windows),
            tuple(_read_curve(one) for one in responses),
            tuple(reported),
            reported_n,
        )
    except (zlib.error, ValueError, TypeError) as fault:
        raise LedgerError(f"ledger: stored advice cannot be read ({fault}); restore a backup") from fault


def _window(window: Window) -> Json:
    return [
        window.kind.value,
        window.id,
        window.name,
        window.since.isoformat(),
        window.until.isoformat(),
        window.channels,
        window.campaigns,
        window.modifier_millionths,
    ]


def _read_window(content: Json) -> Window:
    kind, id_, name, since, until, channels, campaigns, modifier = content
    moments = (datetime.fromisoformat(since), datetime.fromisoformat(until))
    return Window(Kind(kind), id_, name, *moments, tuple(channels), tuple(campaigns), modifier)


def _curve(curve: ResponseCurve) -> Json:
    points = [
        [point.number, point.cost_micros, point.clicks, point.conversions, point.value_micros]
        for point in curve.points
    ]
    since, until = curve.since.isoformat(), curve.until.isoformat()
    return [curve.kind.value, curve.id, curve.lever.value, since, until, points]


def _read_curve(content: Json) -> ResponseCurve:
    kind, id_, lever, since, until, points = content
    days = (date.fromisoformat(since), date.fromisoformat(until))
    return ResponseCurve(Kind(kind), id_, Lever(lever), *days, tuple(ResponsePoint(*one) for one in points))
