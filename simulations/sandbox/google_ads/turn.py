"""Turn: one call from its arrival to its end: who it is from, what befalls it, how it ends."""

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc

from simulations.sandbox.google_ads.refusal import Refusal, RequestRefused, abort, is_known_code
from simulations.sandbox.shared.faults import Calls, Dialect, Fault, FaultKind
from simulations.sandbox.shared.journal import Request
from simulations.sandbox.shared.served import Served
from simulations.sandbox.shared.violations import Violation

_QUOTA = "quota_error.RESOURCE_TEMPORARILY_EXHAUSTED"

API_USER = "api@sandbox.example"
"""Who a token stands for that is not an e-mail address itself."""


DIALECT = Dialect(
    kinds=frozenset(FaultKind) - {FaultKind.NULL_ENTRY, FaultKind.LOST_ENTRY, FaultKind.JOB},
    calls=frozenset(Calls) - {Calls.INSIGHTS},
    knows_code=is_known_code,
    example="internal_error.TRANSIENT_ERROR",
)
"""The faults of Google Ads."""


class Broken(Exception):
    """The connection breaks: the caller learns nothing."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A call that was let in."""

    customer: str
    who: str
    request_id: str
    faults: tuple[Fault, ...]

    @property
    def loses_reply(self) -> bool:
        return any(fault.kind is FaultKind.AFTER_COMMIT for fault in self.faults)

    @property
    def refused_operations(self) -> Mapping[int, Refusal]:
        """Operations that a fault refuses, by index."""
        return {
            fault.operation: Refusal(fault.code or "", "The sandbox was told to refuse this operation.")
            for fault in self.faults
            if fault.kind is FaultKind.OPERATION
        }

    def before_commit(self) -> None:
        """Let happen what befalls the call before anything is done."""
        for fault in self.faults:
            if fault.kind is FaultKind.LATENCY:
                time.sleep(fault.seconds)
            elif fault.kind is FaultKind.QUOTA:
                message = f"Too many requests. Retry in {fault.seconds:.0f} seconds."
                raise Refusal(fault.code or _QUOTA, message, retry_delay_s=fault.seconds)
            elif fault.kind is FaultKind.BEFORE_COMMIT:
                _fail(fault)

    def after_commit(self) -> None:
        """Let happen what befalls the call when all was done, but before the reply."""
        for fault in self.faults:
            if fault.kind is FaultKind.AFTER_COMMIT:
                _fail(fault)


class Door:
    """Lets calls in, and writes down how they ended."""

    def __init__(self, served: Served) -> None:
        self._platform = served.platform
        self._journal = served.journal
        self._faults = served.faults
        self._violations = served.violations

    def note_violation(self, turn: Turn, what: str, because: str) -> None:
        """Write down that a limit was broken, for those who check."""
        now = self._platform.now().isoformat()
        self._violations.add(Violation(now, what, "", turn.who, turn.request_id, because))

    @contextmanager
    def turn(self, context: Any, calls: Calls, method: str, customer: str, text: str) -> Iterator[Turn]:
        """Admit a call; whatever is raised inside ends it in the way the client understands."""
        request_id = uuid.uuid4().hex[:22]
        who, status = "", "OK"
        try:
            who = _caller(context)
            if customer != self._platform.account.id.account:
                raise Refusal(
                    "authorization_error.USER_PERMISSION_DENIED",
                    "User doesn't have permission to access customer.",
                )
            turn = Turn(customer, who, request_id, self._faults.strike(calls))
            turn.before_commit()
            context.send_initial_metadata((("request-id", request_id),))
            yield turn
        except Refusal as refusal:
            status = refusal.status.name
            abort(context, RequestRefused([(None, refusal)]), request_id)
        except RequestRefused as refused:
            status = refused.refusals[0][1].status.name
            abort(context, refused, request_id)
        except Broken:
            status = "UNAVAILABLE"
            context.abort(grpc.StatusCode.UNAVAILABLE, "The sandbox was told to break the connection.")
        finally:
            now = self._platform.now().isoformat()
            self._journal.note(Request(now, method, customer, who, request_id, text, status))


def _caller(context: Any) -> str:
    """Who calls: the token itself when it is an e-mail address."""
    metadata = dict(context.invocation_metadata())
    scheme, _, token = str(metadata.get("authorization", "")).partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal(
            "authentication_error.OAUTH_TOKEN_HEADER_INVALID", "The call carries no OAuth access token."
        )
    return token if "@" in token else API_USER


def _fail(fault: Fault) -> None:
    if fault.code is None:
        raise Broken
    raise Refusal(fault.code, "The sandbox was told to fail here.")
