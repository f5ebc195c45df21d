"""Turns: a request from its arrival to its answer, be it one call or a batch of them."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from simulations.sandbox.meta_ads import door
from simulations.sandbox.meta_ads.call import MANNERS, Call, Reply, read
from simulations.sandbox.meta_ads.door import VERSIONS, Door
from simulations.sandbox.meta_ads.graph import Graph
from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.refusal import PARAMETER, Code, Refusal
from simulations.sandbox.meta_ads.reports import failure
from simulations.sandbox.meta_ads.throttle import Throttle, Use
from simulations.sandbox.meta_ads.writes import Author
from simulations.sandbox.shared.faults import Calls, Fault, FaultKind
from simulations.sandbox.shared.journal import Request
from simulations.sandbox.shared.served import Served
from simulations.sandbox.shared.violations import Violation


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Turn:
    """A request that was let in."""

    author: Author
    faults: Sequence[Fault]


class Turns:
    """Answers requests."""

    def __init__(self, served: Served, graph: Graph, door_: Door, throttle: Throttle, limits: Limits) -> None:
        self._served = served
        self._graph = graph
        self._door = door_
        self._throttle = throttle
        self._limits = limits

    def answer(self, call: Call) -> Answer:
        """Answer a request.

        Raises:
            Broken: The connection is to break without an answer.
        """
        trace = uuid.uuid4().hex[:22]
        who, status = "", "broken"
        try:
            who = self._door.caller(call)
            faults = self._served.faults.strike(*_calls(call))
            turn = _Turn(Author(who, trace, door.loses_reply(faults)), faults)
            account = self._served.platform.account.id.account
            door.before_commit(faults, account, self._limits.tier)
            reply = self._batch(call, turn) if _is_batch(call) else self._single(call, turn, 0)
            door.after_commit(faults)
            answer = self._packed(call, reply, trace)
            status = _status(reply)
        except Refusal as refusal:
            self._note_violation(refusal.violation, call, who, trace, refusal.message)
            reply = self._refused(call, refusal, trace)
            answer, status = self._packed(call, reply, trace), str(refusal.code)
        finally:
            now = self._served.platform.now().isoformat()
            method = f"{call.method} /{'/'.join(call.path)}"
            account = self._served.platform.account.id.account
            self._served.journal.note(Request(now, method, account, who, trace, _text(call), status))
        return answer

    def malformed(self, refusal: Refusal) -> Answer:
        """Answer what could not even be read."""
        body = json.dumps(refusal.body(uuid.uuid4().hex[:22])).encode()
        return Answer(refusal.status, {"Content-Type": "application/json; charset=UTF-8"}, body)

    def _single(self, call: Call, turn: _Turn, number: int) -> Reply:
        """One call; an error is raised."""
        now = self._served.platform.now()
        use = _use(call)
        self._throttle.admit(use, now)
        refused = door.refused_entries(turn.faults).get(number)
        if refused is not None:
            raise Refusal(refused, "The sandbox was told to refuse this call")
        reply = self._graph.answer(call, turn.author, _report_fails(turn.faults))
        if reply.passed_over:
            because = f"nobody knows {', '.join(reply.passed_over)}"
            self._note_violation("unknown_field", call, turn.author.name, turn.author.request_id, because)
        return replace(reply, headers={**reply.headers, **self._throttle.headers(use, now)})

    def _batch(self, call: Call, turn: _Turn) -> Reply:
        entries = call.parsed("batch")
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise Refusal(PARAMETER, "batch parameter must be a JSON array", blame=["batch"])
        if len(entries) > self._limits.batch_size:
            raise Refusal(
                PARAMETER,
                f"Too many requests in batch message. Maximum batch size is {self._limits.batch_size}",
                violation="too_many_batch_entries",
            )
        nulls = {each.operation: each.kind for each in turn.faults if each.kind in _NULLS}
        answers: list[dict[str, Any] | None] = []
        for number, entry in enumerate(entries):
            if nulls.get(number) is FaultKind.NULL_ENTRY:
                answers.append(None)
                continue
            told = self._entry(call, entry, turn, number)
            answers.append(None if number in nulls else told)
        return Reply(answers)

    def _entry(self, call: Call, entry: Mapping[str, Any], turn: _Turn, number: int) -> dict[str, Any]:
        trace = turn.author.request_id
        inner = call
        try:
            inner = self._inner(call, entry)
            self._door.caller(inner)
            reply = self._single(inner, turn, number)
        except Refusal as refusal:
            self._note_violation(refusal.violation, inner, turn.author.name, trace, refusal.message)
            reply = self._refused(inner, refusal, trace)
        answer = self._packed(inner, reply, trace)
        told: dict[str, Any] = {"code": int(answer.status), "body": answer.body.decode() or None}
        if call.params.get("include_headers", "true").lower() != "false":
            told["headers"] = [{"name": name, "value": value} for name, value in answer.headers.items()]
        return told

    def _inner(self, call: Call, entry: Mapping[str, Any]) -> Call:
        target, body = str(entry.get("relative_url", "")), str(entry.get("body", ""))
        pairs = [each for each in entry.get("headers") or [] if isinstance(each, dict)]
        headers = {str(each.get("name")): str(each.get("value")) for each in pairs}
        inner = read(
            str(entry.get("method", "GET")).upper(), target, body.encode(), headers, host=call.address
        )
        manners = {name: value for name, value in call.params.items() if name in MANNERS}
        return replace(inner, params={**manners, **inner.params})

    def _packed(self, call: Call, reply: Reply, trace: str) -> Answer:
        """The reply as bytes; nothing where the caller has the same already."""
        body = json.dumps(reply.body, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "facebook-api-version": call.version or VERSIONS[-1],
            "x-fb-trace-id": trace,
            **reply.headers,
        }
        if call.method == "GET" and reply.status is HTTPStatus.OK:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:40]}"'
            if call.headers.get("if-none-match") == headers["ETag"]:
                return Answer(HTTPStatus.NOT_MODIFIED, headers, b"")
        return Answer(reply.status, headers, body)

    def _refused(self, call: Call, refusal: Refusal, trace: str) -> Reply:
        usual = self._throttle.headers(_use(call), self._served.platform.now())
        return Reply(refusal.body(trace), refusal.status, {**usual, **refusal.headers})

    def _note_violation(self, what: str, call: Call, who: str, trace: str, because: str) -> None:
        if what:
            now = self._served.platform.now().isoformat()
            resource = call.path[0] if call.path else ""
            self._served.violations.add(Violation(now, what, resource, who, trace, because))


_NULLS = (FaultKind.NULL_ENTRY, FaultKind.LOST_ENTRY)


def _is_batch(call: Call) -> bool:
    return not call.path and "batch" in call.params


def _use(call: Call) -> Use:
    if "insights" in call.path[1:]:
        return Use.INSIGHTS
    return Use.READ if call.method == "GET" else Use.WRITE


def _calls(call: Call) -> tuple[Calls, ...]:
    """What a request is for faults; a batch is what its first entry is."""
    if _is_batch(call):
        writes = '"method":"POST"' in call.params["batch"].replace(" ", "")
        return (Calls.MUTATE,) if writes else (Calls.SEARCH,)
    if _use(call) is Use.INSIGHTS:
        return (Calls.SEARCH, Calls.INSIGHTS)
    return (Calls.SEARCH,) if call.method == "GET" else (Calls.MUTATE,)


def _report_fails(faults: Sequence[Fault]) -> Code | None:
    found = [fault for fault in faults if fault.kind is FaultKind.JOB]
    return failure(found[0].code) if found else None


def _text(call: Call) -> str:
    """What was asked, without the token and its proof."""
    return json.dumps({name: text for name, text in call.params.items() if name not in MANNERS})


def _status(reply: Reply) -> str:
    if isinstance(reply.body, list):
        return " ".join("null" if each is None else str(each["code"]) for each in reply.body)
    return "OK"
