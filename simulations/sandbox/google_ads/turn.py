"""Turn: one call from its arrival to its end: who it is from, what befalls it, how it ends."""

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc

from simulations.sandbox.google_ads.access import Access
from simulations.sandbox.google_ads.orders import Call
from simulations.sandbox.google_ads.quota import Allowance, Quota
from simulations.sandbox.google_ads.refusal import Refusal, RequestRefused, abort, is_known_code
from simulations.sandbox.shared.faults import Calls, Dialect, Fault, FaultKind
from simulations.sandbox.shared.journal import Request
from simulations.sandbox.shared.served import Served
from simulations.sandbox.shared.violations import Violation

_QUOTA = "quota_error.RESOURCE_TEMPORARILY_EXHAUSTED"
_PATIENCE_HELPS = (_QUOTA, "quota_error.EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION")

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
            fault.operation: _refusal(fault, "The sandbox was told to refuse this operation.")
            for fault in self.faults
            if fault.kind is FaultKind.OPERATION
        }

    def before_commit(self) -> None:
        """Let happen what befalls the call before anything is done."""
        for fault in self.faults:
            if fault.kind is FaultKind.LATENCY:
                time.sleep(fault.seconds)
            elif fault.kind is FaultKind.QUOTA:
                raise _refusal(fault.model_copy(update={"code": fault.code or _QUOTA}), "No quota is left.")
            elif fault.kind is FaultKind.BEFORE_COMMIT:
                _fail(fault)

    def after_commit(self) -> None:
        """Let happen what befalls the call when all was done, but before the reply."""
        for fault in self.faults:
            if fault.kind is FaultKind.AFTER_COMMIT:
                _fail(fault)


class Door:
    """Lets calls in, and writes down how they ended."""

    def __init__(
        self, served: Served, *, access: Access | None = None, allowance: Allowance | None = None
    ) -> None:
        """Stand before this account.

        Args:
            access: Everybody with a token when None.
            allowance: As many calls as one likes when None.
        """
        self._access = access or Access(served.platform.account.id.account)
        self._quota = Quota(allowance or Allowance())
        self._platform = served.platform
        self._journal = served.journal
        self._faults = served.faults
        self._violations = served.violations

    def note_violation(self, turn: Turn, what: str, because: str) -> None:
        """Write down that a limit was broken, for those who check."""
        now = self._platform.now().isoformat()
        self._violations.add(Violation(now, what, "", turn.who, turn.request_id, because))

    def note_violation_of(self, call: Call, what: str, resource: str, because: str) -> None:
        """As `note_violation`, of one resource in a mutate request."""
        now = self._platform.now().isoformat()
        self._violations.add(Violation(now, what, resource, call.who, call.request_id, because))

    @contextmanager
    def turn(
        self,
        context: Any,
        calls: Calls,
        method: str,
        customer: str | None,
        text: str,
        *,
        operations: int = 1,
    ) -> Iterator[Turn]:
        """Admit a call; whatever is raised inside ends it in the way the client understands.

        Args:
            customer: None when the call is for none.
            operations: How many of the quota's it is.
        """
        request_id = uuid.uuid4().hex[:22]
        who, status = "", "OK"
        try:
            metadata = {key: str(value) for key, value in context.invocation_metadata()}
            who = self._access.caller(metadata, self._platform.now())
            if customer is not None:
                self._access.check_customer(customer, metadata)
            turn = Turn(customer or "", who, request_id, self._faults.strike(calls))
            # Sent now: a caller who gives up while it waits must not stop what is going on.
            context.send_initial_metadata((("request-id", request_id),))
            turn.before_commit()
            self._take(turn, operations)
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
            self._journal.note(Request(now, method, customer or "", who, request_id, text, status))

    def _take(self, turn: Turn, operations: int) -> None:
        try:
            self._quota.take(operations, self._platform.now())
        except Refusal as refusal:
            self.note_violation(turn, "quota", refusal.message)
            raise


def _fail(fault: Fault) -> None:
    if fault.code is None:
        raise Broken
    raise _refusal(fault, "The sandbox was told to fail here.")


def _refusal(fault: Fault, message: str) -> Refusal:
    """The fault's error; one that is about a quota asks for patience as it would."""
    code = fault.code or ""
    if code not in _PATIENCE_HELPS:
        return Refusal(code, message)
    message = f"Too many requests. Retry in {fault.seconds:.0f} seconds."
    return Refusal(code, message, retry_delay_s=fault.seconds)
