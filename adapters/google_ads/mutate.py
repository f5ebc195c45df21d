"""Mutate: send a draft once and say what became of each change."""

from collections.abc import Callable, Sequence
from typing import Any

from adapters.google_ads.client import Client
from adapters.google_ads.draft import Draft
from adapters.google_ads.errors import (
    CALL_FAILURES,
    error_of_faults,
    platform_error,
    reason,
    surely_not_applied,
)
from adapters.google_ads.faults import QUOTA, Fault, faults_of, faults_of_partial_failure
from adapters.google_ads.operations import MAX_OPERATIONS, Operation, request_of, stored_otherwise
from agent.domain.errors import RateLimited
from agent.domain.outcome import Accepted, Ambiguous, Receipt, Refused

Heed = Callable[[Sequence[Fault]], None]


def send(
    client: Client, account: str, batch: Draft, heed: Heed, *, validate_only: bool
) -> dict[int, Receipt]:
    """Send the operations, at most 10,000 in a request; receipts by position in the batch.

    After a call that went unanswered or was refused whole, nothing more is sent; nor is what
    the project's quota has no room for.

    Args:
        heed: Told of all that Google finds fault with.

    Raises:
        PlatformError: Nothing was applied.
    """
    receipts: dict[int, Receipt] = dict(batch.settled)
    nothing_yet, stopped = True, ""
    for chunk in _chunks(batch.operations):
        within = chunk[: client.room(len(chunk))] or chunk  # without any room the call says so itself
        outcomes: Sequence[Receipt] = ()
        if not stopped:
            outcomes, stopped = _call(
                client,
                account,
                within,
                heed,
                validate_only=validate_only,
                may_raise=nothing_yet or validate_only,
            )
            nothing_yet = nothing_yet and all(isinstance(outcome, Refused) for outcome in outcomes)
            if len(within) < len(chunk):
                stopped = stopped or "the operations that Google allows in 24 hours are used up"
        unsent = [Refused(f"not sent, because {stopped}")] * (len(chunk) - len(outcomes))
        for operation, outcome in zip(chunk, [*outcomes, *unsent], strict=True):
            receipts.update(dict.fromkeys(operation.changes, outcome))
    return receipts


def _call(
    client: Client,
    account: str,
    chunk: Sequence[Operation],
    heed: Heed,
    *,
    validate_only: bool,
    may_raise: bool,
) -> tuple[Sequence[Receipt], str]:
    """One request: an outcome for each operation, and why nothing more may be sent ("": it may)."""
    service = chunk[0].service
    request = request_of(chunk, client.customer, validate_only=validate_only)
    try:
        answer = client.mutate(service.name, service.method, request)
    except RateLimited as limit:  # by gebot's own count: it did not go out
        if may_raise:
            raise
        return [Refused(str(limit))] * len(chunk), "Google's quota is used up"
    except CALL_FAILURES as error:
        faults = faults_of(error)
        heed(faults)
        if not validate_only and not surely_not_applied(error):
            because = f"Google did not confirm it: {reason(error)}"
            return [Ambiguous(because)] * len(chunk), "the request before it went unanswered"
        if faults and all(fault.operation is not None and fault.is_refusal for fault in faults):
            spared = Accepted() if validate_only else Refused("another change of its request was refused")
            return _by_operation(chunk, faults, [spared] * len(chunk)), ""
        failure = platform_error(account, error)
        if may_raise:
            raise failure from error
        return [Refused(str(failure))] * len(chunk), "the request before it was refused"
    faults = faults_of_partial_failure(answer.partial_failure_error)
    heed(faults)
    if may_raise and _all_out_of_quota(chunk, faults):
        raise error_of_faults(account, faults)
    spared_each = [
        Accepted(client.request_id) if validate_only else _stored(client, chunk, answer, index)
        for index in range(len(chunk))
    ]
    return _by_operation(chunk, faults, spared_each), ""


def _by_operation(
    chunk: Sequence[Operation], faults: Sequence[Fault], spared: Sequence[Receipt]
) -> Sequence[Receipt]:
    """The fault of each operation as its receipt, and what was spared otherwise."""
    outcomes = list(spared)
    # The gravest last: a refusal is only one when nothing else is said of the operation.
    for fault in sorted(faults, key=lambda each: not each.is_refusal):
        if fault.operation is not None and fault.operation < len(chunk):
            outcomes[fault.operation] = Refused(fault.words) if fault.is_refusal else Ambiguous(fault.words)
    return outcomes


def _stored(client: Client, chunk: Sequence[Operation], answer: Any, index: int) -> Receipt:
    """The receipt of an operation that no fault speaks of: only a full entry is a yes."""
    if len(answer.results) != len(chunk):
        return Ambiguous(f"Google answered {len(answer.results)} entries for {len(chunk)} operations")
    otherwise = stored_otherwise(chunk[index], answer.results[index])
    return Ambiguous(otherwise) if otherwise else Accepted(client.request_id)


def _all_out_of_quota(chunk: Sequence[Operation], faults: Sequence[Fault]) -> bool:
    out = {fault.operation for fault in faults if fault.group == QUOTA}
    return out >= set(range(len(chunk)))


def _chunks(operations: Sequence[Operation]) -> list[Sequence[Operation]]:
    """Requests: operations of one service, not more than Google takes at once."""
    chunks: list[list[Operation]] = []
    for operation in operations:
        fits = chunks and chunks[-1][0].service is operation.service and len(chunks[-1]) < MAX_OPERATIONS
        if not fits:
            chunks.append([])
        chunks[-1].append(operation)
    return list(chunks)
