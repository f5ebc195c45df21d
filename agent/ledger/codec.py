"""Codec: a plan as compact JSON and back, exactly."""

import json
import zlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

from agent.domain.calibration import Calibration, Reliability
from agent.domain.errors import LedgerError
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Evidence, Figure, Interval, Proposal, Purpose
from agent.domain.ref import AccountId, Kind, Ref
from agent.domain.verdict import Allow, Clamp, Deny, Word

Json: TypeAlias = Any

_FORMAT = 4
_READ = (
    1,
    2,
    3,
    4,
)  # form 1 knew no calibration, 2 no code and no purpose, 3 no author, anchor and portfolio
_HALF = "\\ud"  # begins a character in two halves
_json = json.JSONEncoder(separators=(",", ":")).encode


def encode(plan: Plan) -> bytes:
    """The whole plan as compressed lines of JSON, the head and then a line for each decision.

    Fields stand as lists in their order, to keep it small; line by line, because ten thousand
    decisions in one structure keep the garbage collector busier than the encoder.
    """
    head = [
        _FORMAT,
        [plan.account.platform, plan.account.account],
        plan.drawn_up_at.isoformat(),
        plan.expires_at.isoformat(),
        plan.policy,
        plan.snapshot,
        plan.seed,
        plan.notes,
        [_calibration(one) for one in plan.calibration],
        plan.code,
        plan.author,
    ]
    lines = [_json(head), *(_json(_decision(decision)) for decision in plan.decisions)]
    return zlib.compress("\n".join(lines).encode(), level=1)


@lru_cache(maxsize=4)  # an open plan is asked for at every tick
def decode(body: bytes) -> Plan:
    """The plan that `encode` wrote, equal in every field and so in its fingerprint.

    Raises:
        LedgerError: The bytes are no plan, or one of a newer gebot.
    """
    try:
        content_text = zlib.decompress(body).decode()
        if _HALF in content_text:
            _check_whole(content_text)
        head, *lines = content_text.split("\n")
        form, *content = json.loads(head)
        if form not in _READ:
            raise LedgerError(f"ledger: a stored plan has form {form}, {_FORMAT} is known; upgrade gebot")
        account, drawn_up_at, expires_at, policy, snapshot, seed, notes, *later = content
        return Plan(
            AccountId(*account),
            datetime.fromisoformat(drawn_up_at),
            datetime.fromisoformat(expires_at),
            policy,
            snapshot,
            seed,
            tuple(_read_decision(json.loads(line)) for line in lines),
            tuple(notes),
            tuple(_read_calibration(one) for part in later[:1] for one in part),
            *later[1:],
        )
    except (zlib.error, ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as fault:
        raise LedgerError(f"ledger: a stored plan cannot be read ({fault}); restore a backup") from fault


def _check_whole(text: str) -> None:
    """Refuse half of a character, which JSON can write and nothing can encode, with a ValueError."""
    for line in text.split("\n"):
        json.dumps(json.loads(line), ensure_ascii=False).encode()


def _calibration(one: Calibration) -> Json:
    return [
        one.source,
        one.n,
        one.held,
        one.low,
        one.high,
        one.bias,
        one.stretch,
        one.reliability.value,
        one.demoted,
    ]


def _read_calibration(content: Json) -> Calibration:
    source, n, held, low, high, bias, stretch, reliability, demoted = content
    return Calibration(source, n, held, low, high, bias, stretch, Reliability(reliability), demoted)


def _decision(decision: Decision) -> Json:
    return [
        _proposal(decision.proposal),
        _value(decision.before),
        [[word.guardrail, *_verdict(word)] for word in decision.words],
        None if decision.change is None else _change(decision.change, decision.proposal),
        decision.not_heard,
        *(
            [_value(decision.anchor), decision.portfolio]
            if decision.anchor is not None or decision.portfolio
            else []
        ),
    ]


def _read_decision(content: Json) -> Decision:
    proposal, before, words, change, not_heard, *placed = content
    anchor, portfolio = placed or (None, "")
    wish = _read_proposal(proposal)
    return Decision(
        wish,
        _read_value(before),
        tuple(_read_word(word) for word in words),
        None if change is None else _read_change(change, wish),
        not_heard,
        _read_value(anchor),
        portfolio,
    )


def _proposal(proposal: Proposal) -> Json:
    evidence = proposal.evidence
    return [
        _ref(proposal.ref),
        proposal.lever.value,
        _value(proposal.target),
        proposal.because,
        proposal.source,
        proposal.group,
        [[figure.name, figure.text] for figure in evidence.figures],
        evidence.posterior_of,
        _interval(evidence.posterior),
        _interval(evidence.expected_effect),
        evidence.maturity,
        evidence.seed,
        evidence.propensity,
        proposal.purpose.value,
    ]


def _read_proposal(content: Json) -> Proposal:
    ref, lever, target, because, source, group, figures, *model = content
    posterior_of, posterior, expected_effect, maturity, seed, propensity, *purpose = model
    return Proposal(
        _read_ref(ref),
        Lever(lever),
        _sure(_read_value(target)),
        because,
        source,
        group,
        Evidence(
            tuple(Figure(name, text) for name, text in figures),
            posterior_of,
            None if posterior is None else Interval(*posterior),
            None if expected_effect is None else Interval(*expected_effect),
            maturity,
            seed,
            propensity,
        ),
        Purpose(*(purpose or ["steer"])),
    )


def _change(change: Change, proposal: Proposal) -> Json:
    """Ref and lever are left out where they are the proposal's, which is nearly always."""
    same = change.ref == proposal.ref and change.lever is proposal.lever
    name = [] if same else [_ref(change.ref), change.lever.value]
    return [_value(change.before), _value(change.after), *name]


def _read_change(content: Json, proposal: Proposal) -> Change:
    before, after, *name = content
    ref, lever = (_read_ref(name[0]), Lever(name[1])) if name else (proposal.ref, proposal.lever)
    return Change(ref, lever, _sure(_read_value(before)), _sure(_read_value(after)))


def _verdict(word: Word) -> Json:
    match word.verdict:
        case Allow():
            return []
        case Deny(because=because):
            return [because]
        case Clamp(to=to, because=because):
            return [because, _value(to)]


def _read_word(content: Json) -> Word:
    match content:
        case [guardrail]:
            return Word(guardrail, Allow())
        case [guardrail, because]:
            return Word(guardrail, Deny(because))
        case [guardrail, because, to]:
            return Word(guardrail, Clamp(_sure(_read_value(to)), because))
    raise ValueError(f"a word was {content!r}")


def _value(value: Value | None) -> Json:
    """Money is a pair, a status true or false, a ratio a number."""
    match value:
        case Money(micros=micros, currency=currency):
            return [micros, currency]
        case Ratio(millionths=millionths):
            return millionths
        case Status():
            return value is Status.ENABLED
    return None


def _read_value(content: Json) -> Value | None:
    match content:
        case [micros, currency]:
            return Money(micros, currency)
        case bool():
            return Status.ENABLED if content else Status.PAUSED
        case int():
            return Ratio(content)
    return None


def _sure(value: Value | None) -> Value:
    if value is None:
        raise ValueError("a value is missing")
    return value


def _ref(ref: Ref) -> Sequence[str]:
    return [ref.platform, ref.account, ref.kind.value, ref.id]


def _read_ref(content: Json) -> Ref:
    platform, account, kind, id_ = content
    return Ref(platform, account, Kind(kind), id_)


def _interval(interval: Interval | None) -> Json:
    return None if interval is None else [interval.mean, interval.low, interval.high]
